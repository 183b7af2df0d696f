import { z } from 'zod'
import { floorPlanSchema } from '../model/floor-plan.ts'
import { id, route, timeMs } from './contract-base.ts'

/** A saved plan; none is ever overwritten. */
const savedPlanSchema = z.object({
  /** Counts the saves of this room; 0: none yet. */
  version: z.number(),
  /** null: nobody drew one yet. */
  plan: floorPlanSchema.nullable(),
  author: z.string().nullable(),
  atMs: timeMs.nullable(),
  /** Of its background. null: it has none. */
  picture: z.object({ id, widthPx: z.number(), heightPx: z.number() }).nullable(),
})
export type SavedPlan = z.output<typeof savedPlanSchema>

/** The level limits in force now on a point that a heat map shows. null: none of this kind. */
const pointLevelsSchema = z.object({
  pointId: id,
  kind: z.string(),
  lowLow: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  highHigh: z.number().nullable(),
})
export type PointLevels = z.output<typeof pointLevelsSchema>

/** A drawing of the room to put under its plan. Metadata (camera, place, author) is taken out before it is kept. */
export const planPictureSchema = z.object({
  id,
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  widthPx: z.number(),
  heightPx: z.number(),
})
export type PlanPicture = z.output<typeof planPictureSchema>
export const PLAN_PICTURE_TYPES = ['image/png', 'image/jpeg'] as const
export const PLAN_PICTURE_MAX_BYTES = 5_000_000
/** Browsers hold a picture as four bytes per pixel. */
export const PLAN_PICTURE_MAX_SIDE_PX = 8000

const roomId = z.object({ roomId: id })

export const floorPlans = {
  get: route
    .route({ method: 'GET', path: '/rooms/{roomId}/plan', tags: ['floor plans'], summary: "A room's floor plan" })
    .meta({ permission: 'readings.read' })
    .input(roomId)
    .output(savedPlanSchema),
  put: route
    .route({
      method: 'PUT',
      path: '/rooms/{roomId}/plan',
      tags: ['floor plans'],
      summary: 'Save a floor plan as a new version; `version` is the one that it was made from, an older one is refused',
    })
    .meta({ permission: 'rooms.write' })
    .input(roomId.extend({ version: z.number().int().min(0), plan: floorPlanSchema }))
    .output(savedPlanSchema),
  versions: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/plan/versions',
      tags: ['floor plans'],
      summary: 'Who saved the plan, and when; newest first',
    })
    .meta({ permission: 'readings.read' })
    .input(roomId)
    .output(z.array(z.object({ version: z.number(), author: z.string(), atMs: timeMs, items: z.number() }))),
  version: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/plan/versions/{version}',
      tags: ['floor plans'],
      summary: 'The plan as it was saved once',
    })
    .meta({ permission: 'readings.read' })
    .input(roomId.extend({ version: z.coerce.number().int().positive() }))
    .output(savedPlanSchema),
  levels: route
    .route({
      method: 'GET',
      path: '/rooms/{roomId}/plan/levels',
      tags: ['floor plans'],
      summary: "The level limits in force on the room's temperature, humidity and dew point",
    })
    .meta({ permission: 'readings.read' })
    .input(roomId)
    .output(z.array(pointLevelsSchema)),
}
