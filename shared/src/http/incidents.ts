import { z } from 'zod'
import { alarmSchema } from './alarms.ts'
import { done, id, longText, pageQuery, route, shortText, timeMs } from './contract-base.ts'
import { readingValueSchema } from './rooms.ts'

/** What people fill in. All optional while it is a draft; `incidentSubmitSchema` says what must be there. */
export const incidentFieldsSchema = z.object({
  /** E6: hardware is handled at once; for software the engineer is contacted at once and both times are kept. */
  faultClass: z.enum(['environment', 'power', 'hardware', 'software', 'network', 'other']).optional(),
  noticedAtMs: timeMs.optional(),
  arrivedAtMs: timeMs.optional(),
  engineerCalledAtMs: timeMs.optional(),
  /** Who was called, e.g. the engineer's name and company. */
  engineerName: shortText.optional(),
  /** Hardware: when work on it began. */
  handledAtMs: timeMs.optional(),
  recoveredAtMs: timeMs.optional(),
  cause: longText.optional(),
  measures: longText.optional(),
  /** How it was brought back, and how that was checked. */
  recovery: longText.optional(),
  rootCause: longText.optional(),
  /** What is to be done so that it does not come again. */
  lessons: longText.optional(),
  note: longText.optional(),
})
export type IncidentFields = z.output<typeof incidentFieldsSchema>

/** Regulation E2, E6: cause, measures and times; hardware is handled at once, for software the engineer is called at once. */
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
    if (fields.faultClass === 'software' && !fields.engineerName)
      context.addIssue({
        code: 'custom',
        path: ['engineerName'],
        message: '软件故障须填写所联系的工程师 / software faults need the engineer’s name',
      })
    if (fields.faultClass === 'hardware' && fields.handledAtMs === undefined)
      context.addIssue({
        code: 'custom',
        path: ['handledAtMs'],
        message: '硬件故障须填写开始处理的时间 / hardware faults need the time work on them began',
      })
    if (fields.recoveredAtMs !== undefined && fields.recoveredAtMs < fields.noticedAtMs)
      context.addIssue({ code: 'custom', path: ['recoveredAtMs'], message: '恢复时间早于发现时间 / recovered before it was noticed' })
  })

/** open: people fill it in; submitted: signed, waits for the department head; closed: reviewed. What is given back is open again. */
export const INCIDENT_STATES = ['open', 'submitted', 'closed'] as const

/** A photo of an incident; its bytes are at `GET /api/photos/{id}`. */
export const photoSchema = z.object({
  id,
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  by: z.string(),
  atMs: timeMs,
  /** Struck out: who, when and why. */
  removed: z.object({ by: z.string(), atMs: timeMs, reason: z.string() }).nullable(),
})
export type Photo = z.output<typeof photoSchema>
/** Of one photo, and how many an incident may have. */
export const PHOTO_MAX_BYTES = 5_000_000
export const PHOTO_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const
export const PHOTOS_MAX = 20

/** What happened to the form: assigned, submitted, given back, closed. */
const incidentStepSchema = z.object({
  kind: z.enum(['assign', 'submit', 'return', 'close']),
  by: z.string(),
  atMs: timeMs,
  /** The assignee's name (empty: nobody any more) and after a line feed what was said with it; or the words of the review. */
  text: z.string(),
  /** Of a submission: the fields as they were signed, so that a second one shows what has changed since. */
  signed: incidentFieldsSchema.nullable(),
})
export type IncidentStep = z.output<typeof incidentStepSchema>

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
  assignee: z.object({ accountId: id, name: z.string(), by: z.string(), atMs: timeMs }).nullable(),
  closedBy: z.string().nullable(),
  closedAtMs: timeMs.nullable(),
  /** Newest last. */
  steps: z.array(incidentStepSchema),
  photos: z.array(photoSchema),
  /**
   * From its first alarm (for one learnt of late: from when the server learnt of it) to the first acknowledgement; and to recovery, as filled
   * in, else when its last alarm cleared. null: not yet.
   */
  acknowledgedMs: z.number().nullable(),
  recoveredMs: z.number().nullable(),
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

/** A record that belongs to it: the inspection that found it, the work that mends it. */
const incidentRecordSchema = z.object({
  kind: z.string(),
  recordId: id,
  register: z.string(),
  number: z.string(),
  title: z.string(),
  state: z.string(),
})
export type IncidentRecord = z.output<typeof incidentRecordSchema>

/** Means and 90th percentiles, ms; null where there is nothing to measure. */
const incidentFiguresSchema = z.object({
  count: z.number(),
  open: z.number(),
  mttaMs: z.number().nullable(),
  mttaP90Ms: z.number().nullable(),
  mttrMs: z.number().nullable(),
  mttrP90Ms: z.number().nullable(),
})
export type IncidentFigures = z.output<typeof incidentFiguresSchema>

export const incidents = {
  list: route
    .route({ method: 'GET', path: '/incidents', tags: ['incidents'], summary: 'Incidents, newest first' })
    .meta({ permission: 'incidents.read' })
    .input(
      z.object({
        state: z.enum([...INCIDENT_STATES, 'all']).default('all'),
        roomId: id.optional(),
        /** me: only what is assigned to the person asking. */
        assignee: z.enum(['me']).optional(),
        ...pageQuery,
      }),
    )
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
    .output(incidentSchema.extend({ curves: z.array(curveSchema), records: z.array(incidentRecordSchema) })),
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
  assign: route
    .route({
      method: 'PUT',
      path: '/incidents/{incidentId}/assignee',
      tags: ['incidents'],
      summary: 'Assign to a person, who is told; null = nobody',
    })
    .meta({ permission: 'incidents.assign' })
    .input(z.object({ incidentId: id, accountId: id.nullable(), note: longText.default('') }))
    .output(incidentSchema),
  review: route
    .route({
      method: 'POST',
      path: '/incidents/{incidentId}/review',
      tags: ['incidents'],
      summary: 'Close a submitted incident, or give it back with the reason; signed with the own password',
    })
    .meta({ permission: 'incidents.review' })
    .input(
      z.object({
        incidentId: id,
        revision: z.number().int(),
        verdict: z.enum(['close', 'return']),
        text: longText.default(''),
        password: z.string().min(1).max(200),
      }),
    )
    .output(incidentSchema),
  removePhoto: route
    .route({
      method: 'DELETE',
      path: '/incidents/{incidentId}/photos/{photoId}',
      tags: ['incidents'],
      summary: 'Strike out a photo; it is kept and marked',
    })
    .meta({ permission: 'incidents.write' })
    .input(z.object({ incidentId: id, photoId: id, reason: longText.min(1) }))
    .output(done),
  statistics: route
    .route({
      method: 'GET',
      path: '/incident-statistics',
      tags: ['incidents'],
      summary: 'Number, time to acknowledge (MTTA) and time to recover (MTTR), by class of fault; drills are left out',
    })
    .meta({ permission: 'incidents.read' })
    .input(z.object({ days: z.coerce.number().int().min(1).max(3660).default(90), roomId: id.optional() }))
    .output(
      z.object({
        fromMs: timeMs,
        toMs: timeMs,
        all: incidentFiguresSchema,
        byClass: z.array(incidentFiguresSchema.extend({ faultClass: z.string() })),
        byMonth: z.array(incidentFiguresSchema.extend({ month: z.string() })),
      }),
    ),
}
