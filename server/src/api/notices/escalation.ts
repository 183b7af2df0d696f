import { appendAudit } from '../../audit/audit.ts'
import { loadPolicy } from '../../notify/escalation/policy.ts'
import { actorOf, api } from '../base.ts'
import { changedByOther } from '../form-revision.ts'
import type { NoticesDeps } from './deps.ts'

/** Whom to tell when nobody acknowledges. Every change is a new revision with its author and reason. */
export function createEscalationHandlers(deps: NoticesDeps) {
  const { db, clock } = deps
  const inForce = async () => {
    const { policy, revision, changedBy, changedAtMs } = await loadPolicy(db)
    return { ...policy, revision, changedBy, changedAtMs }
  }
  return {
    escalation: api.notices.escalation.handler(inForce),

    putEscalation: api.notices.putEscalation.handler(async ({ input, context, errors }) => {
      const { revision, reason, ...policy } = input
      const isRising = policy.tiers.every(
        ({ afterMinutes }, index) => index === 0 || afterMinutes >= (policy.tiers[index - 1]?.afterMinutes ?? 0),
      )
      if (!isRising) {
        const allowed = '各级时间须逐级不减 / each tier not earlier than the one before it'
        throw errors.INVALID({ message: allowed, data: { field: 'tiers', allowed } })
      }
      const nowMs = clock.nowMs()
      const { name, username } = actorOf(context)
      await db.transaction().execute(async (transaction) => {
        const before = await loadPolicy(transaction)
        if (before.revision !== revision) throw errors.CONFLICT(changedByOther(before.changedBy, before.changedAtMs))
        await transaction
          .insertInto('escalationPolicy')
          .values({ policyJson: JSON.stringify(policy), author: name, reason, atMs: nowMs })
          .execute()
        const entry = {
          actor: username,
          action: 'escalation.update',
          entity: 'escalation',
          before: before.policy,
          after: { ...policy, reason },
        }
        await appendAudit(transaction, entry, nowMs)
      })
      deps.change({ topic: 'notices' })
      return inForce()
    }),
  }
}
