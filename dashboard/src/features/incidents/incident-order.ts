import type { Incident } from '@roomkeeper/shared/http'
import { priorityRank } from '../alarms/alarm-order.ts'

/** Names a form that was put off. An assignment since then makes it another matter: it opens again. */
export function putOffKey({ id, assignee }: Pick<Incident, 'id' | 'assignee'>, accountId: number): string {
  return assignee?.accountId === accountId ? `${id}@${assignee.atMs}` : String(id)
}

/** Whether a form opens by itself before this person: theirs always; nobody's, before those on duty. Somebody else has the rest. */
export function opensFor({ assignee }: Pick<Incident, 'assignee'>, person: { id: number; onDuty: boolean }): boolean {
  return assignee === null ? person.onDuty : assignee.accountId === person.id
}

/** The next form to open by itself: the most urgent that was not put off. */
export function nextToShow(
  open: readonly Incident[],
  person: { id: number; onDuty: boolean },
  putOff: ReadonlySet<string>,
  exceptId: number | null,
): Incident | undefined {
  return open.find((incident) => opensFor(incident, person) && !putOff.has(putOffKey(incident, person.id)) && incident.id !== exceptId)
}

/** Most severe first, of those the person's own before the others, then the oldest. */
export function byIncidentUrgency(accountId: number): (a: Incident, b: Incident) => number {
  const isTheirs = ({ assignee }: Incident) => Number(assignee?.accountId === accountId)
  return (a, b) => priorityRank(b.priority) - priorityRank(a.priority) || isTheirs(b) - isTheirs(a) || a.openedAtMs - b.openedAtMs
}
