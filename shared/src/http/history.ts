import { z } from 'zod'
import { ALARM_PRIORITIES } from '../model/index.ts'
import { id, route, timeMs } from './contract-base.ts'
import { readingValueSchema } from './rooms.ts'

export const bucketSchema = z.object({
  timeMs,
  min: z.number().nullable(),
  mean: z.number().nullable(),
  max: z.number().nullable(),
  count: z.number(),
  /** Readings in this bucket that could not be true; never part of min, mean, max. */
  bad: z.number(),
  /** Time for which a good reading was known, ms. */
  goodMs: z.number(),
  /** Part of goodMs in which limits were in force, ms. The share inside the limits is insideMs / limitedMs. */
  limitedMs: z.number(),
  /** Part of limitedMs in which the value was within the limits in force then, ms. */
  insideMs: z.number(),
})
export type Bucket = z.output<typeof bucketSchema>

export const rawReadingSchema = z.object({ timeMs, value: readingValueSchema, bad: z.string().nullable() })
export type RawReading = z.output<typeof rawReadingSchema>

/** Something that happened in a room, to be shown on the curves of that time. */
export const historyMarkSchema = z.object({
  kind: z.enum(['alarm', 'incident', 'visit', 'change']),
  /** Of the alarm, the incident or the record. */
  id,
  /** With visits and changes: the register that holds the record. */
  register: z.string().optional(),
  recordId: id.optional(),
  fromMs: timeMs,
  /** null: it lasts still. */
  toMs: timeMs.nullable(),
  title: z.object({ zh: z.string(), en: z.string() }),
  priority: z.enum(ALARM_PRIORITIES).nullable(),
  roomId: id.nullable(),
})
export type HistoryMark = z.output<typeof historyMarkSchema>

/** The limits from a time on: what lies between is normal. */
export const limitChangeSchema = z.object({
  fromMs: timeMs,
  /** null: no limit on this side. */
  low: z.number().nullable(),
  high: z.number().nullable(),
})
export type LimitChange = z.output<typeof limitChangeSchema>

const pointsAndRange = {
  pointIds: z.string().regex(/^\d+(,\d+){0,99}$/, 'up to 100 point ids, separated by commas'),
  fromMs: z.coerce.number().int(),
  toMs: z.coerce.number().int(),
}

export const history = {
  /** Numbers and contacts as buckets. CSV of the same range: GET /api/history.csv?pointIds=1,2&fromMs=&toMs= (full resolution). */
  buckets: route
    .route({ method: 'GET', path: '/history', tags: ['history'], summary: 'Min, mean and max of points in at most `buckets` buckets' })
    .meta({ permission: 'readings.read' })
    .input(
      z.object({
        ...pointsAndRange,
        buckets: z.coerce.number().int().min(1).max(2000).default(600),
      }),
    )
    .output(z.array(z.object({ pointId: id, bucketMs: z.number(), buckets: z.array(bucketSchema) }))),
  marks: route
    .route({
      method: 'GET',
      path: '/history/marks',
      tags: ['history'],
      summary: 'Alarms, incidents, visits and changes of the rooms of these points that overlap the range, newest first',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object(pointsAndRange))
    /** At most 500; `more`: there were more, and the oldest are left out. */
    .output(z.object({ marks: z.array(historyMarkSchema), more: z.boolean() })),
  limits: route
    .route({
      method: 'GET',
      path: '/history/limits',
      tags: ['history'],
      summary: 'The narrowest range that the level limits left for each point, as it was in force through the range',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object(pointsAndRange))
    /** In order of time, the first from the start of the range on; null: they changed too often in it to be listed. */
    .output(z.array(z.object({ pointId: id, changes: z.array(limitChangeSchema).nullable() }))),
  readings: route
    .route({
      method: 'GET',
      path: '/points/{pointId}/readings',
      tags: ['history'],
      summary: 'Single readings of a point, newest last; bad ones included',
    })
    .meta({ permission: 'readings.read' })
    .input(
      z.object({
        pointId: id,
        fromMs: z.coerce.number().int(),
        toMs: z.coerce.number().int(),
        limit: z.coerce.number().int().min(1).max(5000).default(1000),
      }),
    )
    .output(z.array(rawReadingSchema)),
}
