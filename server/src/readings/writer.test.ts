import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WriteAnswer } from './reading-store.ts'
import type { DeviceHandle, DeviceScan, PointHandle } from './scan.ts'
import { ReadingWriter, type ReadingWriterOptions, type WriterTimers } from './writer.ts'

const DEVICE: DeviceHandle = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1 }

/** Points named `…poison…` are refused by the fake store, `…crash…` make it answer 500. */
function scan(offset: number, keys: string[]): DeviceScan {
  const points: PointHandle[] = keys.map((key, i) => ({ id: offset * 100 + i, key, deviceId: 1, device: DEVICE }))
  const timesMs = new Float64Array(keys.length).fill(offset)
  return { device: DEVICE, epoch: 'e', offset, points, timesMs, values: keys.map(() => 1), reasons: undefined, isHistorical: false }
}

const readingName = (one: DeviceScan, point: PointHandle): string => `${one.offset}/${point.key}`
const readingsOf = (one: DeviceScan): string[] => one.points.map((point) => readingName(one, point))

interface FakeTimer {
  atMs: number
  fire: () => void
}

/** Time that passes only when everything else has settled. */
class FakeTimers implements WriterTimers {
  nowMs = 0
  #timers: FakeTimer[] = []

  after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, fire }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Fires timers in order of time until `done`, or until none is left, or for at most `limitMs`. */
  async run(done: () => boolean = () => false, limitMs = Number.POSITIVE_INFINITY): Promise<void> {
    const endMs = this.nowMs + limitMs
    for (;;) {
      for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve))
      if (done()) return
      const next = this.#timers.reduce<FakeTimer | undefined>((a, b) => (a === undefined || b.atMs < a.atMs ? b : a), undefined)
      if (next === undefined || next.atMs > endMs) return
      this.#timers = this.#timers.filter((one) => one !== next)
      this.nowMs = next.atMs
      next.fire()
    }
  }
}

class FakeStore {
  readonly stored = new Set<string>()
  /** Answers given before the store looks at a write at all. */
  forced: WriteAnswer[] = []
  /** While set, nothing works, the probe neither. */
  outage: WriteAnswer | undefined
  maxReadings = Number.POSITIVE_INFINITY
  /** InfluxDB 1.x stores the good part of a rejected batch, 2.x on a malformed line nothing. */
  partial = true
  batches: number[] = []
  underWay = 0
  mostUnderWay = 0

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    this.underWay++
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay)
    await Promise.resolve()
    this.underWay--
    const readings = scans.flatMap(readingsOf)
    this.batches.push(readings.length)
    if (this.outage !== undefined) return this.outage
    const forced = this.forced.shift()
    if (forced !== undefined) return forced
    if (readings.length > this.maxReadings) return { kind: 'too-large' }
    if (readings.some((reading) => reading.includes('crash'))) return { kind: 'server-error', reason: 'HTTP 500 crash' }
    const refused = readings.filter((reading) => reading.includes('poison'))
    if (refused.length === 0 || this.partial) for (const reading of readings) if (!refused.includes(reading)) this.stored.add(reading)
    return refused.length === 0 ? { kind: 'stored' } : { kind: 'rejected', reason: 'HTTP 400 poison' }
  }

  probe(): Promise<WriteAnswer> {
    return Promise.resolve(this.outage ?? { kind: 'stored' })
  }
}

function setUp(options: Partial<ReadingWriterOptions> = {}) {
  const timers = new FakeTimers()
  const store = new FakeStore()
  const reported: number[] = []
  const quarantined: { reading: string; reason: string }[] = []
  const tooEarly: string[] = []
  const writer = new ReadingWriter({
    store,
    timers,
    onStored: (scans) => {
      for (const one of scans) {
        reported.push(one.offset)
        for (const reading of readingsOf(one)) {
          if (!store.stored.has(reading) && !quarantined.some((entry) => entry.reading === reading)) tooEarly.push(reading)
        }
      }
    },
    quarantine: async (one, pointIndex, reason) => {
      const points = pointIndex === 'all' ? one.points : [one.points[pointIndex] as PointHandle]
      for (const point of points) quarantined.push({ reading: readingName(one, point), reason })
    },
    batchReadings: 10,
    lingerMs: 50,
    writesInFlight: 1,
    ...options,
  })
  return { timers, store, writer, reported, quarantined, tooEarly }
}

describe('ReadingWriter batching', () => {
  it('writes a full batch at once and a partial one after lingering', async () => {
    const { timers, store, writer, reported } = setUp()
    for (let i = 0; i < 5; i++) writer.enqueue(scan(i, ['a', 'b']))
    writer.enqueue(scan(5, ['a']))
    await timers.run(undefined, 0)
    expect(store.batches).toEqual([10])
    await timers.run()
    expect(store.batches).toEqual([10, 1])
    expect(timers.nowMs).toBe(50)
    expect(reported).toEqual([0, 1, 2, 3, 4, 5])
    expect(writer.counters()).toMatchObject({ accepted: 11, stored: 11, batches: 2, quarantined: 0, refused: 0 })
  })

  it('keeps as many writes in flight as told', async () => {
    const { timers, store, writer, reported } = setUp({ writesInFlight: 3 })
    for (let i = 0; i < 100; i++) writer.enqueue(scan(i, ['a', 'b']))
    await timers.run()
    expect(store.mostUnderWay).toBe(3)
    expect(reported).toHaveLength(100)
  })

  it('refuses beyond its memory, says so, and takes again when there is room', async () => {
    const { timers, store, writer, reported } = setUp({ maxReadings: 20 })
    store.outage = { kind: 'retry', reason: 'ECONNREFUSED' }
    const accepted = Array.from({ length: 15 }, (_, i) => writer.enqueue(scan(i, ['a', 'b'])))
    expect(accepted.filter(Boolean)).toHaveLength(10)
    await timers.run(undefined, 60_000)
    expect(writer.health()).toMatchObject({ state: 'refusing', message: 'queue full; ECONNREFUSED', pendingReadings: 20 })
    expect(writer.hasRoom()).toBe(false)
    expect(writer.counters()).toMatchObject({ refused: 10, stored: 0 })
    expect(reported).toEqual([])
    store.outage = undefined
    await timers.run()
    expect(reported).toHaveLength(10)
    expect(writer.health()).toEqual({ state: 'ok', message: '', pendingReadings: 0 })
    expect(writer.enqueue(scan(99, ['a']))).toBe(true)
  })

  it('one scan larger than the whole memory is still taken when nothing else is', async () => {
    const { timers, writer, reported } = setUp({ maxReadings: 2 })
    expect(writer.enqueue(scan(1, ['a', 'b', 'c']))).toBe(true)
    await timers.run()
    expect(reported).toEqual([1])
  })

  it('stop writes what is queued within its time, and reports nothing it gave up', async () => {
    const good = setUp()
    good.writer.enqueue(scan(1, ['a']))
    const stopped = good.writer.stop(1000)
    await good.timers.run()
    await stopped
    expect(good.reported).toEqual([1])

    const away = setUp()
    away.store.outage = { kind: 'retry', reason: 'away' }
    away.writer.enqueue(scan(1, ['a']))
    const gaveUp = away.writer.stop(1000)
    await away.timers.run(undefined, 2000)
    await gaveUp
    expect(away.reported).toEqual([])
    expect(away.writer.enqueue(scan(2, ['a']))).toBe(false)
  })
})

describe('ReadingWriter answers', () => {
  it('waits out an outage with growing pauses and the pause the server asks for', async () => {
    const { timers, store, writer, reported } = setUp()
    store.forced = [
      { kind: 'retry', reason: 'ECONNREFUSED' },
      { kind: 'retry', reason: 'HTTP 429', retryAfterMs: 7000 },
      { kind: 'retry', reason: 'HTTP 503' },
    ]
    writer.enqueue(scan(1, ['a']))
    await timers.run()
    // 50 linger + 250 + 7000 + 1000.
    expect(timers.nowMs).toBe(8300)
    expect(reported).toEqual([1])
    expect(writer.counters().retries).toBe(3)
  })

  it('splits what is too large', async () => {
    const { timers, store, writer, reported, quarantined } = setUp({ batchReadings: 100 })
    store.maxReadings = 3
    for (let i = 0; i < 8; i++) writer.enqueue(scan(i, ['a', 'b', 'c', 'd', 'e']))
    await timers.run()
    expect(reported).toHaveLength(8)
    expect(store.stored.size).toBe(40)
    expect(quarantined).toEqual([])
  })

  it.each([true, false])('finds a guilty reading and stores the rest (partial writes: %s)', async (partial) => {
    const { timers, store, writer, reported, quarantined, tooEarly } = setUp({ batchReadings: 100 })
    store.partial = partial
    for (let i = 0; i < 10; i++) writer.enqueue(scan(i, i === 6 ? ['a', 'b', 'poison', 'd'] : ['a', 'b', 'c', 'd']))
    await timers.run()
    expect(quarantined).toEqual([{ reading: '6/poison', reason: 'HTTP 400 poison' }])
    expect(store.stored.size).toBe(39)
    expect(reported).toHaveLength(10)
    expect(tooEarly).toEqual([])
    expect(writer.counters()).toMatchObject({ stored: 39, quarantined: 1 })
  })

  it('a reading that makes the server answer 500 is found, too, beside a working probe', async () => {
    const { timers, store, writer, reported, quarantined } = setUp({ batchReadings: 100 })
    for (let i = 0; i < 10; i++) writer.enqueue(scan(i, i === 3 ? ['a', 'crash'] : ['a', 'b']))
    await timers.run()
    expect(quarantined).toEqual([{ reading: '3/crash', reason: 'HTTP 500 crash' }])
    expect(store.stored.size).toBe(19)
    expect(reported).toHaveLength(10)
  })

  it.each([
    { kind: 'server-error', reason: 'HTTP 500 disk full' },
    { kind: 'rejected', reason: 'HTTP 400 from a proxy' },
  ] as const)('an outage that answers $reason to everything convicts nobody, however long', async (outage) => {
    const { timers, store, writer, reported, quarantined } = setUp()
    store.outage = outage
    for (let i = 0; i < 3; i++) writer.enqueue(scan(i, ['a', 'b']))
    await timers.run(undefined, 3_600_000)
    expect(quarantined).toEqual([])
    expect(reported).toEqual([])
    expect(writer.health()).toMatchObject({ state: 'retrying', message: outage.reason })
    store.outage = undefined
    await timers.run()
    expect(reported).toEqual([0, 1, 2])
    expect(quarantined).toEqual([])
    expect(store.stored.size).toBe(6)
  })

  it('a scan whose every reading is guilty is quarantined as a whole', async () => {
    const calls: unknown[] = []
    const { timers, writer, reported } = setUp({
      quarantine: async (one, pointIndex, reason) => void calls.push([one.offset, pointIndex, reason]),
    })
    writer.enqueue(scan(1, ['poison-1', 'poison-2', 'poison-3']))
    await timers.run()
    expect(calls).toEqual([[1, 'all', 'HTTP 400 poison']])
    expect(reported).toEqual([1])
  })

  it('reports a guilty scan only once its quarantine is durable', async () => {
    let failures = 3
    const { timers, writer, reported } = setUp({
      quarantine: async () => {
        if (failures-- > 0) throw new Error('database is locked')
      },
    })
    writer.enqueue(scan(1, ['poison']))
    await timers.run(() => failures === 1)
    expect(reported).toEqual([])
    expect(writer.health()).toMatchObject({ state: 'retrying', message: 'quarantine: database is locked' })
    await timers.run()
    expect(reported).toEqual([1])
  })
})

describe('ReadingWriter: nothing lost, nothing reported too early', () => {
  const key = fc.oneof(
    { weight: 12, arbitrary: fc.constant('good') },
    { weight: 1, arbitrary: fc.constant('poison') },
    { weight: 1, arbitrary: fc.constant('crash') },
  )
  const hiccup = fc.constantFrom<WriteAnswer>(
    { kind: 'retry', reason: 'ECONNRESET' },
    { kind: 'retry', reason: 'HTTP 429', retryAfterMs: 1500 },
    { kind: 'server-error', reason: 'HTTP 502' },
    { kind: 'too-large' },
  )

  it('for any scans, poison, hiccups and limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(key, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 25 }),
        // At most four: five server errors in a row beside a working probe do convict a reading, rightly as far as one can tell.
        fc.array(hiccup, { maxLength: 4 }),
        fc.record({
          partial: fc.boolean(),
          maxReadings: fc.integer({ min: 1, max: 40 }),
          batchReadings: fc.integer({ min: 1, max: 40 }),
          lanes: fc.integer({ min: 1, max: 4 }),
        }),
        async (keysOfScans, hiccups, { partial, maxReadings, batchReadings, lanes }) => {
          const { timers, store, writer, reported, quarantined, tooEarly } = setUp({ batchReadings, writesInFlight: lanes })
          store.partial = partial
          store.maxReadings = maxReadings
          store.forced = [...hiccups]
          const scans = keysOfScans.map((keys, offset) =>
            scan(
              offset,
              keys.map((name, i) => `${name}-${i}`),
            ),
          )
          for (const one of scans) expect(writer.enqueue(one)).toBe(true)
          await timers.run()

          expect(tooEarly).toEqual([])
          // Each scan is reported exactly once.
          expect([...reported].sort((a, b) => a - b)).toEqual(scans.map((one) => one.offset))
          // Each reading is in the store or in quarantine, and only guilty ones are in quarantine. A lone good reading may meet
          // `too large` as a hiccup; beside a working probe that is held against it.
          const guilty = quarantined.filter((entry) => entry.reason !== 'too large').map((entry) => entry.reading)
          expect(guilty.every((reading) => /poison|crash/.test(reading))).toBe(true)
          const readings = scans.flatMap(readingsOf)
          for (const reading of readings) {
            expect(store.stored.has(reading) || quarantined.some((entry) => entry.reading === reading), reading).toBe(true)
          }
          expect(writer.counters()).toMatchObject({ quarantined: quarantined.length })
          expect(writer.health()).toMatchObject({ pendingReadings: 0 })
        },
      ),
      { numRuns: 150 },
    )
  })
})
