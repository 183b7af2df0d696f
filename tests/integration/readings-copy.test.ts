import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import type { PointEntry } from '../../server/src/ingest/entries.ts'
import { historySettingsOf } from '../../server/src/ingest/history-settings.ts'
import type { ReadingStoreConfig } from '../../server/src/readings/config.ts'
import { createReadingStore } from '../../server/src/readings/create-reading-store.ts'
import type { History, ReadingStore, StoredReading } from '../../server/src/readings/reading-store.ts'
import type { DeviceScan } from '../../server/src/readings/scan.ts'
import { Influx2Mock } from '../kit/services/influx2-mock.ts'
import { type Influxd, influxdMissing, startInfluxd } from '../kit/services/influxd.ts'

const SERVER_CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const ZONE = 'Asia/Shanghai'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const NOW_MS = Date.UTC(2026, 5, 10, 3, 20)
/** Readings from here on are left in the first store, older ones only as rollups. */
const RETENTION_MS = 2 * DAY_MS
const FROM_MS = NOW_MS - 5 * DAY_MS

const missing = influxdMissing()
if (missing !== undefined && process.env.CI === 'true') throw new Error(missing)

interface Kept {
  readings: StoredReading[][]
  histories: History[][]
}

/** A hospital with two devices: numbers with bad ones among them, texts, a contact; five days of which two are kept as readings. */
async function makeHospital(dataDir: string): Promise<PointEntry[]> {
  const db = await openDatabase(join(dataDir, 'roomkeeper.db'))
  const named = { nameEn: '', nameByPerson: 0 }
  await db.insertInto('room').values({ site: '本部', name: '主机房', class: 'computer-room', createdAtMs: 0 }).execute()
  await db.insertInto('edgeNode').values({ site: '本部', node: 'agent 1', version: null, lastSeenMs: null, online: 1 }).execute()
  for (const device of ['UPS,1', '温湿度']) {
    const row = { ...named, nodeId: 1, device, name: device, maker: '', model: '', roomId: 1, online: 1, bornAtMs: FROM_MS }
    await db.insertInto('device').values(row).execute()
  }
  const points = [
    [1, 'load', 'load', '%'],
    [1, 'ups.status', 'ups-status', '1'],
    [2, 'temperature', 'temperature', 'Cel'],
    [2, 'door', 'door', '1'],
  ] as const
  for (const [deviceId, key, kind, unit] of points) {
    const row = { ...named, deviceId, key, name: '', kind, unit, intervalMs: 60_000, low: null, high: null }
    await db.insertInto('point').values(row).execute()
  }
  const directory = new Directory(db)
  await directory.load()
  await db.destroy()
  return [...directory.points.values()]
}

function scansOf(points: readonly PointEntry[], fromMs: number, toMs: number): DeviceScan[] {
  const [load, status, temperature, door] = points as [PointEntry, PointEntry, PointEntry, PointEntry]
  const scans: DeviceScan[] = []
  for (let timeMs = fromMs; timeMs < toMs; timeMs += 60_000) {
    const n = Math.floor(timeMs / 60_000)
    const about = { epoch: 'e', offset: n, isHistorical: false }
    scans.push(
      {
        ...about,
        device: load.device,
        points: [load, status],
        timesMs: [timeMs, timeMs],
        values: [n % 100, n % 500 < 5 ? 'OB DISCHRG' : 'OL'],
        reasons: undefined,
      },
      {
        ...about,
        device: temperature.device,
        points: [temperature, door],
        timesMs: [timeMs + 7, timeMs + 7],
        values: [n % 97 === 0 ? -999 : Math.round(200 + 50 * Math.sin(n / 300)) / 10, n % 50 === 0],
        reasons: [n % 97 === 0 ? 'sentinel' : undefined, undefined],
      },
    )
  }
  return scans
}

/** Means of means differ in the last bits. */
function rounded({ bucketMs, buckets }: History): History {
  return { bucketMs, buckets: buckets.map(({ mean, ...rest }) => ({ ...rest, mean: mean === null ? null : Number(mean.toPrecision(10)) })) }
}

describe('roomkeeper readings copy', () => {
  let folder: string
  let points: PointEntry[]
  let firstPath: string
  let kept: Kept

  async function withStore<T>(config: ReadingStoreConfig, use: (store: ReadingStore) => Promise<T>): Promise<T> {
    const db = await openDatabase(join(folder, 'roomkeeper.db'))
    const directory = new Directory(db)
    await directory.load()
    const history = historySettingsOf({ db, nowMs: () => NOW_MS, timeZone: ZONE, directory })
    const failing = (error: unknown): void => console.error(error)
    const store = createReadingStore(config, { nowMs: () => NOW_MS, onMaintenanceFailure: failing, history })
    try {
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      return await use(store)
    } finally {
      await store.stop()
      await db.destroy()
    }
  }

  /** All readings, and charts of all widths, after everything due is rolled up. */
  async function contentOf(config: ReadingStoreConfig): Promise<Kept> {
    return withStore(config, async (store) => {
      await (store as unknown as { maintain(): Promise<void> }).maintain()
      const readings: StoredReading[][] = []
      const histories: History[][] = []
      for (const point of points) {
        readings.push(await store.raw({ point, fromMs: 0, toMs: NOW_MS + DAY_MS, limit: 100_000 }))
        const ask = (fromMs: number, maxBuckets: number): Promise<History> => store.history({ point, fromMs, toMs: NOW_MS, maxBuckets })
        histories.push(
          [
            await ask(FROM_MS, 2000),
            await ask(FROM_MS, 600),
            await ask(FROM_MS + DAY_MS + 1234, 40),
            await ask(FROM_MS - 60 * DAY_MS, 200),
          ].map(rounded),
        )
      }
      return { readings, histories }
    })
  }

  function copy(args: string[], env: Record<string, string> = {}): Promise<{ code: number; output: string }> {
    const all = { ...process.env, ROOMKEEPER_TIME_ZONE: ZONE, ROOMKEEPER_DATA_DIR: folder, ...env }
    return new Promise((resolve) => {
      execFile(process.execPath, [SERVER_CLI, 'readings', 'copy', ...args], { env: all }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      )
    })
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-copy-'))
    points = await makeHospital(folder)
    firstPath = join(folder, 'readings.db')
    const config = { kind: 'embedded', path: firstPath, retentionMs: RETENTION_MS } as const
    await withStore(config, async (store) => {
      expect(await store.write(scansOf(points, FROM_MS, NOW_MS))).toEqual({ kind: 'stored' })
      await (store as unknown as { maintain(): Promise<void> }).maintain()
    })
    kept = await contentOf(config)
    // What follows is about something: readings are gone, their history is not.
    expect(kept.readings[0]?.[0]?.timeMs).toBeGreaterThan(FROM_MS + 2 * DAY_MS)
    expect(kept.histories[0]?.[0]?.buckets[0]?.timeMs).toBeLessThan(FROM_MS + HOUR_MS)
    expect(kept.readings[2]?.some(({ bad }) => bad === 'sentinel')).toBe(true)
  }, 180_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  describe.skipIf(missing !== undefined)(`with InfluxDB 1${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
    let influxd: Influxd
    beforeAll(async () => {
      influxd = await startInfluxd()
    })
    afterAll(() => influxd.dispose())

    it('embedded → InfluxDB 1 → embedded keeps every reading and every chart, and twice is once', async () => {
      const [influx, second] = [`influx1:${influxd.url}/copied`, join(folder, 'second.db')]
      const first = await copy(['--from', 'configured', '--to', influx])
      expect(first).toMatchObject({ code: 0, output: expect.stringMatching(/all 4 points compared and the same/) })
      const config = { kind: 'influx1', url: influxd.url, database: 'copied', requestTimeoutMs: 10_000 } as const
      expect(await contentOf(config)).toEqual(kept)
      // After it was rolled up too: nothing is counted twice.
      expect((await copy(['--from', `embedded:${firstPath}`, '--to', influx])).code).toBe(0)
      expect(await contentOf(config)).toEqual(kept)

      expect((await copy(['--from', influx, '--to', `embedded:${second}`])).code).toBe(0)
      expect(await contentOf({ kind: 'embedded', path: second })).toEqual(kept)
      expect((await readdir(folder)).filter((name) => name.startsWith('readings-copy'))).toEqual([])
    }, 240_000)
  })

  it('embedded → InfluxDB 2 (mock) keeps every reading and every chart', async () => {
    const mock = new Influx2Mock({ buckets: ['copied'] })
    await mock.start()
    try {
      const tokenFile = join(folder, 'token')
      await writeFile(tokenFile, `${mock.token}\n`, { mode: 0o600 })
      const env = { ROOMKEEPER_COPY_TO_TOKEN_FILE: tokenFile }
      const done = await copy(['--from', 'configured', '--to', `influx2:${mock.url}/${mock.org}/copied`], env)
      expect(done).toMatchObject({ code: 0, output: expect.stringMatching(/all 4 points compared and the same/) })
      const { url, org, token } = mock
      expect(await contentOf({ kind: 'influx2', url, org, token, bucket: 'copied', requestTimeoutMs: 10_000 })).toEqual(kept)
    } finally {
      await mock.stop()
    }
  }, 240_000)

  it('copies only the days asked for, and only counts with --dry-run', async () => {
    const third = join(folder, 'third.db')
    const day = ['--since', '2026-06-09', '--until', '2026-06-09']
    const counted = await copy(['--from', 'configured', '--dry-run', ...day])
    expect(counted).toMatchObject({ code: 0, output: expect.stringContaining('5,760 readings of 4 points; nothing was copied') })
    expect((await copy(['--from', 'configured', '--to', `embedded:${third}`, ...day])).code).toBe(0)
    const [load] = (await contentOf({ kind: 'embedded', path: third })).readings
    expect(load).toHaveLength(1440)
    expect(load?.[0]?.timeMs).toBe(Date.UTC(2026, 5, 8, 16))
  }, 180_000)

  it('goes on where it was interrupted', async () => {
    const target = join(folder, 'interrupted.db')
    const args = [SERVER_CLI, 'readings', 'copy', '--from', 'configured', '--to', `embedded:${target}`]
    const env = { ...process.env, ROOMKEEPER_TIME_ZONE: ZONE, ROOMKEEPER_DATA_DIR: folder }
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      // Said before the first reading is copied. Asked twice, it would end at once.
      if (said.includes('points') && !child.killed) child.kill('SIGINT')
    })
    expect(await ended).toBe(1)
    expect(said).toContain('Run the same command again to go on')
    const again = await copy(args.slice(3))
    expect(again).toMatchObject({
      code: 0,
      output: expect.stringMatching(/going on where it stopped[\s\S]*all 4 points compared and the same/),
    })
    expect(await contentOf({ kind: 'embedded', path: target })).toEqual(kept)
  }, 180_000)

  it('names what is wrong and what is allowed', async () => {
    const target = join(folder, 'used.db')
    const answers = await withStore({ kind: 'embedded', path: target }, () =>
      Promise.all([
        copy(['--from', 'configured', '--to', `embedded:${target}`]),
        copy(['--from', 'configured', '--to', 'influx1:http://keeper:geheim@127.0.0.1:1/x']),
        copy(['--from', 'configured', '--to', `embedded:${firstPath}`]),
        copy(['--from', `embedded:${join(folder, 'none.db')}`, '--to', `embedded:${join(folder, 'x.db')}`]),
        copy(['--from', 'configured', '--dry-run', '--since', '2026-13-01']),
        copy(['--from', 'configured', '--to', `embedded:${join(folder, 'roomkeeper.db')}`]),
      ]),
    )
    const wanted = [
      /stop it first/,
      /^(?![\s\S]*geheim)[\s\S]*ROOMKEEPER_COPY_TO_PASSWORD_FILE/,
      /same store/,
      /no such file/,
      /--since 2026-13-01.*2026-01-01/,
      /not a file of readings/,
    ]
    for (const [index, { code, output }] of answers.entries()) {
      expect(code, output).toBe(2)
      expect(output).toMatch(wanted[index] ?? /^$/)
    }
  }, 180_000)

  it('says which points differ', async () => {
    const target = join(folder, 'different.db')
    expect((await copy(['--from', 'configured', '--to', `embedded:${target}`])).code).toBe(0)
    const [load] = points as [PointEntry]
    const extra = { epoch: 'e', offset: 1, device: load.device, points: [load], reasons: undefined, isHistorical: false }
    await withStore({ kind: 'embedded', path: target }, async (store) => {
      await store.write([{ ...extra, timesMs: [NOW_MS - 1], values: [1] }])
    })
    const again = await copy(['--from', 'configured', '--to', `embedded:${target}`])
    expect(again).toMatchObject({ code: 0, output: expect.stringContaining('the target has 1 more') })
  }, 180_000)
})
