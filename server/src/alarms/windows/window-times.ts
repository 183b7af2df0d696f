import type { Recurrence } from '@roomkeeper/shared/http'
import { instantOf, type WallTime, wallTimeOf } from '@roomkeeper/shared/wall-clock'

export interface Interval {
  fromMs: number
  toMs: number
}

export interface WindowTimes {
  /** Open at the time asked for. */
  current: Interval | null
  /** The next that begins later. */
  next: Interval | null
}

const DAY_MS = 86_400_000
/** The longest window of a week or month is a day long; one that began the day before yesterday is over. */
const DAYS_BACK = 2
const DAYS_AHEAD = 8
/** A 31st is at most two months away; a 29th of February is left out in other years, and the 29th of March follows. */
const MONTHS_AHEAD = 3

/** Whether the date exists (no 31st of June). */
export function isRealDate(local: string): boolean {
  const { year, month, day } = parseLocal(local)
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/**
 * The times of a window around a moment, by the wall clock of its zone: it begins at its local time all the year round, and lasts its
 * minutes. One whose beginning the clock leaps over begins at the leap; one whose beginning the clock shows twice begins at the first.
 */
export function windowTimes(recurrence: Recurrence, timeZone: string, nowMs: number): WindowTimes {
  const starts = startsAround(recurrence, timeZone, nowMs)
    .map((wall) => instantOf(wall, timeZone))
    .sort((a, b) => a - b)
  const intervals = starts.map((fromMs) => ({ fromMs, toMs: fromMs + recurrence.minutes * 60_000 }))
  return {
    current: intervals.find(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs) ?? null,
    next: intervals.find(({ fromMs }) => fromMs > nowMs) ?? null,
  }
}

function startsAround(recurrence: Recurrence, timeZone: string, nowMs: number): WallTime[] {
  if (recurrence.kind === 'once') return [parseLocal(recurrence.from)]
  const [hour = 0, minute = 0] = recurrence.at.split(':').map(Number)
  const today = wallTimeOf(nowMs, timeZone)
  const todayMs = Date.UTC(today.year, today.month - 1, today.day)
  if (recurrence.kind === 'weekly')
    return Array.from({ length: DAYS_BACK + DAYS_AHEAD + 1 }, (_, i) => new Date(todayMs + (i - DAYS_BACK) * DAY_MS))
      .filter((date) => recurrence.days.includes(date.getUTCDay() === 0 ? 7 : date.getUTCDay()))
      .map((date) => ({ ...dateOf(date), hour, minute }))
  return Array.from({ length: MONTHS_AHEAD + 2 }, (_, i) => new Date(Date.UTC(today.year, today.month - 2 + i, recurrence.day)))
    .filter((date) => date.getUTCDate() === recurrence.day)
    .map((date) => ({ ...dateOf(date), hour, minute }))
}

function dateOf(date: Date): Pick<WallTime, 'year' | 'month' | 'day'> {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

function parseLocal(local: string): WallTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = local.split(/[-T:]/).map(Number)
  return { year, month, day, hour, minute }
}
