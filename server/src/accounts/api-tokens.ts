import type { tokenSchema } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { z } from 'zod'
import { appendAudit } from '../audit/audit.ts'
import type { Database } from '../database/schema.ts'
import { AccountRefusedError } from './account-refused-error.ts'
import type { Accounts, AccountsOptions, SessionsEnded } from './accounts.ts'
import { hashToken, newApiToken } from './session-token.ts'

export type ApiTokenEntry = z.output<typeof tokenSchema>

type TokenMethods = Pick<Accounts, 'listTokens' | 'createToken' | 'revokeToken'>

/** Tokens for programs (`Authorization: Bearer …`): roles without a person, so they cannot sign. */
export function createApiTokens({ db, clock, tellEnded }: AccountsOptions & { tellEnded(ended: SessionsEnded): void }): TokenMethods {
  return {
    listTokens: async () => (await db.selectFrom('apiToken').selectAll().orderBy('id', 'desc').execute()).map(toEntry),

    createToken: async (actor, { name, roles }) => {
      const token = newApiToken()
      const nowMs = clock.nowMs()
      const entry = await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .insertInto('apiToken')
          .values({
            name,
            tokenHash: hashToken(token),
            rolesJson: JSON.stringify([...new Set(roles)].sort()),
            createdAtMs: nowMs,
            createdBy: actor.name,
            lastUsedMs: null,
            revoked: 0,
          })
          .returningAll()
          .executeTakeFirstOrThrow()
        await appendAudit(
          transaction,
          { actor: actor.username, action: 'token.create', entity: `token:${row.id}`, after: { name, roles: toEntry(row).roles } },
          nowMs,
        )
        return toEntry(row)
      })
      return { token, entry }
    },

    revokeToken: async (actor, tokenId) => {
      await db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('apiToken').select(['name', 'revoked']).where('id', '=', tokenId).executeTakeFirst()
        if (!row) throw new AccountRefusedError('NOT_FOUND', '没有这个令牌 / no such token')
        if (row.revoked === 1) return
        await transaction.updateTable('apiToken').set({ revoked: 1 }).where('id', '=', tokenId).execute()
        await appendAudit(
          transaction,
          {
            actor: actor.username,
            action: 'token.revoke',
            entity: `token:${tokenId}`,
            before: { name: row.name, revoked: false },
            after: { revoked: true },
          },
          clock.nowMs(),
        )
      })
      tellEnded({ credentials: [`token:${tokenId}`], reason: 'token-revoked' })
    },
  }
}

function toEntry(row: Omit<Database['apiToken'], 'id'> & { id: number }): ApiTokenEntry {
  return {
    id: row.id,
    name: row.name,
    roles: JSON.parse(row.rolesJson) as Role[],
    createdAtMs: row.createdAtMs,
    createdBy: row.createdBy,
    lastUsedMs: row.lastUsedMs,
    revoked: row.revoked === 1,
  }
}
