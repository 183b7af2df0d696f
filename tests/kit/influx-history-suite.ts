import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RollupStorage } from '../../server/src/readings/history/rollup-storage.ts'
import { batchLines } from '../../server/src/readings/line-protocol.ts'
import { type ReadingStore, type StoredReading, StoreUnavailableError } from '../../server/src/readings/reading-store.ts'
import type { DeviceScan, PointHandle } from '../../server/src/readings/scan.ts'
import { bruteHistory } from './brute-history.ts'
import { contractHistory, device, scan } from './readings-contract.ts'
import { CuttingProxy, type Fate, type ProxiedRequest } from './services/cutting-proxy.ts'

export interface InfluxStore extends ReadingStore {
  readonly rollups: RollupStorage
  startReading(): ReturnType<ReadingStore['start']>
  maintain(): Promise<void>
}

export interface InfluxUnderTest {
  url: string
  /** A store on the database of that name, through an address that leads to the service. */
  open(url: string, database: string, options: { nowMs(): number; retentionMs?: number }): InfluxStore
  /** Writes past the store, as another program or an earlier version would. */
  post(database: string, lines: string): Promise<void>
  dispose(): Promise<void>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const BASE_MS = Date.UTC(2026, 4, 4, 6)
const HOLD_MS = contractHistory.holdMs({} as PointHandle)

/** What the history of an InfluxDB must stand, beside the contract of all stores. */
export function influxHistorySuite(name: string, setUp: () => Promise<InfluxUnderTest>): void {
  describe(`history of ${name}`, () => {
    let service: InfluxUnderTest
    let proxy: CuttingProxy
    let database: string
    let nowMs: number
    let stores: InfluxStore[] = []
    let written: Map<PointHandle, StoredReading[]>

    beforeAll(async () => {
      service = await setUp()
      proxy = new CuttingProxy(service.url)
      await proxy.start()
    })
    afterAll(async () => {
      for (const store of stores) await store.stop()
      await proxy?.stop()
      await service?.dispose()
    })
    beforeEach((context) => {
      database = `d${context.task.id.replace(/\W/g, '_')}`
      nowMs = BASE_MS + 2 * DAY_MS
      proxy.fateOf = () => 'pass'
      written = new Map()
    })

    /** The next process: the one before is gone as it was. */
    const restart = async (retentionMs?: number): Promise<InfluxStore> => {
      for (const store of stores) await store.stop()
      const store = service.open(proxy.url, database, { nowMs: () => nowMs, ...(retentionMs === undefined ? {} : { retentionMs }) })
      stores = [store]
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      return store
    }
    const scanOf = (of: ReturnType<typeof device>, timeMs: number, value: number): DeviceScan => {
      for (const [index, point] of of.points.entries()) {
        written.set(point, [...(written.get(point) ?? []), { timeMs, value: value + index }])
      }
      return scan(
        of,
        timeMs,
        of.points.map((_, index) => value + index),
      )
    }
    const write = async (store: InfluxStore, ...scans: DeviceScan[]): Promise<void> => {
      expect(await store.write(scans)).toEqual({ kind: 'stored' })
    }
    const compare = async (store: InfluxStore, of: ReturnType<typeof device>): Promise<void> => {
      for (const point of of.points) {
        for (const maxBuckets of [500, 20, 1]) {
          const query = { fromMs: BASE_MS - DAY_MS, toMs: BASE_MS + 2 * DAY_MS, maxBuckets }
          const { bands } = contractHistory
          const expected = bruteHistory({ ...query, readings: written.get(point) ?? [], bands, holdMs: HOLD_MS, zone: 'Europe/Berlin' })
          const { buckets } = await store.history({ point, ...query })
          const rounded = (all: typeof buckets): unknown => all.map(({ mean, ...rest }) => ({ ...rest, mean: mean?.toFixed(6) }))
          expect(rounded(buckets), `${point.key}, ${maxBuckets} buckets`).toEqual(rounded(expected.buckets))
        }
      }
    }
    const dirty = (store: InfluxStore, { points }: ReturnType<typeof device>): Promise<number[]> =>
      store.rollups.dirtyHours(points[0] as PointHandle, { fromMs: 0, toMs: nowMs })

    it.each(['refuse', 'lose-answer'] as const)('rolling up that stops at any request is only done again (%s)', async (fate) => {
      const ups = device(['load', 'voltage'])
      let cut = 0
      let store = await restart()
      for (let stopAt = 1, ended = false; !ended; stopAt++) {
        // Two hours marked each time, one of them also late data of the time before.
        await write(store, scanOf(ups, BASE_MS + stopAt * HOUR_MS + 1000, stopAt), scanOf(ups, BASE_MS + (stopAt - 1) * HOUR_MS + 2000, 50))
        let requests = 0
        proxy.fateOf = () => (++requests === stopAt ? fate : 'pass')
        const outcome = await store.maintain().then(
          () => 'done',
          (error: unknown) => error,
        )
        ended = requests < stopAt
        if (ended) expect(outcome).toBe('done')
        else {
          cut++
          expect(outcome).toBeInstanceOf(StoreUnavailableError)
        }
        proxy.fateOf = () => 'pass'
        if (stopAt % 2 === 0) store = await restart()
        await compare(store, ups)
      }
      expect(cut).toBeGreaterThan(5)
      await store.maintain()
      expect(await dirty(store, ups)).toEqual([])
      await compare(store, ups)
      await compare(await restart(), ups)
    })

    it('readings written while their hour is rolled up are not missed', async () => {
      const ups = device(['load', 'voltage'])
      const store = await restart()
      await write(store, scanOf(ups, BASE_MS, 1), scanOf(ups, BASE_MS + 1000, 2))
      let seen = 0
      proxy.fateOf = async ({ body }: ProxiedRequest): Promise<Fate> => {
        // Everything of the hour has been read by now.
        if (body.includes('history_block') && !body.includes('from(bucket') && !body.includes('SELECT') && seen++ === 0)
          await write(store, scanOf(ups, BASE_MS + 5000, 400))
        return 'pass'
      }
      await store.maintain()
      expect(seen).toBeGreaterThan(0)
      expect(await dirty(store, ups)).toEqual([BASE_MS])
      await compare(store, ups)
      await store.maintain()
      expect(await dirty(store, ups)).toEqual([])
      await compare(store, ups)
      await compare(await restart(), ups)
    })

    it('rolling up waits for writes under way that rely on the mark of before', async () => {
      const ups = device(['load', 'voltage'])
      const store = await restart()
      await write(store, scanOf(ups, BASE_MS, 1))
      let release: () => void = () => undefined
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      let arrived: () => void = () => undefined
      const isUnderWay = new Promise<void>((resolve) => {
        arrived = resolve
      })
      proxy.fateOf = async ({ body }): Promise<Fate> => {
        if (!body.startsWith('reading,')) return 'pass'
        arrived()
        await held
        return 'pass'
      }
      const writing = write(store, scanOf(ups, BASE_MS + 9000, 7))
      await isUnderWay
      const maintaining = store.maintain()
      const first = await Promise.race([maintaining.then(() => 'rolled up'), new Promise((resolve) => setImmediate(resolve, 'waits'))])
      expect(first).toBe('waits')
      release()
      await Promise.all([writing, maintaining])
      expect(await dirty(store, ups)).toEqual([])
      await compare(store, ups)
    })

    it('readings older than their retention go, their history stays, and what comes late for them is added', async () => {
      const ups = device(['load', 'voltage'])
      const point = ups.points[0] as PointHandle
      let store = await restart(DAY_MS)
      const times = Array.from({ length: 2 * 24 * 4 }, (_, index) => BASE_MS - DAY_MS / 2 + index * 15 * 60_000)
      await write(store, ...times.map((timeMs, index) => scanOf(ups, timeMs, index)))
      nowMs += 60_000
      // By the clock alone nothing is deleted.
      await write(store, scanOf(device(['load']), nowMs, 1))
      await store.maintain()
      const left = await store.raw({ point, fromMs: 0, toMs: nowMs, limit: 1000 })
      const rawSinceMs = nowMs - 60_000 - DAY_MS
      expect(left.map(({ timeMs }) => timeMs)).toEqual(times.filter((timeMs) => timeMs >= rawSinceMs))
      await compare(store, ups)

      store = await restart(DAY_MS)
      expect(await store.rollups.rawSinceMs()).toBe(rawSinceMs)
      await write(store, scanOf(ups, BASE_MS + 5 * 60_000, 1000))
      await store.maintain()
      expect(await dirty(store, ups)).toEqual([BASE_MS])
      nowMs += HOUR_MS
      await write(store, scanOf(device(['load']), nowMs, 2))
      await store.maintain()
      expect(await dirty(store, ups)).toEqual([])
      expect(await store.raw({ point, fromMs: 0, toMs: rawSinceMs, limit: 10 })).toEqual([])
      await compare(store, ups)
    })

    it('hours that are still to be rolled up keep their readings, those of other devices beside them go', async () => {
      const [marked, settled] = [device(['load']), device(['load'])]
      const store = await restart()
      await write(store, scanOf(settled, BASE_MS, 1), scanOf(settled, BASE_MS + HOUR_MS, 2), scanOf(settled, BASE_MS + DAY_MS, 3))
      await store.maintain()
      await write(store, scanOf(marked, BASE_MS + HOUR_MS, 4))
      await store.rollups.purgeRaw(BASE_MS + 3 * HOUR_MS)
      const readings = ({ points: [point] }: typeof marked): Promise<StoredReading[]> =>
        store.raw({ point: point as PointHandle, fromMs: 0, toMs: nowMs, limit: 10 })
      expect(await readings(settled)).toEqual([{ timeMs: BASE_MS + DAY_MS, value: 3 }])
      expect(await readings(marked)).toEqual([{ timeMs: BASE_MS + HOUR_MS, value: 4 }])
      await compare(store, settled)
    })

    it('minutes older than their time go, quarters stay', async () => {
      const ups = device(['load'])
      const point = ups.points[0] as PointHandle
      const store = await restart()
      await write(store, scanOf(ups, BASE_MS, 1), scanOf(ups, BASE_MS + DAY_MS, 2))
      await store.maintain()
      await store.rollups.purgeMinutes(BASE_MS + DAY_MS)
      const startsOf = async (resolution: '1m' | '15m'): Promise<number[]> =>
        (await store.rollups.readBlocks(point, resolution, { fromMs: 0, toMs: nowMs })).map(({ startMs }) => startMs)
      expect(await startsOf('1m')).toEqual([BASE_MS + DAY_MS])
      expect(await startsOf('15m')).toHaveLength(2)
      expect(await (await restart()).rollups.minuteSinceMs()).toBe(BASE_MS + DAY_MS)
    })

    it.each([
      ['a page of a proxy', { status: 200, body: '<html>sign in</html>' }],
      ['half an answer', { status: 200, body: '{"results":[{"statement_id":0,' }],
      ['a server error', { status: 500, body: '{"error":"boom","message":"boom"}' }],
      ['later, please', { status: 503, body: '' }],
    ] as const)('%s in place of an answer makes the store away and loses nothing', async (_, fate) => {
      const ups = device(['load', 'voltage'])
      const store = await restart()
      await write(store, scanOf(ups, BASE_MS, 1), scanOf(ups, BASE_MS + HOUR_MS, 2))
      const point = ups.points[0] as PointHandle
      proxy.fateOf = () => fate
      await expect(store.history({ point, fromMs: BASE_MS, toMs: nowMs, maxBuckets: 10 })).rejects.toBeInstanceOf(StoreUnavailableError)
      await expect(store.maintain()).rejects.toBeInstanceOf(StoreUnavailableError)
      await expect(store.rollups.purgeRaw(BASE_MS)).rejects.toBeInstanceOf(StoreUnavailableError)
      proxy.fateOf = () => 'pass'
      await compare(store, ups)
      await store.maintain()
      await compare(store, ups)
    })

    it('a database of an earlier version is rolled up from its beginning', async () => {
      const ups = device(['load', 'voltage'])
      await restart()
      const other = `${database}_old`
      const scans = [scanOf(ups, BASE_MS - 20 * DAY_MS, 1), scanOf(ups, BASE_MS, 2), scanOf(ups, BASE_MS + HOUR_MS, 3)]
      await service.post(other, batchLines(scans))
      database = other
      let store = await restart()
      expect(await dirty(store, ups)).toEqual([BASE_MS - 20 * DAY_MS, BASE_MS, BASE_MS + HOUR_MS])
      await compare2(store)
      await store.maintain()
      store = await restart()
      expect(await dirty(store, ups)).toEqual([])
      await compare2(store)

      async function compare2(of: InfluxStore): Promise<void> {
        for (const [point, readings] of written) {
          const query = { point, fromMs: BASE_MS - 30 * DAY_MS, toMs: nowMs, maxBuckets: 40 }
          const { bands } = contractHistory
          const expected = bruteHistory({ ...query, readings, bands, holdMs: HOLD_MS, zone: 'Europe/Berlin' })
          expect(await of.history(query)).toEqual(expected)
        }
      }
    })

    it('names with any characters are rolled up, also after a restart', async () => {
      const names = ['', '%', 'a,b=c d', 'back\\slash\\', 'new\nline', '"quoted"', '机房 1']
      const devices = names.map((one) => device(names, { site: one, node: one, device: one }))
      await write(await restart(), ...devices.map((one, index) => scanOf(one, BASE_MS, index * 100)))
      const store = await restart()
      await store.maintain()
      for (const one of devices) {
        expect(await dirty(store, one)).toEqual([])
        await compare(store, one)
      }
    })

    it('a store opened to read only changes nothing', async () => {
      const ups = device(['load', 'voltage'])
      const writing = await restart()
      await write(writing, scanOf(ups, BASE_MS, 1))
      const reading = service.open(proxy.url, database, { nowMs: () => nowMs })
      const requests: ProxiedRequest[] = []
      proxy.fateOf = (request) => {
        requests.push(request)
        return 'pass'
      }
      expect(await reading.startReading()).toMatchObject({ kind: 'ready' })
      await compare(reading, ups)
      await reading.stop()
      expect(requests.filter(({ path }) => /write|delete/i.test(path))).toEqual([])
    })
  })
}
