import type { Db } from '../database/schema.ts'

const DAY_MS = 24 * 3_600_000
/** One a minute for each watcher: only the last day is of interest. */
const HEARTBEAT_DAYS = 1
/** A year of proof, and a month to look at it. */
const NOTICE_DAYS = 400
/** Rows deleted in one transaction; keeps a year's worth from holding the database for long. */
const BATCH = 500

/** Deletes what is older than anybody asks for, at most `BATCH` rows of each kind; call it each minute. Returns how many rows are gone. */
export async function dropOldNotices(db: Db, nowMs: number): Promise<number> {
  const old = (kind: '=' | '<>', days: number) =>
    db
      .selectFrom('outbox')
      .select('id')
      .where('kind', kind, 'heartbeat')
      .where('state', '<>', 'pending')
      .where('createdAtMs', '<', nowMs - days * DAY_MS)
      .orderBy('id')
      .limit(BATCH)
      .execute()
  const ids = [...(await old('=', HEARTBEAT_DAYS)), ...(await old('<>', NOTICE_DAYS))].map(({ id }) => id)
  if (ids.length === 0) return 0
  await db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom('outboxAttempt').where('outboxId', 'in', ids).execute()
    await transaction.deleteFrom('noticeLater').where('outboxId', 'in', ids).execute()
    await transaction.deleteFrom('outbox').where('id', 'in', ids).execute()
  })
  return ids.length
}
