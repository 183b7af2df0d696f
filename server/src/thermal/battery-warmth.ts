import type { PointEntry } from '../ingest/entries.ts'
import type { ReadingStore } from '../readings/reading-store.ts'

export type HistoryReadingStore = Pick<ReadingStore, 'history'>

const DAYS_MS = 90 * 86_400_000
const MOST_BUCKETS = 100

/** Mean of the last 90 days, °C; null without readings or while the store is away: the age then counts as at 25 °C. */
export async function meanCelsius(readings: HistoryReadingStore, point: PointEntry | undefined, nowMs: number): Promise<number | null> {
  if (!point) return null
  try {
    const { buckets } = await readings.history({ point, fromMs: nowMs - DAYS_MS, toMs: nowMs, maxBuckets: MOST_BUCKETS })
    const counts = buckets.reduce((sum, { count }) => sum + count, 0)
    if (counts === 0) return null
    return buckets.reduce((sum, { mean, count }) => sum + (mean ?? 0) * count, 0) / counts
  } catch {
    return null
  }
}
