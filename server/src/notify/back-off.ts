const FIRST_MS = 2000
/** A gateway that came back is noticed this soon. */
const LONGEST_MS = 60_000

/**
 * How long to wait before the next attempt, ms: doubles from 2 s to a minute, with ± 20 % so that many rows do not come back at the same
 * moment. What the other side asked for counts when it is longer.
 */
export function backOffMs(attempts: number, random: number, retryAfterMs = 0): number {
  const plainMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 10))
  return Math.max(retryAfterMs, Math.round(plainMs * (0.8 + 0.4 * random)))
}
