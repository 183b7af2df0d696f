import type { Role } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { AccountsOptions } from './accounts.ts'
import { hashPassword } from './password.ts'
import { newPassword } from './session-token.ts'

export interface FirstAccount {
  username: string
  password: string
}

/** The first person must be able to do the whole job alone: make accounts, keep the room, and review. */
const FIRST_ROLES: readonly Role[] = ['system-administrator', 'room-keeper', 'department-head']
/** OWASP ASVS 5.0 §6.2.1. Shorter than what people must choose later (12), but chosen by who runs the server. */
const MIN_GIVEN_LENGTH = 8
const RECOMMENDED_LENGTH = 12

/**
 * The account `admin`, when there is no account yet. Neither the given nor the generated password must be changed at the first
 * sign-in: the one is the operator's own choice, the other is random and of this installation only.
 */
export async function ensureFirstAccount(options: AccountsOptions, givenPassword: string | undefined): Promise<FirstAccount | null> {
  const { db, clock, log } = options
  const someone = await db.selectFrom('account').select('id').limit(1).executeTakeFirst()
  if (someone) return null
  if (givenPassword !== undefined && givenPassword.length < MIN_GIVEN_LENGTH)
    throw new Error(`ROOMKEEPER_ADMIN_PASSWORD: 至少 ${MIN_GIVEN_LENGTH} 个字符 / at least ${MIN_GIVEN_LENGTH} characters`)
  if (givenPassword !== undefined && givenPassword.length < RECOMMENDED_LENGTH)
    log.warn({ module: 'accounts' }, `ROOMKEEPER_ADMIN_PASSWORD has fewer than ${RECOMMENDED_LENGTH} characters; choose a longer one`)
  const password = givenPassword ?? newPassword()
  const passwordHash = await hashPassword(password)
  const nowMs = clock.nowMs()
  await db.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('account')
      .values({
        username: 'admin',
        name: '管理员',
        passwordHash,
        rolesJson: JSON.stringify(FIRST_ROLES),
        onDuty: 1,
        disabled: 0,
        mustChangePassword: 0,
        lastSignInMs: null,
        createdAtMs: nowMs,
      })
      .execute()
    await appendAudit(
      transaction,
      { actor: 'system', action: 'account.create', entity: 'account:admin', after: { username: 'admin', roles: FIRST_ROLES } },
      nowMs,
    )
  })
  return givenPassword === undefined ? { username: 'admin', password } : null
}
