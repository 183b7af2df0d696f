import type { Shift } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'

export interface Span {
  fromMs: number
  toMs: number
}

/** Monday, 0:00 of this computer's time zone, of the week with the moment in it; `weeks` later. */
export function weekStartMs(ms: number, weeks = 0): number {
  const day = dayjs(ms).startOf('day')
  return day
    .subtract((day.day() + 6) % 7, 'day')
    .add(weeks * 7, 'day')
    .valueOf()
}

/** The seven days of a week. A day may have 23 or 25 hours where clocks are changed. */
export function daysOf(startMs: number): Span[] {
  return Array.from({ length: 7 }, (_, index) => ({
    fromMs: dayjs(startMs).add(index, 'day').valueOf(),
    toMs: dayjs(startMs)
      .add(index + 1, 'day')
      .valueOf(),
  }))
}

/** The stretches of a span that no shift covers. */
export function gapsOf(shifts: readonly Span[], { fromMs, toMs }: Span): Span[] {
  const gaps: Span[] = []
  let coveredToMs = fromMs
  for (const shift of [...shifts].sort((a, b) => a.fromMs - b.fromMs)) {
    if (shift.fromMs >= toMs) break
    if (shift.fromMs > coveredToMs) gaps.push({ fromMs: coveredToMs, toMs: shift.fromMs })
    coveredToMs = Math.max(coveredToMs, shift.toMs)
  }
  if (coveredToMs < toMs) gaps.push({ fromMs: coveredToMs, toMs })
  return gaps
}

export interface DayPiece extends Span {
  shift: Shift
  /** Shifts at the same time stand beside each other. */
  lane: number
  lanes: number
}

/** The parts of the shifts that fall into a day; overlapping ones share its width. */
export function piecesOf(shifts: readonly Shift[], day: Span): DayPiece[] {
  const pieces = shifts
    .filter((shift) => shift.fromMs < day.toMs && shift.toMs > day.fromMs)
    .sort((a, b) => a.fromMs - b.fromMs || a.id - b.id)
    .map((shift) => ({ shift, fromMs: Math.max(shift.fromMs, day.fromMs), toMs: Math.min(shift.toMs, day.toMs), lane: 0, lanes: 1 }))
  const laneEndsMs: number[] = []
  for (const piece of pieces) {
    const free = laneEndsMs.findIndex((endMs) => endMs <= piece.fromMs)
    piece.lane = free < 0 ? laneEndsMs.length : free
    laneEndsMs[piece.lane] = piece.toMs
  }
  for (const piece of pieces)
    piece.lanes =
      1 + Math.max(...pieces.filter((other) => other.fromMs < piece.toMs && other.toMs > piece.fromMs).map(({ lane }) => lane), piece.lane)
  return pieces
}

/** The same hours on `days` days in a row, by the calendar: 20:00 stays 20:00 when clocks are changed. */
export function repeated({ fromMs, toMs }: Span, days: number): Span[] {
  return Array.from({ length: days }, (_, index) => ({
    fromMs: dayjs(fromMs).add(index, 'day').valueOf(),
    toMs: dayjs(toMs).add(index, 'day').valueOf(),
  }))
}

/** `08:00` for a moment of the day, `24:00` for its end. */
export function clockText(ms: number, dayEndMs: number): string {
  return ms === dayEndMs ? '24:00' : dayjs(ms).format('HH:mm')
}

/** `Wed 03-04 20:00 – Thu 03-05 08:00` in the language of the page; the day of the end only when it is another. */
export function spanText({ fromMs, toMs }: Span): string {
  const from = dayjs(fromMs)
  const to = dayjs(toMs)
  return `${from.format('ddd MM-DD HH:mm')} – ${to.isSame(from, 'day') ? to.format('HH:mm') : to.format('ddd MM-DD HH:mm')}`
}
