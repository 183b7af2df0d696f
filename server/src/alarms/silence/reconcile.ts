import type { AlarmState, ReadingValue } from '@roomkeeper/shared/model'
import { SILENT_STATES } from '@roomkeeper/shared/model'
import { appendAudit } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { isAwaited } from '../../paper/paper-words.ts'
import type { AlarmTransitionNotice } from '../alarm-types.ts'
import { type AlarmRow, type ApplyContext, openIncident, recordTransition, signalOf, updateAlarm } from '../record-transition.ts'
import { isSilent, nextState } from '../transition-table.ts'
import { type SilenceContext, subjectFrom } from './silence-context.ts'
import { POWER_KINDS } from './suppression-rules.ts'
import { type Silence, type SilenceFacts, wantedSilence } from './wanted-silence.ts'

/** An alarm as it is, with what its point is. */
type Candidate = AlarmRow & { kind: string | null; key: string | null }

/** Moved in one transaction; a room with thousands of alarms must not hold the database for long. */
export const RECONCILE_BATCH = 200

/** Holds whose time is over end for good: a clock that is set back later does not bring them to life again. */
export async function endOverdueHolds(transaction: Db, nowMs: number): Promise<void> {
  const ended = await transaction
    .updateTable('alarmHold')
    .set({ endedAtMs: nowMs })
    .where('endedAtMs', 'is', null)
    .where('untilMs', '<=', nowMs)
    .returning(['id', 'kind', 'untilMs'])
    .execute()
  for (const { id, kind, untilMs } of ended)
    await appendAudit(transaction, { actor: 'system', action: `${kind}.end`, entity: `hold:${id}`, after: { untilMs } }, nowMs)
}

/** Whether any alarm is silent that should not be, or the other way round. Reads only. */
export async function hasMisplaced(silence: SilenceContext, db: Db): Promise<boolean> {
  const { holds, windows } = await silence.holdsAndWindows()
  if (holds.length === 0 && windows.length === 0) {
    // A new cause folds its consequences in its own transaction: without silent alarms, and without those that a paper may still cover,
    // there is nothing to move.
    const silent = await db.selectFrom('alarm').select('id').where('state', 'in', SILENT_STATES).limit(1).executeTakeFirst()
    if (!silent && !(await silence.awaiting().limit(1).executeTakeFirst())) return false
  }
  const facts = await silence.facts()
  return (await candidates(silence, db, facts)).some(
    (row) => !isInPlace(row, wantedSilence(subjectFrom(row, pointOf(row)), facts, silence.nowMs)),
  )
}

/**
 * Moves every alarm to where it should be by what is stored and the time; at most `RECONCILE_BATCH` of them. The earliest first: one that
 * is released and tells of a cause folds those after it.
 */
export async function reconcile(context: ApplyContext): Promise<AlarmTransitionNotice[]> {
  const notices: AlarmTransitionNotice[] = []
  const { silence, transaction } = context
  let facts = await silence.facts()
  for (const row of await candidates(silence, transaction, facts)) {
    if (notices.length >= RECONCILE_BATCH) break
    const subject = subjectFrom(row, pointOf(row))
    const wanted = wantedSilence(subject, facts, silence.nowMs)
    if (isInPlace(row, wanted)) continue
    const notice = wanted ? await goSilent(context, row, wanted) : await release(context, row)
    if (!notice) continue
    notices.push(notice)
    silence.noteChange(subject, subject.state, notice.state)
    facts = await silence.facts()
  }
  return notices
}

function isInPlace(row: AlarmRow, wanted: Silence | null): boolean {
  if (wanted === null) return !isSilent(row.state)
  const { state, holdId, windowId, causeId, recordId } = wanted
  return row.state === state && row.holdId === holdId && row.windowId === windowId && row.causeId === causeId && row.recordId === recordId
}

/** undefined: it is silent for another reason now, in the same state. */
async function goSilent(context: ApplyContext, row: AlarmRow, wanted: Silence): Promise<AlarmTransitionNotice | undefined> {
  const { holdId, windowId, causeId, recordId, event, person, note } = wanted
  const from = row.state as AlarmState
  const to = from === wanted.state ? from : nextState(from, event)
  if (to === undefined) return undefined
  const changes = { state: to, holdId, windowId, causeId, recordId }
  await updateAlarm(context.transaction, row.id, changes)
  if (from === to) return undefined
  const { alarm } = await openIncident(context, { ...onlyAlarm(row), ...changes }, signalOf(row))
  return recordTransition(context, alarm, { event, from, to, atMs: context.nowMs, value: null, person, note }, false)
}

async function release(context: ApplyContext, row: AlarmRow): Promise<AlarmTransitionNotice | undefined> {
  const from = row.state as AlarmState
  // A door that was opened and shut while its paper was awaited: it never came, and a person has to be told and to see it.
  const isOwed = row.latching === 1 || isAwaited(row)
  const to = nextState(from, 'release', { active: row.active === 1, latching: isOwed })
  if (to === undefined) return undefined
  // What had its paper until it was over keeps it.
  const changes = { state: to, holdId: null, windowId: null, causeId: null, recordId: to === 'NORM' ? row.recordId : null }
  await updateAlarm(context.transaction, row.id, changes)
  const alarm = { ...onlyAlarm(row), ...changes }
  const incident = to === 'UNACK' ? await openIncident(context, alarm, signalOf(row)) : { alarm, opened: false }
  const person = await whoEnded(context.transaction, row.holdId)
  const value = JSON.parse(row.valueJson) as ReadingValue
  const note = to === 'NORM' || row.recordId === null ? null : await endedPaper(context.transaction, row.recordId)
  return recordTransition(
    context,
    incident.alarm,
    { event: 'release', from, to, atMs: context.nowMs, value, person, note },
    incident.opened,
  )
}

async function endedPaper(transaction: Db, recordId: number): Promise<string | null> {
  const record = await transaction.selectFrom('registerRecord').select('number').where('id', '=', recordId).executeTakeFirst()
  return record ? `${record.number} 已不再有效 / ${record.number} covers it no longer` : null
}

async function whoEnded(transaction: Db, holdId: number | null): Promise<string | null> {
  if (holdId === null) return null
  const hold = await transaction.selectFrom('alarmHold').select('endedBy').where('id', '=', holdId).executeTakeFirst()
  return hold?.endedBy ?? null
}

/** Alarms that are silent, and those that may have to be. */
async function candidates(silence: SilenceContext, db: Db, { holds, windows, causes, papers }: SilenceFacts): Promise<Candidate[]> {
  const scopes = [...holds, ...windows]
  const idsOf = (scope: string): number[] => scopes.filter((one) => one.scope === scope).map(({ scopeId }) => scopeId)
  const roomsOfCauses = causes.filter(({ goneAtMs }) => goneAtMs === null).map(({ roomId }) => roomId)
  const single = holds.filter(({ scope }) => scope === 'alarm')
  return db
    .selectFrom('alarm')
    .leftJoin('point', 'point.id', 'alarm.pointId')
    .selectAll('alarm')
    .select(['point.kind', 'point.key'])
    .where('alarm.state', '<>', 'NORM')
    .where('alarm.state', '<>', 'RTNUN')
    .where((where) =>
      where.or([
        where('alarm.state', 'in', SILENT_STATES),
        ...(['point', 'device', 'room'] as const).flatMap((scope) =>
          idsOf(scope).length > 0 ? [where(`alarm.${scope}Id`, 'in', idsOf(scope))] : [],
        ),
        ...single.map(({ source, sourceId, condition }) =>
          where.and([
            where('alarm.source', '=', source),
            where('alarm.sourceId', '=', sourceId),
            where('alarm.condition', '=', condition ?? ''),
          ]),
        ),
        ...(papers.length > 0 ? [where('alarm.id', 'in', silence.awaiting().clearSelect().select('alarm.id'))] : []),
        ...(roomsOfCauses.length > 0
          ? [where.and([where('alarm.roomId', 'in', roomsOfCauses), where('point.kind', 'in', POWER_KINDS)])]
          : []),
      ]),
    )
    .orderBy('alarm.lastEventAtMs')
    .orderBy('alarm.id')
    .execute()
}

function pointOf({ kind, key }: Candidate): { kind: string; key: string } | undefined {
  return kind === null || key === null ? undefined : { kind, key }
}

/** Without the columns of its point. */
function onlyAlarm(row: AlarmRow & { kind?: unknown; key?: unknown }): AlarmRow {
  const { kind: _kind, key: _key, ...alarm } = row
  return alarm
}
