import type { AlarmState } from '@roomkeeper/shared/model'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { candidateIncidents, factsOf, noteJoined } from './incident-candidates.ts'
import { decideIncident, type Standing } from './incident-rule.ts'

/**
 * Gives a raised alarm of high or critical priority its incident form: joins the open incident of the same cause, or opens one.
 * Runs in the alarm's own transaction and sets `alarm.incidentId`. Calling it again for the same alarm changes nothing; an alarm
 * that came back after its incident was submitted gets a new one. null: it has none (a drill, or silent; see incident-rule.ts).
 */
export async function attachIncident(
  transaction: Db,
  alarm: AlarmSignal & { id: number },
  nowMs: number,
): Promise<{ incidentId: number; opened: boolean } | null> {
  // PostgreSQL runs transactions side by side: two alarms of one device must not both find no open incident. The audit chain's lock
  // is taken anyway, and taking it first keeps the order of locks the same everywhere.
  await lockChain(transaction)
  const current = await transaction
    .selectFrom('alarm')
    .innerJoin('incident', 'incident.id', 'alarm.incidentId')
    .select(['incident.id', 'incident.state', 'incident.submittedAtMs'])
    .where('alarm.id', '=', alarm.id)
    .executeTakeFirst()
  if (current && (current.state === 'open' || alarm.atMs <= (current.submittedAtMs ?? 0))) return { incidentId: current.id, opened: false }

  const standing = await standingOf(transaction, alarm)
  const facts = await factsOf(transaction, alarm)
  const candidates = await candidateIncidents(transaction, facts)
  const decision = decideIncident(facts, candidates, standing)
  if (decision.action === 'none') return null
  const opened = decision.action === 'open'
  const incidentId = opened ? await openIncident(transaction, alarm) : decision.incidentId
  await transaction
    .insertInto('incidentAlarm')
    .values({ incidentId, alarmId: alarm.id, reason: decision.reason, attachedAtMs: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await transaction.updateTable('alarm').set({ incidentId }).where('id', '=', alarm.id).execute()
  const { roomId, deviceId, atMs: openedAtMs } = alarm
  noteJoined(transaction, candidates.find(({ id }) => id === incidentId) ?? { id: incidentId, roomId, deviceId, openedAtMs }, facts)
  await appendAudit(
    transaction,
    {
      actor: 'system',
      action: opened ? 'incident.open' : 'incident.join',
      entity: `incident:${incidentId}`,
      after: { alarmId: alarm.id, reason: decision.reason, condition: alarm.condition, priority: alarm.priority },
    },
    nowMs,
  )
  return { incidentId, opened }
}

async function standingOf(transaction: Db, alarm: AlarmSignal & { id: number }): Promise<Standing> {
  const row = await transaction
    .selectFrom('alarm')
    .leftJoin('alarm as cause', 'cause.id', 'alarm.causeId')
    .leftJoin('incident', (join) => join.onRef('incident.id', '=', 'cause.incidentId').on('incident.state', '=', 'open'))
    .select(['alarm.state', 'alarm.drill', 'incident.id as causeIncidentId'])
    .where('alarm.id', '=', alarm.id)
    .executeTakeFirstOrThrow()
  return { state: row.state as AlarmState, drill: alarm.drill === true || row.drill === 1, causeIncidentId: row.causeIncidentId }
}

async function openIncident(transaction: Db, alarm: AlarmSignal): Promise<number> {
  const row = await transaction
    .insertInto('incident')
    .values({
      state: 'open',
      roomId: alarm.roomId,
      deviceId: alarm.deviceId,
      openedAtMs: alarm.atMs,
      // The time the fault was noticed is prefilled; the person filling the form may correct it.
      fieldsJson: JSON.stringify({ noticedAtMs: alarm.atMs }),
      curvesJson: '[]',
      revision: 0,
      draftBy: null,
      draftAtMs: null,
      submittedBy: null,
      submittedAtMs: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}
