import type { MaintenanceWindow, Recurrence } from '@roomkeeper/shared/http'
import { isTimeZone } from '@roomkeeper/shared/wall-clock'

/** A maintenance window's time as it is edited. */
export interface WindowDraft {
  kind: Recurrence['kind']
  /** Of a single time: `YYYY-MM-DDTHH:MM`, by the clock of the zone. */
  from: string
  days: number[]
  day: number | null
  at: string
  minutes: number | null
  timeZone: string
}

export function draftOf(window: MaintenanceWindow | undefined, timeZone: string): WindowDraft {
  const empty: WindowDraft = { kind: 'once', from: '', days: [], day: 1, at: '02:00', minutes: 120, timeZone }
  if (!window) return empty
  return { ...empty, ...window.recurrence, timeZone: window.timeZone }
}

export type DraftProblem = 'from' | 'days' | 'day' | 'at' | 'minutes' | 'timeZone'

/** The longest, minutes: two weeks once, a day of what comes back. */
export const longestMinutes = (kind: Recurrence['kind']): number => (kind === 'once' ? 20_160 : 1440)

/** What keeps the draft from being saved, by field. */
export function draftProblems(draft: WindowDraft): ReadonlySet<DraftProblem> {
  const found = new Set<DraftProblem>()
  const isClock = /^([01]\d|2[0-3]):[0-5]\d$/
  if (draft.kind === 'once') {
    if (!/^\d{4}-\d\d-\d\dT/.test(draft.from) || !isClock.test(draft.from.slice(11))) found.add('from')
  } else if (!isClock.test(draft.at)) found.add('at')
  if (draft.kind === 'weekly' && draft.days.length === 0) found.add('days')
  if (draft.kind === 'monthly' && draft.day === null) found.add('day')
  if (draft.minutes === null || draft.minutes < 5 || draft.minutes > longestMinutes(draft.kind)) found.add('minutes')
  if (!isTimeZone(draft.timeZone)) found.add('timeZone')
  return found
}

/** The time to save; undefined while something is wrong with it. */
export function recurrenceOf(draft: WindowDraft): Recurrence | undefined {
  if (draftProblems(draft).size > 0 || draft.minutes === null) return undefined
  const { minutes, at } = draft
  if (draft.kind === 'once') return { kind: 'once', from: draft.from, minutes }
  if (draft.kind === 'weekly') return { kind: 'weekly', days: [...draft.days].sort((a, b) => a - b), at, minutes }
  return { kind: 'monthly', day: draft.day ?? 1, at, minutes }
}
