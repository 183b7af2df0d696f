import type { HistorySlots } from '../../server/src/readings/history/history-reading.ts'
import { LocalDays } from '../../server/src/readings/history/local-days.ts'
import type { BandChange } from '../../server/src/readings/history/minute-slots.ts'
import { planHistory } from '../../server/src/readings/history/plan.ts'
import { emptySlot } from '../../server/src/readings/history/slot.ts'
import type { StoredReading, TimeRange } from '../../server/src/readings/reading-store.ts'

export interface BruteHistoryInput extends TimeRange {
  maxBuckets: number
  /** In any order; of those with the same time the last one counts. */
  readings: Iterable<StoredReading>
  /** In order of time. */
  bands: readonly BandChange[]
  holdMs: number
  zone: string
}

/** History straight from its definition: each reading in its bucket, each hold cut into pieces. No aggregates, no blocks. */
export function bruteHistory({ readings, bands, holdMs, zone, ...query }: BruteHistoryInput): HistorySlots {
  const { fromMs, toMs } = query
  const plan = planHistory({ ...query, rawSinceMs: 0, minuteSinceMs: 0, days: new LocalDays(zone) })
  const byTime = new Map<number, StoredReading>()
  for (const reading of readings) if (reading.bad !== undefined || typeof reading.value !== 'string') byTime.set(reading.timeMs, reading)
  const inOrder = [...byTime.values()].sort((a, b) => a.timeMs - b.timeMs)
  const buckets = new Map<number, { slot: ReturnType<typeof emptySlot>; values: number[] }>()
  const bucketAt = (timeMs: number) => {
    const startMs = plan.startOf(timeMs)
    const known = buckets.get(startMs) ?? { slot: emptySlot(), values: [] }
    buckets.set(startMs, known)
    return known
  }
  inOrder.forEach(({ timeMs, value, bad }, index) => {
    const number = bad === undefined ? Number(value) : undefined
    if (timeMs >= fromMs && timeMs < toMs) {
      const bucket = bucketAt(timeMs)
      if (number === undefined) bucket.slot.badCount++
      else bucket.values.push(number)
    }
    if (number === undefined) return
    const endMs = Math.min(toMs, timeMs + holdMs, inOrder[index + 1]?.timeMs ?? Number.POSITIVE_INFINITY)
    for (let atMs = Math.max(fromMs, timeMs); atMs < endMs; ) {
      const { slot } = bucketAt(atMs)
      const change = bands.findLast((one) => one.fromMs <= atMs)
      const nextChangeMs = bands.find((one) => one.fromMs > atMs)?.fromMs ?? Number.POSITIVE_INFINITY
      const partEndMs = Math.min(endMs, plan.after(plan.startOf(atMs)), nextChangeMs)
      slot.goodMs += partEndMs - atMs
      if (change?.band) {
        slot.limitedMs += partEndMs - atMs
        const { low, high } = change.band
        if (number >= (low ?? -Infinity) && number <= (high ?? Infinity)) slot.insideMs += partEndMs - atMs
      }
      atMs = partEndMs
    }
  })
  const full = [...buckets].map(([timeMs, { slot, values }]) => ({
    ...slot,
    timeMs,
    count: values.length,
    min: values.length === 0 ? null : Math.min(...values),
    max: values.length === 0 ? null : Math.max(...values),
    mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length,
  }))
  return { bucketMs: plan.bucketMs, buckets: full.sort((a, b) => a.timeMs - b.timeMs) }
}
