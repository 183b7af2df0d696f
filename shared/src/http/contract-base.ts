import { oc } from '@orpc/contract'
import { z } from 'zod'
import type { Permission } from '../model/index.ts'

/** Every route names the permission it needs; `public` is only for signing in. A route without one does not compile into the contract (tests/permissions). */
export interface RouteMeta {
  permission: Permission | 'public'
}

/** Errors every route may answer. `message` is a sentence for people; `data` carries what a program needs. */
export const route = oc.$meta<RouteMeta>({ permission: 'accounts.write' }).errors({
  UNAUTHORIZED: { status: 401, message: '请先登录 / Sign in first' },
  FORBIDDEN: { status: 403, message: '没有权限 / Not permitted' },
  NOT_FOUND: { status: 404, message: '没有找到 / Not found' },
  CONFLICT: {
    status: 409,
    message: '已被他人修改 / Changed by someone else',
    /** Who changed it and when, where it is known. */
    data: z.object({ by: z.string().nullable(), atMs: z.number().nullable() }).optional(),
  },
  /** `field` and `allowed` are the first thing wrong; `issues` all of them, when the input did not fit its schema. */
  INVALID: {
    status: 422,
    message: '输入有误 / Invalid input',
    data: z.object({
      field: z.string(),
      allowed: z.string(),
      issues: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
    }),
  },
  /** A part this route needs is away; asking again later may work. */
  UNAVAILABLE: { status: 503, message: '暂时不可用，请稍后再试 / Not available now, try again later' },
  TOO_MANY_REQUESTS: {
    status: 429,
    message: '尝试次数过多，请稍后再试 / Too many attempts',
    data: z.object({ retryAfterSeconds: z.number() }),
  },
})

/** UTC epoch milliseconds. */
export const timeMs = z.number().int().min(0).max(8.64e15)
/** Row id in the database. */
export const id = z.coerce.number().int().positive()
export const shortText = z.string().trim().min(1).max(100)
export const longText = z.string().trim().max(4000)
export const pageQuery = { limit: z.coerce.number().int().min(1).max(500).default(100), before: z.coerce.number().int().optional() }
export const done = z.object({ ok: z.literal(true) })
