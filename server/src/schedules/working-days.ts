import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import type { Db } from '../database/schema.ts'

/** Which days people work, by the clock on the wall. */
export interface WorkingDays {
  /** IANA name. */
  timeZone: string
  /** date: YYYY-MM-DD */
  isDayOff(date: string): boolean
}

/** What the hospital's time zone is where nobody has set another (config.timeZone). */
export const MACHINE_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone

/** No holiday is as long; one that is would leave nothing to bring a due time forward to. */
const REACH_DAYS = 60

/** Weekends are off, unless the list says that they are worked (调休); other days are worked, unless it says that they are off. */
export function workingDaysOf(holidays: readonly { date: string; working: boolean }[], timeZone: string): WorkingDays {
  const listed = new Map(holidays.map(({ date, working }) => [date, working]))
  return {
    timeZone,
    isDayOff: (date) => {
      const working = listed.get(date)
      if (working !== undefined) return !working
      const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
      return weekday === 0 || weekday === 6
    },
  }
}

export async function loadWorkingDays(db: Db, timeZone: string): Promise<WorkingDays> {
  const rows = await db.selectFrom('holiday').select(['date', 'working']).execute()
  return workingDaysOf(
    rows.map(({ date, working }) => ({ date, working: working === 1 })),
    timeZone,
  )
}

/** A moment on a day off is brought forward to the same time of the last working day before it. */
export function broughtForward(atMs: number, { timeZone, isDayOff }: WorkingDays): number {
  const { year, month, day, hour, minute } = wallTimeOf(atMs, timeZone)
  for (let back = 0; back <= REACH_DAYS; back += 1) {
    const date = new Date(Date.UTC(year, month - 1, day - back))
    if (isDayOff(date.toISOString().slice(0, 10))) continue
    if (back === 0) return atMs
    return instantOf({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(), hour, minute }, timeZone)
  }
  return atMs
}
