import { z } from 'zod'
import { POINT_KIND_NAMES } from '../model/index.ts'
import { CLAUSE_NAMES, DEVICE_CLASS_NAMES, FOLLOW_UPS } from '../registers/index.ts'
import { route, timeMs } from './contract-base.ts'

const words = z.object({ zh: z.string().trim().min(1).max(80), en: z.string().trim().min(1).max(120) })

/** One item as people set it. */
export const checklistEntryInput = z.object({
  /** Absent: a further item, whose key the server gives. */
  key: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/)
    .optional(),
  label: words,
  help: z.object({ zh: z.string().trim().max(300), en: z.string().trim().max(400) }).optional(),
  clause: z.enum(CLAUSE_NAMES).optional(),
  photo: z.boolean().default(false),
  /** A value is written down with it; with a kind, the sensors' value stands beside it. */
  measured: z.object({ unit: z.string().max(12), kind: z.enum(POINT_KIND_NAMES).optional() }).optional(),
  followUp: z.enum(FOLLOW_UPS).default('work-order'),
  /** false: not asked any more. */
  active: z.boolean().default(true),
})

export const checklistEntrySchema = checklistEntryInput.extend({
  key: z.string(),
  /** default: as the product brings it; changed: a default that people changed; own: people's own. */
  origin: z.enum(['default', 'changed', 'own']),
  changedBy: z.string().nullable(),
  changedAtMs: timeMs.nullable(),
})
export type ChecklistEntryOut = z.output<typeof checklistEntrySchema>

export const checklistSchema = z.object({
  deviceClass: z.enum(DEVICE_CLASS_NAMES),
  title: z.object({ zh: z.string(), en: z.string() }),
  /** Of the last change (0: none yet); a change names the one it was made from. */
  revision: z.number(),
  items: z.array(checklistEntrySchema),
})
export type Checklist = z.output<typeof checklistSchema>

/** What an inspection looks at, by device class. */
export const checklists = {
  list: route
    .route({
      method: 'GET',
      path: '/checklists',
      tags: ['registers'],
      summary: 'Items of inspections, by class of device; defaults are shown as such',
    })
    .meta({ permission: 'schedules.read' })
    .output(z.array(checklistSchema)),
  change: route
    .route({
      method: 'PUT',
      path: '/checklists/{deviceClass}',
      tags: ['registers'],
      summary: 'Change the items of a class; what is left out stays as it is. CONFLICT when somebody changed them since',
    })
    .meta({ permission: 'schedules.write' })
    .input(
      z.object({
        deviceClass: z.enum(DEVICE_CLASS_NAMES),
        revision: z.number().int().min(0),
        items: z.array(checklistEntryInput).min(1).max(60),
      }),
    )
    .output(checklistSchema),
}
