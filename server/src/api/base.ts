import { implement, ORPCError } from '@orpc/server'
import { contract, type RouteMeta } from '@roomkeeper/shared/http'
import { isAllowed, type Permission, type Role } from '@roomkeeper/shared/model'

/** Who is asking. Records keep `name` as it was at the time; the audit trail keeps `username`. */
export interface Actor {
  /** null for an API token. */
  accountId: number | null
  username: string
  name: string
  roles: readonly Role[]
  /** Hash of the session cookie's token; null for an API token. */
  sessionHash: string | null
  /** Only the own session and password may be touched until the password is changed. */
  mustChangePassword: boolean
}

export interface ApiContext {
  /** null: not signed in. */
  actor: Actor | null
  /** The address the request came from, for the sign-in rate limit. */
  address: string
  /** Where the browser found this server, e.g. `https://rooms.hospital.example`; absent where no request is behind it. */
  origin?: string
  /** Sets or (null) clears the session cookie on the response. */
  setSessionCookie(token: string | null): void
}

/**
 * Every handler is built from this: the permission named in the contract is checked before anything else runs, and a route
 * without one is refused to everyone but account administrators (the contract's own default).
 */
export const api = implement(contract)
  .$context<ApiContext>()
  .use(({ context, next, procedure }) => {
    const { permission } = procedure['~orpc'].meta as RouteMeta
    const reason = refusal(context.actor, permission)
    if (reason) throw refusalError(reason)
    return next()
  })

export type Refusal = 'not-signed-in' | 'password-change' | 'not-permitted'

/** Why the actor may not use what needs this permission; null when they may. The one decision for routes, extra routes and socket events. */
export function refusal(actor: Actor | null, permission: Permission | 'public'): Refusal | null {
  if (permission === 'public') return null
  if (!actor) return 'not-signed-in'
  if (actor.mustChangePassword && permission !== 'self') return 'password-change'
  return isAllowed(actor.roles, permission) ? null : 'not-permitted'
}

/** The answer to a refused request. */
export function refusalError(reason: Refusal): ORPCError<string, unknown> {
  if (reason === 'not-signed-in') return new ORPCError('UNAUTHORIZED', { message: '请先登录 / Sign in first' })
  if (reason === 'password-change') return new ORPCError('FORBIDDEN', { message: '请先修改密码 / Change your password first' })
  return new ORPCError('FORBIDDEN', { message: '没有权限 / Not permitted' })
}

/** The person asking, in a route that is not public. */
export function actorOf(context: ApiContext): Actor {
  if (!context.actor) throw new ORPCError('UNAUTHORIZED', { message: '请先登录 / Sign in first' })
  return context.actor
}
