import type { AlarmEvent, AlarmState, ReadingValue } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { appendAudit } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import type { QueueNotices } from '../notify/pipeline.ts'
import type { AlarmChange, AlarmSignal, AlarmTransitionNotice } from './alarm-types.ts'
import { isStandingState, type Stretch, standingStretches } from './standing.ts'
import { nextState } from './transition-table.ts'

type AlarmRow = Selectable<Database['alarm']>

/** Opens or joins an incident for a raised alarm, inside the alarm's own transaction. */
export type AttachIncident = (
  transaction: Db,
  alarm: AlarmSignal & { id: number },
  nowMs: number,
) => Promise<{ incidentId: number; opened: boolean }>

export interface ApplyContext {
  transaction: Db
  nowMs: number
  attachIncident: AttachIncident
  queueNotices: QueueNotices
}

/**
 * Applies one change inside a transaction and returns what to tell afterwards. A live reading is judged once, so its events count
 * even when the device's clock was set back; what a replay tells (`excursion`, `began-earlier`) may have been told before and is
 * recognised by its times.
 */
export async function applyChange(context: ApplyContext, change: AlarmChange): Promise<AlarmTransitionNotice[]> {
  const open = await findOpen(context.transaction, change.signal)
  switch (change.kind) {
    case 'raise':
      return open ? recur(context, open, change.signal) : raiseNew(context, change.signal)
    case 'clear':
    case 're-alarm':
      return open ? move(context, open, change.kind, change.signal) : []
    case 'began-earlier':
      if (!open) return raiseNew(context, change.signal)
      // It had returned, and came back within the replayed stretch.
      if (!isStandingState(open.state)) return recur(context, open, change.signal)
      return beganEarlier(context, open, (await stretchesOf(context.transaction, open)).length - 1, change.signal)
    case 'excursion':
      return pastExcursion(context, change.signal, Math.max(change.signal.atMs, change.endedAtMs))
  }
}

/** The row that stands; otherwise the newest one that waits for an acknowledgement. A late occurrence may lie beside either. */
async function findOpen(transaction: Db, signal: AlarmSignal): Promise<AlarmRow | undefined> {
  const open = await ofAlarm(transaction, signal).where('state', '<>', 'NORM').orderBy('raisedAtMs', 'desc').execute()
  return open.find(({ state }) => isStandingState(state)) ?? open[0]
}

function ofAlarm(transaction: Db, signal: AlarmSignal) {
  return transaction
    .selectFrom('alarm')
    .selectAll()
    .where('source', '=', signal.source)
    .where('sourceId', '=', signal.sourceId)
    .where('condition', '=', signal.condition)
}

async function stretchesOf(transaction: Db, alarm: AlarmRow): Promise<Stretch[]> {
  const rows = await transaction
    .selectFrom('alarmTransition')
    .select(['event', 'fromState', 'toState', 'atMs'])
    .where('alarmId', '=', alarm.id)
    .orderBy('id')
    .execute()
  return standingStretches(rows)
}

/** The stretch of an occurrence that touches [fromMs, toMs]: the same excursion, seen again. */
async function findTouching(transaction: Db, signal: AlarmSignal, fromMs: number, toMs: number) {
  const candidates = await ofAlarm(transaction, signal)
    .where('raisedAtMs', '<=', toMs)
    .where((where) => where.or([where('clearedAtMs', 'is', null), where('clearedAtMs', '>=', fromMs)]))
    .orderBy('raisedAtMs', 'desc')
    .execute()
  for (const alarm of candidates) {
    const stretches = await stretchesOf(transaction, alarm)
    const index = stretches.findIndex((one) => one.fromMs <= toMs && (one.toMs ?? Number.POSITIVE_INFINITY) >= fromMs)
    if (index >= 0) return { alarm, index }
  }
  return undefined
}

/** Two occurrences of one alarm cannot begin in the same millisecond: it is the same one. */
async function beganAt(transaction: Db, signal: AlarmSignal): Promise<boolean> {
  return (await ofAlarm(transaction, signal).where('raisedAtMs', '=', signal.atMs).executeTakeFirst()) !== undefined
}

async function raiseNew(context: ApplyContext, signal: AlarmSignal): Promise<AlarmTransitionNotice[]> {
  if (await beganAt(context.transaction, signal)) return []
  const alarm = await insertAlarm(context, signal)
  const incident = await openIncident(context, alarm, signal)
  return [await record(context, incident.alarm, 'raise', 'NORM', 'UNACK', signal, incident.opened)]
}

async function recur(context: ApplyContext, open: AlarmRow, signal: AlarmSignal): Promise<AlarmTransitionNotice[]> {
  const to = nextState(open.state as AlarmState, 'raise')
  if (!to) return []
  const incident = await openIncident(context, open, signal)
  const changes = { state: to, clearedAtMs: null, lastEventAtMs: signal.atMs, valueJson: JSON.stringify(signal.value) }
  await update(context.transaction, open.id, changes)
  return [await record(context, { ...incident.alarm, ...changes }, 'raise', open.state as AlarmState, to, signal, incident.opened)]
}

async function move(
  context: ApplyContext,
  open: AlarmRow,
  event: 'clear' | 're-alarm',
  signal: AlarmSignal,
): Promise<AlarmTransitionNotice[]> {
  const to = nextState(open.state as AlarmState, event)
  if (!to) return []
  const changes = {
    state: to,
    lastEventAtMs: Math.max(signal.atMs, open.lastEventAtMs),
    ...(event === 'clear' ? { clearedAtMs: signal.atMs } : { valueJson: JSON.stringify(signal.value) }),
  }
  await update(context.transaction, open.id, changes)
  return [await record(context, { ...open, ...changes }, event, open.state as AlarmState, to, signal, false)]
}

/** The state stays; the beginning of that stretch is put right. */
async function beganEarlier(context: ApplyContext, alarm: AlarmRow, index: number, signal: AlarmSignal): Promise<AlarmTransitionNotice[]> {
  const stretches = await stretchesOf(context.transaction, alarm)
  const [stretch, before] = [stretches[index], stretches[index - 1]]
  if (!stretch || signal.atMs >= stretch.fromMs || signal.atMs <= (before?.toMs ?? Number.NEGATIVE_INFINITY)) return []
  const isFirst = index === 0
  if (isFirst && (await beganAt(context.transaction, signal))) return []
  if (isFirst) await update(context.transaction, alarm.id, { raisedAtMs: signal.atMs })
  // Transitions speak of the latest stretch; the beginning of an older one stands in the row only.
  if (index !== stretches.length - 1) return []
  const state = alarm.state as AlarmState
  const corrected = isFirst ? { ...alarm, raisedAtMs: signal.atMs } : alarm
  return [await record(context, corrected, 'late-raise', state, state, signal, false)]
}

/** An excursion that is over: it still needs a person's eyes, so it stands as returned-unacknowledged. */
async function pastExcursion(context: ApplyContext, signal: AlarmSignal, endedAtMs: number): Promise<AlarmTransitionNotice[]> {
  const known = await findTouching(context.transaction, signal, signal.atMs, endedAtMs)
  if (known) return beganEarlier(context, known.alarm, known.index, signal)
  if (await beganAt(context.transaction, signal)) return []
  const alarm = await insertAlarm(context, signal)
  const incident = await openIncident(context, alarm, signal)
  const raised = await record(context, incident.alarm, 'late-raise', 'NORM', 'UNACK', signal, incident.opened)
  const changes = { state: 'RTNUN', clearedAtMs: endedAtMs, lastEventAtMs: endedAtMs }
  await update(context.transaction, alarm.id, changes)
  const after = { ...incident.alarm, ...changes }
  const cleared = await record(context, after, 'late-clear', 'UNACK', 'RTNUN', { ...signal, atMs: endedAtMs }, false)
  return [raised, cleared]
}

async function insertAlarm(context: ApplyContext, signal: AlarmSignal): Promise<AlarmRow> {
  return context.transaction
    .insertInto('alarm')
    .values({
      source: signal.source,
      sourceId: signal.sourceId,
      condition: signal.condition,
      priority: signal.priority,
      state: 'UNACK',
      roomId: signal.roomId,
      deviceId: signal.deviceId,
      pointId: signal.pointId,
      valueJson: JSON.stringify(signal.value),
      limitJson: JSON.stringify(signal.limit),
      raisedAtMs: signal.atMs,
      recordedAtMs: context.nowMs,
      lastEventAtMs: signal.atMs,
      clearedAtMs: null,
      acknowledgedAtMs: null,
      acknowledgedBy: null,
      note: null,
      late: signal.late ? 1 : 0,
      incidentId: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

async function openIncident(context: ApplyContext, alarm: AlarmRow, signal: AlarmSignal): Promise<{ alarm: AlarmRow; opened: boolean }> {
  // An incident is of a machine room; what hinders the telling is not.
  const isOwn = signal.source === 'channel' || signal.source === 'roster'
  if (isOwn || (signal.priority !== 'high' && signal.priority !== 'critical')) return { alarm, opened: false }
  const { incidentId, opened } = await context.attachIncident(context.transaction, { ...signal, id: alarm.id }, context.nowMs)
  if (alarm.incidentId !== incidentId) await update(context.transaction, alarm.id, { incidentId })
  return { alarm: { ...alarm, incidentId }, opened }
}

async function update(transaction: Db, alarmId: number, changes: Partial<Omit<AlarmRow, 'id'>>): Promise<void> {
  await transaction.updateTable('alarm').set(changes).where('id', '=', alarmId).execute()
}

async function record(
  context: ApplyContext,
  alarm: AlarmRow,
  event: AlarmEvent,
  from: AlarmState,
  to: AlarmState,
  at: { atMs: number; value: ReadingValue },
  incidentOpened: boolean,
): Promise<AlarmTransitionNotice> {
  return recordTransition(context, alarm, { event, from, to, atMs: at.atMs, value: at.value, person: null, note: null }, incidentOpened)
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
  }
}
