import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bruteHistory } from '../../../../tests/kit/brute-history.ts'
import { MemoryRollupStorage } from '../../../../tests/kit/memory-rollup-storage.ts'
import type { StoredReading } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import { LocalComputing } from './history-computing.ts'
import { HistoryEngine } from './history-engine.ts'
import type { HistorySlots } from './history-reading.ts'
import type { PointSettings } from './history-settings.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const POINT: PointHandle = { id: 1, key: 't', deviceId: 1, device: { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1 } }
/** Starts a day before each zone's change of the clock, spring or autumn. */
const STARTS: [zone: string, startMs: number][] = [
  ['Asia/Shanghai', Date.UTC(2025, 11, 30)],
  ['Europe/Berlin', Date.UTC(2025, 2, 29)],
  ['Europe/Berlin', Date.UTC(2025, 9, 25)],
  ['America/New_York', Date.UTC(2025, 10, 1)],
  ['Australia/Lord_Howe', Date.UTC(2025, 3, 4)],
  ['Australia/Lord_Howe', Date.UTC(2025, 9, 3)],
]
const SPAN = 4 * DAY

const time = fc.oneof(
  fc.integer({ min: 0, max: SPAN }),
  fc.integer({ min: 20 * HOUR, max: 23 * HOUR }),
  fc.integer({ min: 0, max: 5000 }).map((n) => n * 60_000),
)
const reading = fc.record({
  timeMs: time,
  value: fc.oneof(
    fc.integer({ min: -20, max: 400 }).map((n) => n / 10),
    fc.boolean(),
    fc.constant('text'),
  ),
  isBad: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
})
const band = fc.record({
  fromMs: time,
  band: fc.option(fc.record({ low: fc.option(fc.integer({ min: 0, max: 15 })), high: fc.option(fc.integer({ min: 16, max: 40 })) })),
})
const query = fc.record({
  kind: fc.constant('query' as const),
  a: time,
  b: time,
  maxBuckets: fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 40 })),
})
const readings = fc.array(reading, { maxLength: 40 })
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('write' as const), readings }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('roll' as const),
      nowMs: time,
      failAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
      /** Written between reading and putting. */
      meanwhile: fc.option(readings, { nil: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('zone' as const), zone: fc.constantFrom(...STARTS.map(([zone]) => zone)) }) },
  { weight: 3, arbitrary: query },
)

type RawReading = typeof reading extends fc.Arbitrary<infer R> ? R : never

function toStored({ timeMs, value, isBad }: RawReading, startMs: number): StoredReading {
  return { timeMs: timeMs + startMs, value, ...(isBad ? { bad: 'sentinel' as const } : {}) }
}

function engineOf(
  storage: MemoryRollupStorage,
  zone: () => string,
  settings: PointSettings,
  onPointFailure = (_: PointHandle, error: Error): void => {
    throw error
  },
): HistoryEngine {
  return new HistoryEngine({ upkeep: storage, computing: new LocalComputing(storage, { ...settings, zone }, () => false), onPointFailure })
}

function expectSame(got: HistorySlots, wanted: HistorySlots): void {
  const rounded = (h: HistorySlots): unknown => ({ ...h, buckets: h.buckets.map(({ mean: _, ...rest }) => rest) })
  expect(rounded(got)).toEqual(rounded(wanted))
  got.buckets.forEach(({ mean }, i) => {
    expect(Math.abs((mean ?? 0) - (wanted.buckets[i]?.mean ?? 0))).toBeLessThan(1e-9)
  })
}

it('answers as the readings themselves, whatever was late, repeated, rolled up or interrupted', { timeout: 30_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...STARTS),
      fc.array(action, { minLength: 3, maxLength: 14 }),
      fc.array(band, { maxLength: 4 }),
      fc.constantFrom(25_000, 150_000, 900_000),
      async ([firstZone, startMs], actions, changes, holdMs) => {
        let zone = firstZone
        const storage = new MemoryRollupStorage()
        const bands = changes.map((c) => ({ ...c, fromMs: c.fromMs + startMs })).sort((a, b) => a.fromMs - b.fromMs)
        const engine = engineOf(storage, () => zone, { holdMs: () => holdMs, bandsOf: async () => bands })
        const all = new Map<number, StoredReading>()
        const write = (raw: readonly RawReading[]): void => {
          const stored = raw.map((r) => toStored(r, startMs))
          for (const r of stored) all.set(r.timeMs, r)
          storage.write(POINT, stored)
        }
        for (const a of actions) {
          if (a.kind === 'write') write(a.readings)
          else if (a.kind === 'zone') zone = a.zone
          else if (a.kind === 'roll') {
            storage.failAfterSteps = a.failAfter
            storage.onRolledUp = () => {
              storage.onRolledUp = () => undefined
              write(a.meanwhile)
            }
            await engine.rollUp(startMs + a.nowMs + HOUR).catch(() => undefined)
            storage.failAfterSteps = undefined
          } else {
            const q = { fromMs: startMs + Math.min(a.a, a.b), toMs: startMs + Math.max(a.a, a.b) + 1, maxBuckets: a.maxBuckets }
            const answer = await engine.history({ point: POINT, ...q })
            expect(answer.buckets.length).toBeLessThanOrEqual(Math.min(2000, q.maxBuckets))
            expectSame(answer, bruteHistory({ ...q, readings: all.values(), bands, holdMs, zone }))
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})

it('keeps history whose readings are gone, whatever comes again', { timeout: 20_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...STARTS),
      fc.array(reading, { minLength: 5, maxLength: 80 }),
      fc.boolean(),
      async ([zone, startMs], raw, keepMinutes) => {
        const storage = new MemoryRollupStorage()
        const engine = engineOf(storage, () => zone, { holdMs: () => 25_000, bandsOf: async () => [] })
        const readings = raw.map((r) => toStored(r, startMs)).filter((r) => typeof r.value !== 'string')
        const all = new Map(readings.map((r) => [r.timeMs, r]))
        storage.write(POINT, readings)
        const nowMs = startMs + SPAN + 2 * DAY
        await engine.purge(nowMs, { rawMs: DAY, minuteMs: keepMinutes ? undefined : DAY })
        const q = { fromMs: startMs, toMs: startMs + SPAN + DAY, maxBuckets: keepMinutes ? 2000 : 300 }
        const wanted = bruteHistory({ ...q, readings: all.values(), bands: [], holdMs: 25_000, zone })
        expectSame(await engine.history({ point: POINT, ...q }), wanted)
        storage.write(
          POINT,
          readings.map((r) => ({ ...r, value: 999 })),
          nowMs,
        )
        const late = { timeMs: startMs + SPAN + 5 * HOUR, value: 7 }
        storage.write(POINT, [late], nowMs)
        await engine.purge(nowMs + HOUR, { rawMs: DAY + HOUR, minuteMs: keepMinutes ? undefined : DAY + HOUR })
        all.set(late.timeMs, late)
        expectSame(
          await engine.history({ point: POINT, ...q }),
          bruteHistory({ ...q, readings: all.values(), bands: [], holdMs: 25_000, zone }),
        )
      },
    ),
    { numRuns: 200 },
  )
})

const LIMITLESS: PointSettings = { holdMs: () => 60_000, bandsOf: async () => [] }
const START = Date.UTC(2026, 4, 1)
const every = (stepMs: number, fromMs: number, toMs: number): StoredReading[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, i) => ({ timeMs: fromMs + i * stepMs, value: i % 50 }))

it('rolls up the other points when one cannot be, and tries that one again later', async () => {
  const storage = new MemoryRollupStorage()
  const failures: number[] = []
  const engine = engineOf(
    storage,
    () => 'Asia/Shanghai',
    LIMITLESS,
    ({ id }) => failures.push(id),
  )
  const other = { ...POINT, id: 2 }
  const late = { timeMs: START + 30_000, value: 1 }
  for (const point of [POINT, other]) storage.write(point, every(60_000, START, START + HOUR))
  await engine.rollUp(START + 2 * HOUR)
  storage.damage(POINT)
  for (const point of [POINT, other]) storage.write(point, [late])
  await engine.rollUp(START + 2 * HOUR)
  await engine.rollUp(START + 2 * HOUR + 60_000)
  const range = { fromMs: START, toMs: START + DAY }
  expect(failures).toEqual([1])
  expect(await storage.dirtyHours(other, range)).toEqual([])
  expect(await storage.dirtyHours(POINT, range)).toEqual([START])
  await engine.rollUp(START + 3 * HOUR)
  expect(failures).toEqual([1, 1])
})

it('takes what comes late for an hour whose readings are gone only when it is all there', async () => {
  const storage = new MemoryRollupStorage()
  const engine = engineOf(storage, () => 'Asia/Shanghai', LIMITLESS)
  const nowMs = START + 10 * DAY
  storage.write(POINT, every(HOUR, START + 5 * DAY, nowMs))
  await engine.purge(nowMs, { rawMs: DAY, minuteMs: undefined })
  const missed = every(10_000, START, START + HOUR)
  storage.write(
    POINT,
    missed.filter((_, i) => i % 2 === 0),
    nowMs,
  )
  await engine.rollUp(nowMs + 60_000)
  storage.write(
    POINT,
    missed.filter((_, i) => i % 2 === 1),
    nowMs + 120_000,
  )
  await engine.rollUp(nowMs + 10 * 60_000)
  const count = async () => {
    const { buckets } = await engine.history({ point: POINT, fromMs: START, toMs: START + HOUR, maxBuckets: 100 })
    return buckets.reduce((sum, bucket) => sum + bucket.count, 0)
  }
  expect(await count()).toBe(0)
  await engine.rollUp(nowMs + 12 * 60_000)
  expect(await count()).toBe(missed.length)
})

it('a year of a point is a few blocks: an hour changes its own, its day and its year', async () => {
  const storage = new MemoryRollupStorage()
  const engine = engineOf(storage, () => 'Asia/Shanghai', LIMITLESS)
  storage.write(POINT, every(10 * 60_000, START, START + 20 * DAY))
  while (await engine.rollUp(START + 30 * DAY));
  const read: string[] = []
  const readBlocks = storage.readBlocks.bind(storage)
  storage.readBlocks = async (point, resolution, range) => {
    const blocks = await readBlocks(point, resolution, range)
    read.push(...blocks.map((block) => `${block.resolution} ${new Date(block.startMs).toISOString().slice(0, 13)}`))
    return blocks
  }
  storage.write(POINT, [{ timeMs: START + 10 * DAY + 5 * HOUR, value: 99 }])
  await engine.rollUp(START + 30 * DAY)
  expect(read.sort()).toEqual(['15m 2026-05-10T00', '15m 2026-05-11T00', '1d 2026-01-01T00', '1m 2026-05-11T05', '1m 2026-05-11T06'])
})
