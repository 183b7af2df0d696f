import type { IncidentFields } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'

/** When an incident began, was first acknowledged, and when the last of its alarms cleared. */
export interface IncidentTimes {
  /** Its first alarm; for one learnt of late, when the server learnt of it: nobody can answer to what nobody knows. */
  beganAtMs: number
  acknowledgedAtMs: number | null
  /** null: one of its alarms still stands. */
  clearedAtMs: number | null
}

/** How long it took, ms, from the first alarm on; null: not yet. Never negative: clocks of people and devices differ. */
export function incidentSpans(
  times: IncidentTimes,
  fields: Pick<IncidentFields, 'recoveredAtMs'>,
): { acknowledgedMs: number | null; recoveredMs: number | null } {
  const since = (atMs: number | null) => (atMs === null ? null : Math.max(0, atMs - times.beganAtMs))
  return { acknowledgedMs: since(times.acknowledgedAtMs), recoveredMs: since(fields.recoveredAtMs ?? times.clearedAtMs) }
}

/** The times of these incidents, or of all that opened since; drills are left out. An incident without alarms has none. */
export async function loadIncidentTimes(
  db: Db,
  wanted: { ids: readonly number[] } | { fromMs: number },
): Promise<Map<number, IncidentTimes>> {
  if ('ids' in wanted && wanted.ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('incidentAlarm')
    .innerJoin('incident', 'incident.id', 'incidentAlarm.incidentId')
    .innerJoin('alarm', 'alarm.id', 'incidentAlarm.alarmId')
    .select(['incidentAlarm.incidentId', 'alarm.raisedAtMs', 'alarm.recordedAtMs', 'alarm.late', 'alarm.clearedAtMs'])
    // The row of an alarm that came back knows its last acknowledgement only.
    .select((select) =>
      select
        .selectFrom('alarmTransition')
        .select((min) => min.fn.min('alarmTransition.atMs').as('atMs'))
        .whereRef('alarmTransition.alarmId', '=', 'alarm.id')
        .whereRef('alarmTransition.atMs', '>=', 'incident.openedAtMs')
        .where('alarmTransition.event', '=', 'acknowledge')
        .as('acknowledgedAtMs'),
    )
    .where('alarm.drill', '=', 0)
    .where(
      'ids' in wanted ? 'incident.id' : 'incident.openedAtMs',
      'ids' in wanted ? 'in' : '>=',
      'ids' in wanted ? wanted.ids : wanted.fromMs,
    )
    .execute()
  const found = new Map<number, IncidentTimes>()
  for (const row of rows) {
    const beganAtMs = row.late === 1 ? row.recordedAtMs : row.raisedAtMs
    const before = found.get(row.incidentId)
    found.set(row.incidentId, {
      beganAtMs: Math.min(before?.beganAtMs ?? Number.POSITIVE_INFINITY, beganAtMs),
      acknowledgedAtMs: earliest(before?.acknowledgedAtMs ?? null, row.acknowledgedAtMs),
      clearedAtMs:
        before && (before.clearedAtMs === null || row.clearedAtMs === null)
          ? null
          : row.clearedAtMs === null
            ? null
            : Math.max(before?.clearedAtMs ?? 0, row.clearedAtMs),
    })
  }
  return found
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}
