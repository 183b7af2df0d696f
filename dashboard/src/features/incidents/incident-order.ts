import type { Incident } from '@roomkeeper/shared/http'
import { priorityRank } from '../alarms/alarm-order.ts'

/** The next form to open by itself: the most urgent that was not put off. */
export function nextToShow(open: readonly Incident[], dismissed: ReadonlySet<number>, exceptId: number | null): Incident | undefined {
  return open.find(({ id }) => !dismissed.has(id) && id !== exceptId)
}

export function byIncidentUrgency(a: Incident, b: Incident): number {
  return priorityRank(b.priority) - priorityRank(a.priority) || a.openedAtMs - b.openedAtMs
}
