import { type ComingHeat, crossingOf, HORIZON_SECONDS, LEAST_SLOPE_DEVIATION, NEVER, type PossibleRoom } from './crossing.ts'
import { baseOf, curveOf, FEWEST_SAMPLES, inOrder, LEAST_RISE_KELVIN, mean, meanHeat, pointsOf, type RoomSample } from './gap-curve.ts'
import type { HeatHabit } from './heat-habit.ts'
import type { HeatingModel } from './heating-model.ts'
import { likelyShapes } from './likely-shapes.ts'

export type HeatForecast =
  | { kind: 'at'; atMs: number; earliestMs: number; latestMs: number }
  | { kind: 'never'; settlesAtCelsius: number }
  | { kind: 'unknown'; reason: 'nothing-learned' | 'no-samples' | 'samples-stale' | 'not-warming' }

const STALE_MS = 180_000
/** Without a rise after this long, something still cools. */
const WARMS_WITHIN_MS = 300_000
/** Present heat: two or three readings of usual meters. */
const PRESENT_MS = 30_000
/** How far present heat may be from the learned one and still return to it, relative; beyond, racks were added or switched off. */
const SAME_LOAD_SHARE = 0.08
const LEARNED_LOAD_WEIGHT = 0.75
/** The same by the room's own habit: further off than this, racks were switched, and the heat stays. Heat that hardly wanders still does by 1 %. */
const OTHER_LOAD_DEVIATIONS = 4
const LEAST_LOAD_DEVIATION = 0.01
/** The ranges of ordinary rooms are themselves estimates: without this, 84 % of 120 simulated losses lay inside, with it 92 %. */
const GUESS_WIDENING = 1.3
/** Heat that nobody measures wanders in the learned gaps too: without this, 87 % of 358 simulated losses lay inside, with it 93 %. */
const UNMEASURED_WIDENING = 1.25
const NARROWEST_INTERVAL_MS = 60_000

/**
 * When the limit will be reached if the cooling stays away. `samples` reach from two minutes before the gap until now; `gapStartMs` is when the loss
 * was noted, at most about ten seconds late; `habit` is what the heat does by itself, by the hours before.
 * The interval should hold nine crossings of ten, comes from everything that what was learned leaves open and from heat that wanders, is wider where
 * forecasts of the learned gaps by each other erred, and never narrower than ± 1 min. `never` means: not within twelve hours.
 * `not-warming`: five minutes without a rise. A gap that warms otherwise than was learned (one of two air conditioners runs on) is told by its own slope.
 */
export function forecast(
  model: HeatingModel | undefined,
  samples: readonly RoomSample[],
  gapStartMs: number,
  limitCelsius: number,
  nowMs: number,
  habit?: HeatHabit,
): HeatForecast {
  if (model === undefined) return { kind: 'unknown', reason: 'nothing-learned' }
  const seen = look(samples, gapStartMs, limitCelsius, nowMs)
  if ('kind' in seen) return seen
  const { since, curve, baseCelsius } = seen
  // Where the meter went dark with the mains, heat counts as it was in the learned gaps.
  const usualWatts = model.heatWatts === null ? null : (meanHeat(since) ?? model.heatWatts)
  const slopeDeviation = Math.max(LEAST_SLOPE_DEVIATION, model.slopeSpread ?? 0)
  const question = {
    rooms: model.rooms,
    usualHeat: usualWatts ?? 1,
    slopeDeviation,
    isHeatMeasured: meanHeat(since) !== null && usualWatts !== null,
  }
  const coming = comingHeat(since, usualWatts, model.heatWatts, nowMs, habit)
  const crossing = crossingOf({ ...question, points: pointsOf(curve, usualWatts), coming, wantedKelvin: limitCelsius - baseCelsius })
  const widening = model.widening * (question.isHeatMeasured ? 1 : UNMEASURED_WIDENING)
  return told(crossing, seen, gapStartMs, nowMs, widening)
}

/**
 * A guess for a room that has not lost its cooling yet: what rooms are like in general, corrected by what is measured since. Wide, and to be shown as a
 * guess. It answers once half a minute was measured and the room warms.
 */
export function firstGuess(
  samples: readonly RoomSample[],
  gapStartMs: number,
  limitCelsius: number,
  nowMs: number,
  habit?: HeatHabit,
): HeatForecast & { isGuess: true } {
  const seen = look(samples, gapStartMs, limitCelsius, nowMs)
  if ('kind' in seen) return { ...seen, isGuess: true }
  const { since, curve, baseCelsius } = seen
  if (since.length < FEWEST_SAMPLES) return { kind: 'unknown', reason: 'nothing-learned', isGuess: true }
  if (Math.max(...curve.map(({ riseKelvin }) => riseKelvin)) < LEAST_RISE_KELVIN)
    return { kind: 'unknown', reason: 'not-warming', isGuess: true }
  const usualWatts = meanHeat(since)
  const crossing = crossingOf({
    rooms: ordinaryRooms(),
    points: pointsOf(curve, usualWatts),
    usualHeat: 1,
    slopeDeviation: 1,
    isHeatMeasured: usualWatts !== null,
    coming: comingHeat(since, usualWatts, null, nowMs, habit),
    wantedKelvin: limitCelsius - baseCelsius,
  })
  return { ...told(crossing, seen, gapStartMs, nowMs, GUESS_WIDENING), isGuess: true }
}

let ordinary: PossibleRoom[] | undefined
function ordinaryRooms(): PossibleRoom[] {
  ordinary ??= likelyShapes([]).map(({ shape, logWeight }) => ({ shape, weight: Math.exp(logWeight) }))
  return ordinary
}

interface Seen {
  since: RoomSample[]
  curve: ReturnType<typeof curveOf>
  baseCelsius: number
  elapsedSeconds: number
}

/** What can be said without a model, or what a model starts from. */
function look(samples: readonly RoomSample[], gapStartMs: number, limitCelsius: number, nowMs: number): HeatForecast | Seen {
  const ordered = inOrder(samples.filter(({ atMs }) => atMs <= nowMs))
  const since = ordered.filter(({ atMs }) => atMs >= gapStartMs)
  const first = since[0]
  const last = since.at(-1)
  if (first === undefined || last === undefined) return { kind: 'unknown', reason: 'no-samples' }
  if (last.atMs <= nowMs - STALE_MS) return { kind: 'unknown', reason: 'samples-stale' }
  const lately = since
    .slice(-3)
    .map(({ celsius }) => celsius)
    .sort((a, b) => a - b)
  const present = lately[Math.floor(lately.length / 2)] ?? last.celsius
  if (present >= limitCelsius) return { kind: 'at', atMs: nowMs, earliestMs: nowMs, latestMs: nowMs }
  const baseCelsius = baseOf(ordered, gapStartMs) ?? first.celsius
  const curve = curveOf(since, gapStartMs, nowMs + 1, baseCelsius)
  if (nowMs - gapStartMs > WARMS_WITHIN_MS && Math.max(...curve.map(({ riseKelvin }) => riseKelvin)) < LEAST_RISE_KELVIN) {
    return { kind: 'unknown', reason: 'not-warming' }
  }
  return { since, curve, baseCelsius, elapsedSeconds: curve.at(-1)?.seconds ?? 0 }
}

/** Present heat, and where it tends to: what is usual of late, else the learned load, as long as the present one can be the same. */
function comingHeat(
  since: readonly RoomSample[],
  usualWatts: number | null,
  learnedWatts: number | null,
  nowMs: number,
  habit: HeatHabit | undefined,
): ComingHeat {
  if (usualWatts === null) return { now: 1, later: 1 }
  const now = (meanHeat(since.filter(({ atMs }) => atMs > nowMs - PRESENT_MS)) ?? usualWatts) / usualWatts
  if (habit !== undefined) {
    const usual = habit.usualWatts / usualWatts
    const deviation = habit.deviationWatts / usualWatts
    const isSame = Math.exp(-(((usual - now) / (OTHER_LOAD_DEVIATIONS * Math.max(LEAST_LOAD_DEVIATION, deviation))) ** 4))
    return { now, later: now + isSame * (usual - now), habit: { fadeSeconds: habit.fadeSeconds, deviation } }
  }
  if (learnedWatts === null) return { now, later: mean([now, 1]) }
  const learned = learnedWatts / usualWatts
  const isSame = Math.exp(-(((learned - 1) / SAME_LOAD_SHARE) ** 2))
  const usual = LEARNED_LOAD_WEIGHT * learned + (1 - LEARNED_LOAD_WEIGHT)
  return { now, later: now + isSame * (usual - now) }
}

function told(
  { middle, early, late, finalRise }: ReturnType<typeof crossingOf>,
  { elapsedSeconds, baseCelsius }: Seen,
  gapStartMs: number,
  nowMs: number,
  widening: number,
): HeatForecast {
  if (middle === NEVER) return { kind: 'never', settlesAtCelsius: baseCelsius + finalRise }
  const clock = (seconds: number) => Math.max(nowMs, gapStartMs + (elapsedSeconds + seconds) * 1000)
  const atMs = clock(middle)
  const sooner = Math.max(NARROWEST_INTERVAL_MS, widening * (atMs - clock(early)))
  const later = Math.max(NARROWEST_INTERVAL_MS, widening * (clock(Math.min(late, HORIZON_SECONDS)) - atMs))
  return { kind: 'at', atMs, earliestMs: Math.max(nowMs, atMs - sooner), latestMs: atMs + later }
}
