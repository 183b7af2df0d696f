import { type Directory, subjectOf } from '../ingest/directory.ts'
import { LimitHistory, type LimitHistoryDependencies } from '../limits/limit-history.ts'
import { localMinuteOf } from '../limits/local-minute.ts'
import type { BandChange } from '../readings/history/minute-slots.ts'
import { api } from './base.ts'
import { checkRange, parsePointIds } from './history-query.ts'

export interface HistoryLimitsDeps extends Pick<LimitHistoryDependencies, 'db'> {
  clock: { nowMs(): number }
  directory: Pick<Directory, 'points'>
  /** The hospital's; IANA name. */
  timeZone: string
}

/** Limits by day and night change twice a day: two and a half years of them. More steps than this are no line any more. */
const MAX_CHANGES = 2000

/** The limits as they were while these readings were taken, for the lines of a chart: the same that its times in limits are counted by. */
export function createHistoryLimitsHandlers({ db, clock, directory, timeZone }: HistoryLimitsDeps) {
  const history = new LimitHistory({ db, nowMs: () => clock.nowMs(), localMinute: localMinuteOf(timeZone) })
  return {
    limits: api.history.limits.handler(async ({ input, errors }) => {
      const problem = checkRange(input)
      if (problem) throw errors.INVALID(problem)
      const { points, problem: unknown } = parsePointIds(input.pointIds, directory.points)
      if (unknown) throw errors.INVALID(unknown)
      return Promise.all(
        points.map(async (point) => {
          const changes = point.device.isDrill ? [] : await history.bandsOf(subjectOf(point), input)
          return { pointId: point.id, changes: changes.length > MAX_CHANGES ? null : changes.map(flat) }
        }),
      )
    }),
  }
}

function flat({ fromMs, band }: BandChange) {
  return { fromMs, low: band?.low ?? null, high: band?.high ?? null }
}
