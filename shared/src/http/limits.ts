import { z } from 'zod'
import { limitSchema } from '../model/index.ts'
import { id, longText, route, timeMs } from './contract-base.ts'

/** A limit in force on a point, and where it comes from: a named standard, or the person who set it. */
export const effectiveLimitSchema = z.object({
  limit: limitSchema,
  origin: z.enum(['default', 'point']),
  /** e.g. `GB 50174-2017 附录 A`. Empty for a point's own limit. */
  source: z.string(),
  version: z.number().nullable(),
  author: z.string().nullable(),
  atMs: timeMs.nullable(),
  reason: z.string().nullable(),
})
export type EffectiveLimit = z.output<typeof effectiveLimitSchema>

export const limits = {
  forPoint: route
    .route({
      method: 'GET',
      path: '/points/{pointId}/limits',
      tags: ['limits'],
      summary: 'The limits in force on a point, with their source',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object({ pointId: id }))
    .output(z.array(effectiveLimitSchema)),
  setForPoint: route
    .route({
      method: 'PUT',
      path: '/points/{pointId}/limits',
      tags: ['limits'],
      summary: 'Set the limits of one point (a new version); an empty list returns to the defaults',
    })
    .meta({ permission: 'limits.write' })
    .input(z.object({ pointId: id, limits: z.array(limitSchema).max(12), reason: longText.min(1) }))
    .output(z.array(effectiveLimitSchema)),
}
