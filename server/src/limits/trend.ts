/** A straight line through the last minutes of a point. */
export interface Trend {
  /** Change per millisecond. */
  slope: number
  /** The line's value at `atMs`, the time of the newest sample. */
  value: number
  atMs: number
}

/** A limit that a point may be heading for. */
export interface Ahead {
  side: 'high' | 'low'
  value: number
}

const MIN_SAMPLES = 5
const MIN_SPAN_MS = 5 * 60_000
/** A sensor's last digit that flips once looks like a perfect line; a way has several steps. */
const MIN_DISTINCT = 4
/**
 * The slope must be this many times its own standard error (Student's t). Noise alone reaches 6 once in some ten thousand windows of 15 samples
 * (t with 13 degrees of freedom); a room that heats, curved as it is, reaches 20 and more.
 */
const MIN_SIGNIFICANCE = 6

/** Least squares over samples in order of time; undefined when there are too few, or when they do not go anywhere for certain. */
export function trendOf(times: readonly number[], values: readonly number[]): Trend | undefined {
  const count = times.length
  const atMs = times[count - 1] ?? 0
  if (count < MIN_SAMPLES || atMs - (times[0] ?? 0) < MIN_SPAN_MS || new Set(values).size < MIN_DISTINCT) return undefined
  // Minutes before the newest sample, and values from their mean: epoch milliseconds would eat the precision.
  const minutes = times.map((timeMs) => (timeMs - atMs) / 60_000)
  const meanX = mean(minutes)
  const meanY = mean(values)
  let sxx = 0
  let sxy = 0
  let syy = 0
  for (const [i, x] of minutes.entries()) {
    const dx = x - meanX
    const dy = (values[i] as number) - meanY
    sxx += dx * dx
    sxy += dx * dy
    syy += dy * dy
  }
  const slope = sxy / sxx
  const residual = Math.max(0, syy - slope * sxy)
  const standardError = Math.sqrt(residual / (count - 2) / sxx)
  if (slope === 0 || Math.abs(slope) < MIN_SIGNIFICANCE * standardError) return undefined
  return { slope: slope / 60_000, value: meanY - slope * meanX, atMs }
}

/**
 * The nearest limit on the side it is heading to, and the minutes from `nowMs` until it is reached if it goes on like this: 0 when it is
 * passed. `limits` are those whose own alarm does not stand yet.
 */
export function timeToLimit<A extends Ahead>(
  trend: Trend,
  nowMs: number,
  limits: readonly A[],
): { limit: A; minutes: number; atMs: number } | undefined {
  const now = trend.value + trend.slope * (nowMs - trend.atMs)
  const side = trend.slope > 0 ? 'high' : 'low'
  let nearest: { limit: A; minutes: number; atMs: number } | undefined
  for (const limit of limits) {
    const waitMs = Math.max(0, (limit.value - now) / trend.slope)
    if (limit.side !== side || waitMs / 60_000 >= (nearest?.minutes ?? Infinity)) continue
    nearest = { limit, minutes: waitMs / 60_000, atMs: nowMs + waitMs }
  }
  return nearest
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
