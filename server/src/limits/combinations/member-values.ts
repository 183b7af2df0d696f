import type { CombinationKind, ReadingValue } from '@roomkeeper/shared/model'
import type { PointEntry } from '../../ingest/entries.ts'
import type { LiveValue } from '../../live/live-values.ts'
import { staleAfterMs } from '../../live/silence-watch.ts'
import { type Combined, combine } from './combine.ts'

export interface MemberDeps {
  directory: { points: ReadonlyMap<number, PointEntry> }
  live: { get(pointId: number): LiveValue | undefined }
}

/** A combination as its points stand now. */
export interface CombinedNow extends Combined {
  /** Points with a true value. */
  present: readonly number[]
  /** The newest time of those, at their devices. */
  timeMs: number
}

export function combineNow(deps: MemberDeps, kind: CombinationKind, pointIds: readonly number[], nowMs: number): CombinedNow {
  const present: number[] = []
  let timeMs = 0
  const values = pointIds.map((pointId): ReadingValue | undefined => {
    const live = trueValueOf(deps, pointId, nowMs)
    if (!live) return undefined
    present.push(pointId)
    timeMs = Math.max(timeMs, live.timeMs)
    return live.value
  })
  return { ...combine(kind, values), present, timeMs }
}

/** Only what is good, fresh, and of a device that is there. */
function trueValueOf({ directory, live }: MemberDeps, pointId: number, nowMs: number): LiveValue | undefined {
  const point = directory.points.get(pointId)
  const value = live.get(pointId)
  if (!point || !value || point.device.retired || !point.device.online) return undefined
  if (value.quality !== 'good' || value.timeMs === 0 || nowMs - value.receivedAtMs > staleAfterMs(point.intervalMs)) return undefined
  return typeof value.value === 'number' || typeof value.value === 'boolean' ? value : undefined
}
