import type { Quality, ReadingValue } from '@roomkeeper/shared/model'
import type { LiveUpdate } from '@roomkeeper/shared/push'

/** The latest reading of a point as this browser knows it. */
export interface LiveEntry {
  timeMs: number | null
  value: ReadingValue
  quality: Quality
  reason: string | null
  /** The connection it was received on; an entry of an earlier connection is never shown as fresh. */
  epoch: number
}

/** A point as an HTTP answer carries it. */
export interface SeedPoint {
  id: number
  timeMs: number | null
  value: ReadingValue
  quality: Quality
  reason: string | null
}

export interface LiveStore {
  get: (pointId: number) => LiveEntry | undefined
  subscribe: (pointId: number, listener: () => void) => () => void
  /** A batch from the socket, received on connection `epoch`. An older reading never replaces a newer one. */
  apply: (updates: readonly LiveUpdate[], epoch: number) => void
  /** The same for the points of an HTTP answer. */
  seed: (points: readonly SeedPoint[], epoch: number) => void
}

/**
 * Latest values outside of React: 500 updates a second must not go through a query cache. Listeners of changed points
 * are told once per `schedule`d flush, however many updates came in between.
 */
export function createLiveStore(schedule: (flush: () => void) => void): LiveStore {
  const entries = new Map<number, LiveEntry>()
  const listeners = new Map<number, Set<() => void>>()
  const changed = new Set<number>()
  let isScheduled = false

  function flush(): void {
    isScheduled = false
    const pointIds = [...changed]
    changed.clear()
    for (const pointId of pointIds) for (const listener of listeners.get(pointId) ?? []) listener()
  }

  function put(pointId: number, entry: LiveEntry): void {
    const known = entries.get(pointId)
    if (known && (known.timeMs ?? 0) > (entry.timeMs ?? 0)) {
      // The same value heard again on a newer connection: it is current there, whatever its time says.
      if (known.epoch >= entry.epoch) return
      entry = { ...known, epoch: entry.epoch }
    }
    entries.set(pointId, entry)
    if (!listeners.has(pointId)) return
    changed.add(pointId)
    if (isScheduled) return
    isScheduled = true
    schedule(flush)
  }

  return {
    get: (pointId) => entries.get(pointId),
    subscribe: (pointId, listener) => {
      const set = listeners.get(pointId) ?? new Set()
      listeners.set(pointId, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0) listeners.delete(pointId)
      }
    },
    apply: (updates, epoch) => {
      for (const [pointId, timeMs, value, quality, reason] of updates) put(pointId, { timeMs, value, quality, reason, epoch })
    },
    seed: (points, epoch) => {
      for (const { id, timeMs, value, quality, reason } of points) put(id, { timeMs, value, quality, reason, epoch })
    },
  }
}

/** Two repaints a second are as live as a person can read, and bound the work at any rate of readings. */
const FLUSH_INTERVAL_MS = 500
export const liveStore = createLiveStore((flush) => {
  setTimeout(flush, FLUSH_INTERVAL_MS)
})
