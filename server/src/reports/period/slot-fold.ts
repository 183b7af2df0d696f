import type { HistoryBucket } from '../../readings/reading-store.ts'

/** The band that a point should stay in. */
interface Levels {
  low: number
  high: number
}

/** The good readings of one kind in one slot (5 min in a daily report, 1 h in the others). */
export interface Slot {
  min: number
  max: number
  /** Of the readings, for a mean in which each reading counts once. */
  sum: number
  count: number
  /** A point that has limits was read. */
  judged: boolean
  /** One of them left its limits. */
  out: boolean
}

/** Sums and extremes that can be put together: of a room, and of all rooms. */
export interface Tally {
  min: { value: number; atMs: number } | null
  max: { value: number; atMs: number } | null
  sum: number
  count: number
  /** Slots with readings; all slots; slots in which limits were judged; of these, the ones in which a point left them. */
  read: number
  slots: number
  judged: number
  out: number
}

/** Adds a point's bucket to the slot in which it begins; one that began before the period counts for the period's first. */
export function addBucket(
  slots: Map<number, Slot>,
  bucket: HistoryBucket,
  slotMs: number,
  fromMs: number,
  levels: Levels | undefined,
): void {
  const { min, mean, max, count, timeMs } = bucket
  if (min === null || mean === null || max === null || count === 0) return
  const index = Math.max(0, Math.floor((timeMs - fromMs) / slotMs))
  const slot = slots.get(index) ?? {
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    sum: 0,
    count: 0,
    judged: false,
    out: false,
  }
  slot.min = Math.min(slot.min, min)
  slot.max = Math.max(slot.max, max)
  slot.sum += mean * count
  slot.count += count
  slot.judged ||= levels !== undefined
  slot.out ||= levels !== undefined && (min < levels.low || max > levels.high)
  slots.set(index, slot)
}

/** `total`: slots of the period that are over. */
export function tallyOf(slots: ReadonlyMap<number, Slot>, fromMs: number, slotMs: number, total: number): Tally {
  const tally: Tally = { min: null, max: null, sum: 0, count: 0, read: slots.size, slots: Math.max(total, slots.size), judged: 0, out: 0 }
  for (const [index, slot] of [...slots].sort(([one], [other]) => one - other)) {
    const atMs = fromMs + index * slotMs
    if (!tally.min || slot.min < tally.min.value) tally.min = { value: slot.min, atMs }
    if (!tally.max || slot.max > tally.max.value) tally.max = { value: slot.max, atMs }
    tally.sum += slot.sum
    tally.count += slot.count
    if (slot.judged) tally.judged++
    if (slot.out) tally.out++
  }
  return tally
}

/** Of several rooms: shares are of the slots of all of them together. */
export function together(tallies: readonly Tally[]): Tally {
  const all: Tally = { min: null, max: null, sum: 0, count: 0, read: 0, slots: 0, judged: 0, out: 0 }
  for (const { min, max, ...sums } of tallies) {
    if (min && (!all.min || min.value < all.min.value)) all.min = min
    if (max && (!all.max || max.value > all.max.value)) all.max = max
    for (const key of ['sum', 'count', 'read', 'slots', 'judged', 'out'] as const) all[key] += sums[key]
  }
  return all
}

export const meanOf = ({ sum, count }: Tally): number | null => (count === 0 ? null : sum / count)
/** Slots in which nothing left its limits, of those that were judged. */
export const inLimitsOf = ({ judged, out }: Tally): number | null => (judged === 0 ? null : 1 - out / judged)
export const coveredOf = ({ read, slots }: Tally): number => (slots === 0 ? 0 : read / slots)

/** Neighbouring slots as one point of a curve; slots without readings stay out, so that a gap is seen. */
export function curveOf(slots: ReadonlyMap<number, Slot>, perPoint: number): { index: number; min: number; mean: number; max: number }[] {
  const points = new Map<number, { min: number; max: number; sum: number; count: number }>()
  for (const [index, slot] of slots) {
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
