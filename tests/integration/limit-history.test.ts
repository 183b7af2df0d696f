import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import { LimitHistory } from '../../server/src/limits/limit-history.ts'
import { localMinuteOf } from '../../server/src/limits/local-minute.ts'
import { putLimitSet } from '../../server/src/limits/put-limit-set.ts'
import { EmbeddedStore } from '../../server/src/readings/embedded/embedded-store.ts'
import type { TimeRange } from '../../server/src/readings/reading-store.ts'
import type { PointHandle } from '../../server/src/readings/scan.ts'
import type { Limit } from '../../shared/src/model/index.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { plainHistory } from '../kit/plain-history.ts'
import { device, scan } from '../kit/readings-contract.ts'

const HOUR_MS = 3_600_000
const START_MS = Date.UTC(2026, 5, 1)
const POINT = { id: 7, key: 't', kind: 'temperature', nominal: null, deviceId: 3, roomId: 2, roomClass: 'computer-room' } as const
const high = (value: number): Limit => ({
  ...{ condition: 'high', value, deadband: 0, onDelayMs: 0, offDelayMs: 0, priority: 'high', enabled: true },
})

describeEachDatabase('limits that were in force', (newDatabase) => {
  it('are found by time, also those that were set since they were last asked for', async () => {
    const db = await openDatabase(await newDatabase())
    let nowMs = START_MS
    const history = new LimitHistory({ db, nowMs: () => nowMs, localMinute: localMinuteOf('Asia/Shanghai') })
    const put = async (value: number, version: number): Promise<void> => {
      const key = { scope: 'point', scopeKey: '7', kind: '' } as const
      const author = { username: 'a', name: 'A' }
      expect(await putLimitSet(db, { key, limits: [high(value)], reason: 'r', basedOn: version - 1, author }, nowMs)).toEqual({ version })
    }
    const range = { fromMs: START_MS - HOUR_MS, toMs: START_MS + 3 * HOUR_MS }
    try {
      const before = { fromMs: range.fromMs, band: { low: 18, high: 27 } }
      const first = { fromMs: START_MS, band: { low: null, high: 25 } }
      expect(await history.bandsOf(POINT, range)).toEqual([before])
      await put(25, 1)
      nowMs += HOUR_MS
      expect(await history.bandsOf(POINT, range)).toEqual([before, first])
      await put(30, 2)
      nowMs += HOUR_MS
      expect(await history.bandsOf(POINT, range)).toEqual([before, first, { fromMs: START_MS + HOUR_MS, band: { low: null, high: 30 } }])
    } finally {
      await db.destroy()
    }
  })

  it('an hour rolled up again after the limits were changed says what it said', async () => {
    const db = await openDatabase(await newDatabase())
    const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-limits-'))
    let nowMs = START_MS
    const limits = new LimitHistory({ db, nowMs: () => nowMs, localMinute: localMinuteOf('Asia/Shanghai') })
    const sensor = device(['t'])
    const point = sensor.points[0] as PointHandle
    const history = {
      ...plainHistory({ holdMs: 15 * 60_000 }),
      bandsOf: (_: PointHandle, range: TimeRange) => limits.bandsOf(POINT, range),
    }
    const store = new EmbeddedStore(
      { kind: 'embedded', path: join(dir, 'readings.db') },
      { nowMs: () => nowMs, onMaintenanceFailure: (error) => console.error(error), history },
    )
    const author = { username: 'a', name: 'A' }
    const put = (value: number, basedOn: number) => {
      const key = { scope: 'point', scopeKey: '7', kind: '' } as const
      return putLimitSet(db, { key, limits: [high(value)], reason: 'r', basedOn, author }, nowMs)
    }
    const shares = async (): Promise<number[]> => {
      const { buckets } = await store.history({ point, fromMs: START_MS, toMs: START_MS + 2 * HOUR_MS, maxBuckets: 2 })
      return buckets.map(({ insideMs, limitedMs }) => insideMs / limitedMs)
    }
    try {
      expect(await store.start()).toMatchObject({ kind: 'ready' })
      await put(25, 0)
      // Half of the time 24, half 28.
      const scans = Array.from({ length: 12 }, (_, i) => scan(sensor, START_MS + i * 10 * 60_000, [i % 2 === 0 ? 24 : 28]))
      await store.write(scans)
      nowMs = START_MS + HOUR_MS
      await put(30, 1)
      nowMs = START_MS + 3 * HOUR_MS
      expect(await shares()).toEqual([0.5, 1])
      await store.maintain()
      expect(await shares()).toEqual([0.5, 1])
      await put(20, 2)
      await store.write([scan(sensor, START_MS + 5 * 60_000, [24])])
      await store.maintain()
      expect(await shares()).toEqual([0.5, 1])
    } finally {
      await store.stop()
      await db.destroy()
      await rm(dir, { recursive: true, force: true })
    }
  })
})
