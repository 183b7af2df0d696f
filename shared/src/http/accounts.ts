import { z } from 'zod'
import { ROLE_NAMES } from '../model/index.ts'
import { done, id, pageQuery, route, shortText, timeMs } from './contract-base.ts'
import { passwordSchema } from './session.ts'

const roles = z.array(z.enum(ROLE_NAMES)).min(1).max(ROLE_NAMES.length)
export const usernameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{1,31}$/, '2–32 个小写字母、数字、. _ - / 2–32 lower-case letters, digits, . _ -')

export const accountSchema = z.object({
  id,
  username: z.string(),
  name: z.string(),
  roles,
  onDuty: z.boolean(),
  disabled: z.boolean(),
  lastSignInMs: timeMs.nullable(),
})
export type Account = z.output<typeof accountSchema>

export const tokenSchema = z.object({
  id,
  name: z.string(),
  roles,
  createdAtMs: timeMs,
  createdBy: z.string(),
  lastUsedMs: timeMs.nullable(),
  revoked: z.boolean(),
})

export const auditRowSchema = z.object({
  seq: z.number(),
  atMs: timeMs,
  actor: z.string(),
  action: z.string(),
  entity: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  hash: z.string(),
})

export const accounts = {
  list: route
    .route({ method: 'GET', path: '/accounts', tags: ['accounts'], summary: 'All accounts' })
    .meta({ permission: 'accounts.write' })
    .output(z.array(accountSchema)),
  create: route
    .route({
      method: 'POST',
      path: '/accounts',
      tags: ['accounts'],
      summary: 'Add an account; its password must be changed at the first sign-in',
    })
    .meta({ permission: 'accounts.write' })
    .input(z.object({ username: usernameSchema, name: shortText, roles, password: passwordSchema }))
    .output(accountSchema),
  update: route
    .route({
      method: 'PUT',
      path: '/accounts/{accountId}',
      tags: ['accounts'],
      summary: 'Change name, roles or disable; a change of roles ends the sessions',
    })
    .meta({ permission: 'accounts.write' })
    .input(z.object({ accountId: id, name: shortText.optional(), roles: roles.optional(), disabled: z.boolean().optional() }))
    .output(accountSchema),
  resetPassword: route
    .route({
      method: 'PUT',
      path: '/accounts/{accountId}/password',
      tags: ['accounts'],
      summary: 'Set a new password; must be changed at the next sign-in',
    })
    .meta({ permission: 'accounts.write' })
    .input(z.object({ accountId: id, password: passwordSchema }))
    .output(done),
  listTokens: route
    .route({ method: 'GET', path: '/tokens', tags: ['accounts'], summary: 'API tokens' })
    .meta({ permission: 'accounts.write' })
    .output(z.array(tokenSchema)),
  createToken: route
    .route({ method: 'POST', path: '/tokens', tags: ['accounts'], summary: 'Make an API token; it is shown this once' })
    .meta({ permission: 'accounts.write' })
    .input(z.object({ name: shortText, roles }))
    .output(z.object({ token: z.string(), entry: tokenSchema })),
  revokeToken: route
    .route({ method: 'DELETE', path: '/tokens/{tokenId}', tags: ['accounts'], summary: 'Revoke a token' })
    .meta({ permission: 'accounts.write' })
    .input(z.object({ tokenId: id }))
    .output(done),
  audit: route
    .route({ method: 'GET', path: '/audit', tags: ['accounts'], summary: 'The audit trail, newest first' })
    .meta({ permission: 'audit.read' })
    .input(z.object(pageQuery))
    .output(z.array(auditRowSchema)),
  verifyAudit: route
    .route({
      method: 'GET',
      path: '/audit/verification',
      tags: ['accounts'],
      summary: 'Recompute the hash chain; names the first row that does not fit',
    })
    .meta({ permission: 'audit.read' })
    .output(z.object({ ok: z.boolean(), rows: z.number(), head: z.string(), brokenAtSeq: z.number().nullable() })),
}
