import { wallWatts } from './climate.ts'
import { coolingElectricalWatts } from './cooling.ts'
import { drift, jitter } from './noise.ts'
import type { RoomParameters } from './options.ts'
import { relativeHumidityPercent } from './psychrometrics.ts'
import type { RoomState } from './room-model.ts'
import { coolingCapacityWatts, demandWatts, outsideCelsius, rackShare } from './surroundings.ts'
import { batteryVolts, fullRuntimeSeconds, upsLossWatts, upsStatus } from './ups.ts'

/** Air through a rack takes up its heat: 5 kW and 0.4 m³/s give 10 K; bypass air mixes half of that away before the probe. */
const HOT_AISLE_KELVIN_PER_RACK_WATT = 0.001
/**
 * Warm air comes round the top of a rack to its front, more at the end of a row; cold air lies on the floor. Chosen so that racks of 1.5 kW
 * without containment show 2 to 3 K from bottom to top.
 */
const INLET_KELVIN_PER_RACK_WATT = { middle: 0.0003, top: 0.0009 }
const FLOOR_KELVIN = -0.6
const END_OF_ROW_SHARE = 1.5
/** GB/T 12325: 220 V; and 50 Hz. */
const MAINS_VOLTS = 220
const MAINS_HERTZ = 50

export interface ProbeMeasurement {
  celsius: number
  humidityPercent: number
}

export const RACK_HEIGHTS = ['bottom', 'middle', 'top'] as const
export type RackHeight = (typeof RACK_HEIGHTS)[number]

export interface RoomMeasurements {
  probes: Record<'cold-aisle' | 'hot-aisle' | 'room', ProbeMeasurement>
  mainsVolts: number
  mainsHertz: number
  ups: {
    status: string
    outputVolts: number
    loadPercent: number
    chargePercent: number
    runtimeSeconds: number
    batteryVolts: number
    batteryCelsius: number
  }
  cooling: {
    returnCelsius: number
    supplyCelsius: number
    outputPercent: number
    electricalWatts: number
    failed: boolean
    stopped: boolean
  }
  contacts: { leak: boolean; smoke: boolean; doorOpen: boolean }
  racks: { watts: number; wattsEach: number[]; inlets: Record<RackHeight, ProbeMeasurement>[] }
  /** The heat balance, W; positive wall heat comes in. */
  heat: { rackWatts: number; upsWatts: number; coolingWatts: number; wallWatts: number }
}

/** What the instruments show in a state: with the noise of mains and load, before each sensor's own. */
export function measureRoom(parameters: RoomParameters, current: RoomState, utcSeconds: number): RoomMeasurements {
  const { seed, rackCount, upsRatedWatts, upsFullLoadMinutes } = parameters
  const { climate, cooling, ups, modelSeconds, scenarios } = current
  const mainsPresent = !scenarios['mains-lost']
  const loadWatts = current.racksOn && ups.outputOn ? demandWatts(parameters, modelSeconds) : 0
  const runtimeSeconds = ups.charge * fullRuntimeSeconds(loadWatts, upsRatedWatts, upsFullLoadMinutes)
  const hotAisleCelsius = climate.airCelsius + (loadWatts / rackCount) * HOT_AISLE_KELVIN_PER_RACK_WATT
  const capacityWatts = coolingCapacityWatts(parameters)
  const humidityAt = (celsius: number) => relativeHumidityPercent(celsius, climate.humidityRatio)
  const roomCelsius = (climate.airCelsius + hotAisleCelsius) / 2
  return {
    probes: {
      'cold-aisle': { celsius: climate.airCelsius, humidityPercent: humidityAt(climate.airCelsius) },
      'hot-aisle': { celsius: hotAisleCelsius, humidityPercent: humidityAt(hotAisleCelsius) },
      room: { celsius: roomCelsius, humidityPercent: humidityAt(roomCelsius) },
    },
    mainsVolts: mainsPresent ? MAINS_VOLTS + 2 * drift(seed, 'volts', modelSeconds, 300) + 0.4 * jitter(seed, 'volts', modelSeconds) : 0,
    mainsHertz: mainsPresent ? MAINS_HERTZ + 0.02 * drift(seed, 'hertz', modelSeconds, 60) + 0.01 * jitter(seed, 'hertz', modelSeconds) : 0,
    ups: {
      status: upsStatus(ups, loadWatts, upsRatedWatts, runtimeSeconds),
      outputVolts: ups.outputOn ? MAINS_VOLTS + 0.3 * jitter(seed, 'output', modelSeconds) : 0,
      loadPercent: (100 * loadWatts) / upsRatedWatts,
      chargePercent: 100 * ups.charge,
      runtimeSeconds,
      batteryVolts: batteryVolts(ups) + 0.2 * jitter(seed, 'battery', modelSeconds),
      batteryCelsius: ups.batteryCelsius,
    },
    cooling: {
      returnCelsius: roomCelsius,
      supplyCelsius: roomCelsius - 12 * cooling.output,
      outputPercent: 100 * cooling.output,
      electricalWatts: coolingElectricalWatts(cooling, capacityWatts),
      failed: cooling.failed,
      stopped: cooling.output < 0.01,
    },
    contacts: { leak: scenarios.leak !== undefined, smoke: scenarios.smoke !== undefined, doorOpen: scenarios['door-open'] !== undefined },
    racks: {
      watts: loadWatts,
      wattsEach: Array.from({ length: rackCount }, (_, index) => rackShare(parameters, index, modelSeconds, loadWatts)),
      inlets: Array.from({ length: rackCount }, (_, index) => {
        const share = index === rackCount - 1 ? END_OF_ROW_SHARE : 1
        const watts = share * rackShare(parameters, index, modelSeconds, loadWatts)
        const at = (kelvin: number) => ({ celsius: climate.airCelsius + kelvin, humidityPercent: humidityAt(climate.airCelsius + kelvin) })
        const { middle, top } = INLET_KELVIN_PER_RACK_WATT
        return { bottom: at(FLOOR_KELVIN), middle: at(middle * watts), top: at(top * watts) }
      }),
    },
    heat: {
      rackWatts: loadWatts,
      upsWatts: upsLossWatts(ups, loadWatts),
      coolingWatts: cooling.output * capacityWatts,
      wallWatts: wallWatts(climate.airCelsius, { ...parameters, outsideCelsius: outsideCelsius(utcSeconds) }),
    },
  }
}
