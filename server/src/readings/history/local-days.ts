import { instantOf, offsetMs } from '@roomkeeper/shared/wall-clock'
import { DAY_MS } from '../hours.ts'
import type { TimeRange } from '../reading-store.ts'

/** Days of a zone's calendar, numbered as the days since 1970-01-01. A day of 23, 24 or 25 hours is one day. */
export class LocalDays {
  readonly zone: string
  readonly #starts = new Map<number, number>()
  /** The zone's offset at the start of a UTC week: asking Intl takes microseconds, and charts ask for decades of days. */
  readonly #weekOffsets = new Map<number, number>()

  constructor(zone: string) {
    this.zone = zone
  }

  /** When the day begins: at midnight, or where the clock leaps over midnight, at the leap. */
  startOf(day: number): number {
    const known = this.#starts.get(day)
    if (known !== undefined) return known
    const startMs = this.#find(day)
    this.#starts.set(day, startMs)
    return startMs
  }

  #find(day: number): number {
    // No zone has changed its clock and changed it back within a week.
    const [firstWeek, lastWeek] = [Math.floor((day - 1) / 7), Math.ceil((day + 1) / 7)]
    const offset = this.#weekOffset(firstWeek)
    let isEven = true
    for (let week = firstWeek + 1; week <= lastWeek; week++) isEven &&= this.#weekOffset(week) === offset
    if (isEven) return day * DAY_MS - offset
    const date = new Date(day * DAY_MS)
    const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour: 0, minute: 0 }
    return instantOf(wall, this.zone)
  }

  #weekOffset(week: number): number {
    const known = this.#weekOffsets.get(week)
    if (known !== undefined) return known
    const offset = offsetMs(week * 7 * DAY_MS, this.zone)
    this.#weekOffsets.set(week, offset)
    return offset
  }

  dayOf(timeMs: number): number {
    let day = Math.floor(timeMs / DAY_MS)
    while (this.startOf(day) > timeMs) day--
    while (this.startOf(day + 1) <= timeMs) day++
    return day
  }

  /** The beginning of a range, and the start of each day that begins in it later. */
  startsIn({ fromMs, toMs }: TimeRange): number[] {
    const starts = [fromMs]
    for (let day = this.dayOf(fromMs) + 1; this.startOf(day) < toMs; day++) starts.push(this.startOf(day))
    return starts
  }
}

/** First day of the year a day is in. */
export function yearStartDay(day: number): number {
  return Date.UTC(new Date(day * DAY_MS).getUTCFullYear(), 0, 1) / DAY_MS
}

export function nextYearStartDay(day: number): number {
  return Date.UTC(new Date(day * DAY_MS).getUTCFullYear() + 1, 0, 1) / DAY_MS
}
