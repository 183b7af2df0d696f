import type { Recurrence } from '@roomkeeper/shared/http'
import { type Moment, momentOf, offsetMs } from '@roomkeeper/shared/wall-clock'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** Two years: a window on 29 February or the 31st is found too. */
const REACH_DAYS = 731

export interface Occurrence {
  fromMs: number
  toMs: number
  /** Whether the clock leaps over its beginning that night, or shows it twice. */
  clock: Moment['clock']
}

/** Whether the zone changes its clocks within a year from now. */
export function hasDaylightSaving(timeZone: string, nowMs: number): boolean {
  const offsets = Array.from({ length: 13 }, (_, month) => {
    const atMs = Math.floor((nowMs + month * 28 * DAY_MS) / MINUTE_MS) * MINUTE_MS
    return offsetMs(atMs, timeZone)
  })
  return new Set(offsets).size > 1
}

/** `2026-11-30 02:00`, by the clock of the zone. */
export function zonedText(atMs: number, timeZone: string): string {
  return new Date(atMs + offsetMs(atMs, timeZone)).toISOString().slice(0, 16).replace('T', ' ')
}

/** The next times of a window that are not over, the present one included. */
export function nextOccurrences(recurrence: Recurrence, timeZone: string, nowMs: number, count: number): Occurrence[] {
  const lengthMs = recurrence.minutes * MINUTE_MS
  const at = (wallMs: number): Occurrence => {
    const { atMs, clock } = momentOf(wallOf(new Date(wallMs)), timeZone)
    return { fromMs: atMs, toMs: atMs + lengthMs, clock }
  }
  if (recurrence.kind === 'once') return [at(Date.parse(`${recurrence.from}:00Z`))].filter(({ toMs }) => toMs > nowMs)
  const [hour = 0, minute = 0] = recurrence.at.split(':').map(Number)
  const todayMs = Math.floor((nowMs + offsetMs(nowMs, timeZone)) / DAY_MS) * DAY_MS
  const found: Occurrence[] = []
  for (let day = -2; day <= REACH_DAYS && found.length < count; day++) {
    const date = new Date(todayMs + day * DAY_MS)
    const isDay = recurrence.kind === 'weekly' ? recurrence.days.includes(date.getUTCDay() || 7) : date.getUTCDate() === recurrence.day
    if (!isDay) continue
    const occurrence = at(date.getTime() + (hour * 60 + minute) * MINUTE_MS)
    if (occurrence.toMs > nowMs) found.push(occurrence)
  }
  return found
}

/** A date as if UTC were the place's clock. */
function wallOf(date: Date) {
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
  }
}
