import { DAY_MS } from '../hours.ts'
import type { HistoryAccess } from './history-access.ts'
import type { HourMarks } from './hour-marks.ts'

/** Agents' clocks may be a little ahead. */
const AHEAD_MS = DAY_MS

/**
 * Marks every hour that has readings, in a database written by a version without this history: it is then rolled up like any other.
 * Interrupted, it is done again from the start.
 */
export async function prepareHistory(access: HistoryAccess, marks: HourMarks, nowMs: number): Promise<void> {
  const firstMs = await access.firstReadingMs()
  if (firstMs !== undefined) {
    for (let fromMs = Math.floor(firstMs / DAY_MS) * DAY_MS; fromMs < nowMs + AHEAD_MS; fromMs += DAY_MS) {
      await marks.mark(await access.hoursWithReadings({ fromMs, toMs: fromMs + DAY_MS }))
    }
  }
  await access.dropOutdated()
}
