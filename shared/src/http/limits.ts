import { z } from 'zod'
import { ALARM_CONDITIONS, COMBINATIONS, LIMIT_SCOPES, limitSchema, POINT_KIND_NAMES, ROOM_CLASS_NAMES } from '../model/index.ts'
import { done, id, longText, route, shortText, timeMs } from './contract-base.ts'

/** A limit in force on a point, and where it comes from: a named standard, or the person who set it. */
export const effectiveLimitSchema = z.object({
  limit: limitSchema,
  /** `built-in`: the product's default. */
  origin: z.enum(LIMIT_SCOPES),
  /** e.g. `GB 50174-2017 附录 A`. Empty for what people set. */
  source: z.string(),
  version: z.number().nullable(),
  author: z.string().nullable(),
  atMs: timeMs.nullable(),
  reason: z.string().nullable(),
})
export type EffectiveLimit = z.output<typeof effectiveLimitSchema>

/** Which points a set of limits is for. `kind` is the kind of point (temperature, …); a point's own set needs none. */
export const limitTargetSchema = z.discriminatedUnion('scope', [
  z.object({ scope: z.literal('point'), pointId: id }),
  z.object({ scope: z.literal('device'), deviceId: id, kind: shortText }),
  z.object({ scope: z.literal('room'), roomId: id, kind: shortText }),
  z.object({ scope: z.literal('room-class'), roomClass: z.enum(ROOM_CLASS_NAMES), kind: shortText }),
  z.object({ scope: z.literal('kind'), kind: shortText }),
])
export type LimitTarget = z.output<typeof limitTargetSchema>

const versionSchema = z.object({
  version: z.number(),
  limits: z.array(limitSchema),
  author: z.string(),
  reason: z.string(),
  atMs: timeMs,
})

/** One set that people made, as it is now. */
export const limitSetSchema = versionSchema.extend({
  target: limitTargetSchema,
  /** Of the room, device or point; empty for a class or kind. */
  label: z.string(),
  labelEn: z.string(),
  kind: z.string(),
  unit: z.string(),
  /** Points that it decides: those for which nothing more specific is set. */
  points: z.number(),
})
export type LimitSet = z.output<typeof limitSetSchema>

/** One step of the way from the most specific to the built-in default; the first that is set wins. */
export const limitLevelSchema = z.object({
  scope: z.enum(LIMIT_SCOPES),
  /** null for built-in. */
  target: limitTargetSchema.nullable(),
  label: z.string(),
  labelEn: z.string(),
  isSet: z.boolean(),
  wins: z.boolean(),
  version: z.number().nullable(),
  author: z.string().nullable(),
  atMs: timeMs.nullable(),
  reason: z.string().nullable(),
  limits: z.array(limitSchema),
})
export type LimitLevel = z.output<typeof limitLevelSchema>

/** What a draft would have done, against what is in force. */
export const rehearsalFiguresSchema = z.object({
  alarms: z.number(),
  /** Minutes in which one alarm was raised three times or more. */
  chatter: z.number(),
  /** Stretches with ten alarms or more in ten minutes over all the points. */
  floods: z.number(),
  /** Total time alarms stood. */
  standingMs: z.number(),
  perDay: z.number(),
})
const rehearsedAlarmSchema = z.object({
  pointId: id,
  pointName: z.string(),
  pointNameEn: z.string(),
  condition: z.enum(ALARM_CONDITIONS),
  priority: z.string(),
  raisedAtMs: timeMs,
  clearedAtMs: timeMs.nullable(),
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
})
export const rehearsalSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  message: z.string(),
  /** 0 … 1 */
  progress: z.number(),
  fromMs: timeMs,
  toMs: timeMs,
  points: z.number(),
  /** Points of the target beyond the most that one rehearsal reads. */
  pointsLeftOut: z.number(),
  readings: z.number(),
  now: rehearsalFiguresSchema,
  draft: rehearsalFiguresSchema,
  gained: z.object({ count: z.number(), newest: z.array(rehearsedAlarmSchema) }),
  lost: z.object({ count: z.number(), newest: z.array(rehearsedAlarmSchema) }),
  byDay: z.array(z.object({ dayMs: timeMs, now: z.number(), draft: z.number() })),
})
export type Rehearsal = z.output<typeof rehearsalSchema>

/** A limit over several points. */
export const combinationBodySchema = z.object({
  roomId: id,
  name: shortText,
  combination: z.enum(COMBINATIONS),
  pointIds: z.array(id).min(2).max(50),
  limits: z.array(limitSchema).min(1).max(8),
  enabled: z.boolean(),
  reason: longText.min(1),
})
export const combinationSchema = combinationBodySchema.extend({
  id,
  version: z.number(),
  author: z.string(),
  atMs: timeMs,
  /** Of its points; `number` or `contact` where they differ. */
  kind: z.string(),
  unit: z.string(),
  /** As it is now; null: too few of its points have a true value. */
  value: z.union([z.number(), z.string(), z.boolean()]).nullable(),
  missing: z.number(),
})
export type Combination = z.output<typeof combinationSchema>

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
  levels: route
    .route({
      method: 'GET',
      path: '/points/{pointId}/limit-levels',
      tags: ['limits'],
      summary: 'Why these limits: every level from the point to the built-in default, and which one wins',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object({ pointId: id }))
    .output(z.array(limitLevelSchema)),
  sets: route
    .route({ method: 'GET', path: '/limit-sets', tags: ['limits'], summary: 'Every set of limits that people made, as it is now' })
    .meta({ permission: 'readings.read' })
    .output(z.array(limitSetSchema)),
  defaults: route
    .route({
      method: 'GET',
      path: '/limit-defaults',
      tags: ['limits'],
      summary: 'The built-in limits of every room class and kind of point, with their sources',
    })
    .meta({ permission: 'readings.read' })
    .output(
      z.array(
        z.object({
          roomClass: z.enum(ROOM_CLASS_NAMES),
          kind: z.enum(POINT_KIND_NAMES),
          limits: z.array(z.object({ limit: limitSchema, source: z.string() })),
        }),
      ),
    ),
  set: route
    .route({
      method: 'POST',
      path: '/limit-sets/lookup',
      tags: ['limits'],
      summary: 'The set of one target with its versions, what holds without it, and how many points it is for',
    })
    .meta({ permission: 'readings.read' })
    .input(limitTargetSchema)
    .output(
      z.object({
        versions: z.array(versionSchema),
        /** What would be in force without a set of this target, of the point most like the others. */
        inherited: z.array(effectiveLimitSchema),
        points: z.number(),
        kind: z.string(),
        unit: z.string(),
      }),
    ),
  putSet: route
    .route({
      method: 'PUT',
      path: '/limit-sets',
      tags: ['limits'],
      summary: 'A new version of a set of limits; an empty list removes it, so that the next level holds again',
    })
    .meta({ permission: 'limits.write' })
    .input(
      z.object({
        target: limitTargetSchema,
        limits: z.array(limitSchema).max(12),
        reason: longText.min(1),
        /** The version it was made from, 0 for none; answers CONFLICT when there is a newer one. */
        basedOn: z.number().int().min(0),
      }),
    )
    .output(z.object({ version: z.number(), points: z.number() })),
  rehearse: route
    .route({
      method: 'POST',
      path: '/rehearsals',
      tags: ['limits'],
      summary: 'Replay a draft over the stored readings; answers at once, ask for the progress',
    })
    .meta({ permission: 'limits.write' })
    .input(z.object({ target: limitTargetSchema, limits: z.array(limitSchema).max(12), days: z.number().int().min(1).max(90).default(90) }))
    .output(rehearsalSchema),
  rehearsal: route
    .route({ method: 'GET', path: '/rehearsals/{rehearsalId}', tags: ['limits'], summary: 'Progress and result of a rehearsal' })
    .meta({ permission: 'limits.write' })
    .input(z.object({ rehearsalId: z.string().min(1).max(64) }))
    .output(rehearsalSchema),
  cancelRehearsal: route
    .route({ method: 'DELETE', path: '/rehearsals/{rehearsalId}', tags: ['limits'], summary: 'Stop a rehearsal' })
    .meta({ permission: 'limits.write' })
    .input(z.object({ rehearsalId: z.string().min(1).max(64) }))
    .output(done),
  forecasts: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/forecasts',
      tags: ['limits'],
      summary: 'Points that are on their way to a limit: when they reach it if they go on like this',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object({ roomId: id }))
    .output(z.array(z.object({ pointId: id, condition: z.enum(ALARM_CONDITIONS), limit: z.number(), atMs: timeMs, perHour: z.number() }))),
  combinations: route
    .route({ method: 'GET', path: '/combinations', tags: ['limits'], summary: 'Limits over several points' })
    .meta({ permission: 'readings.read' })
    .output(z.array(combinationSchema)),
  createCombination: route
    .route({ method: 'POST', path: '/combinations', tags: ['limits'], summary: 'Add a limit over several points' })
    .meta({ permission: 'limits.write' })
    .input(combinationBodySchema)
    .output(combinationSchema),
  updateCombination: route
    .route({ method: 'PUT', path: '/combinations/{combinationId}', tags: ['limits'], summary: 'Change it: a new version' })
    .meta({ permission: 'limits.write' })
    .input(combinationBodySchema.extend({ combinationId: id, version: z.number().int() }))
    .output(combinationSchema),
  removeCombination: route
    .route({ method: 'DELETE', path: '/combinations/{combinationId}', tags: ['limits'], summary: 'Remove it; its alarm clears' })
    .meta({ permission: 'limits.write' })
    .input(z.object({ combinationId: id, reason: longText.min(1) }))
    .output(done),
}
