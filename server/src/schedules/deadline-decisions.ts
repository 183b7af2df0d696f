import type { AlarmPriority } from '@roomkeeper/shared/model'

/** A record with a deadline, as it is stored. */
export interface DeadlineFacts {
  recordId: number
  roomId: number | null
  dueAtMs: number
  remindAtMs: number | null
  remindedAtMs: number | null
  headAtMs: number | null
  headToldAtMs: number | null
  condition: DeadlineCondition
  priority: AlarmPriority
}

export type DeadlineCondition = 'overdue' | 'overstay'

/** The latest alarm of a record and condition, with the time of its last raise or clear. */
export interface DeadlineAlarm {
  recordId: number
  condition: DeadlineCondition
  roomId: number | null
  standing: boolean
  lastEventAtMs: number
}

export interface DeadlineState {
  records: readonly DeadlineFacts[]
  alarms: readonly DeadlineAlarm[]
}

interface AlarmAction {
  recordId: number
  roomId: number | null
  condition: DeadlineCondition
  priority: AlarmPriority
  atMs: number
}

export type DeadlineAction =
  | { action: 'remind'; recordId: number; dueAtMs: number; reason: 'due-soon' }
  | ({ action: 'raise'; reason: 'not-moved-on-in-time' } & AlarmAction)
  | { action: 'tell-head'; recordId: number; dueAtMs: number; reason: 'overdue-for-long' }
  | ({ action: 'clear'; reason: 'moved-on' | 'due-later-now' } & AlarmAction)

/** A clock that is corrected by less than this clears nothing. */
const CLOCK_TOLERANCE_MS = 60 * 60_000

/** What must happen now, from stored state alone; calling again after the actions are done gives none. */
export function decideDeadlines({ records, alarms }: DeadlineState, nowMs: number): DeadlineAction[] {
  const alarmOf = new Map(alarms.map((alarm) => [`${alarm.recordId}/${alarm.condition}`, alarm]))
  const recordOf = new Map(records.map((record) => [record.recordId, record]))
  const actions: DeadlineAction[] = []
  for (const alarm of alarms) {
    const record = recordOf.get(alarm.recordId)
    const reason = alarm.standing ? whyOver(record, alarm, nowMs) : undefined
    if (reason === undefined) continue
    const { recordId, roomId, condition } = alarm
    // A clear must be later than the raise, also when the clock was set back between.
    const atMs = Math.max(nowMs, alarm.lastEventAtMs + 1)
    actions.push({ action: 'clear', recordId, roomId, condition, priority: record?.priority ?? 'medium', atMs, reason })
  }
  for (const record of records) {
    const { recordId, roomId, dueAtMs, condition, priority } = record
    if (nowMs < dueAtMs) {
      if (record.remindAtMs !== null && nowMs >= record.remindAtMs && record.remindedAtMs === null)
        actions.push({ action: 'remind', recordId, dueAtMs, reason: 'due-soon' })
      continue
    }
    const alarm = alarmOf.get(`${recordId}/${condition}`)
    if (!alarm?.standing) {
      const atMs = alarm && dueAtMs <= alarm.lastEventAtMs ? Math.max(nowMs, alarm.lastEventAtMs + 1) : dueAtMs
      actions.push({ action: 'raise', recordId, roomId, condition, priority, atMs, reason: 'not-moved-on-in-time' })
    }
    if (record.headAtMs !== null && nowMs >= record.headAtMs && record.headToldAtMs === null)
      actions.push({ action: 'tell-head', recordId, dueAtMs, reason: 'overdue-for-long' })
  }
  return actions
}

function whyOver(record: DeadlineFacts | undefined, alarm: DeadlineAlarm, nowMs: number): 'moved-on' | 'due-later-now' | undefined {
  if (!record || record.condition !== alarm.condition) return 'moved-on'
  // The deadline that raised it, before a clock that was set back a little: it stands.
  const reachMs = record.dueAtMs === alarm.lastEventAtMs ? nowMs + CLOCK_TOLERANCE_MS : nowMs
  return record.dueAtMs > reachMs ? 'due-later-now' : undefined
}
