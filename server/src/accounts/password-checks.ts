import type { Db } from '../database/schema.ts'
import { AttemptLimit, addressKey } from './attempt-limit.ts'
import { hashPassword, PasswordQueueFullError, verifyPassword } from './password.ts'
import { newPassword } from './session-token.ts'

export type PasswordCheck =
  | { ok: true }
  | { ok: false; reason: 'wrong' }
  /** An API token has no password. */
  | { ok: false; reason: 'not-a-person' }
  | { ok: false; reason: 'too-many'; retryAfterSeconds: number }

export interface PasswordChecks {
  /** For sign-in. Takes the same time whether or not the account exists. */
  verifyFor(request: { username: string; address: string; passwordHash: string | null; password: string }): Promise<PasswordCheck>
  verifySignature(accountId: number | null, password: string): Promise<PasswordCheck>
}

/** One guess a minute is nothing against 12 characters, and a colleague behind the same proxy waits at most that long. */
const PER_NAME = { freeAttempts: 5, maxDelayMs: 60_000, forgetAfterMs: 15 * 60_000 }
/** One address trying many names: generous, because a whole hospital may come through one proxy; it only has to stop a flood. */
const PER_ADDRESS = { freeAttempts: 50, maxDelayMs: 10_000, forgetAfterMs: 15 * 60_000 }
const PER_SIGNER = { freeAttempts: 5, maxDelayMs: 60_000, forgetAfterMs: 15 * 60_000 }

/** Password checks for sign-in and signatures, with the delay after wrong ones. The counts are in memory: a restart forgives. */
export function createPasswordChecks({ db, clock }: { db: Db; clock: { nowMs(): number } }): PasswordChecks {
  const byName = new AttemptLimit({ clock, ...PER_NAME })
  const byAddress = new AttemptLimit({ clock, ...PER_ADDRESS })
  const bySigner = new AttemptLimit({ clock, ...PER_SIGNER })
  // What a name nobody has is checked against, so that its answer takes as long as a wrong password.
  let nobodysHash: Promise<string> | undefined

  async function check(limits: [AttemptLimit, string][], passwordHash: string | null, password: string): Promise<PasswordCheck> {
    const begun: [AttemptLimit, string][] = []
    const takeBack = (): void => {
      for (const [limit, key] of begun) limit.takeBack(key)
    }
    for (const [limit, key] of limits) {
      const waitMs = limit.begin(key)
      if (waitMs > 0) {
        takeBack()
        return { ok: false, reason: 'too-many', retryAfterSeconds: Math.ceil(waitMs / 1000) }
      }
      begun.push([limit, key])
    }
    try {
      nobodysHash ??= hashPassword(newPassword())
      const matches = await verifyPassword(password, passwordHash ?? (await nobodysHash))
      if (!matches || passwordHash === null) return { ok: false, reason: 'wrong' }
      // The name's count starts again; an address keeps what other names of it got wrong.
      for (const [limit, key] of limits) limit === byAddress ? limit.takeBack(key) : limit.succeeded(key)
      return { ok: true }
    } catch (error) {
      if (!(error instanceof PasswordQueueFullError)) throw error
      nobodysHash = undefined
      takeBack()
      return { ok: false, reason: 'too-many', retryAfterSeconds: 1 }
    }
  }

  return {
    verifyFor: ({ username, address, passwordHash, password }) => {
      const network = addressKey(address)
      return check(
        [
          [byName, `${network} ${username}`],
          [byAddress, network],
        ],
        passwordHash,
        password,
      )
    },
    verifySignature: async (accountId, password) => {
      if (accountId === null) return { ok: false, reason: 'not-a-person' }
      const account = await db.selectFrom('account').select(['passwordHash', 'disabled']).where('id', '=', accountId).executeTakeFirst()
      const passwordHash = account && account.disabled === 0 ? account.passwordHash : null
      return check([[bySigner, String(accountId)]], passwordHash, password)
    },
  }
}
