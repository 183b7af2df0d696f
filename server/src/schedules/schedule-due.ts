/** Regulation I1: at least once every 7 days. */
export const OUTER_LIMIT_DAYS = 7
const DAY_MS = 24 * 60 * 60_000

export interface ScheduleTimes {
  everyDays: number
  startsAtMs: number
  lastDoneAtMs: number | null
  /** Set when the clock was found behind the time counted from; then it is counted from here until the next inspection. */
  countsFromMs: number | null
}

/** When the interval began: the last inspection, or the schedule's start. */
export function countedFromMs(times: ScheduleTimes): number {
  return times.countsFromMs ?? times.lastDoneAtMs ?? times.startsAtMs
}

/**
 * When the next inspection is due. Days are 24 hours of UTC, so daylight saving moves nothing: seven days are 168 hours everywhere.
 */
export function dueAtMs(times: ScheduleTimes): number {
  return countedFromMs(times) + Math.min(times.everyDays, OUTER_LIMIT_DAYS) * DAY_MS
}
