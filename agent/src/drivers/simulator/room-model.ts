import { type Climate, stepClimate } from './climate.ts'
import { type Cooling, stepCooling } from './cooling.ts'
import { measureRoom, type RoomMeasurements } from './instruments.ts'
import type { RoomParameters } from './options.ts'
import { humidityRatio } from './psychrometrics.ts'
import { type ActiveScenarios, activeScenarios, type ScenarioControls } from './scenarios.ts'
import { coolingCapacityWatts, demandWatts, OUTSIDE_HUMIDITY_RATIO, outsideCelsius } from './surroundings.ts'
import { stepUps, type Ups, upsLossWatts } from './ups.ts'

/** The room has lived this long before its first reading, so that it begins settled. */
const SETTLING_SECONDS = 2 * 3600
/** After a longer gap (a suspended machine) the room goes on from where it was instead of computing every second of it. */
const MOST_STEPS_AT_ONCE = 48 * 3600
/** Servers switch themselves off to protect themselves at about this inlet temperature: ASHRAE TC 9.9 allows class A4 up to 45 °C. */
const SHUTDOWN_INLET_CELSIUS = 45
/** They are started again by hand, once the room is back to normal. */
const RESTART_INLET_CELSIUS = 27

/** Everything a device of the room can see, without sensor noise. Temperatures in °C, times in model seconds. */
export interface RoomState {
  modelSeconds: number
  climate: Climate
  cooling: Cooling
  ups: Ups
  racksOn: boolean
  scenarios: ActiveScenarios
}

/**
 * One room: advances second by second, and gives the same states for the same parameters, controls and clock, whoever asks and how often.
 * Holds no clock of its own and does no I/O.
 */
export class RoomModel {
  readonly parameters: RoomParameters
  private readonly startMs: number
  private lastMs: number
  /** Model seconds not computed after a gap that was too long, or a clock set back. */
  private skippedSeconds = 0
  private current: RoomState
  private controls: ScenarioControls = {}

  constructor(parameters: RoomParameters, startMs: number) {
    this.parameters = parameters
    this.startMs = startMs
    this.lastMs = startMs
    const airCelsius = parameters.setpointCelsius
    this.current = {
      modelSeconds: -SETTLING_SECONDS,
      climate: { airCelsius, massCelsius: airCelsius, humidityRatio: humidityRatio(airCelsius, 48) },
      cooling: { output: 0.6, integral: 0.6, compressorRuns: true, poweredSeconds: 3600, failed: false },
      ups: { charge: 1, onBattery: false, outputOn: true, batteryCelsius: airCelsius + 2 },
      racksOn: true,
      scenarios: {},
    }
    while (this.current.modelSeconds < 0) this.step()
    this.setControls({})
  }

  get state(): RoomState {
    return this.current
  }

  /** What people ask of the room from now on; outranks the schedule. */
  setControls(controls: ScenarioControls): void {
    this.controls = controls
    const { modelSeconds, scenarios } = this.current
    this.current = { ...this.current, scenarios: activeScenarios(this.parameters.scenarios, controls, scenarios, modelSeconds) }
  }

  /** Brings the room to a time (UTC ms). A clock that was set back leaves it where it is and goes on from there. */
  advanceTo(nowMs: number): RoomState {
    const targetSeconds = this.modelSecondsAt(nowMs)
    const missing = targetSeconds - this.current.modelSeconds
    if (nowMs < this.lastMs) this.skippedSeconds += missing
    else if (missing > MOST_STEPS_AT_ONCE) this.skippedSeconds += missing - MOST_STEPS_AT_ONCE
    this.lastMs = nowMs
    const reachable = this.modelSecondsAt(nowMs)
    while (this.current.modelSeconds < reachable) this.step()
    return this.current
  }

  private modelSecondsAt(nowMs: number): number {
    return Math.floor(((nowMs - this.startMs) / 1000) * this.parameters.speed) - this.skippedSeconds
  }

  /** The present state as the room's instruments show it. */
  measurements(): RoomMeasurements {
    return measureRoom(this.parameters, this.current, this.startMs / 1000 + this.current.modelSeconds)
  }

  private step(): void {
    const { parameters, current } = this
    const modelSeconds = current.modelSeconds + 1
    const scenarios = activeScenarios(parameters.scenarios, this.controls, current.scenarios, modelSeconds)
    const { rackCount, roomCubicMetres, setpointCelsius, upsRatedWatts, upsFullLoadMinutes } = parameters
    const mainsPresent = !scenarios['mains-lost']
    const { airCelsius } = current.climate

    const racksOn = current.ups.outputOn && airCelsius < (current.racksOn ? SHUTDOWN_INLET_CELSIUS : RESTART_INLET_CELSIUS)
    const rackWatts = racksOn ? demandWatts(parameters, modelSeconds) : 0
    const ups = stepUps(current.ups, {
      mainsPresent,
      airCelsius,
      demandWatts: rackWatts,
      ratedWatts: upsRatedWatts,
      fullLoadMinutes: upsFullLoadMinutes,
    })
    // The air conditioner hangs on the mains, not on the UPS, as in most small rooms: on battery the room warms.
    const cooling = stepCooling(current.cooling, {
      airCelsius,
      setpointCelsius,
      hasPower: mainsPresent,
      fails: scenarios['cooling-fails'] !== undefined,
    })
    const climate = stepClimate(current.climate, {
      rackCount,
      roomCubicMetres,
      heatWatts: rackWatts + upsLossWatts(ups, rackWatts),
      coolingWatts: cooling.output * coolingCapacityWatts(parameters),
      coolingOutput: cooling.output,
      // The humidifier is a part of the air conditioner, and stops with it.
      humidifierPowered: mainsPresent && !cooling.failed,
      outsideCelsius: outsideCelsius(this.startMs / 1000 + modelSeconds),
      outsideHumidityRatio: OUTSIDE_HUMIDITY_RATIO,
    })
    this.current = { modelSeconds, climate, cooling, ups, racksOn, scenarios }
  }
}
