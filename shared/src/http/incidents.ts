import { z } from 'zod'
import { alarmSchema } from './alarms.ts'
import { id, longText, pageQuery, route, timeMs } from './contract-base.ts'
import { readingValueSchema } from './rooms.ts'

/** What people fill in. All optional while it is a draft; `incidentSubmitSchema` says what must be there. */
export const incidentFieldsSchema = z.object({
  /** E6: hardware is handled at once; for software the engineer is contacted at once and both times are kept. */
  faultClass: z.enum(['environment', 'power', 'hardware', 'software', 'network', 'other']).optional(),
  noticedAtMs: timeMs.optional(),
  arrivedAtMs: timeMs.optional(),
  engineerCalledAtMs: timeMs.optional(),
  recoveredAtMs: timeMs.optional(),
  cause: longText.optional(),
  measures: longText.optional(),
  note: longText.optional(),
})
export type IncidentFields = z.output<typeof incidentFieldsSchema>

/** Regulation E2, E6: cause, measures and times. */
export const incidentSubmitSchema = incidentFieldsSchema
  .required({ faultClass: true, noticedAtMs: true, cause: true, measures: true })
  .superRefine((fields, context) => {
    if (!fields.cause) context.addIssue({ code: 'custom', path: ['cause'], message: '请填写原因 / give the cause' })
    if (!fields.measures) context.addIssue({ code: 'custom', path: ['measures'], message: '请填写处理措施 / give the measures taken' })
    if (fields.faultClass === 'software' && fields.engineerCalledAtMs === undefined)
      context.addIssue({
        code: 'custom',
        path: ['engineerCalledAtMs'],
        message: '软件故障须填写联系工程师的时间 / software faults need the time the engineer was called',
      })
    if (fields.recoveredAtMs !== undefined && fields.recoveredAtMs < fields.noticedAtMs)
      context.addIssue({ code: 'custom', path: ['recoveredAtMs'], message: '恢复时间早于发现时间 / recovered before it was noticed' })
  })

export const INCIDENT_STATES = ['open', 'submitted'] as const

export const incidentSchema = z.object({
  id,
  state: z.enum(INCIDENT_STATES),
  roomId: id.nullable(),
  roomName: z.string().nullable(),
  deviceId: id.nullable(),
  deviceName: z.string().nullable(),
  deviceNameEn: z.string().nullable(),
  openedAtMs: timeMs,
  /** Highest priority of its alarms. */
  priority: z.string(),
  fields: incidentFieldsSchema,
  /** Grows with each saved draft; a save names the revision it was made from. */
  revision: z.number(),
  draftBy: z.string().nullable(),
  draftAtMs: timeMs.nullable(),
  submittedBy: z.string().nullable(),
  submittedAtMs: timeMs.nullable(),
  alarms: z.array(alarmSchema),
})
export type Incident = z.output<typeof incidentSchema>

/** The curve around the alarm that opened the incident, kept with the incident. */
export const curveSchema = z.object({
  pointId: id,
  pointName: z.string(),
  pointNameEn: z.string(),
  pointKind: z.string(),
  unit: z.string(),
  limit: readingValueSchema,
  points: z.array(z.tuple([timeMs, z.number()])),
})

export const incidents = {
  list: route
    .route({ method: 'GET', path: '/incidents', tags: ['incidents'], summary: 'Incidents, newest first' })
    .meta({ permission: 'incidents.read' })
    .input(z.object({ state: z.enum([...INCIDENT_STATES, 'all']).default('all'), roomId: id.optional(), ...pageQuery }))
    .output(z.array(incidentSchema)),
  get: route
    .route({
      method: 'GET',
      path: '/incidents/{incidentId}',
      tags: ['incidents'],
      summary: 'One incident with its alarms and the curve around them',
    })
    .meta({ permission: 'incidents.read' })
    .input(z.object({ incidentId: id }))
    .output(incidentSchema.extend({ curves: z.array(curveSchema) })),
  saveDraft: route
    .route({
      method: 'PUT',
      path: '/incidents/{incidentId}/draft',
      tags: ['incidents'],
      summary: 'Save a draft; answers CONFLICT when another revision was saved since',
    })
    .meta({ permission: 'incidents.write' })
    .input(z.object({ incidentId: id, revision: z.number().int(), fields: incidentFieldsSchema }))
    .output(incidentSchema),
  submit: route
    .route({ method: 'POST', path: '/incidents/{incidentId}/submit', tags: ['incidents'], summary: 'Submit, signed with the own password' })
    .meta({ permission: 'incidents.write' })
    .input(z.object({ incidentId: id, revision: z.number().int(), fields: incidentSubmitSchema, password: z.string().min(1).max(200) }))
    .output(incidentSchema),
}
