import type { HistoryBucket } from '../../readings/reading-store.ts'
import { monthsOf, type Period } from '../pack/period.ts'
import type { PeriodPoint, PeriodQuery } from './load-period.ts'
import { addPoint, type Slot, takeBlocks, unclearRuns } from './slot-fold.ts'

/** Asked of the store together: the store works while answers travel, and few enough to be held. */
const POINTS_AT_ONCE = 20
/** Of one answer: a store gives 2000 buckets at most. */
const MOST_BLOCKS = 1900

type SlotQuery = Pick<PeriodQuery, 'store' | 'timeZone'>

export interface Widths {
  slotMs: number
  /** Of slots in which several points were out of their limits, this is looked at; as narrow as is still kept. */
  blockMs: number
}

/** The slots of a room's points of one kind. Throws what the store throws. */
export async function slotsOf(
  query: SlotQuery,
  points: readonly PeriodPoint[],
  period: Period,
  { slotMs, blockMs }: Widths,
): Promise<Map<number, Slot>> {
  const slots = new Map<number, Slot>()
  const grid = { slotMs, fromMs: period.fromMs }
  const ask = (point: PeriodPoint): Promise<HistoryBucket[]> => bucketsOf(query, point, period, slotMs)
  await forEach(points, ask, ({ id }, buckets) => addPoint(slots, id, buckets, grid))
  for (const { first, count, pointIds } of unclearRuns(slots, slotMs, Math.floor((MOST_BLOCKS * blockMs) / slotMs))) {
    const fromMs = period.fromMs + first * slotMs
    const range = { fromMs, toMs: fromMs + count * slotMs, maxBuckets: (count * slotMs) / blockMs }
    const blocks = new Map<number, Slot>()
    let widthMs = blockMs
    await forEach(
      points.filter(({ id }) => pointIds.has(id)),
      (point) => query.store.history({ point, ...range }),
      ({ id }, { bucketMs, buckets }) => {
        widthMs = bucketMs
        addPoint(blocks, id, buckets, { slotMs: bucketMs, fromMs })
      },
    )
    // Of long ago nothing narrower than a slot may be kept.
    if (widthMs < slotMs) takeBlocks(slots, first, blocks, slotMs / widthMs)
  }
  return slots
}

/** In months, so that each answer is small and its buckets are as wide as a slot: others would lie across two. */
export async function bucketsOf(
  { store, timeZone }: SlotQuery,
  point: PeriodPoint,
  period: Period,
  slotMs: number,
): Promise<HistoryBucket[]> {
  const buckets: HistoryBucket[] = []
  for (const { fromMs, toMs } of monthsOf(period, timeZone)) {
    const maxBuckets = Math.ceil(toMs / slotMs) - Math.floor(fromMs / slotMs)
    buckets.push(...(await store.history({ point, fromMs, toMs, maxBuckets })).buckets)
  }
  return buckets
}

async function forEach<T>(
  points: readonly PeriodPoint[],
  ask: (point: PeriodPoint) => Promise<T>,
  take: (point: PeriodPoint, answer: T) => void,
): Promise<void> {
  for (let at = 0; at < points.length; at += POINTS_AT_ONCE) {
    const some = points.slice(at, at + POINTS_AT_ONCE)
    const answers = await Promise.all(some.map(async (point) => ({ point, answer: await ask(point) })))
    for (const { point, answer } of answers) take(point, answer)
  }
}
