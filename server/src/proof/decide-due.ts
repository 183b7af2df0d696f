import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { latestWallTime, type RecurringTime } from '../schedules/recurring-time.ts'

/** A time by a plan that has come. `lateMs`: the server was not there when it was due. */
export interface DueTime {
  slotMs: number
  lateMs: number
}

/** A clock that is corrected by less than this changes no decision. */
const CLOCK_TOLERANCE_MS = 3_600_000

/**
 * The plan's latest time when nothing was done for it yet, or null. Of several that were missed only the latest counts. `doneUntilMs`: up
 * to here all is done; null: the plan has just been made, and begins with its next time.
 */
export function decideDue(wall: RecurringTime, doneUntilMs: number | null, nowMs: number): DueTime | null {
  if (doneUntilMs === null) return null
  const slotMs = latestWallTime(wall, nowMs)
  return slotMs > doneUntilMs ? { slotMs, lateMs: nowMs - slotMs } : null
}

/** What was done while the clock ran ahead must not put off what is due by the right one. */
export function isFromTheFuture(doneUntilMs: number | null, nowMs: number): boolean {
  return doneUntilMs !== null && doneUntilMs > nowMs + CLOCK_TOLERANCE_MS
}

/** A minute's tick may be late. */
const PROMPT_MS = 5 * 60_000
const DRILL_CATCH_UP_MS = 24 * 3_600_000
const WORKING_HOURS = { from: 8, to: 18 }

/** A missed drill is made up within a day and by daylight; else the next plan time is soon enough: nobody is woken for a drill that is late. */
export function isDrillStillWanted({ lateMs }: DueTime, timeZone: string, nowMs: number): boolean {
  if (lateMs <= PROMPT_MS) return true
  const { hour } = wallTimeOf(nowMs, timeZone)
  return lateMs <= DRILL_CATCH_UP_MS && hour >= WORKING_HOURS.from && hour < WORKING_HOURS.to
}
