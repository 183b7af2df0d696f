/** The air conditioner: a speed-controlled compressor under PI control, with the start delay every compressor has. */

/** Output per kelvin above the setpoint, and the time over which a lasting error is worked off. */
const PROPORTIONAL_PER_KELVIN = 0.25
const INTEGRAL_SECONDS = 240
/** The refrigerant circuit follows the demand in about half a minute. */
const RESPONSE_SECONDS = 30
/** After a loss of power the compressor waits before it starts, so that pressures even out; small units wait 30 s to 3 min. */
const RESTART_DELAY_SECONDS = 45
/** Below this demand the compressor stops, above the second it starts again: it cannot run arbitrarily slowly. */
const STOP_BELOW_DEMAND = 0.08
const START_ABOVE_DEMAND = 0.15
/** Cooling per electrical watt of the compressor, and the fans' share of the capacity. */
const COEFFICIENT_OF_PERFORMANCE = 3.2
const FAN_WATTS_PER_CAPACITY_WATT = 0.05

export interface Cooling {
  /** 0..1 of the capacity, as it leaves the coil. */
  output: number
  /** The controller's integral part, 0..1; kept through a failure so that the return is calm. */
  integral: number
  compressorRuns: boolean
  /** Seconds since the unit last got power. */
  poweredSeconds: number
  failed: boolean
}

export interface CoolingInputs {
  airCelsius: number
  setpointCelsius: number
  hasPower: boolean
  fails: boolean
}

export function stepCooling(cooling: Cooling, inputs: CoolingInputs): Cooling {
  const poweredSeconds = inputs.hasPower ? cooling.poweredSeconds + 1 : 0
  const mayRun = inputs.hasPower && !inputs.fails && poweredSeconds >= RESTART_DELAY_SECONDS
  if (!mayRun) return { ...cooling, output: 0, compressorRuns: false, poweredSeconds, failed: inputs.fails }

  const errorKelvin = inputs.airCelsius - inputs.setpointCelsius
  const unbounded = PROPORTIONAL_PER_KELVIN * errorKelvin + cooling.integral
  const demand = Math.min(1, Math.max(0, unbounded))
  // While the demand is at its bound the integral stands still, or it would wind up and overshoot.
  const integralStep = demand === unbounded ? (PROPORTIONAL_PER_KELVIN * errorKelvin) / INTEGRAL_SECONDS : 0
  const compressorRuns = cooling.compressorRuns ? demand >= STOP_BELOW_DEMAND : demand >= START_ABOVE_DEMAND
  const target = compressorRuns ? demand : 0
  return {
    output: cooling.output + (target - cooling.output) / RESPONSE_SECONDS,
    integral: Math.min(1, Math.max(0, cooling.integral + integralStep)),
    compressorRuns,
    poweredSeconds,
    failed: false,
  }
}

/** Electrical power of the unit, W. A failed compressor leaves the fans running. */
export function coolingElectricalWatts(cooling: Cooling, capacityWatts: number): number {
  if (cooling.poweredSeconds === 0) return 0
  return (cooling.output * capacityWatts) / COEFFICIENT_OF_PERFORMANCE + FAN_WATTS_PER_CAPACITY_WATT * capacityWatts
}
