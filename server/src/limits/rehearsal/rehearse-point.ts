import { type Limit, type PointKind, pointKindInfo, type ReadingValue } from '@roomkeeper/shared/model'
import type { ReadingStore, StoredReading, TimeRange } from '../../readings/reading-store.ts'
import type { PointHandle } from '../../readings/scan.ts'
import type { JudgeEvent, PointJudge } from '../point-judge.ts'
import type { Comparison, PointComparison, Side } from './compare.ts'
import type { TimeSlices } from './time-slices.ts'

/** Readings folded between two looks at the clock. */
const STRIDE = 250

export interface PointRehearsal {
  point: PointHandle & { kind: PointKind }
  limits: Record<Side, readonly Limit[]>
  range: TimeRange
  comparison: Comparison
  readings: Pick<ReadingStore, 'stream'>
  newJudge(limits: readonly Limit[]): PointJudge
  slices: TimeSlices
  signal: AbortSignal
  /** After each slice: how many more readings, and how far in the range. */
  onProgress(readings: number, timeMs: number): void
}

/**
 * Folds one point's stored readings through two judges, a page at a time. A gap clears nothing, and `no-data` is not rehearsed: why nothing
 * was stored (the sensor, its agent, the power) is not in the readings.
 * @throws StoreUnavailableError; an AbortError when the signal says so.
 */
export async function rehearsePoint(rehearsal: PointRehearsal): Promise<void> {
  const { point, range, comparison, readings, slices, signal, onProgress } = rehearsal
  const alarms = comparison.point(point.id)
  const fold = foldOf(rehearsal, alarms)
  for await (const page of readings.stream({ point, ...range })) {
    for (let from = 0; from < page.length; from += STRIDE) {
      signal.throwIfAborted()
      const stride = page.slice(from, from + STRIDE)
      for (const reading of stride) fold(reading)
      onProgress(stride.length, stride.at(-1)?.timeMs ?? range.fromMs)
      if (slices.isOver) await slices.pause()
    }
  }
  signal.throwIfAborted()
  alarms.end()
}

function foldOf({ point, limits, newJudge }: PointRehearsal, alarms: PointComparison): (reading: StoredReading) => void {
  const isContact = pointKindInfo(point.kind).valueType === 'boolean'
  const judges = (['now', 'draft'] as const).map((side) => ({ judge: newJudge(limits[side]), sink: sinkOf(side, alarms) }))
  return ({ timeMs, value: stored, bad }) => {
    // Stores give contacts back as 0 and 1.
    const value: ReadingValue = isContact && typeof stored === 'number' ? stored !== 0 : stored
    for (const { judge, sink } of judges) {
      if (bad === undefined) judge.good(value, timeMs, sink)
      else judge.bad(value, timeMs, sink)
    }
    alarms.settle()
  }
}

function sinkOf(side: Side, alarms: PointComparison): (event: JudgeEvent) => void {
  return ({ kind, limit, atMs, value }) => {
    if (kind === 'raise' || kind === 'clear') alarms.add(side, { kind, condition: limit.condition, priority: limit.priority, atMs, value })
  }
}
