import { z } from 'zod'
import { ROLE_NAMES } from '../model/index.ts'
import { done, id, route, shortText } from './contract-base.ts'

export const meSchema = z.object({
  id,
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLE_NAMES)),
  /** People on duty get the incident form on their screen. */
  onDuty: z.boolean(),
  mustChangePassword: z.boolean(),
})
export type Me = z.output<typeof meSchema>

/** At least 12 characters; length is what counts (OWASP ASVS 5.0 §6.2.1, 6.2.5). */
export const passwordSchema = z.string().min(12, '密码至少 12 个字符 / at least 12 characters').max(200)

export const session = {
  signIn: route
    .route({ method: 'POST', path: '/session', tags: ['session'], summary: 'Sign in; sets the session cookie' })
    .meta({ permission: 'public' })
    .input(z.object({ username: shortText, password: z.string().min(1).max(200) }))
    .output(meSchema),
  me: route
    .route({ method: 'GET', path: '/session', tags: ['session'], summary: 'Who is signed in' })
    .meta({ permission: 'self' })
    .output(meSchema),
  signOut: route
    .route({ method: 'DELETE', path: '/session', tags: ['session'], summary: 'Sign out' })
    .meta({ permission: 'self' })
    .output(done),
  setDuty: route
    .route({ method: 'PUT', path: '/session/duty', tags: ['session'], summary: 'Go on or off duty' })
    .meta({ permission: 'self' })
    .input(z.object({ onDuty: z.boolean() }))
    .output(meSchema),
  changePassword: route
    .route({ method: 'PUT', path: '/session/password', tags: ['session'], summary: 'Change the own password; ends all other sessions' })
    .meta({ permission: 'self' })
    .input(z.object({ currentPassword: z.string().min(1).max(200), newPassword: passwordSchema }))
    .output(done),
}
