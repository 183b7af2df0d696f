import { type Climate, stepClimate } from '../../agent/src/drivers/simulator/climate.ts'
import { jitter } from '../../agent/src/drivers/simulator/noise.ts'
import { type RoomParameters, type RoomSettings, roomParameters } from '../../agent/src/drivers/simulator/options.ts'
import { RoomModel } from '../../agent/src/drivers/simulator/room-model.ts'
import { demandWatts, OUTSIDE_HUMIDITY_RATIO, outsideCelsius } from '../../agent/src/drivers/simulator/surroundings.ts'
import { upsLossWatts } from '../../agent/src/drivers/simulator/ups.ts'

export type SimulatedRoomSettings = RoomSettings

/** Losses of cooling in simulated rooms, as the server would see them: sensor noise, contacts read now and then, heat where it is measured. */

export const NAMED_ROOMS: Record<string, RoomSettings> = {
  'dense, 10 racks in 60 m³': { seed: 11, rackCount: 10, rackWatts: 2200, roomCubicMetres: 60 },
  'ordinary, 4 racks in 90 m³': { seed: 12, rackCount: 4, rackWatts: 2000, roomCubicMetres: 90 },
  'demonstration, 3 racks in 90 m³': { seed: 13, rackCount: 3, rackWatts: 1500, roomCubicMetres: 90, setpointCelsius: 21.5 },
  'hot, 6 racks in 120 m³': { seed: 14, rackCount: 6, rackWatts: 3000, roomCubicMetres: 120 },
  'wide, 4 racks in 300 m³': { seed: 15, rackCount: 4, rackWatts: 4000, roomCubicMetres: 300 },
  'hall, 12 racks in 600 m³': { seed: 16, rackCount: 12, rackWatts: 3500, roomCubicMetres: 600 },
  'cabinet, 1 rack in 40 m³': { seed: 17, rackCount: 1, rackWatts: 2500, roomCubicMetres: 40 },
  'small and warm, 2 racks in 30 m³': { seed: 18, rackCount: 2, rackWatts: 1800, roomCubicMetres: 30, setpointCelsius: 25 },
}

/** Rooms drawn from wide ranges, to tune on: none of the named ones, and other noise. Those are left out that would pass 34 °C in minutes: nobody tests such a room by switching its cooling off. */
export function drawnRooms(count: number): RoomSettings[] {
  const rooms: RoomSettings[] = []
  for (let number = 0; rooms.length < count; number++) {
    const between = (channel: string, low: number, high: number) => low + (high - low) * ((jitter(number, channel, 0) + 8) % 1)
    const rackCount = Math.round(Math.exp(between('racks', 0, Math.log(14))))
    const rackWatts = Math.round(between('watts', 1400, 4500))
    const roomCubicMetres = Math.max(20, Math.round(rackCount * Math.exp(between('volume', Math.log(6), Math.log(80)))))
    const setpointCelsius = between('setpoint', 20, 25)
    const firstRise = (1.06 * rackWatts) / (250 + (1.7 * roomCubicMetres) / rackCount)
    if (setpointCelsius + firstRise < 34) rooms.push({ seed: 1000 + number, rackCount, rackWatts, roomCubicMetres, setpointCelsius })
  }
  return rooms
}

/** K: a digital sensor's own noise; readings come in tenths, each 5 s. */
const SENSOR_NOISE_KELVIN = 0.1
const STEP_MS = 5000
/** Contacts are read this often, so a loss is noted up to this much late. */
const CONTACT_MS = 10_000
const BEFORE_MS = 120_000
const LOAD_PERIOD_MS = 600_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Monday, midnight in UTC+8. */
const FIRST_MONDAY_MS = Date.UTC(2026, 5, 1) - 8 * HOUR_MS

/**
 * What a room may have learned from: three gaps in working hours, a week apart; the loss comes in the fourth week, at an hour that goes with the seed,
 * round the clock. `changeOvers` are short, as a change of air conditioners is. `tests` are losses of cooling tried on purpose with somebody in the room,
 * or real ones that are mended: each ends when an agreed temperature is read, or after its time, whichever is earlier.
 */
type Lessons = 'changeOvers' | 'tests'
const GAP_HOURS = [10, 15, 9]
const GAP_MINUTES: Record<Lessons, readonly number[]> = { changeOvers: [5, 8, 12], tests: [12, 20, 30] }
/**
 * What ordinary servers bear at their inlets (ASHRAE class A2). A test that ends at 28 °C ends after 0.5–3 min in most of these rooms: the air alone leaps by
 * 5–8 K, and of what comes after that nothing is learned.
 */
const AGREED_CELSIUS = 35
const LOSS_HOURS = [3, 7, 11, 15, 19, 23]

interface Sample {
  atMs: number
  celsius: number
  heatWatts?: number
}

/** One room of its own noise, settled, that loses its cooling. */
interface SimulatedGap {
  /** When the cooling stopped. */
  trueStartMs: number
  /** When its contact was first seen. */
  notedStartMs: number
  endMs: number
  samples: Sample[]
}

export interface SimulatedLoss extends SimulatedGap {
  /** Mean heat of the hours before the loss, as the store would answer. */
  heatBefore: { atMs: number; watts: number }[]
  /** What a forecast is asked for, and when it truly came; undefined: not within the longest loss. */
  asked: { limitCelsius: number; crossedMs: number } | undefined
  /** The room when the forecast is made, as no instrument shows it. */
  atForecast: { atMs: number; climate: Climate }
  parameters: RoomParameters
}

/** The simulated load is drawn anew each ten minutes of the model's time: where in them a loss falls goes with the seed. */
const modelStartMs = (seed: number, startMs: number) =>
  startMs - BEFORE_MS - STEP_MS - 1000 * Math.floor((LOAD_PERIOD_MS / 1000) * share(seed, 'test-load'))

function* seconds(settings: RoomSettings, seed: number, startMs: number, isCooledAgainAtMs: number) {
  const parameters = roomParameters({ ...settings, seed })
  const model = new RoomModel(parameters, modelStartMs(seed, startMs))
  // Where the readings of sensors fall against the loss.
  const phaseMs = 1000 * Math.floor((STEP_MS / 1000) * share(seed, 'test-phase'))
  for (let atMs = startMs - BEFORE_MS; atMs <= isCooledAgainAtMs; atMs += 1000) {
    if (atMs === startMs) model.setControls({ 'cooling-fails': true })
    model.advanceTo(atMs)
    const { climate, modelSeconds } = model.state
    const noisy = climate.airCelsius + SENSOR_NOISE_KELVIN * jitter(seed, 'test-sensor', modelSeconds)
    const isRead = (atMs - startMs + BEFORE_MS) % STEP_MS === phaseMs
    const sample = isRead ? { atMs, celsius: Math.round(noisy * 10) / 10, heatWatts: model.measurements().racks.watts } : undefined
    yield { atMs, climate, sample }
  }
}

const share = (seed: number, channel: string) => (jitter(seed, channel, 0) + 4) % 1
const notedMs = (seed: number, startMs: number) => startMs + 1000 * Math.floor((CONTACT_MS / 1000) * share(seed, 'test-contact'))

function gap(settings: RoomSettings, seed: number, startMs: number, minutes: number, untilCelsius: number): SimulatedGap {
  const samples: Sample[] = []
  for (const { atMs, sample } of seconds(settings, seed, startMs, startMs + minutes * MINUTE_MS)) {
    if (!sample) continue
    samples.push(sample)
    if (atMs > startMs && sample.celsius >= untilCelsius) break
  }
  return { trueStartMs: startMs, notedStartMs: notedMs(seed, startMs), endMs: samples.at(-1)?.atMs ?? startMs, samples }
}

/**
 * 32 °C, where ASHRAE's class A1 ends and a server room usually alarms; where that comes within three minutes of the forecast or is passed by then,
 * the next class's (A2, A3).
 */
const LIMITS_CELSIUS = [32, 35, 40]
const LEAST_AHEAD_MS = 3 * MINUTE_MS
export const FORECAST_AFTER_MS = 5 * MINUTE_MS
const LONGEST_LOSS_MS = 150 * MINUTE_MS
const HEAT_BEFORE_MS = 12 * HOUR_MS
const HEAT_BUCKET_MS = 5 * MINUTE_MS
/** A meter read this often. */
const HEAT_READ_MS = 15_000

function loss(settings: RoomSettings, seed: number, startMs: number): SimulatedLoss {
  const parameters = roomParameters({ ...settings, seed })
  const samples: Sample[] = []
  let atForecast: SimulatedLoss['atForecast'] | undefined
  let asked: SimulatedLoss['asked']
  let warmestTooSoon = Number.NEGATIVE_INFINITY
  for (const { atMs, climate, sample } of seconds(settings, seed, startMs, startMs + LONGEST_LOSS_MS)) {
    if (sample) samples.push(sample)
    if (atMs === startMs + FORECAST_AFTER_MS) atForecast = { atMs, climate }
    if (atMs < startMs + FORECAST_AFTER_MS + LEAST_AHEAD_MS) warmestTooSoon = Math.max(warmestTooSoon, climate.airCelsius)
    const limitCelsius = LIMITS_CELSIUS.find((limit) => limit > warmestTooSoon)
    if (limitCelsius === undefined) break
    if (climate.airCelsius < limitCelsius) continue
    asked = { limitCelsius, crossedMs: atMs }
    break
  }
  if (atForecast === undefined) throw new Error('the loss was over before the forecast')
  const endMs = asked?.crossedMs ?? startMs + LONGEST_LOSS_MS
  return {
    trueStartMs: startMs,
    notedStartMs: notedMs(seed, startMs),
    endMs,
    samples,
    asked,
    atForecast,
    parameters,
    heatBefore: heatBefore(parameters, startMs),
  }
}

/** The load is a function of seed and seconds alone: the hours before need not be lived through. */
function heatBefore(parameters: RoomParameters, startMs: number): { atMs: number; watts: number }[] {
  const originMs = modelStartMs(parameters.seed, startMs)
  return Array.from({ length: HEAT_BEFORE_MS / HEAT_BUCKET_MS }, (_, index) => {
    const atMs = startMs - HEAT_BEFORE_MS + index * HEAT_BUCKET_MS
    let sum = 0
    for (let ms = 0; ms < HEAT_BUCKET_MS; ms += HEAT_READ_MS) sum += demandWatts(parameters, (atMs + ms - originMs) / 1000)
    return { atMs, watts: (sum * HEAT_READ_MS) / HEAT_BUCKET_MS }
  })
}

/** Seeds make the load's wandering, the sensors' noise, and the hour of the loss. */
const noiseOf = (settings: RoomSettings, seed: number) => 1000 * (settings.seed ?? 0) + 10 * seed

/** Three gaps to learn from. */
export function simulatedGaps(settings: RoomSettings, seed: number, lessons: Lessons): SimulatedGap[] {
  const noise = noiseOf(settings, seed) + (lessons === 'tests' ? 3 : 0)
  const untilCelsius = lessons === 'tests' ? AGREED_CELSIUS : Number.POSITIVE_INFINITY
  return GAP_MINUTES[lessons].map((minutes, week) =>
    gap(settings, noise + week, FIRST_MONDAY_MS + 7 * week * DAY_MS + (GAP_HOURS[week] ?? 0) * HOUR_MS, minutes, untilCelsius),
  )
}

/** The loss to be foretold. */
export function simulatedLoss(settings: RoomSettings, seed: number): SimulatedLoss {
  const lossHours = LOSS_HOURS[seed % LOSS_HOURS.length] ?? 0
  return loss(settings, noiseOf(settings, seed) + 9, FIRST_MONDAY_MS + 23 * DAY_MS + lossHours * HOUR_MS)
}

/** The same without a heat point. */
export function withoutHeat(samples: readonly Sample[]): Sample[] {
  return samples.map(({ atMs, celsius }) => ({ atMs, celsius }))
}

/** The simulated UPS's losses are heat too: a share of the load. */
const HEAT_PER_RACK_WATT = 1 + upsLossWatts({ charge: 1, onBattery: false, outputOn: true, batteryCelsius: 25 }, 1)

/**
 * When the limit would be crossed (epoch ms) by what a forecaster says who knows the simulator's own equations, its parameters, both temperatures
 * without noise and the weather, but not the heat to come: of that he expects `rackWattsAt`, by seconds from the forecast. What he errs by is no fault
 * of a model.
 */
export function oracleCrossing(loss: SimulatedLoss, limitCelsius: number, rackWattsAt: (seconds: number) => number): number {
  const { parameters, atForecast } = loss
  let climate = atForecast.climate
  let atMs = atForecast.atMs
  for (; climate.airCelsius < limitCelsius && atMs < loss.trueStartMs + 2 * LONGEST_LOSS_MS; atMs += 1000) {
    climate = stepClimate(climate, {
      rackCount: parameters.rackCount,
      roomCubicMetres: parameters.roomCubicMetres,
      heatWatts: HEAT_PER_RACK_WATT * rackWattsAt((atMs - atForecast.atMs) / 1000),
      coolingWatts: 0,
      coolingOutput: 0,
      humidifierPowered: false,
      outsideCelsius: outsideCelsius(atMs / 1000),
      outsideHumidityRatio: OUTSIDE_HUMIDITY_RATIO,
    })
  }
  return atMs
}

/** W, of the ordinary room. */
export const HEAT_WATTS = 8000
const PARTLY_FROM_MS = Date.UTC(2026, 5, 1)

/**
 * The ordinary room, 4 racks in 90 m³, with heat that does not wander, of which `share` is still carried out from the first of June 2026 (UTC) on; from two
 * minutes before, each 5 s, without noise. The simulated room has one air conditioner only: this is two of which one runs on at full power.
 */
export function partlyCooled(share: number, minutes: number, heatWatts = HEAT_WATTS): Sample[] {
  let climate: Climate = { airCelsius: 22, massCelsius: 22, humidityRatio: 0.008 }
  const samples: Sample[] = []
  for (let second = -120; second <= minutes * 60; second++) {
    if (second % 5 === 0) samples.push({ atMs: PARTLY_FROM_MS + second * 1000, celsius: climate.airCelsius, heatWatts })
    climate = stepClimate(climate, {
      rackCount: 4,
      roomCubicMetres: 90,
      heatWatts: HEAT_PER_RACK_WATT * heatWatts,
      coolingWatts: HEAT_PER_RACK_WATT * heatWatts * (second < 0 ? 1 : share),
      coolingOutput: 0,
      humidifierPowered: false,
      outsideCelsius: 22,
      outsideHumidityRatio: 0.008,
    })
  }
  return samples
}
