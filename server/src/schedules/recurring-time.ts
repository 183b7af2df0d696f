import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'

/** A week and the days beside it: every weekday is among them, whatever the zone. */
const REACH_DAYS = 8

/** A time that comes back by the clock on the wall. */
export interface RecurringTime {
  /** ISO weekdays, 1 = Monday; undefined: every day. */
  days?: readonly number[]
  /** HH:MM */
  at: string
  /** IANA name. */
  timeZone: string
}

/** The latest time that is not after `nowMs`. */
export function latestWallTime(wall: RecurringTime, nowMs: number): number {
  for (let offset = 1; offset >= -REACH_DAYS; offset -= 1) {
    const atMs = onDay(wall, nowMs, offset)
    if (atMs !== undefined && atMs <= nowMs) return atMs
  }
  throw new RangeError(`no time within a week: ${JSON.stringify(wall)}`)
}

/** The first time after `nowMs`. */
export function nextWallTime(wall: RecurringTime, nowMs: number): number {
  for (let offset = -1; offset <= REACH_DAYS; offset += 1) {
    const atMs = onDay(wall, nowMs, offset)
    if (atMs !== undefined && atMs > nowMs) return atMs
  }
  throw new RangeError(`no time within a week: ${JSON.stringify(wall)}`)
}

/** The time on the day so many days from today, when that is one of its weekdays. */
function onDay({ days, at, timeZone }: RecurringTime, nowMs: number, offset: number): number | undefined {
  const { year, month, day } = wallTimeOf(nowMs, timeZone)
  const date = new Date(Date.UTC(year, month - 1, day + offset))
  if (days !== undefined && !days.includes(date.getUTCDay() || 7)) return undefined
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour, minute }
  return instantOf(wall, timeZone)
}
