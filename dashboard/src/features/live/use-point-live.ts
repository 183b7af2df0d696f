import type { Point } from '@roomkeeper/shared/http'
import { useCallback, useSyncExternalStore } from 'react'
import { serverClock, subscribeSecond } from '../../client/clock.ts'
import { connectionStore } from '../../client/connection.ts'
import { type LiveEntry, liveStore } from '../../client/live-store.ts'
import { type Freshness, freshnessOf } from './staleness.ts'

export interface PointLive extends LiveEntry {
  freshness: Freshness
}

type LivePoint = Pick<Point, 'id' | 'intervalMs' | 'timeMs' | 'value' | 'quality' | 'reason'>

/** The present value of a point. Renders only when the value or its freshness changes, not with every second that passes. */
export function usePointLive(point: LivePoint): PointLive {
  const { id, intervalMs } = point
  const entry = useSyncExternalStore(
    useCallback((listener: () => void) => liveStore.subscribe(id, listener), [id]),
    () => liveStore.get(id),
  )
  const shown: LiveEntry = entry ?? { timeMs: point.timeMs, value: point.value, quality: point.quality, reason: point.reason, epoch: 0 }
  const freshness = useSyncExternalStore(subscribeFreshness, () => {
    const connection = connectionStore.get()
    return freshnessOf({
      timeMs: shown.timeMs,
      quality: shown.quality,
      intervalMs,
      epoch: shown.epoch,
      currentEpoch: connection.epoch,
      isConnectionLost: connection.phase === 'lost',
      nowMs: serverClock.nowMs(),
    })
  })
  return { ...shown, freshness }
}

function subscribeFreshness(listener: () => void): () => void {
  const stopSecond = subscribeSecond(listener)
  const stopConnection = connectionStore.subscribe(listener)
  return () => {
    stopSecond()
    stopConnection()
  }
}
