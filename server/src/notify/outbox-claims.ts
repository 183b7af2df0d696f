import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import { isMoment } from '../paper/paper-cover.ts'
import { CALLS } from './outbox.ts'
import { silentWords } from './stages/silence.ts'

export type OutboxRow = Selectable<Database['outbox']>

/** One attempt takes no longer. */
export const ATTEMPT_MS = 30_000
/** After a kill the row is anybody's again so much later than its attempt could have ended. */
export const LEASE_MS = ATTEMPT_MS + 15_000

/** Rows of a channel whose turn it is: the urgent first, then the oldest. */
export async function dueRows(db: Db, channelId: number, limit: number, nowMs: number): Promise<number[]> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'pending')
    .where('channelId', '=', channelId)
    .where('nextAttemptAtMs', '<=', nowMs)
    .where((where) => where.or([where('claimedUntilMs', 'is', null), where('claimedUntilMs', '<=', nowMs)]))
    .orderBy('urgency', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

export type Claim = { row: OutboxRow; attemptId: number } | { row: OutboxRow; cancelled: string } | undefined

/**
 * Takes the row for one attempt and writes that attempt down before it is made, so that a kill in between is seen. Gives up a call that
 * nobody needs any more. undefined: somebody else has it.
 */
export async function claimRow(db: Db, outboxId: number, nowMs: number): Promise<Claim> {
  return db.transaction().execute(async (transaction): Promise<Claim> => {
    const row = await transaction
      .updateTable('outbox')
      .set((set) => ({ claimedUntilMs: nowMs + LEASE_MS, attempts: set('attempts', '+', 1) }))
      .where('id', '=', outboxId)
      .where('state', '=', 'pending')
      .where((where) => where.or([where('claimedUntilMs', 'is', null), where('claimedUntilMs', '<=', nowMs)]))
      .returningAll()
      .executeTakeFirst()
    if (!row) return undefined
    // The attempt of one that was killed: nobody knows whether it arrived.
    await transaction
      .updateTable('outboxAttempt')
      .set({ endedAtMs: nowMs, outcome: 'unknown', text: '程序中断，结果未知 · cut short, its outcome is unknown' })
      .where('outboxId', '=', outboxId)
      .where('endedAtMs', 'is', null)
      .execute()
    const needless = await whyNeedless(transaction, row)
    if (needless !== undefined) {
      const end = { state: 'cancelled', answer: needless, finishedAtMs: nowMs, claimedUntilMs: null }
      await transaction.updateTable('outbox').set(end).where('id', '=', outboxId).execute()
      return { row: { ...row, ...end }, cancelled: needless }
    }
    const attempt = await transaction
      .insertInto('outboxAttempt')
      .values({ outboxId, startedAtMs: nowMs, endedAtMs: null, outcome: 'unknown', text: '' })
      .returning('id')
      .executeTakeFirstOrThrow()
    return { row, attemptId: attempt.id }
  })
}

/** Why a call need not be sent any more: the channel is off, or the alarm is settled. A late excursion is told although it is over. */
async function whyNeedless(transaction: Db, row: OutboxRow): Promise<string | undefined> {
  const channel = await transaction
    .selectFrom('channel')
    .select(['enabled', 'removedAtMs'])
    .where('id', '=', row.channelId)
    .executeTakeFirst()
  if (channel?.enabled !== 1 || channel.removedAtMs !== null) return OFF
  if (row.alarmId === null || !CALLS.includes(row.kind as (typeof CALLS)[number])) return undefined
  const alarm = await transaction
    .selectFrom('alarm')
    .select(['state', 'acknowledgedBy', 'acknowledgedAtMs', 'late', 'condition'])
    .where('id', '=', row.alarmId)
    .executeTakeFirst()
  if (!alarm) return undefined
  // Acknowledged since it was queued; an earlier acknowledgement was of an earlier call.
  if ((alarm.state === 'ACKED' || alarm.state === 'NORM') && (alarm.acknowledgedAtMs ?? 0) >= row.createdAtMs)
    return `已由 ${alarm.acknowledgedBy ?? ''} 确认 / acknowledged by ${alarm.acknowledgedBy ?? ''} before it was sent`
  const silent = silentWords(alarm.state)
  if (silent !== undefined) return silent
  // A door that was opened and shut again was opened all the same.
  if (alarm.state === 'RTNUN' && alarm.late === 0 && !isMoment(alarm.condition)) return '发送前已恢复 / cleared before it was sent'
  return undefined
}

export const OFF = '通道已停用 / the channel is switched off'

export interface AttemptEnd {
  outcome: 'sent' | 'failed' | 'unknown'
  text: string
  /** When to try again; null: never. */
  retryAtMs: number | null
}

/** Writes down how an attempt ended. Returns the row's new state. */
export async function endAttempt(db: Db, outboxId: number, attemptId: number, end: AttemptEnd, nowMs: number): Promise<string> {
  return db.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('outboxAttempt')
      .set({ endedAtMs: nowMs, outcome: end.outcome, text: end.text })
      .where('id', '=', attemptId)
      .execute()
    const state = end.outcome === 'sent' ? 'sent' : end.retryAtMs === null ? 'failed' : 'pending'
    await transaction
      .updateTable('outbox')
      .set({
        state,
        answer: end.text,
        claimedUntilMs: null,
        ...(state === 'pending' ? { nextAttemptAtMs: end.retryAtMs ?? nowMs } : { finishedAtMs: nowMs }),
      })
      .where('id', '=', outboxId)
      .where('state', '=', 'pending')
      .execute()
    return state
  })
}
