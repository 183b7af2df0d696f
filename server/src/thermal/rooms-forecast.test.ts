import { beforeAll, describe, expect, it } from 'vitest'
import {
  drawnRooms,
  FORECAST_AFTER_MS,
  NAMED_ROOMS,
  oracleCrossing,
  type SimulatedRoomSettings,
  simulatedGaps,
  simulatedLoss,
  withoutHeat,
} from '../../../tests/kit/simulated-losses.ts'
import { heatHabit } from './heat-habit.ts'
import { firstGuess, forecast, type HeatForecast, type LearnedGap, learnGap, mergeGaps, type RoomSample } from './heating-model.ts'

/** Everything was tuned on drawn rooms and these seeds, and is reported on the named rooms and the others. */
const TUNED_ON = { rooms: drawnRooms(40), seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9] }
/** Set by hand, to see the figures of the tuning set. */
const isTuning = process.env.THERMAL_TUNING === '1'
const REPORTED_SEEDS = [101, 102, 103, 104, 105, 106]
const GOOD = 0.15

interface Told {
  /** Of the time from the loss to the crossing; infinite where no time was told. */
  error: number
  isInside: boolean
  /** Width of the interval in the same unit. */
  width: number
}
/**
 * floor: knows the simulator and its state, but not the heat to come, and takes it to stay; habit floor: knows besides how that load wanders, and that
 * it is what the racks are rated for on average; change-overs: three of them learned; tests: three of these; no history: change-overs, but nothing known of
 * the heat before the loss; no heat: change-overs without a heat point; guess: nothing learned; line: straight through the last two minutes, what people do
 * by hand.
 */
const FORECASTERS = ['floor', 'habit floor', 'change-overs', 'tests', 'no history', 'no heat', 'guess', 'line'] as const
type Forecaster = (typeof FORECASTERS)[number]

function learn(gaps: readonly { samples: readonly RoomSample[]; notedStartMs: number; endMs: number }[]) {
  const learned = gaps.map(({ samples, notedStartMs, endMs }): LearnedGap => {
    const result = learnGap(samples, notedStartMs, endMs)
    if ('leftOut' in result) throw new Error(result.leftOut)
    return result.learned
  })
  return mergeGaps(learned)
}

function straightLine(samples: readonly RoomSample[], limitCelsius: number, nowMs: number): HeatForecast {
  const from = samples.filter(({ atMs }) => atMs > nowMs - 150_000 && atMs <= nowMs - 90_000)
  const to = samples.filter(({ atMs }) => atMs > nowMs - 60_000)
  const middle = (each: readonly RoomSample[], of: (sample: RoomSample) => number) =>
    each.reduce((sum, sample) => sum + of(sample), 0) / each.length
  const celsius = middle(to, (sample) => sample.celsius)
  const toMs = middle(to, ({ atMs }) => atMs)
  const slope = (celsius - middle(from, (sample) => sample.celsius)) / (toMs - middle(from, ({ atMs }) => atMs))
  if (slope <= 0) return { kind: 'unknown', reason: 'not-warming' }
  const atMs = Math.max(nowMs, toMs + (limitCelsius - celsius) / slope)
  return { kind: 'at', atMs, earliestMs: atMs, latestMs: atMs }
}

function judge(settings: SimulatedRoomSettings, seed: number) {
  const loss = simulatedLoss(settings, seed)
  const { asked, trueStartMs, notedStartMs } = loss
  if (asked === undefined) return undefined
  const { limitCelsius, crossedMs } = asked
  const nowMs = trueStartMs + FORECAST_AFTER_MS
  const known = loss.samples.filter(({ atMs }) => atMs <= nowMs)
  const judged = (told: HeatForecast): Told => {
    const total = crossedMs - trueStartMs
    if (told.kind !== 'at') return { error: Number.POSITIVE_INFINITY, isInside: false, width: Number.NaN }
    const isInside = crossedMs >= told.earliestMs && crossedMs <= told.latestMs
    return { error: (told.atMs - crossedMs) / total, isInside, width: (told.latestMs - told.earliestMs) / total }
  }
  const changeOvers = simulatedGaps(settings, seed, 'changeOvers')
  const byChangeOvers = learn(changeOvers)
  const usual = heatHabit(loss.heatBefore)
  const plainGaps = changeOvers.map((gap) => ({ ...gap, samples: withoutHeat(gap.samples) }))
  const lately = known.slice(-6).map(({ heatWatts }) => heatWatts ?? 0)
  const presentWatts = lately.reduce((sum, watts) => sum + watts, 0) / lately.length
  const ratedWatts = loss.parameters.rackCount * loss.parameters.rackWatts
  const exactly = (atMs: number) => judged({ kind: 'at', atMs, earliestMs: atMs, latestMs: atMs })
  // The simulated load is drawn anew each ten minutes: what it is now says little of it after that.
  const habit = (seconds: number) => ratedWatts + (presentWatts - ratedWatts) * Math.exp(-((seconds / 480) ** 1.5))
  const told: Record<Forecaster, Told> = {
    floor: exactly(oracleCrossing(loss, limitCelsius, () => presentWatts)),
    'habit floor': exactly(oracleCrossing(loss, limitCelsius, habit)),
    'change-overs': judged(forecast(byChangeOvers, known, notedStartMs, limitCelsius, nowMs, usual)),
    tests: judged(forecast(learn(simulatedGaps(settings, seed, 'tests')), known, notedStartMs, limitCelsius, nowMs, usual)),
    'no history': judged(forecast(byChangeOvers, known, notedStartMs, limitCelsius, nowMs)),
    'no heat': judged(forecast(learn(plainGaps), withoutHeat(known), notedStartMs, limitCelsius, nowMs)),
    guess: judged(firstGuess(known, notedStartMs, limitCelsius, nowMs, usual)),
    line: judged(straightLine(known, limitCelsius, nowMs)),
  }
  return { limitCelsius, minutes: (crossedMs - trueStartMs) / 60_000, told }
}

const percent = (share: number) => Math.round(share * 1000) / 10

function figures(each: readonly Told[]) {
  const errors = each.map(({ error }) => Math.abs(error)).sort((a, b) => a - b)
  const widths = each.map(({ width }) => width).sort((a, b) => a - b)
  const at = (sorted: readonly number[], share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return {
    losses: errors.length,
    median: at(errors, 0.5),
    ninety: at(errors, 0.9),
    worst: at(errors, 1),
    good: errors.filter((error) => error <= GOOD).length / errors.length,
    inside: each.filter(({ isInside }) => isInside).length / each.length,
    width: at(widths, 0.5),
  }
}

describe('rooms with very different time constants, three gaps learned, forecast after five minutes', () => {
  let losses: { room: string; judged: NonNullable<ReturnType<typeof judge>> }[] = []
  beforeAll(() => {
    const rooms = isTuning ? Object.fromEntries(TUNED_ON.rooms.map((room, index) => [`drawn ${index}`, room])) : NAMED_ROOMS
    const seeds = isTuning ? TUNED_ON.seeds : REPORTED_SEEDS
    losses = Object.entries(rooms).flatMap(([room, settings]) =>
      seeds.flatMap((seed) => {
        const judged = judge(settings, seed)
        return judged === undefined ? [] : [{ room, judged }]
      }),
    )
    const whole = (forecaster: Forecaster, inRoom: typeof losses) =>
      inRoom.map(({ judged }) => Math.round(100 * judged.told[forecaster].error)).join(' ')
    console.table(
      [...Map.groupBy(losses, ({ room }) => room)].map(([room, inRoom]) => ({
        room,
        'limit °C': inRoom.map(({ judged }) => judged.limitCelsius).join(' '),
        'true min': inRoom.map(({ judged }) => Math.round(judged.minutes)).join(' '),
        'floor %': whole('floor', inRoom),
        'change-overs %': whole('change-overs', inRoom),
        'tests %': whole('tests', inRoom),
      })),
    )
    console.table(
      Object.fromEntries(
        FORECASTERS.map((forecaster) => {
          const { losses: count, ...shares } = figures(of(forecaster))
          return [
            forecaster,
            { losses: count, ...Object.fromEntries(Object.entries(shares).map(([name, share]) => [`${name} %`, percent(share)])) },
          ]
        }),
      ),
    )
  }, 300_000)
  const of = (forecaster: Forecaster) => losses.map(({ judged }) => judged.told[forecaster])

  it.skipIf(isTuning)('is asked for a limit in every loss', () => {
    expect(losses).toHaveLength(Object.keys(NAMED_ROOMS).length * REPORTED_SEEDS.length)
  })

  it.each(['change-overs', 'tests'] as const)(
    'errs hardly more than who knows the room and its habits but not the heat to come: %s',
    (lessons) => {
      const floor = figures(of('floor'))
      const habitFloor = figures(of('habit floor'))
      const model = figures(of(lessons))
      // The floors themselves: heat that wanders by 3 % is minutes on a flat curve.
      expect(floor.good).toBeLessThan(0.95)
      expect(model.good).toBeGreaterThanOrEqual(floor.good - 0.02)
      expect(model.good).toBeGreaterThanOrEqual(habitFloor.good - (lessons === 'tests' ? 0.04 : 0.08))
      expect(model.good).toBeGreaterThanOrEqual(0.89)
      expect(model.median).toBeLessThan(0.07)
      if (!isTuning) expect(model.worst).toBeLessThan(lessons === 'tests' ? 0.25 : 0.3)
    },
  )

  it('has an interval that holds the truth in nine of ten, and is the narrower the more was learned', () => {
    for (const forecaster of ['change-overs', 'tests', 'no history', 'no heat', 'guess'] as const) {
      expect(figures(of(forecaster)).inside, forecaster).toBeGreaterThanOrEqual(0.9)
    }
    expect(figures(of('tests')).width).toBeLessThan(0.3)
    expect(figures(of('change-overs')).width).toBeLessThan(0.35)
    expect(figures(of('no history')).width).toBeLessThan(0.45)
  })

  it('is better than a guess, and a guess better than a straight line', () => {
    const [model, noHeat, guess, line] = [figures(of('change-overs')), figures(of('no heat')), figures(of('guess')), figures(of('line'))]
    expect(noHeat.good).toBeGreaterThanOrEqual(0.62)
    expect(guess.good).toBeLessThan(model.good)
    expect(guess.median).toBeLessThan(line.median)
    expect(guess.good).toBeGreaterThan(line.good)
  })
})
