import type { Limit } from '@roomkeeper/shared/model'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { TargetKey } from './limit-registry.ts'
import { entityOf } from './limit-targets.ts'

export interface NewLimitSet {
  key: TargetKey
  limits: readonly Limit[]
  reason: string
  /** The version it was made from, 0 for none. */
  basedOn: number
  author: { username: string; name: string }
}

/** Somebody else has set the limits since. */
export interface NewerSet {
  by: string
  atMs: number
}

/** Writes the next version with its audit row; none is ever changed. Nothing is written when there is a newer one than it was made from. */
export async function putLimitSet(db: Db, set: NewLimitSet, nowMs: number): Promise<{ version: number } | { newer: NewerSet }> {
  const { key, limits, reason, basedOn, author } = set
  return db.transaction().execute(async (transaction) => {
    // Two people at the same moment: the second finds the version of the first.
    await lockChain(transaction)
    const last = await transaction
      .selectFrom('limitSet')
      .select(['version', 'limitsJson', 'author', 'atMs'])
      .where('scope', '=', key.scope)
      .where('scopeKey', '=', key.scopeKey)
      .where('kind', '=', key.kind)
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (last && last.version !== basedOn) return { newer: { by: last.author, atMs: last.atMs } }
    const version = (last?.version ?? 0) + 1
    await transaction
      .insertInto('limitSet')
      .values({ ...key, version, limitsJson: JSON.stringify(limits), author: author.name, reason, atMs: nowMs })
      .execute()
    const kind = key.kind === '' ? {} : { kind: key.kind }
    await appendAudit(
      transaction,
      {
        actor: author.username,
        action: 'limits.set',
        entity: entityOf(key),
        before: { ...kind, version: version - 1, limits: last ? (JSON.parse(last.limitsJson) as unknown) : [] },
        after: { ...kind, version, limits, reason },
      },
      nowMs,
    )
    return { version }
  })
}
