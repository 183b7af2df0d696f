import { type CurvePoint, fitGap } from './gap-fit.ts'
import { inverse, lowerTriangle } from './small-matrices.ts'
import type { RoomShape } from './two-capacities.ts'

/** A gap as evidence of the room's shape. */
export interface ShapeEvidence {
  points: readonly CurvePoint[]
  isHeatMeasured: boolean
  /** How much it counts, 0..1. */
  weight: number
}

/** A shape that the evidence allows. */
export interface LikelyShape {
  shape: RoomShape
  /** Natural logarithm of how much speaks for it, up to a constant. */
  logWeight: number
  /** Of each gap: slope of its first second at its usual heat, K/s; its part of the cost; what it leaves over, K. */
  gaps: { slope: number; cost: number; residualKelvin: number }[]
}

/** Logarithms of: air against mass, mass against air, air against walls; all in seconds. */
type Logs = [number, number, number]

/**
 * What an ordinary room is like, as median and factor of one deviation: for what gaps of minutes do not show, above all the walls.
 * Air 1.2 kJ/(m³·K) at 6–100 m³ per rack; from air to what stands in it 50–300 W/K per rack, and that has 350–1400 kJ/K (700 kg of steel and
 * servers at 0.5 kJ/(kg·K), and some skin of the walls); walls, floor and door 0.7–2 W/K per m³ of room (1–2 m² at 0.7–2 W/(m²·K)).
 */
const ORDINARY: readonly { seconds: number; factor: number }[] = [
  { seconds: 120, factor: 3 },
  { seconds: 4000, factor: 2.5 },
  { seconds: 800, factor: 2.2 },
]
const MEDIAN = ORDINARY.map(({ seconds }) => Math.log(seconds)) as Logs
const SPREAD = ORDINARY.map(({ factor }) => Math.log(factor)) as Logs
/** A coarse look first, so that the search does not end in a side valley. */
const COARSE_FAST_SECONDS = [20, 60, 180, 540, 1600]
const COARSE_MASS_SECONDS = [1500, 4000, 10_000]
const WIDEST_STEP = 0.6
const FINEST_STEP = 0.02
const MOST_ROUNDS = 30
/** Differences for the curvature: about half of what gaps of minutes leave open of each. */
const CURVATURE_STEPS: Logs = [0.05, 0.1, 0.2]
const DRAWS = 80
/** Drawn a little wider than the curvature says, and weighed back: tails are longer than a normal distribution's. */
const DRAWN_WIDER = 1.2

function shapeOf([fast, mass, wall]: Logs): RoomShape {
  const fastSeconds = Math.exp(fast)
  const airShare = fastSeconds / (fastSeconds + Math.exp(mass))
  return { fastSeconds, airShare, wallSeconds: Math.exp(wall) / airShare }
}

function judge(logs: Logs, evidence: readonly ShapeEvidence[]) {
  const shape = shapeOf(logs)
  let cost = logs.reduce((sum, log, i) => sum + ((log - (MEDIAN[i] ?? 0)) / (SPREAD[i] ?? 1)) ** 2, 0)
  const gaps = evidence.map(({ points, isHeatMeasured, weight }) => {
    const fit = fitGap(shape, points, { isHeatMeasured })
    cost += weight * fit.cost
    return { slope: fit.slope, cost: weight * fit.cost, residualKelvin: fit.residualKelvin }
  })
  return { shape, cost, gaps }
}

/** The shape that fits best; undefined without a point. */
export function bestShape(evidence: readonly ShapeEvidence[]): LikelyShape | undefined {
  if (!evidence.some(({ points }) => points.length > 0)) return undefined
  const { shape, gaps } = judge(search(evidence), evidence)
  return { shape, gaps, logWeight: 0 }
}

/** Shapes all over what the evidence leaves open, each with how much speaks for it; the best one first. Without evidence: ordinary rooms. */
export function likelyShapes(evidence: readonly ShapeEvidence[]): LikelyShape[] {
  const best = search(evidence)
  const bestCost = judge(best, evidence).cost
  const lower = lowerTriangle(covarianceAt(best, evidence), 3)
  return [[0, 0, 0], ...NORMAL_DRAWS].map((drawn) => {
    const logs = best.map((log, i) => log + DRAWN_WIDER * drawn.reduce((sum, z, j) => sum + (lower[3 * i + j] ?? 0) * z, 0)) as Logs
    const { shape, cost, gaps } = judge(logs, evidence)
    return { shape, gaps, logWeight: (bestCost - cost + drawn.reduce((sum, z) => sum + z * z, 0)) / 2 }
  })
}

/** All 26 neighbours in logarithms, and half the step when none is better. */
function search(evidence: readonly ShapeEvidence[]): Logs {
  let best = MEDIAN
  let bestCost = judge(best, evidence).cost
  const offer = (logs: Logs): boolean => {
    const { cost } = judge(logs, evidence)
    if (!(cost < bestCost)) return false
    best = logs
    bestCost = cost
    return true
  }
  for (const fast of COARSE_FAST_SECONDS) for (const mass of COARSE_MASS_SECONDS) offer([Math.log(fast), Math.log(mass), MEDIAN[2]])
  for (let step = WIDEST_STEP; step > FINEST_STEP; step /= 2) {
    for (let round = 0, better = true; better && round < MOST_ROUNDS; round++) {
      better = false
      for (const [a, b, c] of NEIGHBOURS) if (offer([best[0] + a * step, best[1] + b * step, best[2] + c * step])) better = true
    }
  }
  return best
}

/** How far the three are open around the best: the inverse of half the cost's curvature, nowhere wider than ordinary rooms. */
function covarianceAt(best: Logs, evidence: readonly ShapeEvidence[]): number[] {
  const curvature = new Array<number>(9).fill(0)
  const costAt = (i: number, a: number, j: number, b: number) => {
    const logs: Logs = [...best]
    logs[i] = (logs[i] ?? 0) + a * (CURVATURE_STEPS[i] ?? 0)
    logs[j] = (logs[j] ?? 0) + b * (CURVATURE_STEPS[j] ?? 0)
    return judge(logs, evidence).cost
  }
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      const difference = costAt(i, 1, j, 1) - costAt(i, 1, j, -1) - costAt(i, -1, j, 1) + costAt(i, -1, j, -1)
      const half = difference / (8 * (CURVATURE_STEPS[i] ?? 1) * (CURVATURE_STEPS[j] ?? 1))
      curvature[3 * i + j] = i === j ? Math.max(half, 1 / (SPREAD[i] ?? 1) ** 2) : half
      curvature[3 * j + i] = curvature[3 * i + j] ?? 0
    }
  }
  return inverse(curvature, 3)
}

const SIDES = [-1, 0, 1]
const NEIGHBOURS = SIDES.flatMap((a) => SIDES.flatMap((b) => SIDES.map((c): Logs => [a, b, c]))).filter((each) =>
  each.some((side) => side !== 0),
)

/** Evenly spread and always the same: a Halton sequence in three dimensions, through the normal distribution. */
const NORMAL_DRAWS = Array.from({ length: DRAWS }, (_, index) => [2, 3, 5].map((base) => normalQuantile(halton(index + 1, base))) as Logs)

function halton(index: number, base: number): number {
  let result = 0
  for (let left = index, share = 1 / base; left > 0; left = Math.floor(left / base), share /= base) result += share * (left % base)
  return result
}

/** By Tukey's lambda distribution, within 0.01 of the normal one up to 2.5 deviations. */
function normalQuantile(share: number): number {
  return (share ** 0.1349 - (1 - share) ** 0.1349) / 0.1975
}
