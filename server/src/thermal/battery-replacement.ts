import type { Discharge } from './ups-truth.ts'

export interface BatteryFacts {
  discharges: readonly Discharge[]
  /** Runtime of the new battery at rated power, s; without it the first discharges stand for new. */
  nominalFullLoadSeconds?: number
  installedMs?: number
  /** Mean over its life, °C. */
  meanBatteryCelsius?: number
}
export type BatteryReplacement =
  | {
      dueMs: number
      earliestMs: number
      latestMs: number
      confidence: 'high' | 'medium' | 'low'
      basis: 'capacity' | 'age'
      capacityShare: number | null
    }
  | { unknown: 'no-trend-and-no-installation-date' }

const YEAR_MS = 365.25 * 86_400_000
/** VRLA: replaced below 80 % of its capacity; typically 3–5 years at 25 °C; life halves per +8.3 °C (vendors' papers). */
const REPLACE_AT = 0.8
const LIFE_YEARS = { earliest: 3, usual: 4, latest: 5 }
const RATED_CELSIUS = 25
const HALVING_KELVIN = 8.3
/** A trend needs at least three discharges over half a year: before that it is noise of the charge gauge. */
const FEWEST_DISCHARGES = 3
const SHORTEST_TREND_MS = YEAR_MS / 2
const FIRM_DISCHARGES = 6

/** When the battery should be replaced: where its measured capacity reaches 80 %, or by age; the earlier of both. */
export function batteryReplacement(facts: BatteryFacts): BatteryReplacement {
  const candidates = [byCapacity(facts), byAge(facts)].filter((each) => each !== undefined)
  const [first] = candidates.sort((a, b) => a.dueMs - b.dueMs)
  return first ?? { unknown: 'no-trend-and-no-installation-date' }
}

type Due = Extract<BatteryReplacement, { dueMs: number }>

/** Straight line through capacity over time, weighted by the charge used, down to 80 %; two deviations of its residuals as the interval. */
function byCapacity({ discharges, nominalFullLoadSeconds }: BatteryFacts): Due | undefined {
  const first = discharges[0]
  const last = discharges.at(-1)
  if (first === undefined || last === undefined || discharges.length < FEWEST_DISCHARGES) return undefined
  if (last.startMs - first.startMs < SHORTEST_TREND_MS) return undefined
  const weights = discharges.reduce((sum, { chargeUsed }) => sum + chargeUsed, 0)
  const average = (of: (each: Discharge) => number) => discharges.reduce((sum, each) => sum + each.chargeUsed * of(each), 0) / weights
  const meanMs = average(({ startMs }) => startMs)
  const meanSeconds = average(({ fullLoadSeconds }) => fullLoadSeconds)
  const variance = average(({ startMs }) => (startMs - meanMs) ** 2)
  const slope = average(({ startMs, fullLoadSeconds }) => (startMs - meanMs) * (fullLoadSeconds - meanSeconds)) / variance
  const lineAt = (atMs: number) => meanSeconds + slope * (atMs - meanMs)
  const nominal = nominalFullLoadSeconds ?? lineAt(first.startMs)
  if (slope >= 0 && meanSeconds > REPLACE_AT * nominal) return undefined
  const spread = Math.sqrt(average(({ startMs, fullLoadSeconds }) => (fullLoadSeconds - lineAt(startMs)) ** 2))
  const capacityShare = lineAt(last.startMs) / nominal
  const reached = (seconds: number) => (slope < 0 ? meanMs + (seconds - meanSeconds) / slope : last.startMs)
  const threshold = REPLACE_AT * nominal
  return {
    dueMs: reached(threshold),
    earliestMs: reached(threshold + 2 * spread),
    latestMs: reached(threshold - 2 * spread),
    confidence: discharges.length >= FIRM_DISCHARGES && nominalFullLoadSeconds !== undefined ? 'high' : 'medium',
    basis: 'capacity',
    capacityShare,
  }
}

function byAge({ installedMs, meanBatteryCelsius }: BatteryFacts): Due | undefined {
  if (installedMs === undefined) return undefined
  // Cooler than rated is not taken as longer life: makers do not promise it.
  const shorter = 2 ** (-Math.max(0, (meanBatteryCelsius ?? RATED_CELSIUS) - RATED_CELSIUS) / HALVING_KELVIN)
  const after = (years: number) => installedMs + years * shorter * YEAR_MS
  return {
    dueMs: after(LIFE_YEARS.usual),
    earliestMs: after(LIFE_YEARS.earliest),
    latestMs: after(LIFE_YEARS.latest),
    confidence: 'low',
    basis: 'age',
    capacityShare: null,
  }
}
