import { countedFromMs, dueAtMs, type ScheduleTimes } from './schedule-due.ts'

/** Everything a decision needs, as it is stored. */
export interface ScheduleState {
  roomsWithoutSchedule: readonly { roomId: number }[]
  schedules: readonly (ScheduleTimes & {
    id: number
    roomId: number
    /** The schedule's latest overdue alarm, with the time of its last raise or clear. */
    alarm: { standing: boolean; lastEventAtMs: number } | null
  })[]
}

export type ScheduleAction =
  | { action: 'create'; roomId: number; reason: 'room-without-schedule' }
  | { action: 'count-from-now'; scheduleId: number; reason: 'clock-set-back' }
  | { action: 'raise'; scheduleId: number; roomId: number; atMs: number; reason: 'overdue' }
  | { action: 'clear'; scheduleId: number; roomId: number; atMs: number; reason: 'inspection-done' | 'due-later-now' }

/** A clock that is corrected by less than this changes no decision. */
const CLOCK_TOLERANCE_MS = 60 * 60_000

/**
 * What must happen now, from stored state alone: a downtime of any length is caught up with by one call, and calling again after the
 * actions are done gives none.
 */
export function decideSchedules(state: ScheduleState, nowMs: number): ScheduleAction[] {
  const actions: ScheduleAction[] = state.roomsWithoutSchedule.map(({ roomId }) => ({
    action: 'create',
    roomId,
    reason: 'room-without-schedule',
  }))
  for (const schedule of state.schedules) {
    const { id: scheduleId, roomId, alarm } = schedule
    // An inspection signed while the clock ran ahead must not put the next one off beyond the outer limit.
    if (countedFromMs(schedule) > nowMs + CLOCK_TOLERANCE_MS) {
      actions.push({ action: 'count-from-now', scheduleId, reason: 'clock-set-back' })
      if (alarm?.standing) actions.push(clearAction(scheduleId, roomId, alarm, nowMs, 'due-later-now'))
      continue
    }
    const dueMs = dueAtMs(schedule)
    if (nowMs >= dueMs && !alarm?.standing) {
      // The alarm's time is the due time; only when that due time has raised (and cleared) one before is the present taken.
      const atMs = alarm && dueMs <= alarm.lastEventAtMs ? Math.max(nowMs, alarm.lastEventAtMs + 1) : dueMs
      actions.push({ action: 'raise', scheduleId, roomId, atMs, reason: 'overdue' })
    }
    if (alarm?.standing && dueMs > nowMs + CLOCK_TOLERANCE_MS) {
      const isDone = schedule.lastDoneAtMs !== null && schedule.lastDoneAtMs >= alarm.lastEventAtMs
      actions.push(clearAction(scheduleId, roomId, alarm, nowMs, isDone ? 'inspection-done' : 'due-later-now'))
    }
  }
  return actions
}

/** A clear must be later than the raise, also when the clock was set back between. */
function clearAction(
  scheduleId: number,
  roomId: number,
  alarm: { lastEventAtMs: number },
  nowMs: number,
  reason: 'inspection-done' | 'due-later-now',
): ScheduleAction {
  return { action: 'clear', scheduleId, roomId, atMs: Math.max(nowMs, alarm.lastEventAtMs + 1), reason }
}
