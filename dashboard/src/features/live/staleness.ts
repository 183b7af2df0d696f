import type { Quality } from '@roomkeeper/shared/model'

/** A value is late after three of its intervals, but never before this: one slow scan is no reason to grey a screen. */
const MIN_LIMIT_MS = 15_000
const INTERVALS = 3

/**
 * none: no reading yet · fresh: current · late: older than it may be · lost: received before the connection was lost ·
 * stale: the server says so. Only `fresh` may look fresh.
 */
export type Freshness = 'none' | 'fresh' | 'late' | 'lost' | 'stale'

export function staleLimitMs(intervalMs: number): number {
  return Math.max(INTERVALS * intervalMs, MIN_LIMIT_MS)
}

/** How a value may be shown, decided in the browser as well: a silent server must not leave fresh-looking values behind. */
export function freshnessOf(entry: {
  timeMs: number | null
  quality: Quality
  intervalMs: number
  /** Connection the value was received on, and the present one. */
  epoch: number
  currentEpoch: number
  isConnectionLost: boolean
  /** Server time. */
  nowMs: number
}): Freshness {
  if (entry.timeMs === null) return 'none'
  if (entry.isConnectionLost || entry.epoch < entry.currentEpoch) return 'lost'
  if (entry.quality === 'stale') return 'stale'
  return entry.nowMs - entry.timeMs > staleLimitMs(entry.intervalMs) ? 'late' : 'fresh'
}
