import type { Account } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Database, Db } from '../database/schema.ts'
import { AccountRefusedError } from './account-refused-error.ts'
import type { Accounts, AccountsOptions, SessionEndReason, SessionsEnded } from './accounts.ts'
import { hashPassword } from './password.ts'
import type { PasswordChecks } from './password-checks.ts'

interface PeopleOptions extends AccountsOptions {
  checks: PasswordChecks
  tellEnded(ended: SessionsEnded): void
}

type PeopleMethods = Pick<Accounts, 'get' | 'list' | 'setDuty' | 'changePassword' | 'create' | 'update' | 'resetPassword'>

/** Accounts of people. A change of roles, a new password or disabling ends the sessions it must not outlive. */
export function createPeople({ db, clock, checks, tellEnded }: PeopleOptions): PeopleMethods {
  /** Deletes the account's sessions (but one) inside the transaction; they are told after it. */
  async function endSessions(transaction: Db, accountId: number, but: string | null, reason: SessionEndReason): Promise<SessionsEnded> {
    const rows = await transaction
      .deleteFrom('session')
      .where('accountId', '=', accountId)
      .where('tokenHash', '<>', but ?? '')
      .returning('tokenHash')
      .execute()
    return { credentials: rows.map((row) => `session:${row.tokenHash}`), reason }
  }

  return {
    get: async (accountId) => {
      const row = await rowOf(db, accountId)
      return { ...toAccount(row), mustChangePassword: row.mustChangePassword === 1 }
    },

    list: async () => (await db.selectFrom('account').selectAll().orderBy('username').execute()).map(toAccount),

    setDuty: async (actor, onDuty) => {
      const accountId = actor.accountId ?? 0
      await db.transaction().execute(async (transaction) => {
        const before = await rowOf(transaction, accountId)
        await transaction
          .updateTable('account')
          .set({ onDuty: onDuty ? 1 : 0 })
          .where('id', '=', accountId)
          .execute()
        await appendAudit(
          transaction,
          {
            actor: actor.username,
            action: 'account.duty',
            entity: `account:${accountId}`,
            before: { onDuty: before.onDuty === 1 },
            after: { onDuty },
          },
          clock.nowMs(),
        )
      })
    },

    changePassword: async (actor, currentPassword, newPassword) => {
      const answer = await checks.verifySignature(actor.accountId, currentPassword)
      if (!answer.ok || actor.accountId === null) return answer
      if (newPassword === currentPassword)
        throw new AccountRefusedError('INVALID', '新密码须不同于旧密码 / the new password must be another one', 'newPassword')
      const accountId = actor.accountId
      const passwordHash = await hashPassword(newPassword)
      const ended = await db.transaction().execute(async (transaction) => {
        await transaction.updateTable('account').set({ passwordHash, mustChangePassword: 0 }).where('id', '=', accountId).execute()
        const entity = `account:${accountId}`
        await appendAudit(transaction, { actor: actor.username, action: 'account.password-change', entity }, clock.nowMs())
        return await endSessions(transaction, accountId, actor.sessionHash, 'password-changed')
      })
      tellEnded(ended)
      return answer
    },

    create: async (actor, { username, name, roles, password }) => {
      const passwordHash = await hashPassword(password)
      const nowMs = clock.nowMs()
      return await db.transaction().execute(async (transaction) => {
        const inserted = await transaction
          .insertInto('account')
          .values({
            username,
            name,
            passwordHash,
            rolesJson: JSON.stringify(unique(roles)),
            onDuty: 0,
            disabled: 0,
            mustChangePassword: 1,
            lastSignInMs: null,
            createdAtMs: nowMs,
          })
          .onConflict((conflict) => conflict.column('username').doNothing())
          .returningAll()
          .executeTakeFirst()
        if (!inserted) throw new AccountRefusedError('CONFLICT', `用户名已存在 / the user name is taken: ${username}`, 'username')
        const account = toAccount(inserted)
        await appendAudit(
          transaction,
          {
            actor: actor.username,
            action: 'account.create',
            entity: `account:${account.id}`,
            after: { username, name, roles: account.roles },
          },
          nowMs,
        )
        return account
      })
    },

    update: async (actor, { accountId, name, roles, disabled }) => {
      const result = await db.transaction().execute(async (transaction) => {
        const row = await rowOf(transaction, accountId)
        const before = toAccount(row)
        const after = {
          ...before,
          name: name ?? before.name,
          roles: unique(roles ?? before.roles),
          disabled: disabled ?? before.disabled,
        }
        const changed = changedFields(before, after)
        if (Object.keys(changed.after).length === 0) return { account: before, ended: null }
        await transaction
          .updateTable('account')
          .set({ name: after.name, rolesJson: JSON.stringify(after.roles), disabled: after.disabled ? 1 : 0 })
          .where('id', '=', accountId)
          .execute()
        await appendAudit(
          transaction,
          { actor: actor.username, action: 'account.update', entity: `account:${accountId}`, ...changed },
          clock.nowMs(),
        )
        // After the audit row, whose lock makes two administrators who demote each other wait for one another.
        await requireAdministrator(transaction)
        const reason = 'disabled' in changed.after && after.disabled ? 'disabled' : 'roles-changed'
        const endsSessions = 'roles' in changed.after || reason === 'disabled'
        return { account: after, ended: endsSessions ? await endSessions(transaction, accountId, null, reason) : null }
      })
      if (result.ended) tellEnded(result.ended)
      return result.account
    },

    resetPassword: async (actor, accountId, password) => {
      const passwordHash = await hashPassword(password)
      const ended = await db.transaction().execute(async (transaction) => {
        await rowOf(transaction, accountId)
        await transaction.updateTable('account').set({ passwordHash, mustChangePassword: 1 }).where('id', '=', accountId).execute()
        const entity = `account:${accountId}`
        await appendAudit(transaction, { actor: actor.username, action: 'account.password-reset', entity }, clock.nowMs())
        return await endSessions(transaction, accountId, null, 'password-changed')
      })
      tellEnded(ended)
    },
  }
}

type AccountRow = Omit<Database['account'], 'id'> & { id: number }

async function rowOf(db: Db, accountId: number): Promise<AccountRow> {
  const row = await db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirst()
  if (!row) throw new AccountRefusedError('NOT_FOUND', '没有这个账户 / no such account')
  return row
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    username: row.username,
    name: row.name,
    roles: JSON.parse(row.rolesJson) as Role[],
    onDuty: row.onDuty === 1,
    disabled: row.disabled === 1,
    lastSignInMs: row.lastSignInMs,
  }
}

function unique(roles: readonly Role[]): Role[] {
  return [...new Set(roles)].sort()
}

/** Only what differs goes to the audit trail. */
function changedFields(before: Account, after: Account): { before: Partial<Account>; after: Partial<Account> } {
  const keys = (['name', 'roles', 'disabled'] as const).filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  const pick = (account: Account) => Object.fromEntries(keys.map((key) => [key, account[key]]))
  return { before: pick(before), after: pick(after) }
}

/** Nobody could make accounts any more: the change that leads there is rolled back. */
async function requireAdministrator(transaction: Db): Promise<void> {
  const rows = await transaction.selectFrom('account').select('rolesJson').where('disabled', '=', 0).execute()
  if (rows.some((row) => (JSON.parse(row.rolesJson) as Role[]).includes('system-administrator'))) return
  throw new AccountRefusedError('CONFLICT', '至少保留一名可用的系统管理员 / at least one enabled system administrator must remain')
}
