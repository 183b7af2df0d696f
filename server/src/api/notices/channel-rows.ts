import type { Channel as ChannelEntry } from '@roomkeeper/shared/http'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../../database/schema.ts'

const DAY_MS = 24 * 3_600_000

/** Channels as people see them: without secrets, with their health. */
export async function toChannels(db: Db, rows: readonly Selectable<Database['channel']>[], nowMs: number): Promise<ChannelEntry[]> {
  const secrets = await db.selectFrom('channelSecret').select(['channelId', 'name']).orderBy('name').execute()
  const entries: ChannelEntry[] = []
  for (const row of rows)
    entries.push({
      id: row.id,
      kind: row.kind,
      label: row.label,
      enabled: row.enabled === 1,
      minPriority: row.minPriority as ChannelEntry['minPriority'],
      settings: JSON.parse(row.settingsJson) as Record<string, unknown>,
      secretsSet: secrets.filter(({ channelId }) => channelId === row.id).map(({ name }) => name),
      revision: row.revision,
      health: await healthOf(db, row, nowMs),
    })
  return entries
}

async function healthOf(
  db: Db,
  { id, enabled, changedAtMs }: Selectable<Database['channel']>,
  nowMs: number,
): Promise<ChannelEntry['health']> {
  const ofChannel = () => db.selectFrom('outbox').where('channelId', '=', id)
  const count = (rows: { count: number } | undefined): number => Number(rows?.count ?? 0)
  const sent = await ofChannel().where('state', '=', 'sent').select(db.fn.max('finishedAtMs').as('atMs')).executeTakeFirst()
  const pending = count(await ofChannel().where('state', '=', 'pending').select(db.fn.countAll<number>().as('count')).executeTakeFirst())
  const failedLastDay = count(
    await ofChannel()
      .where('state', '=', 'failed')
      .where('finishedAtMs', '>', nowMs - DAY_MS)
      .select(db.fn.countAll<number>().as('count'))
      .executeTakeFirst(),
  )
  const last = await db
    .selectFrom('outboxAttempt')
    .innerJoin('outbox', 'outbox.id', 'outboxAttempt.outboxId')
    .select(['outboxAttempt.outcome', 'outboxAttempt.text', 'outboxAttempt.endedAtMs'])
    .where('outbox.channelId', '=', id)
    .where('outboxAttempt.endedAtMs', 'is not', null)
    .orderBy('outboxAttempt.id', 'desc')
    .limit(1)
    .executeTakeFirst()
  // What was refused by earlier settings says nothing about these.
  const isFailing = last !== undefined && last.outcome !== 'sent' && (last.endedAtMs ?? 0) >= changedAtMs
  const lastSentAtMs = sent?.atMs ?? null
  if (enabled !== 1) return { ok: true, message: '已停用 / switched off', lastSentAtMs, pending, failedLastDay }
  return { ok: !isFailing, message: last?.text ?? '', lastSentAtMs, pending, failedLastDay }
}
