import { isCalibratable, type PointKind, plausibleOffset, type Quality, type ReadingValue } from '@roomkeeper/shared/model'

export interface CalibrationRequest {
  kind: PointKind
  /** The point as it is shown now. */
  shown: { value: ReadingValue; quality: Quality; timeMs: number | null }
  /** The offset that the agent has added to the shown value. */
  heldOffset: number
  /** Agent's clock, ms: a reading from before may have been made with another offset. */
  heldSinceMs: number
  correction: { offset: number } | { shows: number }
  /** A person has said that a large correction is meant. */
  isConfirmed: boolean
}

export type CalibrationDecision =
  | { ok: true; offset: number }
  | { ok: false; reason: 'kind' | 'no-good-value' | 'not-yet-read' }
  | { ok: false; reason: 'implausible'; offset: number; plausible: number }

/** The offset to set, or why there is none. Offsets are rounded to what a reference instrument can tell. */
export function decideOffset({ kind, shown, heldOffset, heldSinceMs, correction, isConfirmed }: CalibrationRequest): CalibrationDecision {
  if (!isCalibratable(kind)) return { ok: false, reason: 'kind' }
  const raw = typeof shown.value === 'number' && shown.quality === 'good' ? shown.value - heldOffset : null
  let offset: number
  if ('offset' in correction) offset = correction.offset
  else {
    if (raw === null || shown.timeMs === null) return { ok: false, reason: 'no-good-value' }
    if (shown.timeMs < heldSinceMs) return { ok: false, reason: 'not-yet-read' }
    offset = correction.shows - raw
  }
  offset = Math.round(offset * 1000) / 1000
  const plausible = plausibleOffset(kind, raw)
  if (!isConfirmed && Math.abs(offset) > plausible) return { ok: false, reason: 'implausible', offset, plausible }
  return { ok: true, offset }
}
