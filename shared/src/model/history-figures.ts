/** What the buckets of one point say about a range. Numbers of the point's unit, times in ms. */

export interface FigureBucket {
  timeMs: number
  min: number | null
  mean: number | null
  max: number | null
  count: number
  bad: number
  goodMs: number
  limitedMs: number
  insideMs: number
}

export interface HistoryFigures {
  /** With the start of the bucket it lies in. */
  lowest: { value: number; timeMs: number } | null
  highest: { value: number; timeMs: number } | null
  /** Of all good readings. */
  mean: number | null
  /** Of the known time, by the buckets' means: below which the value was 5, 50 and 95 % of it. */
  percentiles: { p5: number; p50: number; p95: number } | null
  count: number
  bad: number
  /** Time for which a good reading was known; the rest of the range is unknown. */
  goodMs: number
  /** Part of goodMs in which limits were in force, and of that the part outside of them. */
  limitedMs: number
  outsideMs: number
}

/** One bar: the known time in which the value (a bucket's mean) was from `from` up to `to`, and the part of it outside the limits of then. */
export interface DistributionBin {
  from: number
  to: number
  goodMs: number
  outsideMs: number
}

export function historyFigures(buckets: readonly FigureBucket[]): HistoryFigures {
  const figures: HistoryFigures = {
    ...{ lowest: null, highest: null, mean: null, percentiles: null },
    ...{ count: 0, bad: 0, goodMs: 0, limitedMs: 0, outsideMs: 0 },
  }
  for (const { timeMs, min, mean, max, count, bad, goodMs, limitedMs, insideMs } of buckets) {
    figures.bad += bad
    figures.goodMs += goodMs
    figures.limitedMs += limitedMs
    figures.outsideMs += limitedMs - insideMs
    if (min === null || mean === null || max === null || count === 0) continue
    if (figures.lowest === null || min < figures.lowest.value) figures.lowest = { value: min, timeMs }
    if (figures.highest === null || max > figures.highest.value) figures.highest = { value: max, timeMs }
    figures.count += count
    figures.mean = figures.mean === null ? mean : figures.mean + (mean - figures.mean) * (count / figures.count)
  }
  return { ...figures, percentiles: percentilesOf(buckets) }
}

const knownMeans = (buckets: readonly FigureBucket[]): { mean: number; bucket: FigureBucket }[] =>
  buckets.flatMap((bucket) => (bucket.mean === null || bucket.goodMs === 0 ? [] : [{ mean: bucket.mean, bucket }]))

function percentilesOf(buckets: readonly FigureBucket[]): HistoryFigures['percentiles'] {
  const inOrder = knownMeans(buckets).sort((a, b) => a.mean - b.mean)
  const totalMs = inOrder.reduce((sum, { bucket }) => sum + bucket.goodMs, 0)
  const last = inOrder.at(-1)
  if (last === undefined) return null
  const at = (share: number): number => {
    let passedMs = 0
    for (const { mean, bucket } of inOrder) {
      passedMs += bucket.goodMs
      if (passedMs >= share * totalMs) return mean
    }
    return last.mean
  }
  return { p5: at(0.05), p50: at(0.5), p95: at(0.95) }
}

const MOST_BINS = 24

/** Bars of one round width (1, 2 or 5 times a power of ten), without gaps between the lowest and the highest; at most 24. */
export function distribution(buckets: readonly FigureBucket[]): DistributionBin[] {
  const known = knownMeans(buckets)
  if (known.length === 0) return []
  const lowest = known.reduce((low, { mean }) => Math.min(low, mean), Number.POSITIVE_INFINITY)
  const highest = known.reduce((high, { mean }) => Math.max(high, mean), Number.NEGATIVE_INFINITY)
  const width = roundWidth((highest - lowest) / (MOST_BINS - 2) || Math.abs(highest) / 100 || 1)
  // 23.4 divided by 0.1 is a little under 234.
  const binOf = (value: number): number => Math.floor(value / width + 1e-9)
  const first = binOf(lowest)
  // Whole numbers times the width: adding up widths would drift.
  const bins = Array.from({ length: binOf(highest) - first + 1 }, (_, index): DistributionBin => {
    return { from: tidy((first + index) * width), to: tidy((first + index + 1) * width), goodMs: 0, outsideMs: 0 }
  })
  for (const { mean, bucket } of known) {
    const bin = bins[binOf(mean) - first]
    if (bin === undefined) continue
    bin.goodMs += bucket.goodMs
    bin.outsideMs += bucket.limitedMs - bucket.insideMs
  }
  return bins
}

function roundWidth(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast))
  return power * ([1, 2, 5].find((factor) => factor * power >= atLeast) ?? 10)
}

const tidy = (value: number): number => Number(value.toPrecision(12))
