import type { Db } from '../../database/schema.ts'

const DAY_MS = 24 * 3_600_000
/** As long as the outbox shows what was sent. Monthly and yearly reports are few and are kept for ever. */
const FILE_DAYS = 400
const BATCH = 200

/** Copies what the outbox says of each mail to its run, because the outbox forgets after a year. Returns whether anything was new. */
export async function followDeliveries(db: Db): Promise<boolean> {
  const rows = await db
    .selectFrom('reportDelivery')
    .innerJoin('outbox', 'outbox.id', 'reportDelivery.outboxId')
    .select(['reportDelivery.id', 'outbox.state', 'outbox.answer', 'outbox.attempts', 'outbox.finishedAtMs'])
    .whereRef('outbox.state', '<>', 'reportDelivery.state')
    .limit(BATCH)
    .execute()
  for (const { id, ...now } of rows) await db.updateTable('reportDelivery').set(now).where('id', '=', id).execute()
  return rows.length > 0
}

/** Daily and weekly files after 400 days; the run stays with the file's name and hash. */
export async function dropOldFiles(db: Db, nowMs: number): Promise<void> {
  const rows = await db
    .selectFrom('reportFile')
    .innerJoin('reportRun', 'reportRun.id', 'reportFile.runId')
    .select('reportFile.id')
    .where('reportRun.kind', 'in', ['daily', 'weekly'])
    .where('reportRun.createdAtMs', '<', nowMs - FILE_DAYS * DAY_MS)
    .where('reportFile.data', 'is not', null)
    .limit(BATCH)
    .execute()
  if (rows.length === 0) return
  const ids = rows.map(({ id }) => id)
  await db.updateTable('reportFile').set({ data: null }).where('id', 'in', ids).execute()
}
