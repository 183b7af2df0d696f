import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { CALLS, GIVE_UP_MS, queueNotice } from './outbox.ts'

/** A notice that nobody has taken for so long is told in another way too; its own attempts go on. */
export const REPLACE_AFTER_MS = 2 * 60_000

/**
 * Tells the person by their other channels in place of a notice that fails, and when there is none, the next tier of the escalation at
 * once. Done once for each row. Returns whether anything was queued or hurried.
 */
export async function replaceNotice(db: Db, outboxId: number, nowMs: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const row = await transaction
      .updateTable('outbox')
      .set({ replacedAtMs: nowMs })
      .where('id', '=', outboxId)
      .where('replacedAtMs', 'is', null)
      .returningAll()
      .executeTakeFirst()
    // A report is nothing to call people for; that its channel fails is an alarm.
    if (!row || ['test', 'heartbeat', 'report'].includes(row.kind)) return
    const isReached = row.accountId !== null && (await tellOtherwise(transaction, row, row.accountId, nowMs))
    if (isReached || row.alarmId === null || !CALLS.includes(row.kind as (typeof CALLS)[number])) return
    await transaction
      .updateTable('escalation')
      .set({ nextAtMs: nowMs })
      .where('alarmId', '=', row.alarmId)
      .where('nextAtMs', '>', nowMs)
      .execute()
  })
}

type Row = { id: number; dedupeKey: string; channelId: number; [rest: string]: unknown } & Parameters<typeof copyOf>[0]

/** Whether the person is being reached by another channel. */
async function tellOtherwise(transaction: Db, row: Row, accountId: number, nowMs: number): Promise<boolean> {
  const contacts = await transaction
    .selectFrom('contact')
    .innerJoin('account', 'account.id', 'contact.accountId')
    .innerJoin('channel', 'channel.id', 'contact.channelId')
    .select(['contact.channelId', 'account.name', 'contact.address', 'contact.language'])
    .where('contact.accountId', '=', accountId)
    .where('contact.channelId', '<>', row.channelId)
    .where('contact.enabled', '=', 1)
    .where('channel.enabled', '=', 1)
    .where('channel.removedAtMs', 'is', null)
    .execute()
  const key = row.dedupeKey.split('/').slice(0, -2).join('/')
  for (const { channelId, name, address, language } of contacts) {
    const to = { channelId, accountId, name, address, language: language === 'en' ? ('en' as const) : ('zh' as const) }
    await queueNotice(transaction, { ...copyOf(row), key, to }, nowMs)
  }
  const others = await transaction
    .selectFrom('outbox')
    .select('id')
    .where('dedupeKey', 'in', [...contacts.map(({ channelId }) => `${key}/${channelId}/${accountId}`), ''])
    // One that fails as well reaches nobody.
    .where((where) =>
      where.or([where('state', '=', 'sent'), where.and([where('state', '=', 'pending'), where('replacedAtMs', 'is', null)])]),
    )
    .execute()
  return others.length > 0
}

function copyOf(row: {
  title: string
  text: string
  kind: string
  priority: string
  alarmId: number | null
  transitionId: number | null
  incidentId: number | null
  tier: number
  detailJson: string
}) {
  const { title, text, priority, alarmId, transitionId, incidentId, tier } = row
  return {
    title,
    text,
    priority,
    alarmId,
    transitionId,
    incidentId,
    tier,
    kind: row.kind as Parameters<typeof queueNotice>[1]['kind'],
    detail: JSON.parse(row.detailJson) as Parameters<typeof queueNotice>[1]['detail'],
  }
}

/** Notices that wait for too long, and those whose time is over. Returns how many others were told for. */
export async function replaceOverdue(db: Db, nowMs: number): Promise<number> {
  const rows = await db
    .selectFrom('outbox')
    .select('id')
    .where('state', '=', 'pending')
    .where('replacedAtMs', 'is', null)
    // One of the future was queued before the clock was set back.
    .where((where) => where.or([where('createdAtMs', '<=', nowMs - REPLACE_AFTER_MS), where('createdAtMs', '>', nowMs + REPLACE_AFTER_MS)]))
    .where('createdAtMs', '>', nowMs - 2 * GIVE_UP_MS)
    .limit(500)
    .execute()
  for (const { id } of rows) await replaceNotice(db, id, nowMs)
  return rows.length
}
