import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReadingStore, StoredReading } from '../../server/src/readings/reading-store.ts'
import { StoreUnavailableError } from '../../server/src/readings/reading-store.ts'
import type { DeviceHandle, DeviceScan, PointHandle } from '../../server/src/readings/scan.ts'
import type { BadReason, ReadingValue } from '../../shared/src/model/index.ts'
import { bruteHistory } from './brute-history.ts'
import { plainHistory } from './plain-history.ts'

/** Without them: the clock of the machine, and everything is kept. */
export interface StoreOptions {
  nowMs?(): number
  retentionMs?: number
  minuteRetentionMs?: number
}

/** A store and what a test may do to the service behind it. */
export interface StoreUnderTest {
  /** A store on the service; each call gives a new one on the same data. */
  open(options?: StoreOptions): ReadingStore
  /** Makes the service unusable, and usable again, with its data. */
  takeAway(): Promise<void>
  bringBack(): Promise<void>
  /** Runs the store's upkeep (rollups) at once, if it has any. */
  maintain(store: ReadingStore): Promise<void>
  dispose(): Promise<void>
}

const HOUR_MS = 3_600_000
/** A full hour long past, so that its hours are closed. */
const BASE_MS = Date.UTC(2026, 2, 1)

const HOLD_MS = 60_000
const LIMITS = { low: 100, high: 300 }

/** What the stores of the suite are told of points; stores are opened with it. */
export const contractHistory = plainHistory({ zone: 'Europe/Berlin', holdMs: HOLD_MS })
contractHistory.bands = [
  { fromMs: 0, band: null },
  { fromMs: BASE_MS + 3 * 24 * HOUR_MS, band: LIMITS },
]

let nextId = 1
const nodeIds = new Map<string, number>()

/** A device with points of these keys; ids are unique within the run. */
export function device(
  keys: string[],
  names: { site?: string; node?: string; device?: string } = {},
): { device: DeviceHandle; points: PointHandle[] } {
  const id = nextId++
  const site = names.site ?? 'hospital'
  const node = names.node ?? `node-${id}`
  const nodeKey = JSON.stringify([site, node])
  const nodeId = nodeIds.get(nodeKey) ?? nextId++
  nodeIds.set(nodeKey, nodeId)
  const handle = { id, site, node, device: names.device ?? `device-${id}`, nodeId }
  const points = keys.map((key) => ({ id: nextId++, key, deviceId: id, device: handle }))
  contractHistory.known.push(...points)
  return { device: handle, points }
}

let nextOffset = 0

export function scan(
  of: { device: DeviceHandle; points: PointHandle[] },
  timeMs: number | number[],
  values: ReadingValue[],
  more: { reasons?: (BadReason | undefined)[]; offset?: number; epoch?: string } = {},
): DeviceScan {
  return {
    device: of.device,
    epoch: more.epoch ?? 'epoch-1',
    offset: more.offset ?? nextOffset++,
    points: of.points,
    timesMs: typeof timeMs === 'number' ? new Float64Array(of.points.length).fill(timeMs) : timeMs,
    values,
    reasons: more.reasons,
    isHistorical: false,
  }
}

/** Names that break line protocol, InfluxQL or Flux when they are not escaped. */
const NASTY_NAMES = [
  '温度 ℃',
  'with space',
  'comma,equals=sign',
  'back\\slash',
  'trailing\\',
  'quote"double',
  "quote'single",
  'new\nline',
  'percent%5C',
  '😀 emoji',
  '#comment',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: how Flux interpolates strings
  '${dollar}',
  'a',
  'a:text',
  'a:bad',
  'a:',
  'a::text',
  'time',
  'site',
  'node',
  'device',
  '_value',
  '_field',
  'log:offset',
  '*',
  'Outlet/1/Current',
]

/** The suite every implementation of ReadingStore must pass. */
export function readingStoreContract(name: string, setUp: () => Promise<StoreUnderTest>): void {
  describe(`ReadingStore contract: ${name}`, () => {
    let service: StoreUnderTest
    let store: ReadingStore

    beforeAll(async () => {
      service = await setUp()
      store = service.open()
      expect(await store.start()).toMatchObject({ kind: 'ready' })
    })
    afterAll(async () => {
      await store?.stop()
      await service?.dispose()
    })

    const write = async (...scans: DeviceScan[]): Promise<void> => {
      expect(await store.write(scans)).toEqual({ kind: 'stored' })
    }
    const rawAll = (point: PointHandle, fromMs = BASE_MS - 30 * HOUR_MS, toMs = BASE_MS + 30_000 * HOUR_MS): Promise<StoredReading[]> =>
      store.raw({ point, fromMs, toMs, limit: 100_000 })

    it('returns what was written', async () => {
      const ups = device(['voltage', 'load'])
      await write(scan(ups, BASE_MS, [230.5, 40]), scan(ups, BASE_MS + 1000, [231, 0.1]))
      expect(await rawAll(ups.points[0] as PointHandle)).toEqual([
        { timeMs: BASE_MS, value: 230.5 },
        { timeMs: BASE_MS + 1000, value: 231 },
      ])
      expect(await rawAll(ups.points[1] as PointHandle)).toEqual([
        { timeMs: BASE_MS, value: 40 },
        { timeMs: BASE_MS + 1000, value: 0.1 },
      ])
      expect(store.health()).toMatchObject({ state: 'ok' })
    })

    it('a scan written again overwrites itself', async () => {
      const ups = device(['voltage', 'status'])
      const again = scan(ups, BASE_MS, [230, 'OL'])
      await write(again)
      await write(again, again)
      const [voltage, status] = ups.points as [PointHandle, PointHandle]
      expect(await rawAll(voltage)).toEqual([{ timeMs: BASE_MS, value: 230 }])
      expect(await rawAll(status)).toEqual([{ timeMs: BASE_MS, value: 'OL' }])
      const { buckets } = await store.history({ point: voltage, fromMs: BASE_MS, toMs: BASE_MS + 1000, maxBuckets: 10 })
      expect(buckets.map((bucket) => bucket.count)).toEqual([1])
      expect(await store.storedOffsets(ups.device, 'epoch-1')).toEqual([{ first: again.offset, last: again.offset }])
    })

    it('the later value of the same point and time wins', async () => {
      const ups = device(['voltage'])
      await write(scan(ups, BASE_MS, [230]))
      await write(scan(ups, BASE_MS, [231]))
      expect(await rawAll(ups.points[0] as PointHandle)).toEqual([{ timeMs: BASE_MS, value: 231 }])
    })

    it('bad readings are kept with reason and raw value, and count in no aggregate', async () => {
      const sensor = device(['temperature'])
      const point = sensor.points[0] as PointHandle
      await write(
        scan(sensor, BASE_MS, [20]),
        scan(sensor, BASE_MS + 1000, [-159357104], { reasons: ['out-of-range'] }),
        scan(sensor, BASE_MS + 2000, [null], { reasons: ['sensor-error'] }),
        scan(sensor, BASE_MS + 3000, ['n/a "quoted" \\'], { reasons: ['not-a-number'] }),
        scan(sensor, BASE_MS + 4000, [30]),
      )
      expect(await rawAll(point)).toEqual([
        { timeMs: BASE_MS, value: 20 },
        { timeMs: BASE_MS + 1000, value: -159357104, bad: 'out-of-range' },
        { timeMs: BASE_MS + 2000, value: null, bad: 'sensor-error' },
        { timeMs: BASE_MS + 3000, value: 'n/a "quoted" \\', bad: 'not-a-number' },
        { timeMs: BASE_MS + 4000, value: 30 },
      ])
      const { buckets } = await store.history({ point, fromMs: BASE_MS, toMs: BASE_MS + 10_000, maxBuckets: 1 })
      expect(buckets).toMatchObject([{ timeMs: BASE_MS, min: 20, mean: 25, max: 30, count: 2, badCount: 3, goodMs: 7000 }])
    })

    it('a bucket of bad readings only has a count of them and no values', async () => {
      const sensor = device(['temperature'])
      await write(scan(sensor, BASE_MS, [99999], { reasons: ['sentinel'] }))
      const { buckets } = await store.history({
        point: sensor.points[0] as PointHandle,
        fromMs: BASE_MS,
        toMs: BASE_MS + 1000,
        maxBuckets: 1,
      })
      expect(buckets).toMatchObject([{ timeMs: BASE_MS, min: null, mean: null, max: null, count: 0, badCount: 1, goodMs: 0 }])
    })

    it('values no number field can hold become bad readings and harm nothing beside them', async () => {
      const sensor = device(['a', 'b', 'c', 'd', 'e'])
      await write(scan(sensor, BASE_MS, [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 5]))
      const stored = await Promise.all(sensor.points.map(async (point) => (await rawAll(point))[0]))
      expect(stored.map((reading) => reading?.bad)).toEqual(['not-a-number', 'not-a-number', 'not-a-number', 'sensor-error', undefined])
      expect(stored.map((reading) => reading?.value)).toEqual([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null, 5])
    })

    it('names with any characters stay apart', async () => {
      const all = NASTY_NAMES.map((nasty) => device(NASTY_NAMES, { site: nasty, node: nasty, device: nasty }))
      await write(
        ...all.map((one, d) =>
          scan(
            one,
            BASE_MS,
            one.points.map((_, p) => (p % 3 === 2 ? `text ${d} ${p}` : d * 100 + p)),
          ),
        ),
      )
      // Each point's value says whose it is; the diagonal and the first row and column cover every name in every role.
      for (const [d, one] of all.entries()) {
        for (const [p, point] of one.points.entries()) {
          if (d !== p && d !== 0 && p !== 0) continue
          const expected = p % 3 === 2 ? `text ${d} ${p}` : d * 100 + p
          expect(await rawAll(point), `device ${JSON.stringify(NASTY_NAMES[d])} point ${JSON.stringify(point.key)}`).toEqual([
            { timeMs: BASE_MS, value: expected },
          ])
        }
      }
    })

    it('texts keep quotes, backslashes and Unicode; line ends become visible', async () => {
      const ups = device(['status'])
      const texts = ['OL CHRG', '断电 "x"', 'back\\slash\\', 'a,b=c d', 'two\nlines', '', '😀']
      await write(...texts.map((text, i) => scan(ups, BASE_MS + i * 1000, [text])))
      const values = (await rawAll(ups.points[0] as PointHandle)).map((reading) => reading.value)
      expect(values).toEqual(texts.map((text) => text.replace('\n', '␊')))
    })

    it('booleans are 0 and 1', async () => {
      const door = device(['open'])
      await write(scan(door, BASE_MS, [true]), scan(door, BASE_MS + 1000, [false]))
      expect((await rawAll(door.points[0] as PointHandle)).map((reading) => reading.value)).toEqual([1, 0])
    })

    it('a point may change between number, text and bad', async () => {
      const point = device(['x'])
      await write(scan(point, BASE_MS, [1]), scan(point, BASE_MS + 1000, ['on']), scan(point, BASE_MS + 2000, [true]))
      await write(scan(point, BASE_MS + 3000, [7], { reasons: ['frozen'] }), scan(point, BASE_MS + 4000, [2.5]))
      expect((await rawAll(point.points[0] as PointHandle)).map((reading) => reading.value)).toEqual([1, 'on', 1, 7, 2.5])
    })

    it('very large and very small numbers come back exactly', async () => {
      const point = device(['x'])
      const numbers = [1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 1e21, 0.1 + 0.2, -0.000001, 2 ** 53 - 1]
      await write(...numbers.map((value, i) => scan(point, BASE_MS + i * 1000, [value])))
      expect((await rawAll(point.points[0] as PointHandle)).map((reading) => reading.value)).toEqual(numbers)
    })

    it('text changes are told without repetitions, from the last before the range', async () => {
      const ups = device(['status'])
      const texts = ['OL', 'OL', 'OB', 'OB', 'OB LB', 'OL', 'OL']
      await write(...texts.map((text, i) => scan(ups, BASE_MS + i * 1000, [text])))
      const point = ups.points[0] as PointHandle
      const range = { point, fromMs: BASE_MS + 1000, toMs: BASE_MS + 10_000 }
      expect(await store.textChanges({ ...range, limit: 100 })).toEqual([
        { timeMs: BASE_MS, value: 'OL' },
        { timeMs: BASE_MS + 2000, value: 'OB' },
        { timeMs: BASE_MS + 4000, value: 'OB LB' },
        { timeMs: BASE_MS + 5000, value: 'OL' },
      ])
      expect(await store.textChanges({ ...range, limit: 2 })).toHaveLength(2)
      expect(await store.textChanges({ ...range, fromMs: BASE_MS, limit: 1 })).toEqual([{ timeMs: BASE_MS, value: 'OL' }])
    })

    it('points of one scan may have times of their own', async () => {
      const mixed = device(['a', 'b', 'c'])
      const one = scan(mixed, [BASE_MS, BASE_MS + 5, BASE_MS], [1, 2, 3])
      await write(one)
      const times = await Promise.all(mixed.points.map(async (point) => (await rawAll(point))[0]?.timeMs))
      expect(times).toEqual([BASE_MS, BASE_MS + 5, BASE_MS])
      expect(await store.storedOffsets(mixed.device, 'epoch-1')).toEqual([{ first: one.offset, last: one.offset }])
    })

    it('readings out of order come back in order', async () => {
      const sensor = device(['t'])
      for (const i of [5, 1, 3, 0, 4, 2]) await write(scan(sensor, BASE_MS + i * 1000, [i]))
      expect((await rawAll(sensor.points[0] as PointHandle)).map((reading) => reading.value)).toEqual([0, 1, 2, 3, 4, 5])
    })

    it('ranges include their start and exclude their end; buckets are aligned to the epoch', async () => {
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      await write(...[0, 999, 1000, 59_999, 60_000, 119_999, 120_000].map((ms, i) => scan(sensor, BASE_MS + ms, [i])))
      const read = await store.raw({ point, fromMs: BASE_MS + 999, toMs: BASE_MS + 60_000, limit: 100 })
      expect(read.map((reading) => reading.value)).toEqual([1, 2, 3])
      const history = await store.history({ point, fromMs: BASE_MS + 999, toMs: BASE_MS + 120_000, maxBuckets: 2 })
      expect(history).toMatchObject({
        bucketMs: 60_000,
        buckets: [
          { timeMs: BASE_MS, min: 1, mean: 2, max: 3, count: 3, badCount: 0 },
          { timeMs: BASE_MS + 60_000, min: 4, mean: 4.5, max: 5, count: 2, badCount: 0 },
        ],
      })
    })

    it('an empty range and a point without readings give nothing', async () => {
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      expect(await rawAll(point)).toEqual([])
      expect((await store.history({ point, fromMs: BASE_MS, toMs: BASE_MS + HOUR_MS * 100, maxBuckets: 10 })).buckets).toEqual([])
      expect(await store.textChanges({ point, fromMs: BASE_MS, toMs: BASE_MS + 1000, limit: 10 })).toEqual([])
      await write(scan(sensor, BASE_MS, [1]))
      expect(await store.raw({ point, fromMs: BASE_MS, toMs: BASE_MS, limit: 10 })).toEqual([])
      expect((await store.history({ point, fromMs: BASE_MS, toMs: BASE_MS, maxBuckets: 10 })).buckets).toEqual([])
    })

    it('takes 5,000 scans in one write, streams a long range in order, and knows the offsets', async () => {
      const sensor = device(['t', 'h'])
      const point = sensor.points[0] as PointHandle
      const first = nextOffset
      const scans = Array.from({ length: 5000 }, (_, i) => scan(sensor, BASE_MS + i * 1000, [i, -i]))
      await write(...scans)
      // More than one page of the stream.
      await write(...Array.from({ length: 2001 }, (_, i) => scan(sensor, BASE_MS + (5000 + i) * 1000, [5000 + i, 0])))
      const streamed: StoredReading[] = []
      for await (const chunk of store.stream({ point, fromMs: BASE_MS, toMs: BASE_MS + 10_000_000 })) streamed.push(...chunk)
      expect(streamed).toHaveLength(7001)
      expect(streamed.every((reading, i) => reading.value === i && reading.timeMs === BASE_MS + i * 1000)).toBe(true)
      expect(await store.storedOffsets(sensor.device, 'epoch-1')).toEqual([{ first, last: first + 7000 }])
    })

    it('nothing and scans without points are stored at once', async () => {
      expect(await store.write([])).toEqual({ kind: 'stored' })
      expect(await store.write([scan(device([]), BASE_MS, [])])).toEqual({ kind: 'stored' })
    })

    it('a time that is none is rejected, not hidden', async () => {
      const sensor = device(['t'])
      expect(await store.write([scan(sensor, Number.NaN, [1])])).toMatchObject({ kind: 'rejected' })
      expect(await store.write([scan(sensor, 1e17, [1])])).toMatchObject({ kind: 'rejected' })
    })

    it('long histories are the same from raw readings, after upkeep, and after late and repeated readings', async () => {
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      const model = new Map<number, StoredReading>()
      const add = async (times: number[]): Promise<void> => {
        const scans = times.map((timeMs) => {
          const value = Math.round(2000 + Math.sin(timeMs / 1e7) * 1000 + (timeMs % 777)) / 8
          const bad = timeMs % 11 === 0
          model.set(timeMs, { timeMs, value, ...(bad ? { bad: 'frozen' as const } : {}) })
          return scan(sensor, timeMs, [value], { reasons: [bad ? 'frozen' : undefined] })
        })
        await write(...scans)
      }
      const fromMs = BASE_MS + 1_234_567
      const toMs = BASE_MS + 20 * 24 * HOUR_MS + 2_345_678
      const compare = async (maxBuckets: number): Promise<void> => {
        const history = await store.history({ point, fromMs, toMs, maxBuckets })
        expect(history.buckets.length).toBeLessThanOrEqual(maxBuckets)
        const { bands } = contractHistory
        const expected = bruteHistory({ readings: model.values(), bands, holdMs: HOLD_MS, zone: 'Europe/Berlin', fromMs, toMs, maxBuckets })
        expect(history.bucketMs).toBe(expected.bucketMs)
        expect(history.buckets.map(({ mean: _, ...rest }) => rest)).toEqual(expected.buckets.map(({ mean: _, ...rest }) => rest))
        for (const [i, bucket] of history.buckets.entries()) {
          const mean = expected.buckets[i]?.mean ?? null
          if (bucket.mean === null) expect(mean).toBeNull()
          else expect(bucket.mean).toBeCloseTo(mean ?? Number.NaN, 6)
        }
      }
      const every = (stepMs: number, shiftMs: number): number[] =>
        Array.from({ length: Math.floor((20.5 * 24 * HOUR_MS) / stepMs) }, (_, i) => BASE_MS + shiftMs + i * stepMs)

      await add(every(601_000, 0))
      for (const maxBuckets of [2000, 400, 60, 7]) await compare(maxBuckets)
      await service.maintain(store)
      for (const maxBuckets of [2000, 400, 60, 7]) await compare(maxBuckets)
      // Late readings into hours already rolled up, and one of them again.
      await add(every(86_400_000, 4_000_001))
      await add([BASE_MS + 4_000_001])
      for (const maxBuckets of [400, 60]) await compare(maxBuckets)
      // A restart must not forget which hours wait for upkeep.
      await store.stop()
      store = service.open()
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      for (const maxBuckets of [400, 60]) await compare(maxBuckets)
      await service.maintain(store)
      for (const maxBuckets of [400, 60]) await compare(maxBuckets)
    })

    it('deletes readings and minutes after their time; their history stays, and what comes late is added', async () => {
      const [fromMs, step] = [BASE_MS - 400 * 24 * HOUR_MS, 5 * 60_000]
      let nowMs = fromMs + 10 * 24 * HOUR_MS
      await store.stop()
      store = service.open({ nowMs: () => nowMs, retentionMs: 24 * HOUR_MS, minuteRetentionMs: 48 * HOUR_MS })
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      const readings = Array.from({ length: 6 * 288 }, (_, i) => ({ timeMs: fromMs + i * step, value: 20 + (i % 77) }))
      await write(...readings.map(({ timeMs, value }) => scan(sensor, timeMs, [value])))
      const range = { fromMs, toMs: fromMs + 9 * 24 * HOUR_MS, maxBuckets: 500 }
      const compare = async (): Promise<void> => {
        const expected = bruteHistory({ readings, bands: contractHistory.bands, holdMs: HOLD_MS, zone: 'Europe/Berlin', ...range })
        const { bucketMs, buckets } = await store.history({ point, ...range })
        expect(bucketMs).toBe(expected.bucketMs)
        expect(buckets.map(({ mean, ...rest }) => ({ ...rest, mean: mean?.toFixed(6) }))).toEqual(
          expected.buckets.map(({ mean, ...rest }) => ({ ...rest, mean: mean?.toFixed(6) })),
        )
      }
      await compare()
      // By the clock alone nothing is deleted.
      await write(scan(device(['t']), nowMs, [1]))
      await service.maintain(store)
      expect(await rawAll(point, fromMs, range.toMs)).toEqual([])
      await compare()
      // The same again changes nothing; an hour that was empty is filled, in two parts.
      const [again, late] = [
        readings.slice(0, 24),
        Array.from({ length: 12 }, (_, i) => ({ timeMs: fromMs + 7 * 24 * HOUR_MS + i * step, value: i })),
      ]
      await write(...again.map(({ timeMs, value }) => scan(sensor, timeMs, [value])))
      for (const part of [0, 1]) {
        await write(...late.filter((_, i) => i % 2 === part).map(({ timeMs, value }) => scan(sensor, timeMs, [value])))
        nowMs += 60_000
        await service.maintain(store)
      }
      nowMs += 20 * 60_000
      await service.maintain(store)
      readings.push(...late)
      await compare()
      await store.stop()
      store = service.open()
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      await compare()
    })

    it('keeps everything over stop and start', async () => {
      const sensor = device(['t'])
      await write(scan(sensor, BASE_MS, [1]))
      await store.stop()
      expect(store.health().state).toBe('stopped')
      await service.takeAway()
      await service.bringBack()
      store = service.open()
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      expect(await rawAll(sensor.points[0] as PointHandle)).toEqual([{ timeMs: BASE_MS, value: 1 }])
    })

    it('says retry while the service is away, and works again by itself when it is back', async () => {
      const sensor = device(['t'])
      const point = sensor.points[0] as PointHandle
      await write(scan(sensor, BASE_MS, [1]))
      await service.takeAway()
      const second = scan(sensor, BASE_MS + 1000, [2])
      expect(await store.write([second])).toMatchObject({ kind: 'retry' })
      expect(await store.probe()).toMatchObject({ kind: 'retry' })
      expect(store.health().state).toBe('failing')
      expect(store.health().message).not.toBe('')
      await service.bringBack()
      // A kept connection of before may still fail once; the second try must not.
      if ((await store.write([second])).kind !== 'stored') await write(second)
      expect((await rawAll(point)).map((reading) => reading.value)).toEqual([1, 2])
      expect(store.health().state).toBe('ok')
    })

    it('a store never started answers, instead of hanging or throwing what nobody expects', async () => {
      await service.takeAway()
      const early = service.open()
      expect(await early.start()).toMatchObject({ kind: expect.stringMatching(/retryable|configuration/) })
      const point = device(['t']).points[0] as PointHandle
      if (early.kind !== 'embedded') {
        await expect(early.raw({ point, fromMs: 0, toMs: 1, limit: 1 })).rejects.toBeInstanceOf(StoreUnavailableError)
      }
      await early.stop()
      await service.bringBack()
    })
  })
}
