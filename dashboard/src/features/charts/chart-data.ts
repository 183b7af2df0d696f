import type { Bucket } from '@roomkeeper/shared/http'

/** One point's curve: the mean line, and the band between min and max. */
export interface CurveInput {
  buckets: readonly Pick<Bucket, 'timeMs' | 'min' | 'mean' | 'max'>[]
  /** A pause longer than this breaks the line: nothing was measured there. */
  maxGapMs: number
}

export interface ChartColumns {
  timesMs: number[]
  /** Per curve: max, mean, min. `null` breaks the line, `undefined` is passed over. */
  curves: { max: Cell[]; mean: Cell[]; min: Cell[] }[]
}
type Cell = number | null | undefined

/** A bucket with nothing measured may be left out or be null; either way the line breaks only after `maxGapMs`. */
export function chartColumns(inputs: readonly CurveInput[]): ChartColumns {
  const rows = inputs.map(({ buckets, maxGapMs }) => {
    const row = new Map<number, { min: number | null; mean: number | null; max: number | null }>()
    let lastMs: number | undefined
    for (const { timeMs, min, mean, max } of buckets) {
      if (mean === null) continue
      if (lastMs !== undefined && timeMs - lastMs > maxGapMs) row.set(lastMs + 1, { min: null, mean: null, max: null })
      row.set(timeMs, { min, mean, max })
      lastMs = timeMs
    }
    return row
  })
  const timesMs = [...new Set(rows.flatMap((row) => [...row.keys()]))].sort((a, b) => a - b)
  return {
    timesMs,
    curves: rows.map((row) => ({
      max: timesMs.map((timeMs) => row.get(timeMs)?.max),
      mean: timesMs.map((timeMs) => row.get(timeMs)?.mean),
      min: timesMs.map((timeMs) => row.get(timeMs)?.min),
    })),
  }
}

/** A pause is one when three intervals and two buckets have passed without a reading. */
export function maxGapMs(bucketMs: number, intervalMs: number): number {
  return Math.max(2.5 * bucketMs, 3.5 * intervalMs)
}

/**
 * The range of the value axis: all data with a margin, and the nearest limit on each side, so that one sees how far it
 * is away. A limit beyond `FAR` of the value would squeeze the curve flat; it stays in the list below the chart.
 */
export function valueRange(values: readonly number[], limits: readonly number[]): [number, number] {
  if (values.length === 0) return limits.length > 0 ? [Math.min(...limits) - 1, Math.max(...limits) + 1] : [0, 1]
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const span = Math.max(high - low, Math.abs(high) * 0.01, 0.5)
  const reach = Math.max(2 * span, FAR * Math.max(Math.abs(low), Math.abs(high)))
  const above = Math.min(...limits.filter((limit) => limit > high && limit - high <= reach))
  const below = Math.max(...limits.filter((limit) => limit < low && low - limit <= reach))
  if (Number.isFinite(above)) high = above
  if (Number.isFinite(below)) low = below
  const margin = Math.max(high - low, span) * 0.08
  return [low - margin, high + margin]
}
const FAR = 0.5
