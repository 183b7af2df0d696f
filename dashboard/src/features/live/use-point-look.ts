import type { Point } from '@roomkeeper/shared/http'
import type { Quality } from '@roomkeeper/shared/model'
import { useCallback, useMemo, useSyncExternalStore } from 'react'
import { serverClock, subscribeSecond } from '../../client/clock.ts'
import { connectionStore } from '../../client/connection.ts'
import { type LiveEntry, liveStore } from '../../client/live-store.ts'
import { type Freshness, freshnessOf } from './staleness.ts'

export type LivePoint = Pick<Point, 'id' | 'kind' | 'unit' | 'intervalMs' | 'timeMs' | 'value' | 'quality' | 'reason'>

/** How a point must look, apart from the number itself. */
export interface PointLook {
  freshness: Freshness
  quality: Quality
  reason: string | null
}

/** The newest reading this browser has; one that only came with a cached answer counts as from before this connection. */
export function latestOf(point: LivePoint): LiveEntry {
  return liveStore.get(point.id) ?? { timeMs: point.timeMs, value: point.value, quality: point.quality, reason: point.reason, epoch: 0 }
}

/** How its newest reading may be shown at this moment. */
export function freshnessNow(point: LivePoint, entry: LiveEntry): Freshness {
  const connection = connectionStore.get()
  return freshnessOf({
    timeMs: entry.timeMs,
    quality: entry.quality,
    intervalMs: point.intervalMs,
    epoch: entry.epoch,
    currentEpoch: connection.epoch,
    isConnectionLost: connection.phase === 'lost',
    nowMs: serverClock.nowMs(),
  })
}

/** Renders only when the look changes: numbers and ages are written beside React (LiveText, Age). */
export function usePointLook(point: LivePoint): PointLook {
  const key = useSyncExternalStore(
    useCallback((listener: () => void) => subscribeLook(point.id, listener), [point.id]),
    () => {
      const entry = latestOf(point)
      return `${freshnessNow(point, entry)} ${entry.quality} ${entry.reason ?? ''}`
    },
  )
  return useMemo(() => {
    const [freshness, quality, ...reason] = key.split(' ')
    return { freshness: freshness as Freshness, quality: quality as Quality, reason: reason.join(' ') || null }
  }, [key])
}

function subscribeLook(pointId: number, listener: () => void): () => void {
  const stops = [liveStore.subscribe(pointId, listener), subscribeSecond(listener), connectionStore.subscribe(listener)]
  return () => {
    for (const stop of stops) stop()
  }
}
