import type { Alarm } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'

/** Nobody has acknowledged it yet, whether the condition is still there or has gone. */
export function isUnacknowledged(alarm: Pick<Alarm, 'state'>): boolean {
  return alarm.state === 'UNACK' || alarm.state === 'RTNUN'
}

export function priorityRank(priority: string): number {
  return (ALARM_PRIORITIES as readonly string[]).indexOf(priority)
}

/** Calls people by sound and by the browser's notice: urgent, or a drill of just that. Lower ones wait in the list. */
export function isLoud(alarm: Pick<Alarm, 'state' | 'priority' | 'drill'>): boolean {
  return isUnacknowledged(alarm) && (alarm.drill || priorityRank(alarm.priority) >= priorityRank('high'))
}

/** What makes an alarm news: it stands unacknowledged, anew (also after it was silent or acknowledged) or more severe than before. */
export function newsKeys(alarms: readonly Pick<Alarm, 'id' | 'state' | 'priority'>[]): Map<number, number> {
  return new Map(alarms.filter(({ state }) => state === 'UNACK').map(({ id, priority }) => [id, priorityRank(priority)]))
}

/** Those of the told that still wait for somebody: neither acknowledged nor silent (which takes them off the open list) nor over. */
export function stillWaiting<Open extends Pick<Alarm, 'id' | 'state'>>(told: ReadonlySet<number>, open: readonly Open[]): Open[] {
  return open.filter((alarm) => told.has(alarm.id) && isUnacknowledged(alarm))
}

/** Unacknowledged on top, what is real before a drill, then the more severe, then what others follow from, then the newer. */
export function byUrgency(a: Alarm, b: Alarm): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    Number(a.drill) - Number(b.drill) ||
    priorityRank(b.priority) - priorityRank(a.priority) ||
    Number(isCause(b)) - Number(isCause(a)) ||
    b.raisedAtMs - a.raisedAtMs
  )
}

/** Others are silent because of it: dealing with it ends them all. */
function isCause({ suppresses }: Alarm): boolean {
  return suppresses != null && suppresses.alarms + suppresses.devices + suppresses.points > 0
}
