import { inverse } from './small-matrices.ts'
import { type Exponentials, exponentials, fadingRise, type RoomShape, unitRise } from './two-capacities.ts'

/** One point of a gap's curve, with the heat since the point before as a share of the gap's usual heat (1 where none is measured). */
export interface CurvePoint {
  seconds: number
  riseKelvin: number
  heatShare: number
  /** Readings behind it. */
  readings: number
}

/**
 * What is unknown of one gap when the room's shape is known. The rise is linear in all four, so the best of them and their covariance come from
 * one small set of equations:
 * 0 the slope of the first second at the usual heat, K/s: on a hot afternoon walls add to what the cooling carried, at night they take from it;
 * 1 what the air had risen when the loss was noted, beyond the usual delay, K: contacts are read each 5–10 s;
 * 2 the error of the temperature before the gap, K;
 * 3 how heat that nothing measures grows, K/s per TREND_SECONDS.
 */
type Four = [number, number, number, number]

export interface GapFit {
  /** Squared deviations in units of their usual size: half of it is how much less likely a shape is, as a logarithm. */
  cost: number
  /** Slope of the first second at the usual heat, K/s. */
  slope: number
  /** Root mean square of what is left over, K. */
  residualKelvin: number
  /** Rise `seconds` after the last point when heat is this share of the usual from there on, K. */
  riseAfter(seconds: number, heatShare: number): number
  /** Standard deviation of that rise as far as this gap's four unknowns go, K. */
  deviationAfter(seconds: number, heatShare: number): number
  /** What is added by heat that is this share more than the usual at the last point, and fades, K. */
  fadingRiseAfter(seconds: number, heatShare: number, fadeSeconds: number): number
  /** Standard deviation of the rise by heat that is known at the last point and wanders by `deviationShare` around its usual, K. */
  wanderAfter(seconds: number, deviationShare: number, fadeSeconds: number): number
}

export interface GapAssumptions {
  /** Slope that was learned, K/s, and its relative deviation; absent where the gap itself shall say. */
  slope?: { mean: number; deviation: number }
  /** Whether heat is measured: else it may move a little without being seen. */
  isHeatMeasured: boolean
}

/** A loss is noted up to one reading of its contact late; callers who worked out the true beginning are not far off either. */
const NOTED_LATE_SECONDS = 2.5
const NOTED_DEVIATION_SECONDS = 4.5
/** Of the temperature before the gap: a control swings by some hundredths around what it holds. */
const BASE_DEVIATION_KELVIN = 0.05
/** A reading's noise (usual sensors); and what two lumps cannot say about a real room, which more readings do not make smaller. */
const READING_DEVIATION_KELVIN = 0.12
const MODEL_DEVIATION_KELVIN = 0.05
/** Racks at work wander by some per cent in ten minutes; where they are measured, the rest (lamps, weather) by one. */
const TREND_SECONDS = 600
const TREND_SHARE = { measured: 0.01, unmeasured: 0.02 }
const LEAST_SLOPE = 1e-6

/** Both components of a rise, K: those that follow the fast and the slow exponential. */
type Pair = [number, number]

function moved(pair: Pair, { fast, slow, fastPart, slowPart }: Exponentials, seconds: number, heat: number): Pair {
  const fastLeft = Math.exp(-fast * seconds)
  const slowLeft = Math.exp(-slow * seconds)
  return [pair[0] * fastLeft + (heat * fastPart * (1 - fastLeft)) / fast, pair[1] * slowLeft + (heat * slowPart * (1 - slowLeft)) / slow]
}

/** The four unknowns of one gap under a shape. `points` in order of time. */
export function fitGap(shape: RoomShape, points: readonly CurvePoint[], { slope, isHeatMeasured }: GapAssumptions): GapFit {
  const rates = exponentials(shape)
  let heated: Pair = [0, 0]
  let trended: Pair = [0, 0]
  // What is left of one kelvin that the air was ahead of the mass.
  let ahead: Pair = [rates.fastPart, rates.slowPart]
  let before = 0
  const matrix = new Array<number>(16).fill(0)
  const right: Four = [0, 0, 0, 0]
  const row: Four = [0, 0, 1, 0]
  let squares = 0
  let weights = 0
  for (const { seconds, riseKelvin, heatShare, readings } of points) {
    const step = seconds - before
    heated = moved(heated, rates, step, heatShare)
    trended = moved(trended, rates, step, (seconds - step / 2) / TREND_SECONDS)
    ahead = moved(ahead, rates, step, 0)
    before = seconds
    row[1] = ahead[0] + ahead[1]
    row[0] = heated[0] + heated[1] + NOTED_LATE_SECONDS * row[1]
    row[3] = trended[0] + trended[1]
    const weight = 1 / (READING_DEVIATION_KELVIN ** 2 / readings + MODEL_DEVIATION_KELVIN ** 2)
    for (let i = 0; i < 4; i++) {
      const weighted = weight * (row[i] ?? 0)
      right[i] = (right[i] ?? 0) + weighted * riseKelvin
      for (let j = 0; j < 4; j++) matrix[4 * i + j] = (matrix[4 * i + j] ?? 0) + weighted * (row[j] ?? 0)
    }
    squares += weight * riseKelvin * riseKelvin
    weights += weight
  }
  // Before anything is measured: the scale of what depends on the slope, and what is usual of each.
  const scale = Math.max(LEAST_SLOPE, slope?.mean ?? right[0] / (matrix[0] || 1))
  const known: Four = [
    slope === undefined ? 0 : 1 / (slope.mean * slope.deviation) ** 2,
    1 / (NOTED_DEVIATION_SECONDS * scale) ** 2,
    1 / BASE_DEVIATION_KELVIN ** 2,
    1 / (TREND_SHARE[isHeatMeasured ? 'measured' : 'unmeasured'] * scale) ** 2,
  ]
  for (let i = 0; i < 4; i++) matrix[5 * i] = (matrix[5 * i] ?? 0) + (known[i] ?? 0)
  right[0] += known[0] * (slope?.mean ?? 0)
  squares += known[0] * (slope?.mean ?? 0) ** 2
  const covariance = inverse(matrix, 4)
  const values = [0, 1, 2, 3].map((i) => right.reduce((sum, value, j) => sum + (covariance[4 * i + j] ?? 0) * value, 0)) as Four
  const [slopeNow, risenBefore, base, trend] = values
  // What the forecasts ask thousands of times: both components at the last point.
  const still = NOTED_LATE_SECONDS * slopeNow + risenBefore
  const fastNow = slopeNow * heated[0] + still * ahead[0] + trend * trended[0]
  const slowNow = slopeNow * heated[1] + still * ahead[1] + trend * trended[1]
  const trendNow = (trend * before) / TREND_SECONDS
  const cost = Math.max(0, squares - values.reduce((sum, value, i) => sum + value * (right[i] ?? 0), 0))

  const coefficients = (seconds: number, heatShare: number): Four => {
    const step = unitRise(rates, seconds)
    const fastLeft = Math.exp(-rates.fast * seconds)
    const slowLeft = Math.exp(-rates.slow * seconds)
    const still = ahead[0] * fastLeft + ahead[1] * slowLeft
    const slopes = heated[0] * fastLeft + heated[1] * slowLeft + NOTED_LATE_SECONDS * still + heatShare * step
    return [slopes, still, 1, trended[0] * fastLeft + trended[1] * slowLeft + (before / TREND_SECONDS) * step]
  }
  return {
    cost,
    slope: slopeNow,
    residualKelvin: weights === 0 ? 0 : Math.sqrt(cost / weights),
    riseAfter: (seconds, heatShare) => {
      const fastLeft = Math.exp(-rates.fast * seconds)
      const slowLeft = Math.exp(-rates.slow * seconds)
      const step = (rates.fastPart * (1 - fastLeft)) / rates.fast + (rates.slowPart * (1 - slowLeft)) / rates.slow
      return fastNow * fastLeft + slowNow * slowLeft + base + (slopeNow * heatShare + trendNow) * step
    },
    deviationAfter: (seconds, heatShare) => {
      const at = coefficients(seconds, heatShare)
      let variance = 0
      for (let i = 0; i < 4; i++) for (let j = 0; j < 4; j++) variance += (at[i] ?? 0) * (at[j] ?? 0) * (covariance[4 * i + j] ?? 0)
      return Math.sqrt(Math.max(0, variance))
    },
    fadingRiseAfter: (seconds, heatShare, fadeSeconds) => slopeNow * heatShare * fadingRise(rates, seconds, fadeSeconds),
    wanderAfter: (seconds, deviationShare, fadeSeconds) => slopeNow * deviationShare * wander(rates, seconds, fadeSeconds),
  }
}

const WANDER_STEPS = 12

/**
 * Standard deviation of the rise by heat that is known now and wanders by a deviation of 1: heat that is nudged all the time, each nudge dying away in
 * `fadeSeconds` (an Ornstein–Uhlenbeck process), makes as many fading rises.
 */
function wander(rates: Exponentials, seconds: number, fadeSeconds: number): number {
  let squares = 0
  for (let step = 0.5; step < WANDER_STEPS; step++) squares += fadingRise(rates, (step / WANDER_STEPS) * seconds, fadeSeconds) ** 2
  return Math.sqrt(((2 / fadeSeconds) * squares * seconds) / WANDER_STEPS)
}
