import type { TimeRange } from '../reading-store.ts'
import type { LocalDays } from './local-days.ts'
import { MINUTE_MS, QUARTER_MS } from './minute-slots.ts'
import type { Resolution } from './plan.ts'
import { cutRange, joinRanges, withoutRanges } from './time-ranges.ts'

export type Pieces = Record<Resolution, TimeRange[]>

interface PiecesInput extends TimeRange {
  resolution: Resolution
  /** Stretches whose slots must not be trusted, as whole quarters; raw readings are complete there. */
  dirty: readonly TimeRange[]
  rawSinceMs: number
  minuteSinceMs: number
  days: LocalDays
}

/**
 * Which part of a range is read from what: whole clean slots of the resolution, what is left from the next finer one, down to the
 * readings. Where the finer one is no longer kept, an end of the range is widened to the whole slot.
 */
export function piecesOf(input: PiecesInput): Pieces {
  const pieces: Pieces = { raw: [], '1m': [], '15m': [], '1d': [] }
  divide(input, input.resolution, input, pieces)
  return pieces
}

function divide(input: PiecesInput, level: Resolution, range: TimeRange, pieces: Pieces): void {
  if (range.fromMs >= range.toMs) return
  if (level === 'raw') {
    pieces.raw.push({ fromMs: range.fromMs, toMs: range.toMs })
    return
  }
  const grid = gridOf(level, input.days)
  const finerAt = (timeMs: number): Resolution | undefined => finer(input, level, grid.floor(timeMs))
  const [finerFrom, finerTo] = [finerAt(range.fromMs), finerAt(range.toMs)]
  const fromMs = finerFrom === undefined ? grid.floor(range.fromMs) : grid.ceil(range.fromMs)
  const toMs = finerTo === undefined ? grid.ceil(range.toMs) : grid.floor(range.toMs)
  if (fromMs >= toMs) {
    // Within one slot, or the ends of two: both ends are finer here, as a finer from-end makes a finer to-end.
    divide(input, finerFrom ?? 'raw', range, pieces)
    return
  }
  if (finerFrom !== undefined) divide(input, finerFrom, { fromMs: range.fromMs, toMs: fromMs }, pieces)
  if (finerTo !== undefined) divide(input, finerTo, { fromMs: toMs, toMs: range.toMs }, pieces)
  const inner = { fromMs, toMs }
  const dirty = joinRanges(input.dirty.map((piece) => cutRange({ fromMs: grid.floor(piece.fromMs), toMs: grid.ceil(piece.toMs) }, inner)))
  pieces[level].push(...withoutRanges(inner, dirty))
  for (const piece of dirty) divide(input, level === '1d' ? '15m' : 'raw', piece, pieces)
}

function finer({ rawSinceMs, minuteSinceMs }: PiecesInput, level: Resolution, timeMs: number): Resolution | undefined {
  if (level === '1d') return '15m'
  if (level === '15m' && timeMs >= minuteSinceMs) return '1m'
  return timeMs >= rawSinceMs ? 'raw' : undefined
}

function gridOf(level: Exclude<Resolution, 'raw'>, days: LocalDays): { floor(timeMs: number): number; ceil(timeMs: number): number } {
  if (level === '1d') {
    const floor = (timeMs: number): number => days.startOf(days.dayOf(timeMs))
    return { floor, ceil: (timeMs) => (floor(timeMs) === timeMs ? timeMs : days.startOf(days.dayOf(timeMs) + 1)) }
  }
  const widthMs = level === '1m' ? MINUTE_MS : QUARTER_MS
  return { floor: (timeMs) => Math.floor(timeMs / widthMs) * widthMs, ceil: (timeMs) => Math.ceil(timeMs / widthMs) * widthMs }
}
