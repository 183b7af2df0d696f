import { mean } from './gap-curve.ts'

/** Mean heat of a stretch of history. */
export interface HeatStretch {
  /** Its beginning. */
  atMs: number
  watts: number
}

/** What a room's heat does by itself: around what it wanders, how far, and for how long it stays away. */
export interface HeatHabit {
  usualWatts: number
  /** Standard deviation of a stretch against the usual, W. */
  deviationWatts: number
  /** Integral of its autocorrelation: in this time a deviation has mostly died away, s. */
  fadeSeconds: number
}

/** Half a day: of three days the forecasts are no better, of three hours a little worse; and the work of nights tells little of that of mornings. */
export const HABIT_MS = 12 * 3_600_000
export const HABIT_STRETCH_MS = 300_000
/** Three hours. */
const FEWEST_STRETCHES = 36
/** Two hours. Heat that wanders slower stays as it is, as far as a countdown goes. */
const MOST_LAGS = 24
/** Autocorrelation below this is noise of an estimate from some hundred stretches. */
const LEAST_CORRELATION = 0.1

/** The habit of a room's heat, from stretches of HABIT_STRETCH_MS in any order, with holes. Undefined where they are too few. */
export function heatHabit(stretches: readonly HeatStretch[]): HeatHabit | undefined {
  const measured = stretches.filter(({ watts }) => watts > 0)
  const byNumber = new Map(measured.map(({ atMs, watts }) => [Math.round(atMs / HABIT_STRETCH_MS), watts]))
  if (byNumber.size < FEWEST_STRETCHES) return undefined
  const usualWatts = mean([...byNumber.values()])
  const away = new Map([...byNumber].map(([number, watts]) => [number, watts - usualWatts]))
  const variance = mean([...away.values()].map((watts) => watts ** 2))
  return { usualWatts, deviationWatts: Math.sqrt(variance), fadeSeconds: (HABIT_STRETCH_MS / 1000) * stretchesAway(away, variance) }
}

/** Integral of the autocorrelation up to where it is lost, in stretches; `away` by their numbers. */
function stretchesAway(away: ReadonlyMap<number, number>, variance: number): number {
  let sum = 0.5
  for (let lag = 1; lag <= MOST_LAGS; lag++) {
    const products = [...away].flatMap(([number, watts]) => {
      const later = away.get(number + lag)
      return later === undefined ? [] : [watts * later]
    })
    const correlation = products.length === 0 || variance === 0 ? 0 : mean(products) / variance
    if (correlation < LEAST_CORRELATION) break
    sum += correlation
  }
  return sum
}
