import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../database/schema.ts'

/** What happened, to what, by whom. `before` and `after` are what changed, never secrets. */
export interface AuditEntry {
  actor: string
  action: string
  entity: string
  before?: unknown
  after?: unknown
}

/** The first row's predecessor. */
const GENESIS = '0'.repeat(64)

/**
 * Appends one row to the hash chain. Must be called with the transaction of the change it speaks of, so that neither exists without the other.
 */
export async function appendAudit(transaction: Db, entry: AuditEntry, nowMs: number): Promise<void> {
  await lockChain(transaction)
  const last = await transaction.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(1).executeTakeFirst()
  const row = {
    seq: (last?.seq ?? 0) + 1,
    atMs: nowMs,
    actor: entry.actor,
    action: entry.action,
    entity: entry.entity,
    beforeJson: JSON.stringify(entry.before ?? null),
    afterJson: JSON.stringify(entry.after ?? null),
    previousHash: last?.hash ?? GENESIS,
  }
  await transaction
    .insertInto('audit')
    .values({ ...row, hash: hashOf(row) })
    .execute()
}

type AuditRow = {
  seq: number
  atMs: number
  actor: string
  action: string
  entity: string
  beforeJson: string
  afterJson: string
  previousHash: string
}

function hashOf(row: AuditRow): string {
  const text = JSON.stringify([row.seq, row.atMs, row.actor, row.action, row.entity, row.beforeJson, row.afterJson, row.previousHash])
  return createHash('sha256').update(text).digest('hex')
}

/** PostgreSQL runs transactions side by side; the chain needs one writer at a time. SQLite has only one anyway. */
export async function lockChain(transaction: Db): Promise<void> {
  if (transaction.getExecutor().adapter.constructor.name === 'PostgresAdapter')
    await sql`select pg_advisory_xact_lock(7301)`.execute(transaction)
}

export interface AuditVerification {
  ok: boolean
  rows: number
  head: string
  brokenAtSeq: number | null
}

/** Recomputes the whole chain in pages of 1,000 rows. `brokenAtSeq` names the first row that does not fit. */
export async function verifyAudit(db: Db): Promise<AuditVerification> {
  let previousHash = GENESIS
  let seq = 0
  for (;;) {
    const rows = await db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(1000).execute()
    for (const row of rows) {
      const fits = row.seq === seq + 1 && row.previousHash === previousHash && row.hash === hashOf(row)
      if (!fits) return { ok: false, rows: seq, head: previousHash, brokenAtSeq: row.seq }
      previousHash = row.hash
      seq = row.seq
    }
    if (rows.length < 1000) return { ok: true, rows: seq, head: previousHash, brokenAtSeq: null }
  }
}
