import { type CurvePoint, fitGap, type GapAssumptions, type GapFit } from './gap-fit.ts'
import type { RoomShape } from './two-capacities.ts'

/** A room that may be this one. */
export interface PossibleRoom {
  shape: RoomShape
  /** Slope of the first second per unit of heat, K/s per W; K/s alone where heat is not measured; absent where nothing was learned. */
  slopePerHeat?: number
  /** How much speaks for it, relative to the others. */
  weight: number
}

/** Heat to come, as a share of the gap's usual heat. */
export interface ComingHeat {
  now: number
  /** Where it tends to. */
  later: number
  /** How it gets there and how far it wanders, where the room's own history told; deviation as a share too. */
  habit?: { fadeSeconds: number; deviation: number }
}

export interface CrossingQuestion {
  rooms: readonly PossibleRoom[]
  points: readonly CurvePoint[]
  /** W; 1 where heat is not measured. */
  usualHeat: number
  /** Relative, of the slope of one gap against what was learned. */
  slopeDeviation: number
  isHeatMeasured: boolean
  coming: ComingHeat
  wantedKelvin: number
}

/** Seconds after the last point; NEVER beyond the horizon. */
export interface Crossing {
  middle: number
  early: number
  late: number
  /** K, at the horizon. */
  finalRise: number
}

export const HORIZON_SECONDS = 12 * 3600
export const NEVER = Number.POSITIVE_INFINITY
/** How far the slope of one gap differs at least from what was learned, relative: weather, doors. */
export const LEAST_SLOPE_DEVIATION = 0.15
/** The interval: what lies outside of it on each side. 1.75 deviations where all is normal. */
const OUTSIDE_SHARE = 0.04
export const INTERVAL_DEVIATIONS = 1.75
/** Without a known habit: heat of racks at work wanders by this much, and in about half an hour their work is what it usually is. */
const HEAT_DEVIATION = 0.03
const HEAT_RETURN_SECONDS = 1800
/** Of a known habit: the usual is not quite what it will be, and not all heat is measured. */
const HABIT_DEVIATION = 0.01
/** A gap that warms this many deviations unlike what was learned is another case, above all cooling that is not quite lost: then it speaks for itself. */
const OTHER_CASE_DEVIATIONS = 3
const UNLIKELY = 1e-4
/** Around the middle, with weights of the normal distribution. */
const DEVIATIONS = [-1.8, -1.1, -0.55, 0, 0.55, 1.1, 1.8].map((z) => ({ z, weight: Math.exp((-z * z) / 2) }))

/** First second at which a rise is reached, by halving; NEVER beyond the horizon. */
function firstReached(riseAt: (seconds: number) => number, wantedKelvin: number): number {
  if (riseAt(0) >= wantedKelvin) return 0
  if (riseAt(HORIZON_SECONDS) < wantedKelvin) return NEVER
  let low = 0
  let high = HORIZON_SECONDS
  while (high - low > 1) {
    const middle = (low + high) / 2
    if (riseAt(middle) < wantedKelvin) low = middle
    else high = middle
  }
  return high
}

/** When a rise is reached, by all rooms that this one may be, each corrected by what was measured since the gap began. */
export function crossingOf(question: CrossingQuestion): Crossing {
  const { wantedKelvin } = question
  const outcomes: { seconds: number; finalRise: number; weight: number }[] = []
  for (const { fit, weight } of fittedRooms(question)) {
    const { riseAt, deviationAt } = byComingHeat(fit, question.coming)
    const centre = Math.min(HORIZON_SECONDS, firstReached(riseAt, wantedKelvin))
    const deviation = deviationAt(centre)
    const finalRise = riseAt(HORIZON_SECONDS)
    for (const { z, weight: share } of DEVIATIONS) {
      outcomes.push({ seconds: firstReached(riseAt, wantedKelvin + z * deviation), finalRise, weight: weight * share })
    }
  }
  outcomes.sort((a, b) => a.seconds - b.seconds)
  const total = outcomes.reduce((sum, { weight }) => sum + weight, 0)
  const quantile = (share: number) => {
    let sum = 0
    for (const { seconds, weight } of outcomes) {
      sum += weight
      if (sum >= share * total) return seconds
    }
    return NEVER
  }
  return {
    middle: quantile(0.5),
    early: quantile(OUTSIDE_SHARE),
    late: quantile(1 - OUTSIDE_SHARE),
    finalRise: outcomes.reduce((sum, { finalRise, weight }) => sum + weight * finalRise, 0) / total,
  }
}

/** The rise of a fitted room with the heat to come, and its standard deviation; K, by seconds after the last point. */
function byComingHeat(fit: GapFit, { now, later, habit }: ComingHeat) {
  const comingAt = (seconds: number) => (habit ? later : later + (now - later) * Math.exp(-seconds / HEAT_RETURN_SECONDS))
  const stayingMore = (seconds: number, share: number) =>
    fit.riseAfter(seconds, comingAt(seconds) + share) - fit.riseAfter(seconds, comingAt(seconds))
  return {
    riseAt: (seconds: number) =>
      fit.riseAfter(seconds, comingAt(seconds)) + (habit ? fit.fadingRiseAfter(seconds, now - later, habit.fadeSeconds) : 0),
    deviationAt: (seconds: number) => {
      const byHeat = habit
        ? Math.hypot(stayingMore(seconds, HABIT_DEVIATION), fit.wanderAfter(seconds, habit.deviation, habit.fadeSeconds))
        : stayingMore(seconds, HEAT_DEVIATION)
      return Math.hypot(fit.deviationAfter(seconds, comingAt(seconds)), byHeat)
    },
  }
}

function fittedRooms({ rooms, points, usualHeat, slopeDeviation, isHeatMeasured }: CrossingQuestion): { fit: GapFit; weight: number }[] {
  const fitted = (deviation: number | undefined) => {
    const fits = rooms.map(({ shape, slopePerHeat, weight }) => {
      const slope = slopePerHeat === undefined || deviation === undefined ? undefined : { mean: slopePerHeat * usualHeat, deviation }
      const assumptions: GapAssumptions = { isHeatMeasured, ...(slope && { slope }) }
      const fit = fitGap(shape, points, assumptions)
      return { fit, slope, cost: fit.cost - 2 * Math.log(weight) }
    })
    const least = Math.min(...fits.map(({ cost }) => cost))
    return fits
      .map(({ fit, slope, cost }) => ({ fit, slope, weight: Math.exp((least - cost) / 2) }))
      .filter(({ weight }) => weight > UNLIKELY)
  }
  const learned = fitted(slopeDeviation)
  const best = learned.reduce((a, b) => (b.weight > a.weight ? b : a))
  const isOther = best.slope !== undefined && Math.abs(best.fit.slope / best.slope.mean - 1) > OTHER_CASE_DEVIATIONS * slopeDeviation
  return isOther ? fitted(undefined) : learned
}
