/** p50 and p95 of durations, ms. */
export interface Durations {
  count: number
  p50Ms: number | null
  p95Ms: number | null
}

/** By the nearest rank: always one of the durations that were measured, so that it can be looked up. */
export function durationsOf(values: readonly number[]): Durations {
  const sorted = values.toSorted((a, b) => a - b)
  return { count: sorted.length, p50Ms: nearestRank(sorted, 0.5), p95Ms: nearestRank(sorted, 0.95) }
}

function nearestRank(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
