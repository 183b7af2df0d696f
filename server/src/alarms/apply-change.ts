import { type AlarmEvent, type AlarmPriority, type AlarmState, type ReadingValue, SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { isMoment } from '../paper/paper-cover.ts'
import type { AlarmChange, AlarmSignal, AlarmTransitionNotice } from './alarm-types.ts'
import { type AlarmRow, type ApplyContext, openIncident, recordTransition, updateAlarm } from './record-transition.ts'
import type { Silence, SilenceSubject } from './silence/wanted-silence.ts'
import { type Stretch, standingStretches } from './standing.ts'
import { isSilent, nextState } from './transition-table.ts'

/**
 * Applies one change inside a transaction and returns what to tell afterwards. A live reading is judged once, so its events count
 * even when the device's clock was set back; what a replay tells (`excursion`, `began-earlier`) may have been told before and is
 * recognised by its times.
 */
export async function applyChange(context: ApplyContext, change: AlarmChange): Promise<AlarmTransitionNotice[]> {
  const open = await findOpen(context.transaction, change.signal)
  switch (change.kind) {
    case 'raise':
      return open && !isNextMoment(open) ? recur(context, open, change.signal) : raiseNew(context, change.signal)
    case 'clear':
    case 're-alarm':
    case 'step-down':
      return open ? move(context, open, change.kind, change.signal) : []
    case 'began-earlier':
      if (!open) return raiseNew(context, change.signal)
      // It had returned, and came back within the replayed stretch.
      if (open.active === 0 && isMoment(open.condition)) return raiseNew(context, change.signal)
      if (open.active === 0) return recur(context, open, change.signal)
      return beganEarlier(context, open, (await stretchesOf(context.transaction, open)).length - 1, change.signal)
    case 'excursion':
      return pastExcursion(context, change.signal, Math.max(change.signal.atMs, change.endedAtMs))
  }
}

/** A door is opened again: whether that has its paper is another question than whether the opening before had. */
function isNextMoment(open: AlarmRow): boolean {
  return open.active === 0 && isMoment(open.condition)
}

/** The row that stands; otherwise the silent one, or the newest that waits for an acknowledgement. A late occurrence may lie beside either. */
async function findOpen(transaction: Db, signal: AlarmSignal): Promise<AlarmRow | undefined> {
  const open = await ofAlarm(transaction, signal).where('state', '<>', 'NORM').orderBy('raisedAtMs', 'desc').execute()
  return open.find(({ active }) => active === 1) ?? open.find(({ state }) => isSilent(state)) ?? open[0]
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
  // The same occurrence again, or one that began and ended within a millisecond.
  if (await beganAt(context.transaction, signal)) return []
  const subject = await subjectOfSignal(context, signal, 'NORM')
  const silence = await context.silence.wanted(subject)
  const alarm = await insertAlarm(context, signal, silence)
  const incident = await openIncident(context, alarm, signal)
  return [await record(context, subject, incident.alarm, { event: 'raise', from: 'NORM', at: signal, silence }, incident.opened)]
}

async function recur(context: ApplyContext, open: AlarmRow, signal: AlarmSignal): Promise<AlarmTransitionNotice[]> {
  const from = open.state as AlarmState
  const raised = nextState(from, 'raise', { active: open.active === 1 })
  if (!raised) return []
  const subject = await subjectOfSignal(context, signal, isSilent(from) ? from : 'NORM', open)
  // In a silent state it stays there; out of RTNUN it may come back under a hold.
  const silence = isSilent(raised) ? null : await context.silence.wanted(subject)
  const changes = {
    state: silence?.state ?? raised,
    active: 1,
    priority: signal.priority,
    latching: signal.latching ? 1 : 0,
    clearedAtMs: null,
    lastEventAtMs: signal.atMs,
    valueJson: JSON.stringify(signal.value),
    ...(silence && { holdId: silence.holdId, windowId: silence.windowId, causeId: silence.causeId, recordId: silence.recordId }),
  }
  await updateAlarm(context.transaction, open.id, changes)
  const incident = await openIncident(context, { ...open, ...changes }, signal)
  return [await record(context, subject, incident.alarm, { event: 'raise', from, at: signal, silence }, incident.opened)]
}

async function move(
  context: ApplyContext,
  open: AlarmRow,
  event: 'clear' | 're-alarm' | 'step-down',
  signal: AlarmSignal,
): Promise<AlarmTransitionNotice[]> {
  const from = open.state as AlarmState
  const to = nextState(from, event, { active: open.active === 1, latching: open.latching === 1 })
  if (!to) return []
  const changes =
    event === 'clear'
      ? { state: to, active: 0, clearedAtMs: signal.atMs, lastEventAtMs: Math.max(signal.atMs, open.lastEventAtMs) }
      : { state: to, priority: signal.priority, valueJson: JSON.stringify(signal.value) }
  await updateAlarm(context.transaction, open.id, changes)
  const moved = { ...open, ...changes }
  if (event === 're-alarm' && to === 'SHLVD') await shortenShelf(context, moved)
  // It may have become severe enough for an incident of its own.
  const incident = event === 're-alarm' ? await openIncident(context, moved, signal) : { alarm: moved, opened: false }
  const subject = await context.silence.subjectOf(incident.alarm)
  return [await record(context, subject, incident.alarm, { event, from, at: signal, silence: null }, incident.opened)]
}

/** The more urgent, the sooner somebody looks again: one that became more severe stays shelved no longer than it could be shelved for now. */
async function shortenShelf({ transaction, nowMs }: ApplyContext, { holdId, priority }: AlarmRow): Promise<void> {
  const latestMs = nowMs + SHELVE_MAX_HOURS[priority as AlarmPriority] * 3_600_000
  const hold = await transaction
    .updateTable('alarmHold')
    .set({ untilMs: latestMs, announcedAtMs: null })
    .where('id', '=', holdId)
    .where('endedAtMs', 'is', null)
    .where('untilMs', '>', latestMs)
    .returning('id')
    .executeTakeFirst()
  if (!hold) return
  const after = { untilMs: latestMs, priority, reason: 'it became more severe' }
  await appendAudit(transaction, { actor: 'system', action: 'shelve.shorten', entity: `hold:${hold.id}`, after }, nowMs)
}

/** The state stays; the beginning of that stretch is put right. */
async function beganEarlier(context: ApplyContext, alarm: AlarmRow, index: number, signal: AlarmSignal): Promise<AlarmTransitionNotice[]> {
  const stretches = await stretchesOf(context.transaction, alarm)
  const [stretch, before] = [stretches[index], stretches[index - 1]]
  if (!stretch || signal.atMs >= stretch.fromMs || signal.atMs <= (before?.toMs ?? Number.NEGATIVE_INFINITY)) return []
  const isFirst = index === 0
  if (isFirst && (await beganAt(context.transaction, signal))) return []
  if (isFirst) await updateAlarm(context.transaction, alarm.id, { raisedAtMs: signal.atMs })
  // Transitions speak of the latest stretch; the beginning of an older one stands in the row only.
  if (index !== stretches.length - 1) return []
  const state = alarm.state as AlarmState
  const corrected = isFirst ? { ...alarm, raisedAtMs: signal.atMs } : alarm
  const subject = await context.silence.subjectOf(corrected)
  return [await record(context, subject, corrected, { event: 'late-raise', from: state, at: signal, silence: null }, false)]
}

/**
 * An excursion that is over: it still needs a person's eyes, so it stands as returned-unacknowledged. One that fell into a time in which it
 * would have been silent is only written down.
 */
async function pastExcursion(context: ApplyContext, signal: AlarmSignal, endedAtMs: number): Promise<AlarmTransitionNotice[]> {
  const known = await findTouching(context.transaction, signal, signal.atMs, endedAtMs)
  if (known) return beganEarlier(context, known.alarm, known.index, signal)
  if (await beganAt(context.transaction, signal)) return []
  const subject = await subjectOfSignal(context, signal, 'NORM')
  const silence = await context.silence.wantedAt(subject, signal.atMs)
  const alarm = await insertAlarm(context, signal, silence)
  const incident = await openIncident(context, alarm, signal)
  const past = { event: 'late-raise' as const, from: 'NORM' as const, at: signal, silence }
  const raised = await record(context, subject, incident.alarm, past, incident.opened)
  const changes = {
    state: silence ? 'NORM' : 'RTNUN',
    active: 0,
    clearedAtMs: endedAtMs,
    lastEventAtMs: endedAtMs,
    holdId: null,
    windowId: null,
  }
  await updateAlarm(context.transaction, alarm.id, changes)
  const end = {
    event: 'late-clear' as const,
    from: silence?.state ?? ('UNACK' as const),
    at: { ...signal, atMs: endedAtMs },
    silence: null,
  }
  return [raised, await record(context, subject, { ...incident.alarm, ...changes }, end, false)]
}

async function insertAlarm(context: ApplyContext, signal: AlarmSignal, silence: Silence | null): Promise<AlarmRow> {
  return context.transaction
    .insertInto('alarm')
    .values({
      source: signal.source,
      sourceId: signal.sourceId,
      condition: signal.condition,
      priority: signal.priority,
      state: silence?.state ?? 'UNACK',
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
      active: 1,
      latching: signal.latching ? 1 : 0,
      drill: signal.drill ? 1 : 0,
      holdId: silence?.holdId ?? null,
      windowId: silence?.windowId ?? null,
      causeId: silence?.causeId ?? null,
      recordId: silence?.recordId ?? null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The alarm as it is about to be raised. */
async function subjectOfSignal(context: ApplyContext, signal: AlarmSignal, state: AlarmState, open?: AlarmRow): Promise<SilenceSubject> {
  const { atMs, value, ...rest } = signal
  const row = { ...rest, id: open?.id ?? 0, state, active: 1, lastEventAtMs: atMs, raisedAtMs: atMs, valueJson: JSON.stringify(value) }
  const { causeId, recordId } = open ?? { causeId: null, recordId: null }
  return context.silence.subjectOf({ ...row, recordedAtMs: context.nowMs, causeId, recordId })
}

async function record(
  context: ApplyContext,
  subject: SilenceSubject,
  alarm: AlarmRow,
  { event, from, at, silence }: { event: AlarmEvent; from: AlarmState; at: { atMs: number; value: ReadingValue }; silence: Silence | null },
  incidentOpened: boolean,
): Promise<AlarmTransitionNotice> {
  const to = alarm.state as AlarmState
  context.silence.noteChange(subject, from, to)
  const row = { event, from, to, atMs: at.atMs, value: at.value, person: null, note: silence?.note ?? null }
  return recordTransition(context, alarm, row, incidentOpened)
}
