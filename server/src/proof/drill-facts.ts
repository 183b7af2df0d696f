import type { Drill } from '@roomkeeper/shared/http'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import { CALLS } from '../notify/outbox.ts'
import type { Reason } from './decide-drill.ts'

type DrillRow = Selectable<Database['drill']>

export interface StoredDrillFacts {
  alarmId: number | null
  raisedAtMs: number | null
  firstSentAtMs: number | null
  acknowledged: { atMs: number; person: string } | null
  notices: { sent: number; failed: number; pending: number }
  /** The last words of a channel that did not take it. */
  refusal: string
}

/** What the database holds of a drill, from its test reading to its end. */
export async function loadDrillFacts(db: Db, drill: DrillRow): Promise<StoredDrillFacts> {
  const untilMs = drill.endedAtMs ?? Number.MAX_SAFE_INTEGER
  const transitions = await db
    .selectFrom('alarmTransition')
    .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
    .select(['alarmTransition.alarmId', 'alarmTransition.event', 'alarmTransition.toState', 'alarmTransition.recordedAtMs'])
    .select('alarmTransition.person')
    .where('alarm.drill', '=', 1)
    .where('alarmTransition.recordedAtMs', '>=', drill.startedAtMs)
    .where('alarmTransition.recordedAtMs', '<=', untilMs)
    .orderBy('alarmTransition.id')
    .execute()
  const began = transitions.findIndex(({ event }) => event === 'raise')
  const raised = transitions[began]
  const none = { sent: 0, failed: 0, pending: 0 }
  if (!raised) return { alarmId: null, raisedAtMs: null, firstSentAtMs: null, acknowledged: null, notices: none, refusal: '' }
  const acknowledgement = transitions.slice(began).find(({ event, alarmId }) => event === 'acknowledge' && alarmId === raised.alarmId)
  const rows = await db
    .selectFrom('outbox')
    .select(['state', 'finishedAtMs', 'answer'])
    .where('alarmId', '=', raised.alarmId)
    .where('kind', 'in', [...CALLS])
    .where('createdAtMs', '>=', drill.startedAtMs)
    .where('createdAtMs', '<=', untilMs)
    .orderBy('id')
    .execute()
  const count = (state: string): number => rows.filter((row) => row.state === state).length
  const sent = rows.flatMap(({ state, finishedAtMs }) => (state === 'sent' && finishedAtMs !== null ? [finishedAtMs] : []))
  return {
    alarmId: raised.alarmId,
    raisedAtMs: raised.recordedAtMs,
    firstSentAtMs: sent.length === 0 ? null : Math.min(...sent),
    acknowledged: acknowledgement ? { atMs: acknowledgement.recordedAtMs, person: acknowledgement.person ?? '' } : null,
    notices: { sent: sent.length, failed: count('failed'), pending: count('pending') },
    refusal: rows.findLast(({ state, answer }) => state !== 'sent' && state !== 'cancelled' && answer !== '')?.answer ?? '',
  }
}

/** A drill as people see it. */
export async function toDrill(db: Db, drill: DrillRow): Promise<Drill> {
  const { id, startedBy, startedAtMs, endedAtMs, reasonJson } = drill
  const facts = await loadDrillFacts(db, drill)
  const since = (atMs: number | null | undefined): number | null =>
    atMs === null || atMs === undefined ? null : Math.max(0, atMs - startedAtMs)
  return {
    id,
    state: drill.state as Drill['state'],
    startedBy,
    startedAtMs,
    endedAtMs,
    alarmId: facts.alarmId ?? drill.alarmId,
    detectedMs: since(facts.raisedAtMs),
    firstSentMs: since(facts.firstSentAtMs),
    acknowledgedMs: since(facts.acknowledged?.atMs),
    acknowledgedBy: facts.acknowledged?.person ?? null,
    notices: facts.notices,
    reason: reasonJson === null ? null : (JSON.parse(reasonJson) as Reason),
  }
}
