import type { Accounts } from '../accounts/accounts.ts'
import { verifyAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { answeringRefusals } from './account-errors.ts'
import { actorOf, api } from './base.ts'

/** Accounts, API tokens and the audit trail. */
export function createAccountHandlers({ accounts, db }: { accounts: Accounts; db: Db }) {
  return {
    list: api.accounts.list.handler(async () => await accounts.list()),
    create: api.accounts.create.handler(
      async ({ input, context }) => await answeringRefusals(() => accounts.create(actorOf(context), input)),
    ),
    update: api.accounts.update.handler(
      async ({ input, context }) => await answeringRefusals(() => accounts.update(actorOf(context), input)),
    ),
    resetPassword: api.accounts.resetPassword.handler(async ({ input, context }) => {
      await answeringRefusals(() => accounts.resetPassword(actorOf(context), input.accountId, input.password))
      return { ok: true as const }
    }),
    listTokens: api.accounts.listTokens.handler(async () => await accounts.listTokens()),
    createToken: api.accounts.createToken.handler(async ({ input, context }) => await accounts.createToken(actorOf(context), input)),
    revokeToken: api.accounts.revokeToken.handler(async ({ input, context }) => {
      await answeringRefusals(() => accounts.revokeToken(actorOf(context), input.tokenId))
      return { ok: true as const }
    }),
    audit: api.accounts.audit.handler(async ({ input }) => {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .$if(input.before !== undefined, (query) => query.where('seq', '<', input.before ?? 0))
        .orderBy('seq', 'desc')
        .limit(input.limit)
        .execute()
      return rows.map(({ seq, atMs, actor, action, entity, beforeJson, afterJson, hash }) => ({
        seq,
        atMs,
        actor,
        action,
        entity,
        before: parseOrText(beforeJson),
        after: parseOrText(afterJson),
        hash,
      }))
    }),
    verifyAudit: api.accounts.verifyAudit.handler(async () => await verifyAudit(db)),
  }
}

/** A row that was tampered with may hold no JSON any more; it must still be shown. */
function parseOrText(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}
