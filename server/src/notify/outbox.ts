import { randomUUID } from 'node:crypto'
import type { NoticeKind } from '@roomkeeper/shared/model'
import type { ExpressionBuilder } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import type { Notice } from './channels/channel.ts'
import type { NoticeText } from './render/alarm-notice.ts'
import type { NoticeRecipient } from './stages/recipients.ts'
import { rankOf } from './transition.ts'

/** A mail server may be away for a day and a night; others are told in its place long before a notice is given up (replace.ts). */
export const GIVE_UP_MS = 48 * 3_600_000

/** Kinds that call for an acknowledgement. */
export const CALLS: readonly NoticeKind[] = ['raise', 're-alarm', 'escalation', 'drill']

/** What the row keeps of the notice besides its words. */
export type NoticeDetail = Pick<Notice, 'url' | 'replyCode' | 'atMs' | 'facts'> & {
  /** In the dashboard; becomes the `url` when it is sent, by the address that the server has then. */
  path?: string
  /** Rows of `reportFile`. */
  fileIds?: readonly number[]
}

export interface NewNotice extends NoticeText {
  /** With channel and person: the same is queued once only. */
  key: string
  to: NoticeRecipient
  kind: NoticeKind
  priority: string
  alarmId: number | null
  transitionId: number | null
  incidentId: number | null
  tier: number
  detail: NoticeDetail
}

/** Writes one row of the outbox; undefined: it is there already. */
export async function queueNotice(transaction: Db, notice: NewNotice, nowMs: number): Promise<number | undefined> {
  const { key, to, title, text, detail, kind, priority, alarmId, transitionId, incidentId, tier } = notice
  const row = await transaction
    .insertInto('outbox')
    .values({
      noticeId: randomUUID(),
      dedupeKey: dedupeKeyOf(key, to),
      alarmId,
      transitionId,
      incidentId,
      kind,
      priority,
      urgency: rankOf(priority),
      channelId: to.channelId,
      accountId: to.accountId,
      personName: to.name,
      address: to.address,
      language: to.language,
      tier,
      title,
      text,
      detailJson: JSON.stringify(detail),
      state: 'pending',
      answer: '',
      attempts: 0,
      createdAtMs: nowMs,
      nextAttemptAtMs: nowMs,
      deadlineAtMs: nowMs + GIVE_UP_MS,
      claimedUntilMs: null,
      finishedAtMs: null,
      replacedAtMs: null,
    })
    .onConflict((conflict) => conflict.column('dedupeKey').doNothing())
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

export function dedupeKeyOf(key: string, to: Pick<NoticeRecipient, 'channelId' | 'accountId'>): string {
  return `${key}/${to.channelId}/${to.accountId ?? 'place'}`
}

/** Calls of this alarm that nobody needs any more. What is being sent, or may have arrived, is left alone. */
export async function cancelCalls(transaction: Db, alarmId: number, why: string, nowMs: number): Promise<void> {
  await transaction
    .updateTable('outbox')
    .set({ state: 'cancelled', answer: why, finishedAtMs: nowMs })
    .where('alarmId', '=', alarmId)
    .where('state', '=', 'pending')
    .where('kind', 'in', [...CALLS])
    .where((where) => where.or([where('claimedUntilMs', 'is', null), where('claimedUntilMs', '<', nowMs)]))
    .where((where) => where.not(where.exists(uncertainAttempt(where))))
    .execute()
}

/** Whoever has been told of the alarm, or may have been. */
export async function toldOf(transaction: Db, alarmId: number): Promise<NoticeRecipient[]> {
  const rows = await transaction
    .selectFrom('outbox')
    .select(['channelId', 'accountId', 'personName', 'address', 'language'])
    .where('alarmId', '=', alarmId)
    .where('kind', 'in', [...CALLS])
    .where((where) =>
      where.or([
        where('state', '=', 'sent'),
        where.and([
          where('state', '=', 'pending'),
          where.or([where('claimedUntilMs', 'is not', null), where.exists(uncertainAttempt(where))]),
        ]),
      ]),
    )
    .orderBy('id')
    .execute()
  const summarised = await transaction
    .selectFrom('noticeLater')
    .innerJoin('outbox', 'outbox.id', 'noticeLater.outboxId')
    .select(['outbox.channelId', 'outbox.accountId', 'outbox.personName', 'outbox.address', 'outbox.language'])
    .where('noticeLater.alarmId', '=', alarmId)
    .where('noticeLater.event', '<>', 'clear')
    .where('outbox.state', 'in', ['sent', 'pending'])
    .execute()
  const found = new Map<string, NoticeRecipient>()
  for (const { personName, language, ...row } of [...rows, ...summarised])
    found.set(dedupeKeyOf('', row), { ...row, name: personName, language: language === 'en' ? 'en' : 'zh' })
  return [...found.values()]
}

/** Whether a call of this alarm, its own or in a summary, is still to reach this recipient at this address. */
export async function isOnItsWay(transaction: Db, alarmId: number, to: NoticeRecipient): Promise<boolean> {
  const account = to.accountId === null ? 'is' : '='
  const own = await transaction
    .selectFrom('outbox')
    .select('id')
    .where('alarmId', '=', alarmId)
    .where('state', '=', 'pending')
    .where('kind', 'in', [...CALLS])
    .where('channelId', '=', to.channelId)
    .where('accountId', account, to.accountId)
    .where('address', '=', to.address)
    .limit(1)
    .executeTakeFirst()
  if (own) return true
  const summed = await transaction
    .selectFrom('noticeLater')
    .leftJoin('outbox', 'outbox.id', 'noticeLater.outboxId')
    .select('noticeLater.id')
    .where('noticeLater.alarmId', '=', alarmId)
    .where('noticeLater.event', '<>', 'clear')
    .where('noticeLater.channelId', '=', to.channelId)
    .where('noticeLater.accountId', account, to.accountId)
    .where((where) =>
      where.or([
        where('noticeLater.outboxId', 'is', null),
        where.and([where('outbox.state', '=', 'pending'), where('outbox.address', '=', to.address)]),
      ]),
    )
    .limit(1)
    .executeTakeFirst()
  return summed !== undefined
}

/** An attempt at the row of which nobody knows whether it arrived. */
function uncertainAttempt(outbox: ExpressionBuilder<Database, 'outbox'>) {
  return outbox
    .selectFrom('outboxAttempt')
    .select('outboxAttempt.id')
    .whereRef('outboxAttempt.outboxId', '=', 'outbox.id')
    .where((where) => where.or([where('outboxAttempt.endedAtMs', 'is', null), where('outboxAttempt.outcome', '=', 'unknown')]))
}
