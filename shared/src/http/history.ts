import { z } from 'zod'
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
})
export type Bucket = z.output<typeof bucketSchema>

export const rawReadingSchema = z.object({ timeMs, value: readingValueSchema, bad: z.string().nullable() })
export type RawReading = z.output<typeof rawReadingSchema>

export const history = {
  /** Numbers and contacts as buckets. CSV of the same range: GET /api/history.csv?pointIds=1,2&fromMs=&toMs= (full resolution). */
  buckets: route
    .route({ method: 'GET', path: '/history', tags: ['history'], summary: 'Min, mean and max of points in at most `buckets` buckets' })
    .meta({ permission: 'readings.read' })
    .input(
      z.object({
        pointIds: z.string().regex(/^\d+(,\d+){0,19}$/, 'up to 20 point ids, separated by commas'),
        fromMs: z.coerce.number().int(),
        toMs: z.coerce.number().int(),
        buckets: z.coerce.number().int().min(1).max(2000).default(600),
      }),
    )
    .output(z.array(z.object({ pointId: id, bucketMs: z.number(), buckets: z.array(bucketSchema) }))),
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
