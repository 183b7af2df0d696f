import type { Cadence } from '@roomkeeper/shared/http'
import { nextCronMs, previousCronMs } from './cron-times.ts'
import { broughtForward, type WorkingDays } from './working-days.ts'

const DAY_MS = 24 * 60 * 60_000

export interface DueRules {
  cadence: Cadence
  /** Whatever the cadence says, never further apart than this. */
  outerDays: number
  avoidHolidays: boolean
}

export interface ScheduleTimes extends DueRules {
  startsAtMs: number
  lastDoneAtMs: number | null
  /** Set when the clock was found behind the time counted from, and after a pause; it is counted from here until it is done. */
  countsFromMs: number | null
}

/** When the wait for the next one began: when it was last done, or the schedule's start. */
export function countedFromMs(times: ScheduleTimes): number {
  return times.countsFromMs ?? times.lastDoneAtMs ?? times.startsAtMs
}

/** When the next one is due. */
export function dueAtMs(times: ScheduleTimes, days: WorkingDays): number {
  const isDone = times.countsFromMs === null && times.lastDoneAtMs !== null
  return dueAfter(times, days, countedFromMs(times), isDone)
}

/** Due times after `fromMs`, up to `untilMs`, when each is done the moment it is due. At most so many. */
export function dueTimesAfter(rules: DueRules, days: WorkingDays, fromMs: number, untilMs: number, most = 1000): number[] {
  const found: number[] = []
  for (let dueMs = dueAfter(rules, days, fromMs, true); dueMs <= untilMs && found.length < most; ) {
    found.push(dueMs)
    dueMs = dueAfter(rules, days, dueMs, true)
  }
  return found
}

/**
 * The due time that follows `fromMs`. Days are 24 hours of UTC, so daylight saving moves nothing: seven days are 168 hours everywhere; the
 * times of a cron expression go by the clock on the wall. A due time on a holiday is brought forward, never put off; where that would be
 * before `fromMs` it stays, so that the outer limit holds.
 */
function dueAfter(rules: DueRules, days: WorkingDays, fromMs: number, isDone: boolean): number {
  const latestMs = fromMs + rules.outerDays * DAY_MS
  const dueMs = Math.min(cadenceAfter(rules, days, fromMs, isDone), latestMs)
  const movedMs = rules.avoidHolidays ? broughtForward(dueMs, days) : dueMs
  return movedMs > fromMs ? movedMs : dueMs
}

function cadenceAfter(rules: DueRules, days: WorkingDays, fromMs: number, isDone: boolean): number {
  const { cadence } = rules
  if (cadence.kind === 'interval') return fromMs + cadence.everyDays * DAY_MS
  let atMs = nextCronMs(cadence.expression, days.timeZone, fromMs)
  // What is done in the second half of the stretch before a cron time is done for it: on Monday morning for Monday evening.
  while (isDone && atMs !== undefined && fromMs > latterHalf(rules, cadence.expression, days, atMs))
    atMs = nextCronMs(cadence.expression, days.timeZone, atMs)
  return atMs ?? Number.POSITIVE_INFINITY
}

/** From when on something done counts for the cron time `atMs`. */
function latterHalf({ avoidHolidays }: DueRules, expression: string, days: WorkingDays, atMs: number): number {
  const beforeMs = previousCronMs(expression, days.timeZone, atMs)
  if (beforeMs === undefined) return atMs
  const effectiveMs = avoidHolidays ? broughtForward(atMs, days) : atMs
  const effectiveBeforeMs = avoidHolidays ? broughtForward(beforeMs, days) : beforeMs
  // Two times within one long holiday are brought forward to the same day: once is enough.
  const stretchMs = effectiveMs > effectiveBeforeMs ? effectiveMs - effectiveBeforeMs : atMs - beforeMs
  return effectiveMs - stretchMs / 2
}
