import type { AlarmCondition, AlarmSource, ReadingValue } from '@roomkeeper/shared/model'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { type AlarmFacts, decideIncident, type OpenIncident, SAME_EVENT_MS } from './incident-rule.ts'

/**
 * Gives a raised alarm of high or critical priority its incident form: joins the open incident of the same cause, or opens one.
 * Runs in the alarm's own transaction and sets `alarm.incidentId`. Calling it again for the same alarm changes nothing; an alarm
 * that came back after its incident was submitted gets a new one.
 */
export async function attachIncident(
  transaction: Db,
  alarm: AlarmSignal & { id: number },
  nowMs: number,
): Promise<{ incidentId: number; opened: boolean }> {
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

  const decision = decideIncident(await factsOf(transaction, alarm), await candidateIncidents(transaction, alarm))
  const opened = decision.action === 'open'
  const incidentId = opened ? await openIncident(transaction, alarm) : decision.incidentId
  await transaction
    .insertInto('incidentAlarm')
    .values({ incidentId, alarmId: alarm.id, reason: decision.reason, attachedAtMs: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await transaction.updateTable('alarm').set({ incidentId }).where('id', '=', alarm.id).execute()
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

async function factsOf(transaction: Db, alarm: AlarmSignal): Promise<AlarmFacts> {
  const point = alarm.pointId
    ? await transaction.selectFrom('point').select('kind').where('id', '=', alarm.pointId).executeTakeFirst()
    : undefined
  return { ...alarm, kind: point?.kind ?? null }
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

/**
 * The open incidents this alarm could belong to, each with only the alarms that can decide it, so that a flood of alarms into a form
 * nobody has submitted stays quick.
 */
async function candidateIncidents(transaction: Db, alarm: AlarmSignal): Promise<OpenIncident[]> {
  const rows = await transaction
    .selectFrom('incident')
    .leftJoin('incidentAlarm', 'incidentAlarm.incidentId', 'incident.id')
    .leftJoin('alarm', 'alarm.id', 'incidentAlarm.alarmId')
    .leftJoin('point', 'point.id', 'alarm.pointId')
    .select(['incident.id', 'incident.roomId', 'incident.deviceId', 'incident.openedAtMs', 'alarm.source', 'alarm.sourceId'])
    .select(['alarm.condition', 'alarm.valueJson', 'alarm.raisedAtMs', 'alarm.roomId as alarmRoomId', 'alarm.deviceId as alarmDeviceId'])
    .select('point.kind')
    .where('incident.state', '=', 'open')
    .where((where) =>
      where.or([
        where('incident.deviceId', '=', alarm.deviceId),
        where('alarm.deviceId', '=', alarm.deviceId),
        where.and([where('alarm.source', '=', alarm.source), where('alarm.sourceId', '=', alarm.sourceId)]),
        where.and([
          where('incident.roomId', '=', alarm.roomId),
          where('alarm.raisedAtMs', '>=', alarm.atMs - SAME_EVENT_MS),
          where('alarm.raisedAtMs', '<=', alarm.atMs + SAME_EVENT_MS),
        ]),
      ]),
    )
    .execute()
  return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((group) => {
    const [incident] = group
    if (!incident) return []
    const { id, roomId, deviceId, openedAtMs } = incident
    return [{ id, roomId, deviceId, openedAtMs, alarms: group.flatMap((row) => (row.raisedAtMs === null ? [] : [toFacts(row)])) }]
  })
}

type CandidateRow = { [Column in 'source' | 'condition' | 'valueJson' | 'kind']: string | null } & {
  [Column in 'sourceId' | 'raisedAtMs' | 'alarmRoomId' | 'alarmDeviceId']: number | null
}

/** Columns of a left join: filled as a whole where there is an alarm. */
function toFacts(row: CandidateRow): AlarmFacts {
  return {
    source: row.source as AlarmSource,
    sourceId: row.sourceId as number,
    condition: row.condition as AlarmCondition,
    kind: row.kind,
    value: JSON.parse(row.valueJson as string) as ReadingValue,
    atMs: row.raisedAtMs as number,
    roomId: row.alarmRoomId,
    deviceId: row.alarmDeviceId,
  }
}
