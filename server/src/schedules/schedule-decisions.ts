import { countedFromMs, dueAtMs, dueTimesAfter, type ScheduleTimes } from './due-times.ts'
import type { WorkingDays } from './working-days.ts'

/** A schedule as it is stored, with its latest overdue alarm. */
export interface ScheduleFacts extends ScheduleTimes {
  id: number
  register: string
  roomId: number | null
  remindHours: number
  headAfterHours: number
  remindedForMs: number | null
  headToldForMs: number | null
  isPaused: boolean
  changedAtMs: number
  /** The latest due time that was written down as missed since it was last done. */
  lastMissMs: number | null
  /** With the time of its last raise or clear. */
  alarm: { standing: boolean; lastEventAtMs: number } | null
}

/** Everything a decision needs, as it is stored. */
export interface ScheduleState {
  /** Asked for by a register's definition, and not there yet. */
  lacking: readonly { register: string; roomId: number | null }[]
  schedules: readonly ScheduleFacts[]
  days: WorkingDays
}

export type ScheduleAction =
  | { action: 'create'; register: string; roomId: number | null; reason: 'asked-for-by-definition' }
  | { action: 'count-from-now' | 'forget-misses'; scheduleId: number; reason: 'clock-set-back' }
  | { action: 'remind'; scheduleId: number; dueAtMs: number; reason: 'due-soon' }
  | { action: 'miss'; scheduleId: number; dueAtMs: number; reason: 'not-done-in-time' }
  | { action: 'raise'; scheduleId: number; roomId: number | null; atMs: number; reason: 'overdue' }
  | { action: 'tell-head'; scheduleId: number; dueAtMs: number; reason: 'overdue-for-long' }
  | { action: 'clear'; scheduleId: number; roomId: number | null; atMs: number; reason: 'done' | 'due-later-now' | 'paused' }

/** A clock that is corrected by less than this changes no decision. */
const CLOCK_TOLERANCE_MS = 60 * 60_000
const HOUR_MS = 3_600_000

/**
 * What must happen now, from stored state alone: a downtime of any length is caught up with by one call, and calling again after the
 * actions are done gives none.
 */
export function decideSchedules(state: ScheduleState, nowMs: number): ScheduleAction[] {
  const created: ScheduleAction[] = state.lacking.map((lack) => ({ action: 'create', ...lack, reason: 'asked-for-by-definition' }))
  return [...created, ...state.schedules.flatMap((schedule) => decideSchedule(schedule, state.days, nowMs))]
}

function decideSchedule(schedule: ScheduleFacts, days: WorkingDays, nowMs: number): ScheduleAction[] {
  const { id: scheduleId, lastMissMs } = schedule
  const actions = decideDue(schedule, days, nowMs)
  if (lastMissMs === null || lastMissMs <= nowMs + CLOCK_TOLERANCE_MS) return actions
  // Written down while the clock ran ahead.
  return [{ action: 'forget-misses', scheduleId, reason: 'clock-set-back' }, ...actions]
}

function decideDue(schedule: ScheduleFacts, days: WorkingDays, nowMs: number): ScheduleAction[] {
  const { id: scheduleId, roomId, alarm } = schedule
  if (schedule.isPaused) return alarm?.standing ? [clearAction(schedule, alarm, nowMs, 'paused')] : []
  // What was signed while the clock ran ahead must not put the next one off beyond the outer limit.
  if (countedFromMs(schedule) > nowMs + CLOCK_TOLERANCE_MS) {
    const counted: ScheduleAction = { action: 'count-from-now', scheduleId, reason: 'clock-set-back' }
    return alarm?.standing ? [counted, clearAction(schedule, alarm, nowMs, 'due-later-now')] : [counted]
  }
  const dueMs = dueAtMs(schedule, days)
  if (nowMs < dueMs) {
    const actions: ScheduleAction[] = []
    const isDone = alarm !== null && schedule.lastDoneAtMs !== null && schedule.lastDoneAtMs >= alarm.lastEventAtMs
    if (alarm?.standing && (isDone || dueMs > nowMs + CLOCK_TOLERANCE_MS))
      actions.push(clearAction(schedule, alarm, nowMs, isDone ? 'done' : 'due-later-now'))
    const remindAtMs = dueMs - schedule.remindHours * HOUR_MS
    if (nowMs >= remindAtMs && schedule.remindedForMs !== dueMs)
      actions.push({ action: 'remind', scheduleId, dueAtMs: dueMs, reason: 'due-soon' })
    return actions
  }
  const missed = missedTimes(schedule, days, dueMs, nowMs)
  const actions: ScheduleAction[] = missed.map((dueAtMs) => ({ action: 'miss', scheduleId, dueAtMs, reason: 'not-done-in-time' }))
  if (!alarm?.standing) {
    // The alarm's time is the due time; only when that due time has raised (and cleared) one before is the present taken.
    const atMs = alarm && dueMs <= alarm.lastEventAtMs ? Math.max(nowMs, alarm.lastEventAtMs + 1) : dueMs
    actions.push({ action: 'raise', scheduleId, roomId, atMs, reason: 'overdue' })
  }
  const headFor = headTime(schedule, [dueMs, ...(schedule.lastMissMs === null ? [] : [schedule.lastMissMs]), ...missed], nowMs)
  if (headFor !== undefined) actions.push({ action: 'tell-head', scheduleId, dueAtMs: headFor, reason: 'overdue-for-long' })
  return actions
}

/**
 * Due times that passed and are not written down yet: two weeks that were missed are two. They follow the last one written down, so that a
 * rule that is changed later rewrites no past; what a change alone made due in the past was nobody's miss.
 */
export function missedTimes(
  schedule: ScheduleTimes & Pick<ScheduleFacts, 'lastMissMs' | 'changedAtMs'>,
  days: WorkingDays,
  dueMs: number,
  nowMs: number,
): number[] {
  if (dueMs > nowMs) return []
  const { lastMissMs, changedAtMs } = schedule
  // One of the future was written down before the clock was set back.
  const fromMs = lastMissMs !== null && lastMissMs >= dueMs && lastMissMs <= nowMs ? lastMissMs : undefined
  const passed =
    fromMs === undefined ? [dueMs, ...dueTimesAfter(schedule, days, dueMs, nowMs)] : dueTimesAfter(schedule, days, fromMs, nowMs)
  return passed.filter((passedMs) => passedMs > changedAtMs)
}

/** The latest due time of which the department head is to be told, once. A rule that made it due in the past gives the hours from its change on. */
function headTime(schedule: ScheduleFacts, overdue: readonly number[], nowMs: number): number | undefined {
  const waitMs = schedule.headAfterHours * HOUR_MS
  const latest = Math.max(...overdue.filter((dueMs) => Math.max(dueMs, schedule.changedAtMs) + waitMs <= nowMs))
  const { headToldForMs } = schedule
  const isTold = headToldForMs !== null && headToldForMs >= latest && headToldForMs <= nowMs
  return Number.isFinite(latest) && !isTold ? latest : undefined
}

/** A clear must be later than the raise, also when the clock was set back between. */
function clearAction(
  { id: scheduleId, roomId }: ScheduleFacts,
  alarm: { lastEventAtMs: number },
  nowMs: number,
  reason: 'done' | 'due-later-now' | 'paused',
): ScheduleAction {
  return { action: 'clear', scheduleId, roomId, atMs: Math.max(nowMs, alarm.lastEventAtMs + 1), reason }
}
