const FIRST_MS = 1000
const LONGEST_MS = 60_000

/** How long to wait after the n-th failure in a row (from 1), ms: 1 s doubling to 60 s, ±20 % so that devices do not come back in step. */
export function backoffMs(failures: number, random = Math.random()): number {
  const base = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10))
  return base * (0.8 + 0.4 * random)
}
