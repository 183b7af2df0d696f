import { type History, type ReadingStore, StoreUnavailableError } from '../readings/reading-store.ts'
import type { PointHandle } from '../readings/scan.ts'
import { api } from './base.ts'
import { createHistoryLimitsHandlers, type HistoryLimitsDeps } from './history-limits.ts'
import { createHistoryMarksHandlers, type HistoryMarksDeps } from './history-marks.ts'
import { checkRange, parsePointIds, STORE_AWAY } from './history-query.ts'

export interface HistoryDeps extends HistoryMarksDeps, HistoryLimitsDeps {
  directory: HistoryLimitsDeps['directory']
  readings: Pick<ReadingStore, 'history' | 'raw'>
}

/** Readings of the past: buckets for charts, single readings for a closer look. */
export function createHistoryHandlers(deps: HistoryDeps) {
  return {
    ...createHistoryMarksHandlers(deps),
    ...createHistoryLimitsHandlers(deps),

    buckets: api.history.buckets.handler(async ({ input, errors }) => {
      const { fromMs, toMs, buckets: maxBuckets } = input
      const problem = checkRange(input)
      if (problem) throw errors.INVALID(problem)
      const { points, problem: unknown } = parsePointIds(input.pointIds, deps.directory.points)
      if (unknown) throw errors.INVALID(unknown)
      const read = async (point: PointHandle) => toBuckets(point.id, await deps.readings.history({ point, fromMs, toMs, maxBuckets }))
      return Promise.all(points.map(read)).catch((error: unknown) => {
        throw isAway(error) ? errors.UNAVAILABLE({ message: STORE_AWAY }) : error
      })
    }),

    readings: api.history.readings.handler(async ({ input, errors }) => {
      const { fromMs, toMs, limit } = input
      const problem = checkRange(input)
      if (problem) throw errors.INVALID(problem)
      const point = deps.directory.points.get(input.pointId)
      if (!point) throw errors.NOT_FOUND()
      const readings = await deps.readings.raw({ point, fromMs, toMs, limit }).catch((error: unknown) => {
        throw isAway(error) ? errors.UNAVAILABLE({ message: STORE_AWAY }) : error
      })
      return readings.map(({ timeMs, value, bad }) => ({ timeMs, value, bad: bad ?? null }))
    }),
  }
}

function isAway(error: unknown): boolean {
  return error instanceof StoreUnavailableError
}

function toBuckets(pointId: number, history: History) {
  return { pointId, bucketMs: history.bucketMs, buckets: history.buckets.map(({ badCount, ...bucket }) => ({ ...bucket, bad: badCount })) }
}
