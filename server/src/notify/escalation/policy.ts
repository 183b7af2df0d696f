import type { EscalationPolicy } from '@roomkeeper/shared/http'
import type { Db } from '../../database/schema.ts'
import { DEFAULT_POLICY } from './decide-escalation.ts'

export interface PolicyInForce {
  policy: EscalationPolicy
  /** 0: the product's default. */
  revision: number
  changedBy: string | null
  changedAtMs: number | null
}

export async function loadPolicy(db: Db): Promise<PolicyInForce> {
  const row = await db.selectFrom('escalationPolicy').selectAll().orderBy('revision', 'desc').limit(1).executeTakeFirst()
  if (!row) return { policy: DEFAULT_POLICY, revision: 0, changedBy: null, changedAtMs: null }
  return { policy: JSON.parse(row.policyJson) as EscalationPolicy, revision: row.revision, changedBy: row.author, changedAtMs: row.atMs }
}
