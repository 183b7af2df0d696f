export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Start of the UTC hour a time is in. */
export function hourOf(timeMs: number): number {
  return Math.floor(timeMs / HOUR_MS) * HOUR_MS
}
