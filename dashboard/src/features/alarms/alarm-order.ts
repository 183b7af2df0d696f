import type { Alarm } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'

/** Nobody has acknowledged it yet, whether the condition is still there or has gone. */
export function isUnacknowledged(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'RTNUN'
}

export function priorityRank(priority: string): number {
  return (ALARM_PRIORITIES as readonly string[]).indexOf(priority)
}

/** Unacknowledged on top, then the more severe, then the newer. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    priorityRank(b.priority) - priorityRank(a.priority) ||
    b.raisedAtMs - a.raisedAtMs
  )
}
