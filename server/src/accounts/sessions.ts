import type { Role } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Accounts, AccountsOptions, Authenticated, SessionsEnded } from './accounts.ts'
import type { PasswordCheck, PasswordChecks } from './password-checks.ts'
import { hashToken, newSessionToken } from './session-token.ts'

/** 12 h without a request: one shift. Idle sign-out is a duty of GB/T 22239-2019 (等保 2.0) 8.1.4.1; a screen in use asks far more often. */
export const SESSION_IDLE_MS = 12 * 3600_000
/** 7 days at most, however busy: a duty screen is signed in again once a week (NIST SP 800-63B asks for a limit, not this number). */
export const SESSION_MAX_MS = 7 * 24 * 3600_000
/** `lastSeenMs` is written at most once a minute: each write is a disk sync, and idle time is counted in hours. */
const TOUCH_EVERY_MS = 60_000

export type SignInAnswer = { ok: true; accountId: number; token: string } | Exclude<PasswordCheck, { ok: true }>

interface SessionsOptions extends AccountsOptions {
  checks: PasswordChecks
  tellEnded(ended: SessionsEnded): void
}

type SessionMethods = Pick<Accounts, 'signIn' | 'signOut' | 'authenticate' | 'endedCredentials'>

/** Opaque sessions in the database: the browser holds a random token, the database its hash. */
export function createSessions({ db, clock, log, checks, tellEnded }: SessionsOptions): SessionMethods {
  const aliveSince = (nowMs: number) => ({ seenAfterMs: nowMs - SESSION_IDLE_MS, createdAfterMs: nowMs - SESSION_MAX_MS })

  async function fromCookie(token: string): Promise<Authenticated | null> {
    const sessionHash = hashToken(token)
    const nowMs = clock.nowMs()
    const { seenAfterMs, createdAfterMs } = aliveSince(nowMs)
    const row = await db
      .selectFrom('session')
      .innerJoin('account', 'account.id', 'session.accountId')
      .select(['account.id', 'username', 'name', 'rolesJson', 'mustChangePassword', 'session.lastSeenMs'])
      .where('tokenHash', '=', sessionHash)
      .where('disabled', '=', 0)
      .where('session.lastSeenMs', '>', seenAfterMs)
      .where('session.createdAtMs', '>', createdAfterMs)
      .executeTakeFirst()
    if (!row) return null
    if (nowMs - row.lastSeenMs >= TOUCH_EVERY_MS)
      await db.updateTable('session').set({ lastSeenMs: nowMs }).where('tokenHash', '=', sessionHash).execute()
    const actor = {
      accountId: row.id,
      username: row.username,
      name: row.name,
      roles: JSON.parse(row.rolesJson) as Role[],
      sessionHash,
      mustChangePassword: row.mustChangePassword === 1,
    }
    return { actor, credential: `session:${sessionHash}` }
  }

  async function fromBearer(token: string): Promise<Authenticated | null> {
    const row = await db
      .selectFrom('apiToken')
      .select(['id', 'name', 'rolesJson', 'lastUsedMs'])
      .where('tokenHash', '=', hashToken(token))
      .where('revoked', '=', 0)
      .executeTakeFirst()
    if (!row) return null
    const nowMs = clock.nowMs()
    if (nowMs - (row.lastUsedMs ?? 0) >= TOUCH_EVERY_MS)
      await db.updateTable('apiToken').set({ lastUsedMs: nowMs }).where('id', '=', row.id).execute()
    const roles = JSON.parse(row.rolesJson) as Role[]
    const actor = { accountId: null, username: `token:${row.name}`, name: row.name, roles, sessionHash: null, mustChangePassword: false }
    return { actor, credential: `token:${row.id}` }
  }

  return {
    signIn: async ({ username, password, address }) => {
      const account = await db
        .selectFrom('account')
        .select(['id', 'passwordHash', 'disabled'])
        .where('username', '=', username)
        .executeTakeFirst()
      const passwordHash = account && account.disabled === 0 ? account.passwordHash : null
      const answer = await checks.verifyFor({ username, address, passwordHash, password })
      const nowMs = clock.nowMs()
      if (!answer.ok || !account) {
        if (answer.ok || answer.reason !== 'wrong') return answer.ok ? { ok: false, reason: 'wrong' } : answer
        log.warn({ module: 'accounts', address }, 'sign-in refused: wrong name or password')
        // A name nobody has is not written down: people type their password there by mistake. The row itself costs the same time.
        const entity = account ? `account:${account.id}` : 'account:unknown'
        await db
          .transaction()
          .execute((transaction) =>
            appendAudit(transaction, { actor: 'anonymous', action: 'session.refused', entity, after: { address } }, nowMs),
          )
        return answer
      }
      const token = newSessionToken()
      const { seenAfterMs, createdAfterMs } = aliveSince(nowMs)
      const opened = await db.transaction().execute(async (transaction) => {
        // The password may have been changed or the account disabled while the hash was computed.
        const signedIn = await transaction
          .updateTable('account')
          .set({ lastSignInMs: nowMs })
          .where('id', '=', account.id)
          .where('disabled', '=', 0)
          .where('passwordHash', '=', account.passwordHash)
          .executeTakeFirst()
        if (signedIn.numUpdatedRows === 0n) return false
        await transaction
          .deleteFrom('session')
          .where((where) => where.or([where('lastSeenMs', '<=', seenAfterMs), where('createdAtMs', '<=', createdAfterMs)]))
          .execute()
        await transaction
          .insertInto('session')
          .values({ tokenHash: hashToken(token), accountId: account.id, createdAtMs: nowMs, lastSeenMs: nowMs })
          .execute()
        await appendAudit(
          transaction,
          { actor: username, action: 'session.sign-in', entity: `account:${account.id}`, after: { address } },
          nowMs,
        )
        return true
      })
      return opened ? { ok: true, accountId: account.id, token } : { ok: false, reason: 'wrong' }
    },

    signOut: async (actor) => {
      const { sessionHash, accountId, username } = actor
      if (sessionHash === null) return
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('session').where('tokenHash', '=', sessionHash).execute()
        await appendAudit(transaction, { actor: username, action: 'session.sign-out', entity: `account:${accountId}` }, clock.nowMs())
      })
      tellEnded({ credentials: [`session:${sessionHash}`], reason: 'signed-out' })
    },

    authenticate: async ({ cookieToken, bearerToken }) => {
      if (bearerToken !== null) return await fromBearer(bearerToken)
      return cookieToken === null ? null : await fromCookie(cookieToken)
    },

    endedCredentials: async (credentials) => {
      const { seenAfterMs, createdAfterMs } = aliveSince(clock.nowMs())
      const sessionHashes = credentials.filter((credential) => credential.startsWith('session:')).map((credential) => credential.slice(8))
      const tokenIds = credentials.filter((credential) => credential.startsWith('token:')).map((credential) => Number(credential.slice(6)))
      const alive = new Set<string>()
      if (sessionHashes.length > 0) {
        const rows = await db
          .selectFrom('session')
          .innerJoin('account', 'account.id', 'session.accountId')
          .select('tokenHash')
          .where('tokenHash', 'in', sessionHashes)
          .where('disabled', '=', 0)
          .where('session.lastSeenMs', '>', seenAfterMs)
          .where('session.createdAtMs', '>', createdAfterMs)
          .execute()
        for (const row of rows) alive.add(`session:${row.tokenHash}`)
      }
      if (tokenIds.length > 0) {
        const rows = await db.selectFrom('apiToken').select('id').where('id', 'in', tokenIds).where('revoked', '=', 0).execute()
        for (const row of rows) alive.add(`token:${row.id}`)
      }
      return credentials.filter((credential) => !alive.has(credential))
    },
  }
}
