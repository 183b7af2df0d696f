import type { Account } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { Actor } from '../api/base.ts'
import type { Db } from '../database/schema.ts'
import { type ApiTokenEntry, createApiTokens } from './api-tokens.ts'
import { ensureFirstAccount, type FirstAccount } from './first-account.ts'
import { createPasswordChecks, type PasswordCheck } from './password-checks.ts'
import { createPeople } from './people.ts'
import { createSessions, type SignInAnswer } from './sessions.ts'

export { AccountRefusedError } from './account-refused-error.ts'
export type { ApiTokenEntry, FirstAccount, PasswordCheck, SignInAnswer }

/** Who a request or socket belongs to, and what opened the door: `session:<hash>` or `token:<id>`. */
export interface Authenticated {
  actor: Actor
  credential: string
}

/** Told after the change is durable. Everything opened with one of these credentials must be closed. */
export interface SessionsEnded {
  credentials: string[]
  reason: SessionEndReason
}
export type SessionEndReason = 'signed-out' | 'roles-changed' | 'disabled' | 'password-changed' | 'token-revoked' | 'expired'

export interface AccountsOptions {
  db: Db
  clock: { nowMs(): number }
  log: Logger
}

export interface Accounts {
  /**
   * Makes the account `admin` when there is no account at all. The password is the given one (at least 8 characters) or a random one,
   * which is returned to be printed this once; null when accounts exist or the password was given.
   */
  ensureFirstAccount(givenPassword: string | undefined): Promise<FirstAccount | null>

  /** Checks the password, slowly when it was wrong before, and opens a session. */
  signIn(request: { username: string; password: string; address: string }): Promise<SignInAnswer>
  /** Ends the session of this actor. */
  signOut(actor: Actor): Promise<void>
  /** The person of the cookie's token, or the program of the bearer token (which counts when both are there); null when neither is valid. */
  authenticate(request: { cookieToken: string | null; bearerToken: string | null }): Promise<Authenticated | null>
  /** Those of the credentials that no longer open anything: expired, revoked or ended elsewhere. */
  endedCredentials(credentials: readonly string[]): Promise<string[]>
  /** Called after sessions ended; returns the way to stop listening. */
  onSessionsEnded(listener: (ended: SessionsEnded) => void): () => void

  /**
   * The password typed under a form as a signature. Wrong ones are slowed down like sign-ins. An API token (accountId null) cannot sign.
   * Handlers use `requireSignature` of api/signature.ts, which turns the refusals into answers.
   */
  verifySignature(accountId: number | null, password: string): Promise<PasswordCheck>

  /** The own account. */
  get(accountId: number): Promise<Account & { mustChangePassword: boolean }>
  setDuty(actor: Actor, onDuty: boolean): Promise<void>
  /** Ends all other sessions. */
  changePassword(actor: Actor, currentPassword: string, newPassword: string): Promise<PasswordCheck>

  list(): Promise<Account[]>
  create(actor: Actor, account: { username: string; name: string; roles: Role[]; password: string }): Promise<Account>
  update(actor: Actor, change: { accountId: number; name?: string; roles?: Role[]; disabled?: boolean }): Promise<Account>
  resetPassword(actor: Actor, accountId: number, password: string): Promise<void>

  listTokens(): Promise<ApiTokenEntry[]>
  /** The token itself is only in this answer. */
  createToken(actor: Actor, request: { name: string; roles: Role[] }): Promise<{ token: string; entry: ApiTokenEntry }>
  revokeToken(actor: Actor, tokenId: number): Promise<void>
}

/** People, their sessions and API tokens. Every change writes its audit row in the same transaction. */
export function createAccounts(options: AccountsOptions): Accounts {
  const { log } = options
  const listeners = new Set<(ended: SessionsEnded) => void>()
  const tellEnded = (ended: SessionsEnded): void => {
    if (ended.credentials.length === 0) return
    for (const listener of listeners) {
      try {
        listener(ended)
      } catch (error) {
        log.error({ module: 'accounts', error }, 'a listener for ended sessions failed')
      }
    }
  }
  const checks = createPasswordChecks(options)
  return {
    ensureFirstAccount: (givenPassword) => ensureFirstAccount(options, givenPassword),
    onSessionsEnded: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    verifySignature: checks.verifySignature,
    ...createSessions({ ...options, checks, tellEnded }),
    ...createPeople({ ...options, checks, tellEnded }),
    ...createApiTokens({ ...options, tellEnded }),
  }
}
