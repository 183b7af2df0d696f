import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import type { StoredReading } from '../../server/src/readings/reading-store.ts'
import type { PointHandle } from '../../server/src/readings/scan.ts'
import { storedClock } from '../../server/src/readings/stored-clock.ts'
import { bruteHistory } from '../kit/brute-history.ts'
import { seededRandom } from '../kit/random.ts'
import { contractHistory, device, readingStoreContract, scan } from '../kit/readings-contract.ts'

const failing = (error: unknown): void => console.error(error)

readingStoreContract('embedded', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-readings-'))
  const path = join(dir, 'readings.db')
  let locker: DatabaseSync | undefined
  return {
    open: ({ nowMs = Date.now, ...kept } = {}) =>
      new EmbeddedStore({ kind: 'embedded', path, ...kept }, { nowMs, onMaintenanceFailure: failing, history: contractHistory }),
    // Another program holding the file's write lock is how a SQLite file is away.
    takeAway: async () => {
      locker = new DatabaseSync(path)
      locker.exec('BEGIN IMMEDIATE')
    },
    bringBack: async () => {
      locker?.exec('ROLLBACK')
      locker?.close()
    },
    maintain: (store) => (store as EmbeddedStore).maintain(),
    dispose: () => rm(dir, { recursive: true, force: true }),
  }
})

const DAY_MS = 86_400_000

async function inFolder(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-readings-'))
  try {
    await use(dir)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

describe('embedded', () => {
  it('a folder that does not exist is a configuration error that names the file', async () => {
    const path = '/nonexistent-roomkeeper/readings.db'
    const store = new EmbeddedStore(
      { kind: 'embedded', path },
      { nowMs: Date.now, onMaintenanceFailure: failing, history: contractHistory },
    )
    expect(await store.start()).toMatchObject({ kind: 'configuration', reason: expect.stringContaining(path) })
    await store.stop()
  })

  it.each([
    [1, '旧的程序'],
    [99, '更新的程序'],
  ])('a file of schema %d is left as it is, and the message says what to do', async (version, words) => {
    await inFolder(async (dir) => {
      const path = join(dir, 'readings.db')
      const file = new DatabaseSync(path)
      file.exec(`CREATE TABLE rollup_5m (series INTEGER); PRAGMA user_version = ${version}`)
      file.close()
      const before = await readFile(path)
      const store = new EmbeddedStore(
        { kind: 'embedded', path },
        { nowMs: Date.now, onMaintenanceFailure: failing, history: contractHistory },
      )
      expect(await store.start()).toMatchObject({ kind: 'configuration', reason: expect.stringContaining(words) })
      await store.stop()
      expect(await readFile(path)).toEqual(before)
    })
  })

  it('loses nothing that is written while it rolls up', async () => {
    await inFolder(async (dir) => {
      const nowMs = Date.UTC(2026, 5, 1)
      const fromMs = nowMs - 4 * DAY_MS
      const store = new EmbeddedStore(
        { kind: 'embedded', path: join(dir, 'readings.db') },
        { nowMs: () => nowMs, onMaintenanceFailure: failing, history: contractHistory },
      )
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      const sensors = Array.from({ length: 4 }, () => device(['t']))
      const readings = new Map<number, StoredReading>()
      const { next: random } = seededRandom(7)
      const query = { fromMs, toMs: nowMs, maxBuckets: 500 }
      const compare = async (): Promise<void> => {
        const { bands } = contractHistory
        const expected = bruteHistory({ ...query, readings: readings.values(), bands, holdMs: 60_000, zone: 'Europe/Berlin' })
        for (const { points } of sensors) {
          const got = await store.history({ point: points[0] as PointHandle, ...query })
          const whole = (history: typeof got) => history.buckets.map(({ mean, ...rest }) => ({ ...rest, mean: mean?.toFixed(6) }))
          expect(whole(got)).toEqual(whole(expected))
        }
      }
      try {
        let upkeep: Promise<void> | undefined
        for (let round = 0; round < 40; round++) {
          // All over the four days, so that hours being rolled up are written to.
          const times = Array.from({ length: 60 }, () => fromMs + Math.floor(random() * 4 * 1440) * 60_000)
          for (const timeMs of times) readings.set(timeMs, { timeMs, value: round })
          await store.write(sensors.flatMap((sensor) => times.map((timeMs) => scan(sensor, timeMs, [round]))))
          upkeep ??= store.maintain().finally(() => {
            upkeep = undefined
          })
          if (round % 10 === 9) await compare()
        }
        await upkeep
        await store.maintain()
        await compare()
      } finally {
        await store.stop()
      }
    })
  })

  it('goes on with the other points when the history of one is damaged, and says which', async () => {
    await inFolder(async (dir) => {
      const nowMs = Date.UTC(2026, 5, 1)
      const path = join(dir, 'readings.db')
      const failures: unknown[] = []
      const store = new EmbeddedStore(
        { kind: 'embedded', path },
        { nowMs: () => nowMs, onMaintenanceFailure: (error) => failures.push(error), history: contractHistory },
      )
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      const [broken, whole] = [device(['broken']), device(['whole'])]
      const hourMs = nowMs - 3 * 3_600_000
      try {
        await store.write([scan(broken, hourMs, [1]), scan(whole, hourMs, [1])])
        await store.maintain()
        const file = new DatabaseSync(path)
        file.prepare('UPDATE block SET bytes = ? WHERE series = ?').run(Uint8Array.of(77), broken.points[0]?.id ?? 0)
        await store.write([scan(broken, hourMs + 1000, [2]), scan(whole, hourMs + 1000, [2])])
        await store.maintain()
        expect(failures.map(String)).toEqual([expect.stringContaining(`${broken.points[0]?.id} broken`)])
        const marked = file.prepare('SELECT series FROM dirty_hour').all()
        expect(marked.map((row) => row.series)).toEqual([broken.points[0]?.id])
        file.close()
      } finally {
        await store.stop()
      }
    })
  })

  it('purges raw readings beyond the retention and keeps their history', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-readings-'))
    const nowMs = Date.UTC(2026, 5, 1)
    const store = new EmbeddedStore(
      { kind: 'embedded', path: join(dir, 'readings.db'), retentionMs: 86_400_000 },
      { nowMs: () => nowMs, onMaintenanceFailure: failing, history: contractHistory },
    )
    try {
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      const fromMs = nowMs - 10 * 86_400_000
      // More than one purge step's worth of old readings.
      const scans = Array.from({ length: 14_400 }, (_, i) => scan(sensor, fromMs + i * 60_000, [i]))
      expect(await store.write(scans)).toEqual({ kind: 'stored' })
      const before = await store.history({ point, fromMs, toMs: nowMs, maxBuckets: 100 })
      await store.maintain()
      const left = await store.raw({ point, fromMs: 0, toMs: nowMs, limit: 100_000 })
      expect(left).toHaveLength(1440)
      const after = await store.history({ point, fromMs, toMs: nowMs, maxBuckets: 100 })
      // Means of means differ in the last bits.
      const rounded = (history: typeof after) => history.buckets.map((bucket) => ({ ...bucket, mean: bucket.mean?.toFixed(6) }))
      expect(rounded(after)).toEqual(rounded(before))
      expect(after.buckets.length).toBeGreaterThan(50)
    } finally {
      await store.stop()
      await rm(dir, { recursive: true, force: true })
    }
  })

  it('a clock that leaps for months, through a restart, deletes nothing before its time; a long time off only puts it off', async () => {
    await inFolder(async (dir) => {
      const db = await openDatabase(join(dir, 'roomkeeper.db'))
      const bornMs = Date.UTC(2026, 5, 1)
      let [nowMs, monotonicMs] = [bornMs, 0]
      const doubts: string[] = []
      const openStore = async (): Promise<EmbeddedStore> => {
        const store = new EmbeddedStore(
          { kind: 'embedded', path: join(dir, 'readings.db'), retentionMs: 10 * DAY_MS },
          {
            ...{ nowMs: () => nowMs, monotonicMs: () => monotonicMs, onMaintenanceFailure: failing, history: contractHistory },
            ...{ clockMemory: storedClock(db), onClockDoubt: (message: string) => doubts.push(message) },
          },
        )
        expect(await store.start()).toMatchObject({ kind: 'ready' })
        return store
      }
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      const old = Array.from({ length: 9 * 24 }, (_, hour) => bornMs - 9 * DAY_MS + hour * 3_600_000)
      /** What is left of them after upkeep, a reading by the clock of that moment having come. */
      const left = async (store: EmbeddedStore): Promise<number> => {
        expect(await store.write([scan(sensor, nowMs, [20])])).toEqual({ kind: 'stored' })
        await store.maintain()
        return (await store.raw({ point, fromMs: 0, toMs: bornMs, limit: 1000 })).length
      }
      let store = await openStore()
      try {
        expect(await store.write(old.map((timeMs) => scan(sensor, timeMs, [20])))).toEqual({ kind: 'stored' })
        expect(await left(store)).toBe(old.length)
        expect(store.health()).toEqual({ state: 'ok', message: '' })

        nowMs += 60 * DAY_MS
        expect(await left(store)).toBe(old.length)
        expect(store.health()).toEqual({ state: 'ok', message: expect.stringContaining('快 60 天') })
        await store.stop()
        store = await openStore()
        expect(await left(store)).toBe(old.length)
        nowMs += DAY_MS
        monotonicMs += DAY_MS
        expect(await left(store)).toBe(old.length)
        expect(store.health().message).toContain('快 60 天')
        nowMs = bornMs + 1.5 * DAY_MS
        expect(await left(store)).toBe(old.length - 12)
        expect(store.health()).toEqual({ state: 'ok', message: '' })

        await store.stop()
        nowMs = bornMs + 40 * DAY_MS
        store = await openStore()
        expect(await left(store)).toBe(old.length - 12)
        nowMs += 7 * DAY_MS
        monotonicMs += 7 * DAY_MS
        expect(await left(store)).toBe(0)
        expect(store.health()).toEqual({ state: 'ok', message: '' })
        expect(doubts).toHaveLength(2)
      } finally {
        await store.stop()
        await db.destroy()
      }
    })
  })
})
