import { ORPCError } from '@orpc/server'
import type { Me } from '@roomkeeper/shared/http'
import type { Accounts } from '../accounts/accounts.ts'
import { answeringRefusals } from './account-errors.ts'
import { type Actor, type ApiContext, actorOf, api } from './base.ts'
import { requirePassword, tooManyAttempts } from './password-answers.ts'

/** Signing in and out, the own password and the duty switch. */
export function createSessionHandlers({ accounts }: { accounts: Accounts }) {
  const meOf = async (accountId: number): Promise<Me> => {
    const { id, username, name, roles, onDuty, mustChangePassword } = await accounts.get(accountId)
    return { id, username, name, roles, onDuty, mustChangePassword }
  }
  return {
    signIn: api.session.signIn.handler(async ({ input, context }) => {
      const answer = await accounts.signIn({ ...input, address: context.address })
      if (!answer.ok) {
        if (answer.reason === 'too-many') throw tooManyAttempts(answer.retryAfterSeconds)
        // One sentence for every reason: it must not tell which names exist.
        throw new ORPCError('UNAUTHORIZED', { status: 401, message: '用户名或密码错误 / Wrong user name or password' })
      }
      context.setSessionCookie(answer.token)
      return await meOf(answer.accountId)
    }),
    me: api.session.me.handler(async ({ context }) => await meOf(personOf(context).accountId)),
    signOut: api.session.signOut.handler(async ({ context }) => {
      await accounts.signOut(personOf(context))
      context.setSessionCookie(null)
      return { ok: true as const }
    }),
    setDuty: api.session.setDuty.handler(async ({ input, context }) => {
      const person = personOf(context)
      await accounts.setDuty(person, input.onDuty)
      return await meOf(person.accountId)
    }),
    changePassword: api.session.changePassword.handler(async ({ input, context }) => {
      const check = await answeringRefusals(() => accounts.changePassword(personOf(context), input.currentPassword, input.newPassword))
      requirePassword(check, 'currentPassword')
      return { ok: true as const }
    }),
  }
}

/** The signed-in person; a token has no session, password or duty of its own. */
function personOf(context: ApiContext): Actor & { accountId: number } {
  const actor = actorOf(context)
  if (actor.accountId === null)
    throw new ORPCError('FORBIDDEN', { status: 403, message: '仅限本人账户，令牌不可用 / For people only, not for tokens' })
  return { ...actor, accountId: actor.accountId }
}
