import { crossingOf, INTERVAL_DEVIATIONS, LEAST_SLOPE_DEVIATION, NEVER, type PossibleRoom } from './crossing.ts'
import {
  baseOf,
  type CurveStretch,
  curveOf,
  FEWEST_SAMPLES,
  inOrder,
  LEAST_RISE_KELVIN,
  mean,
  meanHeat,
  pointsOf,
  type RoomSample,
} from './gap-curve.ts'
import { bestShape, type LikelyShape, likelyShapes, type ShapeEvidence } from './likely-shapes.ts'
import type { RoomShape } from './two-capacities.ts'

export type { RoomSample } from './gap-curve.ts'
export { firstGuess, forecast, type HeatForecast } from './heat-forecast.ts'

/** What a gap taught. Plain data: can be stored as JSON. */
export interface LearnedGap {
  startMs: number
  endMs: number
  /** Temperature before the cooling stopped, °C. */
  baseCelsius: number
  /** Mean heat during the gap; null where nothing measures it. */
  heatWatts: number | null
  curve: CurveStretch[]
  /** This gap alone; a short one says little about the slow part. */
  shape: RoomShape
  /** K. */
  residualKelvin: number
}
export type LearnGapResult = { learned: LearnedGap } | { leftOut: 'too-few-samples' | 'no-temperature-before' | 'no-rise' | 'does-not-fit' }

/** Plain data. */
export interface HeatingModel {
  gaps: LearnedGap[]
  /** The likeliest; forecasts use all of `rooms`. */
  shape: RoomShape
  /** All that this room may be by what it showed. */
  rooms: PossibleRoom[]
  /** Of the likeliest shape, K/s per W, or K/s alone when `heatWatts` is null. */
  slopePerHeat: number
  /** How that differs between gaps, relative; undefined after one gap. */
  slopeSpread: number | undefined
  /** Mean heat of the gaps; null when not every gap has it: then heat counts as always the same. */
  heatWatts: number | null
  residualKelvin: number
  /** Relative errors of forecasts made half-way through each gap by what the others taught: (forecast − true) / true, of the time to its end. */
  hindcastErrors: number[]
  /** How much wider intervals have to be than the model says, because those forecasts erred by more than it said: 1 or more. */
  widening: number
}

/** A gap whose own fit leaves more than this share of its rise has another story: a door, a second heat source. */
const LARGEST_RESIDUAL_SHARE = 0.25
const LARGEST_RESIDUAL_KELVIN = 0.5
const MOST_GAPS = 12
/** Equipment moves in and out: what is half a year older counts half. */
const HALF_LIFE_MS = 182 * 86_400_000
/** A gap that fits no better than this counts half, K. */
const HALF_QUALITY_KELVIN = 0.2
const MOST_WIDENING = 3
/** A last rise is itself measured to this only. */
const MEASURED_SECONDS = 20
/** Shapes that this little speaks for are not kept. */
const LEAST_WEIGHT = 1e-3

/**
 * What one gap teaches. `samples` reach from two minutes before it to its end, in any order. `startMs` is when the loss was noted: that it began up
 * to ten seconds earlier is allowed for.
 */
export function learnGap(samples: readonly RoomSample[], startMs: number, endMs: number): LearnGapResult {
  const ordered = inOrder(samples)
  const inside = ordered.filter(({ atMs }) => atMs >= startMs && atMs < endMs)
  if (inside.length < FEWEST_SAMPLES) return { leftOut: 'too-few-samples' }
  const baseCelsius = baseOf(ordered, startMs)
  if (baseCelsius === undefined) return { leftOut: 'no-temperature-before' }
  const curve = curveOf(inside, startMs, endMs, baseCelsius)
  const largest = Math.max(...curve.map(({ riseKelvin }) => riseKelvin))
  if (largest < LEAST_RISE_KELVIN) return { leftOut: 'no-rise' }
  const heatWatts = meanHeat(inside)
  const found = bestShape([{ points: pointsOf(curve, heatWatts), isHeatMeasured: heatWatts !== null, weight: 1 }])
  const residualKelvin = found?.gaps[0]?.residualKelvin
  if (found === undefined || residualKelvin === undefined) return { leftOut: 'too-few-samples' }
  const tolerated = Math.max(LARGEST_RESIDUAL_SHARE * largest, LEAST_RISE_KELVIN / 2)
  if (residualKelvin > Math.min(tolerated, LARGEST_RESIDUAL_KELVIN)) return { leftOut: 'does-not-fit' }
  return { learned: { startMs, endMs, baseCelsius, heatWatts, curve, shape: found.shape, residualKelvin } }
}

/** How much a gap counts: newer and cleaner ones more. */
function weightOf(gap: LearnedGap, newestMs: number): number {
  return 2 ** (-(newestMs - gap.endMs) / HALF_LIFE_MS) / (1 + (gap.residualKelvin / HALF_QUALITY_KELVIN) ** 2)
}

interface Evidence extends ShapeEvidence {
  gap: LearnedGap
  /** W; 1 where not every gap has it. */
  usualHeat: number
}

/** One model of all gaps: fitted to their curves together, because no average of the parameters of short gaps knows the slow part. */
export function mergeGaps(gaps: readonly LearnedGap[]): HeatingModel | undefined {
  const newestMs = Math.max(...gaps.map(({ endMs }) => endMs))
  const kept = [...gaps]
    .sort((a, b) => weightOf(b, newestMs) - weightOf(a, newestMs) || b.endMs - a.endMs)
    .slice(0, MOST_GAPS)
    .sort((a, b) => a.startMs - b.startMs)
  if (kept.length === 0) return undefined
  const isHeatMeasured = kept.every(({ heatWatts }) => heatWatts !== null)
  const evidence = kept.map((gap): Evidence => {
    const usualHeat = isHeatMeasured ? (gap.heatWatts ?? 1) : 1
    const points = pointsOf(gap.curve, isHeatMeasured ? usualHeat : null)
    return { gap, usualHeat, points, isHeatMeasured, weight: weightOf(gap, newestMs) }
  })
  const shapes = likelyShapes(evidence)
  const [best] = shapes
  const slope = best && slopeOf(best, evidence)
  if (best === undefined || slope === undefined || slope.mean <= 0) return undefined
  const hindcasts = kept.length < 2 ? [] : evidence.flatMap((_, index) => hindcast(index, evidence, shapes))
  const surprise = Math.sqrt(mean(hindcasts.map(({ deviations }) => deviations ** 2)))
  return {
    gaps: kept,
    shape: best.shape,
    rooms: roomsOf(shapes, evidence),
    slopePerHeat: slope.mean,
    slopeSpread: kept.length < 2 ? undefined : slope.spread,
    heatWatts: isHeatMeasured ? mean(evidence.map(({ usualHeat }) => usualHeat)) : null,
    residualKelvin: Math.sqrt(mean(best.gaps.map(({ residualKelvin }) => residualKelvin ** 2))),
    hindcastErrors: hindcasts.map(({ error }) => error),
    widening: hindcasts.length === 0 ? 1 : Math.min(MOST_WIDENING, Math.max(1, surprise)),
  }
}

/** Slope per heat over all gaps but one, and its relative deviation. */
function slopeOf({ gaps }: LikelyShape, evidence: readonly Evidence[], without?: number): { mean: number; spread: number } {
  const used = evidence.flatMap(({ usualHeat, weight }, index) =>
    index === without ? [] : [{ slope: Math.max(0, gaps[index]?.slope ?? 0) / usualHeat, weight }],
  )
  const weights = used.reduce((sum, { weight }) => sum + weight, 0)
  const average = used.reduce((sum, { slope, weight }) => sum + slope * weight, 0) / weights
  const variance = used.reduce((sum, { slope, weight }) => sum + weight * (slope - average) ** 2, 0) / weights
  return { mean: average, spread: average === 0 ? 0 : Math.sqrt(variance) / average }
}

/** The shapes as rooms, weighed by the evidence, or by all of it but one gap. */
function roomsOf(shapes: readonly LikelyShape[], evidence: readonly Evidence[], without?: number): PossibleRoom[] {
  const speaking = shapes.map(({ logWeight, gaps }) => logWeight + (without === undefined ? 0 : (gaps[without]?.cost ?? 0) / 2))
  const loudest = Math.max(...speaking)
  return shapes.flatMap((likely, index) => {
    const slopePerHeat = slopeOf(likely, evidence, without).mean
    const weight = Math.exp((speaking[index] ?? 0) - loudest)
    return slopePerHeat > 0 && weight > LEAST_WEIGHT ? [{ shape: likely.shape, slopePerHeat, weight }] : []
  })
}

/** Half-way through a gap, knowing only the others: how wrong would the time of its last rise have been, and how many deviations is that? */
function hindcast(index: number, evidence: readonly Evidence[], shapes: readonly LikelyShape[]): { error: number; deviations: number }[] {
  const { points, usualHeat, isHeatMeasured } = evidence[index] ?? { points: [], usualHeat: 1, isHeatMeasured: false }
  const tail = points.slice(-3)
  const trueSeconds = mean(tail.map(({ seconds }) => seconds))
  const known = points.filter(({ seconds }) => seconds <= trueSeconds / 2)
  const last = known.at(-1)
  const rooms = roomsOf(shapes, evidence, index)
  if (tail.length < 3 || last === undefined || rooms.length === 0) return []
  const { middle, early, late } = crossingOf({
    rooms,
    points: known,
    usualHeat,
    slopeDeviation: LEAST_SLOPE_DEVIATION,
    isHeatMeasured,
    coming: { now: last.heatShare, later: last.heatShare },
    wantedKelvin: mean(tail.map(({ riseKelvin }) => riseKelvin)),
  })
  if (middle === NEVER) return []
  const errorSeconds = last.seconds + middle - trueSeconds
  const deviation = Math.hypot((Math.min(late, 3 * middle) - early) / (2 * INTERVAL_DEVIATIONS), MEASURED_SECONDS)
  return [{ error: errorSeconds / trueSeconds, deviations: errorSeconds / deviation }]
}
