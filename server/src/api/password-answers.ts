import { ORPCError } from '@orpc/server'
import type { PasswordCheck } from '../accounts/accounts.ts'

/** Throws the answer to a password that did not fit; returns when it did. `field` is the input it was typed in. */
export function requirePassword(check: PasswordCheck, field: string): void {
  if (check.ok) return
  if (check.reason === 'too-many') throw tooManyAttempts(check.retryAfterSeconds)
  if (check.reason === 'not-a-person')
    throw new ORPCError('FORBIDDEN', { status: 403, message: '仅限本人账户，令牌不可用 / For people only, not for tokens' })
  const allowed = '本人的当前密码 / your own current password'
  throw new ORPCError('INVALID', { status: 422, message: '密码错误 / Wrong password', data: { field, allowed } })
}

export function tooManyAttempts(retryAfterSeconds: number): ORPCError<'TOO_MANY_REQUESTS', { retryAfterSeconds: number }> {
  return new ORPCError('TOO_MANY_REQUESTS', {
    status: 429,
    message: `尝试次数过多，请 ${retryAfterSeconds} 秒后再试 / Too many attempts, try again in ${retryAfterSeconds} s`,
    data: { retryAfterSeconds },
  })
}
