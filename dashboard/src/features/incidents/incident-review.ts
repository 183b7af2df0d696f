import type { Incident, IncidentFields, IncidentStep } from '@roomkeeper/shared/http'
import { changedFields } from '../drafts/merge.ts'
import { INCIDENT_FIELDS, type IncidentField } from './incident-words.ts'

export interface FieldChange {
  field: IncidentField
  before: IncidentFields
  after: IncidentFields
}

/**
 * What has changed since the form was submitted the last time before: between the last two signed versions, or, where it was given back,
 * between the signed one and the draft. null: there is nothing to compare with.
 */
export function changesSince(incident: Pick<Incident, 'state' | 'fields' | 'steps'>): FieldChange[] | null {
  const signed = incident.steps.flatMap((step) => step.signed ?? [])
  const before = incident.state === 'open' ? signed.at(-1) : signed.at(-2)
  if (!before) return null
  const changed = changedFields(before, incident.fields)
  return INCIDENT_FIELDS.filter((field) => changed.includes(field)).map((field) => ({ field, before, after: incident.fields }))
}

/** The giving back that the open form answers to; null: it was not given back. */
export function givenBack(incident: Pick<Incident, 'state' | 'steps'>): IncidentStep | null {
  if (incident.state !== 'open') return null
  const last = incident.steps.findLast(({ kind }) => kind !== 'assign')
  return last?.kind === 'return' ? last : null
}

/** The event is over: what is left is to write it down in full. */
export function isOver(incident: Pick<Incident, 'alarms' | 'fields' | 'steps' | 'state'>): boolean {
  const isCleared = incident.alarms.length > 0 && incident.alarms.every(({ clearedAtMs }) => clearedAtMs !== null)
  return isCleared || incident.fields.recoveredAtMs !== undefined || givenBack(incident) !== null
}

/** An assignment's text: the assignee, and what was said with it. */
export function assignmentOf({ text }: Pick<IncidentStep, 'text'>): { name: string; note: string } {
  const [name = '', ...note] = text.split('\n')
  return { name, note: note.join('\n') }
}
