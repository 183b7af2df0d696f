import { HOUR_MS } from '../hours.ts'
import type { HistoryQuery, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { PointSettings } from './history-settings.ts'
import type { LocalDays } from './local-days.ts'
import { MAX_HOLD_MS, QUARTER_MS } from './minute-slots.ts'
import { piecesOf } from './pieces.ts'
import { type HistoryPlan, planHistory } from './plan.ts'
import type { RollupReads } from './rollup-storage.ts'
import { addSlot, emptySlot, isEmptySlot, type Slot } from './slot.ts'
import { readDays, slotsFromRaw, visitSlots } from './slot-reading.ts'
import { joinRanges } from './time-ranges.ts'

export interface HistorySlots {
  bucketMs: number
  /** In order of time, without those in which nothing is known. */
  buckets: (Slot & { timeMs: number })[]
}

interface HistoryReading {
  reads: RollupReads
  settings: PointSettings
  days: LocalDays
}

/** Marks are read first, then blocks, then readings: an hour rolled up meanwhile is right either way, without a snapshot. */
export async function readHistory({ reads, settings, days }: HistoryReading, query: HistoryQuery): Promise<HistorySlots> {
  const { point, fromMs, toMs, maxBuckets } = query
  if (toMs <= fromMs) return { bucketMs: HOUR_MS, buckets: [] }
  const kept = await keptFrom(reads)
  const dirty = await dirtyRanges(reads, point, { fromMs, toMs }, kept.rawSinceMs)
  const plan = planHistory({ fromMs, toMs, maxBuckets, days, ...kept })
  const pieces = piecesOf({ fromMs, toMs, resolution: plan.resolution, dirty, days, ...kept })
  const buckets = new Map<number, Slot>()
  // Slots come in order: a year's fall into the bucket of the one before many times over.
  let [currentMs, endMs, current] = [0, 0, emptySlot()]
  const add = (timeMs: number, slot: Slot): void => {
    if (isEmptySlot(slot)) return
    if (timeMs < currentMs || timeMs >= endMs) {
      currentMs = plan.startOf(timeMs)
      endMs = plan.after(currentMs)
      current = buckets.get(currentMs) ?? emptySlot()
      buckets.set(currentMs, current)
    }
    addSlot(current, slot)
  }
  for (const range of joinRanges(pieces['1d'])) for (const [at, slot] of await readDays(reads, point, days, range)) add(at, slot)
  for (const resolution of ['15m', '1m'] as const) {
    for (const range of joinRanges(pieces[resolution])) await visitSlots(reads, point, resolution, range, add)
  }
  for (const range of joinRanges(pieces.raw)) {
    const edges = bucketEdges(plan, range)
    const slots = await slotsFromRaw(reads, settings, point, edges)
    slots.forEach((slot, index) => {
      add(edges[index] as number, slot)
    })
  }
  const inOrder = [...buckets].sort(([a], [b]) => a - b)
  return { bucketMs: plan.bucketMs, buckets: inOrder.map(([timeMs, slot]) => ({ timeMs, ...slot })) }
}

/** rawSinceMs: from here on readings and those that hold into them are all there. */
export async function keptFrom(reads: Pick<RollupReads, 'rawSinceMs' | 'minuteSinceMs'>): Promise<{
  rawSinceMs: number
  minuteSinceMs: number
}> {
  const [rawSinceMs, minuteSinceMs] = await Promise.all([reads.rawSinceMs(), reads.minuteSinceMs()])
  return { rawSinceMs: rawSinceMs + MAX_HOLD_MS, minuteSinceMs }
}

/** A marked hour and the quarter its last reading may hold into, as far as they can be computed from readings. */
async function dirtyRanges(reads: RollupReads, point: PointHandle, { fromMs, toMs }: TimeRange, rawSinceMs: number): Promise<TimeRange[]> {
  const hours = await reads.dirtyHours(point, { fromMs: fromMs - 3 * HOUR_MS, toMs: toMs + HOUR_MS })
  const ranges = hours.flatMap((hourMs) => [
    { fromMs: hourMs, toMs: hourMs + HOUR_MS },
    { fromMs: hourMs + HOUR_MS, toMs: hourMs + HOUR_MS + QUARTER_MS },
  ])
  return joinRanges(ranges.filter((range) => range.fromMs >= rawSinceMs))
}

function bucketEdges(plan: HistoryPlan, { fromMs, toMs }: TimeRange): number[] {
  const edges = [fromMs]
  for (let atMs = plan.after(plan.startOf(fromMs)); atMs < toMs; atMs = plan.after(atMs)) edges.push(atMs)
  edges.push(toMs)
  return edges
}
