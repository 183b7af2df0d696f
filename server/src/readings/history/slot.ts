/** Aggregate of one window of a point's readings. Times in milliseconds of the window. */
export interface Slot {
  /** Of the good numbers; null when there was none. */
  min: number | null
  mean: number | null
  max: number | null
  count: number
  badCount: number
  /** Time for which a good reading was known (see minute-slots.ts for how long one holds). */
  goodMs: number
  /** Part of limitedMs in which the value was within its limits, both inclusive. */
  insideMs: number
  /** Part of goodMs in which limits were in force. */
  limitedMs: number
}

export function emptySlot(): Slot {
  return { min: null, mean: null, max: null, count: 0, badCount: 0, goodMs: 0, insideMs: 0, limitedMs: 0 }
}

/** Nothing was read and nothing was known. */
export function isEmptySlot(slot: Slot): boolean {
  return slot.count === 0 && slot.badCount === 0 && slot.goodMs === 0
}

/** Aggregate of windows that do not overlap, in any order. */
export function mergeSlots(slots: Iterable<Slot>): Slot {
  const merged = emptySlot()
  for (const slot of slots) addSlot(merged, slot)
  return merged
}

/** Adds a window to another that it does not overlap. */
export function addSlot(into: Slot, slot: Slot): void {
  into.badCount += slot.badCount
  into.goodMs += slot.goodMs
  into.insideMs += slot.insideMs
  into.limitedMs += slot.limitedMs
  if (slot.count === 0 || slot.min === null || slot.mean === null || slot.max === null) return
  if (into.min === null || into.mean === null || into.max === null) {
    into.min = slot.min
    into.mean = slot.mean
    into.max = slot.max
    into.count = slot.count
    return
  }
  const count = into.count + slot.count
  into.min = Math.min(into.min, slot.min)
  into.max = Math.max(into.max, slot.max)
  // Each by its share: cannot overflow where a sum of products could.
  const mean = into.mean * (into.count / count) + slot.mean * (slot.count / count)
  into.mean = Math.min(into.max, Math.max(into.min, mean))
  into.count = count
}
