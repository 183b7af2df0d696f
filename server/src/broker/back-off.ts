const FIRST_WAIT_MS = 500
/** A broker that comes back is found within this: an agent's log waits, a person at the dashboard should not. */
const LONGEST_WAIT_MS = 15_000

/**
 * How long to wait after `failedAttempts` failures: doubling, and between half and all of it, so that many clients that lost the same
 * broker do not come back in the same instant. `random` gives 0 ≤ x < 1.
 */
export function backOffMs(failedAttempts: number, random: () => number): number {
  const wholeMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failedAttempts, 10))
  return Math.round(wholeMs * (0.5 + random() / 2))
}
