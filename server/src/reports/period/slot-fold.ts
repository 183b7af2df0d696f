import type { HistoryBucket } from '../../readings/reading-store.ts'

/** The good readings of one kind in one slot, none of its own where only one before holds into it (5 min in a daily report, 1 h in the others). */
export interface Slot {
  min: number
  max: number
  /** The points that were lowest and highest. */
  minPointId: number
  maxPointId: number
  /** Of the readings, for a mean in which each reading counts once. */
  sum: number
  count: number
  /** Time with limits in force, and out of them, ms: of the point for which each was longest, until the slot is looked at more closely. */
  limitedMs: number
  outMs: number
  /** Points that were out of their limits, and their times out added up. */
  outPointIds: number[]
  outSumMs: number
}

/** Where a lowest or highest value was read: the beginning of its slot, until it is looked up (extreme-times.ts). */
export interface Extreme {
  value: number
  atMs: number
  pointId: number
}

/** Sums and extremes that can be put together: of a room, and of all rooms. */
export interface Tally {
  min: Extreme | null
  max: Extreme | null
  sum: number
  count: number
  /** Slots with readings; all slots. */
  read: number
  slots: number
  limitedMs: number
  outMs: number
}

export interface SlotGrid {
  slotMs: number
  fromMs: number
}

/**
 * Adds a point's buckets to the slots in which they begin; one that began before the period counts for the period's first. Time in limits is the
 * store's, which judged each reading by the limits of its time.
 */
export function addPoint(slots: Map<number, Slot>, pointId: number, buckets: Iterable<HistoryBucket>, { slotMs, fromMs }: SlotGrid): void {
  const times = new Map<number, { limitedMs: number; outMs: number }>()
  for (const { min, mean, max, count, timeMs, insideMs, limitedMs } of buckets) {
    // In a bucket without a reading of its own the one before may hold.
    if (count === 0 && limitedMs === 0) continue
    const index = Math.max(0, Math.floor((timeMs - fromMs) / slotMs))
    const slot = slots.get(index) ?? emptySlot()
    slots.set(index, slot)
    if (min !== null && mean !== null && max !== null) {
      if (min < slot.min) [slot.min, slot.minPointId] = [min, pointId]
      if (max > slot.max) [slot.max, slot.maxPointId] = [max, pointId]
      slot.sum += mean * count
      slot.count += count
    }
    const time = times.get(index) ?? { limitedMs: 0, outMs: 0 }
    time.limitedMs += limitedMs
    time.outMs += limitedMs - insideMs
    times.set(index, time)
  }
  for (const [index, { limitedMs, outMs }] of times) {
    const slot = slots.get(index)
    if (!slot) continue
    slot.limitedMs = Math.max(slot.limitedMs, Math.min(limitedMs, slotMs))
    slot.outMs = Math.max(slot.outMs, Math.min(outMs, slotMs))
    if (outMs <= 0) continue
    slot.outPointIds.push(pointId)
    slot.outSumMs += outMs
  }
}

/**
 * Runs of neighbouring slots in which several points were out of their limits, none of them all the time: one after the other they were out
 * longer than the longest. At most `most` slots each, with the points that were out.
 */
export function unclearRuns(
  slots: ReadonlyMap<number, Slot>,
  slotMs: number,
  most: number,
): { first: number; count: number; pointIds: Set<number> }[] {
  const runs: { first: number; count: number; pointIds: Set<number> }[] = []
  for (const [index, { outMs, outSumMs, outPointIds }] of [...slots].sort(([one], [other]) => one - other)) {
    if (outMs >= Math.min(slotMs, outSumMs)) continue
    const run = runs.at(-1)
    const goesOn = run && run.first + run.count === index && run.count < most
    const own = goesOn ? run : { first: index, count: 0, pointIds: new Set<number>() }
    if (!goesOn) runs.push(own)
    own.count++
    for (const id of outPointIds) own.pointIds.add(id)
  }
  return runs
}

/** Narrower slots of the same points, counted from the slot `first` on, say how long a slot's points were out together. */
export function takeBlocks(slots: ReadonlyMap<number, Slot>, first: number, blocks: ReadonlyMap<number, Slot>, perSlot: number): void {
  for (const [at, own] of Map.groupBy(blocks, ([index]) => first + Math.floor(index / perSlot))) {
    const slot = slots.get(at)
    if (!slot) continue
    const sum = (key: 'limitedMs' | 'outMs'): number => own.reduce((total, [, block]) => total + block[key], 0)
    slot.limitedMs = Math.max(slot.limitedMs, sum('limitedMs'))
    slot.outMs = Math.max(slot.outMs, sum('outMs'))
  }
}

function emptySlot(): Slot {
  const [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  return { min, max, minPointId: 0, maxPointId: 0, sum: 0, count: 0, limitedMs: 0, outMs: 0, outPointIds: [], outSumMs: 0 }
}

const SUMS = ['sum', 'count', 'read', 'slots', 'limitedMs', 'outMs'] as const
const emptyTally = (): Tally => ({ min: null, max: null, sum: 0, count: 0, read: 0, slots: 0, limitedMs: 0, outMs: 0 })

/** `total`: slots of the period that are over. */
export function tallyOf(slots: ReadonlyMap<number, Slot>, { fromMs, slotMs }: SlotGrid, total: number): Tally {
  const tally = { ...emptyTally(), slots: Math.max(total, slots.size) }
  for (const [index, slot] of [...slots].sort(([one], [other]) => one - other)) {
    tally.limitedMs += slot.limitedMs
    tally.outMs += slot.outMs
    if (slot.count === 0) continue
    const atMs = fromMs + index * slotMs
    if (!tally.min || slot.min < tally.min.value) tally.min = { value: slot.min, atMs, pointId: slot.minPointId }
    if (!tally.max || slot.max > tally.max.value) tally.max = { value: slot.max, atMs, pointId: slot.maxPointId }
    tally.sum += slot.sum
    tally.count += slot.count
    tally.read++
  }
  return tally
}

/** Of several rooms: shares are of the slots and the time of all of them together. */
export function together(tallies: readonly Tally[]): Tally {
  const all = emptyTally()
  for (const one of tallies) {
    if (one.min && (!all.min || one.min.value < all.min.value)) all.min = one.min
    if (one.max && (!all.max || one.max.value > all.max.value)) all.max = one.max
    for (const key of SUMS) all[key] += one[key]
  }
  return all
}

export const meanOf = ({ sum, count }: Tally): number | null => (count === 0 ? null : sum / count)
/** Share of the time with limits in which nothing was out of them. */
export const inLimitsOf = ({ limitedMs, outMs }: Tally): number | null => (limitedMs === 0 ? null : 1 - outMs / limitedMs)
export const coveredOf = ({ read, slots }: Tally): number => (slots === 0 ? 0 : read / slots)

/** Neighbouring slots as one point of a curve; slots without readings stay out, so that a gap is seen. */
export function curveOf(slots: ReadonlyMap<number, Slot>, perPoint: number): { index: number; min: number; mean: number; max: number }[] {
  const points = new Map<number, { min: number; max: number; sum: number; count: number }>()
  for (const [index, slot] of slots) {
    if (slot.count === 0) continue
    const at = Math.floor(index / perPoint)
    const point = points.get(at) ?? { min: slot.min, max: slot.max, sum: 0, count: 0 }
    point.min = Math.min(point.min, slot.min)
    point.max = Math.max(point.max, slot.max)
    point.sum += slot.sum
    point.count += slot.count
    points.set(at, point)
  }
  return [...points]
    .sort(([one], [other]) => one - other)
    .map(([index, { min, max, sum, count }]) => ({ index, min, mean: sum / count, max }))
}
