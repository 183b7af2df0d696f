import { instantOf } from '../wall-clock.ts'
import type { RegisterDefinition } from './definition.ts'
import { stateOf } from './rules.ts'
import type { RecordFields } from './values.ts'

const HOUR_MS = 3_600_000
/** After the due time, unless the definition says otherwise. */
const HEAD_AFTER_HOURS = 24

/** When a record must have left its state, when people are reminded before, and when the department head is told after. */
export interface DeadlineTimes {
  dueAtMs: number | null
  remindAtMs: number | null
  headAtMs: number | null
}

const NONE: DeadlineTimes = { dueAtMs: null, remindAtMs: null, headAtMs: null }

/** The deadline of a record that came into this state at `stateSinceMs`: its field or its hours, whichever is earlier. All null where there is none. */
export function deadlineOf(
  definition: RegisterDefinition,
  stateName: string,
  fields: RecordFields,
  stateSinceMs: number,
  timeZone: string,
): DeadlineTimes {
  const deadline = stateOf(definition, stateName)?.deadline
  if (!deadline) return NONE
  const byField = deadline.field === undefined ? null : endOf(fields[deadline.field], timeZone)
  const byHours = deadline.hours === undefined ? null : stateSinceMs + deadline.hours * HOUR_MS
  const dueAtMs = byField !== null && byHours !== null ? Math.min(byField, byHours) : (byField ?? byHours)
  if (dueAtMs === null) return NONE
  return {
    dueAtMs,
    remindAtMs: deadline.remindHours === undefined ? null : dueAtMs - deadline.remindHours * HOUR_MS,
    headAtMs: dueAtMs + (deadline.headAfterHours ?? HEAD_AFTER_HOURS) * HOUR_MS,
  }
}

/** An instant is itself; a date counts to its end by the clock on the wall; null for anything else. */
function endOf(value: unknown, timeZone: string): number | null {
  if (typeof value === 'number') return value
  return startOfDate(value, timeZone, 1)
}

/** When the date (YYYY-MM-DD), moved by so many days, begins by the clock on the wall; null for anything else. */
export function startOfDate(value: unknown, timeZone: string, addDays = 0): number | null {
  const date = dateParts(value)
  if (!date) return null
  const day = new Date(Date.UTC(date.year, date.month - 1, date.day + addDays))
  return instantOf({ year: day.getUTCFullYear(), month: day.getUTCMonth() + 1, day: day.getUTCDate(), hour: 0, minute: 0 }, timeZone)
}

/** The parts of a date that exists; undefined for 2026-02-30 and for what is no date. */
export function dateParts(value: unknown): { year: number; month: number; day: number } | undefined {
  const match = typeof value === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(value) : null
  if (!match) return undefined
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const made = new Date(0)
  made.setUTCFullYear(year, month - 1, day)
  const exists = year >= 1000 && made.getUTCFullYear() === year && made.getUTCMonth() === month - 1 && made.getUTCDate() === day
  return exists ? { year, month, day } : undefined
}
