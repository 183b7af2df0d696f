import { InfluxDB } from 'influx'
import { describe, expect, it } from 'vitest'
import { Influx1Store } from '../../server/src/readings/influx1/influx1-store.ts'
import type { DeviceScan } from '../../server/src/readings/scan.ts'
import { ReadingWriter } from '../../server/src/readings/writer.ts'
import { plainHistory } from '../kit/plain-history.ts'
import { device, scan } from '../kit/readings-contract.ts'
import { type Influxd, type InfluxdOptions, influxdMissing, startInfluxd } from '../kit/services/influxd.ts'

const missing = influxdMissing()
if (missing !== undefined && process.env.CI === 'true') throw new Error(missing)

interface Setup {
  influxd: Influxd
  store: Influx1Store
  writer: ReadingWriter
  stored: DeviceScan[]
  quarantined: { scan: DeviceScan; pointIndex: number | 'all'; reason: string }[]
}

/** A writer on a real influxd; `use` gets it and everything is cleaned up after. */
async function withWriter(options: InfluxdOptions & { retention?: string }, use: (setup: Setup) => Promise<void>): Promise<void> {
  const influxd = await startInfluxd(options)
  if (options.retention !== undefined) {
    // As people who run InfluxDB set it up themselves.
    const q = `CREATE DATABASE roomkeeper WITH DURATION ${options.retention}`
    await fetch(`${influxd.url}/query`, { method: 'POST', body: new URLSearchParams({ q }) })
  }
  const store = new Influx1Store(
    { kind: 'influx1', url: influxd.url, database: 'roomkeeper', requestTimeoutMs: 5000 },
    { nowMs: Date.now, onMaintenanceFailure: () => undefined, history: plainHistory() },
  )
  const stored: DeviceScan[] = []
  const quarantined: Setup['quarantined'] = []
  const writer = new ReadingWriter({
    store,
    onStored: (scans) => stored.push(...scans),
    quarantine: async (one, pointIndex, reason) => void quarantined.push({ scan: one, pointIndex, reason }),
    batchReadings: 500,
    lingerMs: 20,
  })
  try {
    expect(await store.start()).toMatchObject({ kind: 'ready' })
    await use({ influxd, store, writer, stored, quarantined })
  } finally {
    await writer.stop()
    await store.stop()
    await influxd.dispose()
  }
}

async function until(condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true in time')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

describe.skipIf(missing !== undefined)(`readings writer on a real influxd${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  it('quarantines readings beyond the retention and stores the rest, found by another client', async () => {
    await withWriter({ retention: '7d' }, async ({ influxd, writer, stored, quarantined }) => {
      const sensors = device(['t', 'h', 'p'])
      const nowMs = Date.now()
      for (let i = 0; i < 100; i++) {
        // The middle reading of one scan is a year old.
        writer.enqueue(scan(sensors, i === 42 ? [nowMs + i, nowMs - 365 * 86_400_000, nowMs + i] : nowMs + i, [1, 2, 3]))
      }
      await until(() => stored.length === 100)
      expect(quarantined).toHaveLength(1)
      expect(quarantined[0]).toMatchObject({ pointIndex: 1, reason: expect.stringContaining('beyond retention policy') })
      const rows = await new InfluxDB(`${influxd.url}/roomkeeper`).query<{ t: number; h: number; p: number }>(
        'SELECT count(t) AS t, count(h) AS h, count(p) AS p FROM reading',
      )
      expect(rows[0]).toMatchObject({ t: 100, h: 99, p: 100 })
      expect(writer.counters()).toMatchObject({ accepted: 300, stored: 299, quarantined: 1 })
    })
  })

  it('quarantines devices beyond a series limit (1.6 answers 400, partial write) and keeps storing the known ones', async () => {
    // Series: the probe, and reading + rollup mark per device.
    await withWriter({ config: { data: { 'max-series-per-database': 8 } } }, async ({ store, writer, stored, quarantined }) => {
      const nowMs = Date.now()
      const known = [device(['t', 'h']), device(['t', 'h'])]
      for (const one of known) writer.enqueue(scan(one, nowMs, [1, 2]))
      await until(() => stored.length === 2)
      const others = Array.from({ length: 8 }, () => device(['t', 'h']))
      for (const one of [...others, ...known]) writer.enqueue(scan(one, nowMs + 1000, [1, 2]))
      await until(() => stored.length === 12, 60_000)
      expect(quarantined.length).toBeGreaterThan(0)
      for (const entry of quarantined) {
        expect(entry.reason).toContain('max-series-per-database')
        expect(known.some((one) => one.device === entry.scan.device)).toBe(false)
      }
      for (const one of known) {
        for (const point of one.points) {
          expect(await store.raw({ point, fromMs: nowMs, toMs: nowMs + 2000, limit: 10 })).toHaveLength(2)
        }
      }
    })
  }, 90_000)

  it('splits batches influxd finds too large (413)', async () => {
    await withWriter({ config: { http: { 'max-body-size': 3000 } } }, async ({ store, writer, stored, quarantined }) => {
      const sensors = device(['t', 'h'])
      const scans = Array.from({ length: 250 }, (_, i) => scan(sensors, Date.now() + i, [1, 2]))
      for (const one of scans) writer.enqueue(one)
      await until(() => stored.length === scans.length)
      expect(quarantined).toEqual([])
      const first = scans[0]?.offset ?? -1
      expect(await store.storedOffsets(sensors.device, 'epoch-1')).toEqual([{ first, last: first + 249 }])
    })
  })

  it('loses nothing when influxd is killed and started again while it writes', async () => {
    await withWriter({}, async ({ influxd, store, writer, stored }) => {
      const sensors = device(['t', 'h'])
      const baseMs = Date.now()
      const scans: DeviceScan[] = []
      let refused = 0
      const feed = async (count: number): Promise<void> => {
        for (let i = 0; i < count; i++) {
          const one = scan(sensors, baseMs + scans.length, [scans.length, 0])
          scans.push(one)
          if (!writer.enqueue(one)) refused++
          if (i % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }
      for (let kill = 0; kill < 3; kill++) {
        await feed(3000)
        await influxd.stop('SIGKILL')
        await feed(500)
        await until(() => writer.health().state === 'retrying')
        await influxd.start()
      }
      await until(() => stored.length === scans.length)
      expect(refused).toBe(0)
      const first = scans[0]?.offset ?? -1
      expect(await store.storedOffsets(sensors.device, 'epoch-1')).toEqual([{ first, last: first + scans.length - 1 }])
      const { buckets } = await store.history({
        point: sensors.points[0] as NonNullable<(typeof sensors.points)[0]>,
        fromMs: baseMs,
        toMs: baseMs + scans.length,
        maxBuckets: 1000,
      })
      expect(buckets.reduce((sum, bucket) => sum + bucket.count, 0)).toBe(scans.length)
      expect(writer.health()).toEqual({ state: 'ok', message: '', pendingReadings: 0 })
    })
  }, 90_000)
})
