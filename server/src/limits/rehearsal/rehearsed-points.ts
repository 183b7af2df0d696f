import type { LimitTarget } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'
import { type Directory, subjectOf } from '../../ingest/directory.ts'
import type { PointEntry } from '../../ingest/entries.ts'
import { isDecidedBy, limitsOf } from '../limit-registry.ts'
import { keyOf, pointsOfTarget } from '../limit-targets.ts'

/** A point for which the target decides, with its limits as they are and as they would be. */
export interface RehearsedPoint {
  point: PointEntry
  now: readonly Limit[]
  draft: readonly Limit[]
}

/**
 * The points for which the target would decide: nothing more specific is set for them. An empty draft takes the target's set away, so
 * that the next level holds.
 */
export function rehearsedPoints(
  directory: Pick<Directory, 'rooms' | 'devices' | 'points' | 'limitSets'>,
  target: LimitTarget,
  draft: readonly Limit[],
): RehearsedPoint[] {
  const { limitSets } = directory
  const key = keyOf(target)
  return pointsOfTarget(directory, key).flatMap((point) => {
    const subject = subjectOf(point)
    if (!isDecidedBy(limitSets, subject, key)) return []
    const nextLevel = () => limitsOf(limitSets, subject, key).map(({ limit }) => limit)
    return [{ point, now: point.limits, draft: draft.length > 0 ? draft : nextLevel() }]
  })
}
