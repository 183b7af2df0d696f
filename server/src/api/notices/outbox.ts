import type { Notice } from '@roomkeeper/shared/http'
import { appendAudit, lockChain } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { GIVE_UP_MS } from '../../notify/outbox.ts'
import { actorOf, api } from '../base.ts'
import type { NoticesDeps } from './deps.ts'

/** The outbox: what was told to whom, with every attempt. */
export function createOutboxHandlers(deps: NoticesDeps) {
  const { db, clock } = deps

  return {
    list: api.notices.list.handler(async ({ input }) => {
      let query = noticeRows(db).where('outbox.kind', '<>', 'heartbeat').orderBy('outbox.id', 'desc').limit(input.limit)
      if (input.before !== undefined) query = query.where('outbox.id', '<', input.before)
      if (input.state !== undefined) query = query.where('outbox.state', '=', input.state)
      const { alarmId } = input
      if (alarmId !== undefined)
        query = query.where((where) =>
          where.or([
            where('outbox.alarmId', '=', alarmId),
            // Told of in a summary.
            where(
              'outbox.id',
              'in',
              where.selectFrom('noticeLater').select('noticeLater.outboxId').where('noticeLater.alarmId', '=', alarmId),
            ),
          ]),
        )
      return withAttempts(db, await query.execute())
    }),

    retry: api.notices.retry.handler(async ({ input, context, errors }) => {
      const nowMs = clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        // Before the row, as wherever alarms change: the order of locks is the same everywhere.
        await lockChain(transaction)
        const row = await transaction
          .updateTable('outbox')
          .set({ state: 'pending', nextAttemptAtMs: nowMs, deadlineAtMs: nowMs + GIVE_UP_MS, finishedAtMs: null })
          .where('id', '=', input.noticeId)
          .where('state', '=', 'failed')
          .returning('id')
          .executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        const entry = { actor: actorOf(context).username, action: 'notice.retry', entity: `notice:${row.id}` }
        await appendAudit(transaction, entry, nowMs)
      })
      deps.notifier.wake()
      const [notice] = await withAttempts(db, await noticeRows(db).where('outbox.id', '=', input.noticeId).execute())
      if (!notice) throw errors.NOT_FOUND()
      return notice
    }),
  }
}

function noticeRows(db: Db) {
  return db
    .selectFrom('outbox')
    .innerJoin('channel', 'channel.id', 'outbox.channelId')
    .selectAll('outbox')
    .select(['channel.kind as channelKind', 'channel.label as channelLabel'])
}

type NoticeRow = Awaited<ReturnType<ReturnType<typeof noticeRows>['execute']>>[number]

async function withAttempts(db: Db, rows: readonly NoticeRow[]): Promise<Notice[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const attempts = Map.groupBy(
    await db.selectFrom('outboxAttempt').selectAll().where('outboxId', 'in', ids).orderBy('id').execute(),
    ({ outboxId }) => outboxId,
  )
  return rows.map((row) => ({
    id: row.id,
    alarmId: row.alarmId,
    incidentId: row.incidentId,
    kind: row.kind as Notice['kind'],
    state: row.state as Notice['state'],
    channel: { id: row.channelId, kind: row.channelKind, label: row.channelLabel },
    person: row.accountId === null ? null : { accountId: row.accountId, name: row.personName },
    address: row.address,
    title: row.title,
    text: row.text,
    tier: row.tier,
    createdAtMs: row.createdAtMs,
    nextAttemptAtMs: row.state === 'pending' ? row.nextAttemptAtMs : null,
    deadlineAtMs: row.deadlineAtMs,
    finishedAtMs: row.finishedAtMs,
    answer: row.answer,
    attempts: (attempts.get(row.id) ?? []).map(({ startedAtMs, endedAtMs, outcome, text }) => ({
      startedAtMs,
      endedAtMs,
      outcome: outcome as Notice['attempts'][number]['outcome'],
      text,
    })),
  }))
}
