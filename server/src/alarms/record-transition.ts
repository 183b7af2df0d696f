import type { AlarmCondition, AlarmEvent, AlarmPriority, AlarmSource, AlarmState, ReadingValue } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { appendAudit } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import type { QueueNotices } from '../notify/pipeline.ts'
import type { AlarmSignal, AlarmTransitionNotice } from './alarm-types.ts'
import type { SilenceContext } from './silence/silence-context.ts'

export type AlarmRow = Selectable<Database['alarm']>

/** Opens or joins an incident for a raised alarm, inside the alarm's own transaction; null: it has none. */
export type AttachIncident = (
  transaction: Db,
  alarm: AlarmSignal & { id: number },
  nowMs: number,
) => Promise<{ incidentId: number; opened: boolean } | null>

export interface ApplyContext {
  transaction: Db
  nowMs: number
  attachIncident: AttachIncident
  queueNotices: QueueNotices
  silence: SilenceContext
}

export interface TransitionRecord {
  event: AlarmEvent
  from: AlarmState
  to: AlarmState
  atMs: number
  value: ReadingValue
  person: string | null
  note: string | null
}

/** Writes the transition row, its audit row and what is to be told of it. */
export async function recordTransition(
  context: Pick<ApplyContext, 'transaction' | 'nowMs' | 'queueNotices'>,
  alarm: AlarmRow,
  row: TransitionRecord,
  incidentOpened: boolean,
): Promise<AlarmTransitionNotice> {
  const { id } = await context.transaction
    .insertInto('alarmTransition')
    .values({
      alarmId: alarm.id,
      fromState: row.from,
      toState: row.to,
      event: row.event,
      atMs: row.atMs,
      recordedAtMs: context.nowMs,
      person: row.person,
      note: row.note,
      valueJson: JSON.stringify(row.value),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await appendAudit(
    context.transaction,
    {
      actor: row.person ?? 'system',
      action: `alarm.${row.event}`,
      entity: `alarm:${alarm.id}`,
      before: { state: row.from },
      after: { state: row.to, condition: alarm.condition, atMs: row.atMs, value: row.value, note: row.note },
    },
    context.nowMs,
  )
  const { event, from, to, atMs, person } = row
  await context.queueNotices(context.transaction, { id, event, from, to, atMs, person, alarm }, context.nowMs)
  return {
    transitionId: id,
    alarmId: alarm.id,
    incidentId: alarm.incidentId,
    incidentOpened,
    roomId: alarm.roomId,
    priority: alarm.priority as AlarmTransitionNotice['priority'],
    state: row.to,
    event: row.event,
    drill: alarm.drill === 1,
  }
}

export async function updateAlarm(transaction: Db, alarmId: number, changes: Partial<Omit<AlarmRow, 'id'>>): Promise<void> {
  await transaction.updateTable('alarm').set(changes).where('id', '=', alarmId).execute()
}

/**
 * The incident of an alarm that people are told of. A consequence joins that of its cause; what is shelved or out of service gets none
 * until it is released: somebody is at work on it.
 */
export async function openIncident(
  context: ApplyContext,
  alarm: AlarmRow,
  signal: AlarmSignal,
): Promise<{ alarm: AlarmRow; opened: boolean }> {
  // A drill is no fault.
  if (alarm.drill === 1 || alarm.state === 'SHLVD' || alarm.state === 'OOSRV') return { alarm, opened: false }
  if (alarm.state === 'DSUPR' && alarm.causeId !== null) {
    const incidentId = await joinCause(context, alarm, alarm.causeId)
    if (incidentId !== null) return { alarm: { ...alarm, incidentId }, opened: false }
  }
  // An incident is of a machine room; what hinders the telling is not.
  const isOwn = signal.source === 'channel' || signal.source === 'roster'
  if (isOwn || (signal.priority !== 'high' && signal.priority !== 'critical')) return { alarm, opened: false }
  const attached = await context.attachIncident(context.transaction, { ...signal, id: alarm.id }, context.nowMs)
  if (!attached) return { alarm, opened: false }
  const { incidentId, opened } = attached
  if (alarm.incidentId !== incidentId) await updateAlarm(context.transaction, alarm.id, { incidentId })
  return { alarm: { ...alarm, incidentId }, opened }
}

/** The open incident of the cause, joined; null when the cause has none. One that had its own incident before keeps it. */
async function joinCause({ transaction, nowMs }: ApplyContext, alarm: AlarmRow, causeId: number): Promise<number | null> {
  if (alarm.incidentId !== null) return alarm.incidentId
  const cause = await transaction
    .selectFrom('alarm')
    .innerJoin('incident', 'incident.id', 'alarm.incidentId')
    .select('incident.id')
    .where('alarm.id', '=', causeId)
    .where('incident.state', '=', 'open')
    .executeTakeFirst()
  if (!cause) return null
  await transaction
    .insertInto('incidentAlarm')
    .values({ incidentId: cause.id, alarmId: alarm.id, reason: 'same-power-event', attachedAtMs: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await updateAlarm(transaction, alarm.id, { incidentId: cause.id })
  const { condition, priority } = alarm
  const after = { alarmId: alarm.id, reason: 'same-power-event', condition, priority }
  await appendAudit(transaction, { actor: 'system', action: 'incident.join', entity: `incident:${cause.id}`, after }, nowMs)
  return cause.id
}

/** The alarm as its own signal, for what is decided long after it was raised. */
export function signalOf(alarm: AlarmRow): AlarmSignal {
  return {
    source: alarm.source as AlarmSource,
    sourceId: alarm.sourceId,
    condition: alarm.condition as AlarmCondition,
    priority: alarm.priority as AlarmPriority,
    atMs: alarm.lastEventAtMs,
    value: JSON.parse(alarm.valueJson) as ReadingValue,
    limit: JSON.parse(alarm.limitJson) as ReadingValue,
    late: alarm.late === 1,
    roomId: alarm.roomId,
    deviceId: alarm.deviceId,
    pointId: alarm.pointId,
    latching: alarm.latching === 1,
    drill: alarm.drill === 1,
  }
}
