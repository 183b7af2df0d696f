import { humidityRatio } from './psychrometrics.ts'

/** Heat capacity of air at constant pressure, J/(kg·K), and its density at 22 °C and one atmosphere, kg/m³ (engineering tables). */
export const AIR_JOULES_PER_KG_KELVIN = 1006
export const AIR_KG_PER_CUBIC_METRE = 1.196

/**
 * What the air warms slowly: rack steel, servers, the skin of walls and floor. Per rack 700 kg of about 0.5 kJ/(kg·K), and about as much
 * again from the building.
 */
const MASS_JOULES_PER_KELVIN_PER_RACK = 700_000
/** Air to mass, W/K per rack: 25 m² of servers' and rack surfaces at about 10 W/(m²·K) of forced flow. */
const MASS_WATTS_PER_KELVIN_PER_RACK = 250
/** Through the walls, W/K per m³ of room: about 150 W/K for 90 m³ with little insulation. */
const WALL_WATTS_PER_KELVIN_PER_CUBIC_METRE = 1.7
/** Air changed with the outside per hour: a closed room with a door that is used. */
const AIR_CHANGES_PER_HOUR = 0.3
/** Relative humidity that the air conditioner's steam humidifier keeps as a minimum, %, and what it can give, kg/s (3 kg/h). */
const HUMIDIFIER_BELOW_PERCENT = 42
const HUMIDIFIER_KG_PER_SECOND = 3 / 3600
/**
 * The coil's surface at full cooling, °C: air leaves water there when its dew point is higher. 10 °C lies inside GB 50174's 5.5–15 °C.
 * The contact rate is the share of the room's air that meets the coil each second: 0.4 m³/s per rack in 90 m³.
 */
const COIL_SURFACE_CELSIUS = 10
const COIL_CONTACT_PER_SECOND = 0.004

export interface Climate {
  airCelsius: number
  massCelsius: number
  /** kg of water per kg of dry air; relative humidity follows from it and the temperature. */
  humidityRatio: number
}

export interface ClimateInputs {
  rackCount: number
  roomCubicMetres: number
  /** Everything that turns into heat in the room: racks and UPS losses, W. */
  heatWatts: number
  /** Heat carried out by the air conditioner, W. */
  coolingWatts: number
  /** 0..1, the air conditioner's present output. */
  coolingOutput: number
  /** Whether the air conditioner has power for its humidifier. */
  humidifierPowered: boolean
  outsideCelsius: number
  outsideHumidityRatio: number
}

/** Heat through the walls into the room, W (negative: out of it). */
export function wallWatts(airCelsius: number, inputs: Pick<ClimateInputs, 'roomCubicMetres' | 'outsideCelsius'>): number {
  return WALL_WATTS_PER_KELVIN_PER_CUBIC_METRE * inputs.roomCubicMetres * (inputs.outsideCelsius - airCelsius)
}

/**
 * One second of the room: two lumped heat capacities (air, and the mass behind it) and one of water. Calibrated so that racks of 5 kW
 * without cooling reach 40 °C at the inlet in about three minutes: a published test of such a room saw thermal shutdown after 3 min 9 s
 * (Opengate Data Systems, Data Center Emergency Cooling Study, 2007).
 */
export function stepClimate(climate: Climate, inputs: ClimateInputs): Climate {
  const airKg = inputs.roomCubicMetres * AIR_KG_PER_CUBIC_METRE
  const toMassWatts = inputs.rackCount * MASS_WATTS_PER_KELVIN_PER_RACK * (climate.airCelsius - climate.massCelsius)
  const airWatts = inputs.heatWatts - inputs.coolingWatts + wallWatts(climate.airCelsius, inputs) - toMassWatts

  const exchange = (AIR_CHANGES_PER_HOUR / 3600) * (inputs.outsideHumidityRatio - climate.humidityRatio)
  const overCoil = Math.max(0, climate.humidityRatio - humidityRatio(COIL_SURFACE_CELSIUS, 100))
  const condensed = inputs.coolingOutput * COIL_CONTACT_PER_SECOND * overCoil
  const tooDry = climate.humidityRatio < humidityRatio(climate.airCelsius, HUMIDIFIER_BELOW_PERCENT)
  const humidified = inputs.humidifierPowered && tooDry ? HUMIDIFIER_KG_PER_SECOND / airKg : 0

  return {
    airCelsius: climate.airCelsius + airWatts / (airKg * AIR_JOULES_PER_KG_KELVIN),
    massCelsius: climate.massCelsius + toMassWatts / (inputs.rackCount * MASS_JOULES_PER_KELVIN_PER_RACK),
    humidityRatio: climate.humidityRatio + exchange - condensed + humidified,
  }
}
