/** A double-conversion UPS with a lead-acid battery. */

/** Peukert's exponent of valve-regulated lead-acid batteries at such rates (1.1–1.3 in makers' tables): half the load lasts longer than twice. */
const PEUKERT_EXPONENT = 1.2
/** Charging from empty takes about this long; the last tenth goes at a fifth of the current. */
const FULL_CHARGE_SECONDS = 5 * 3600
const TAPER_ABOVE_CHARGE = 0.9
const TAPER_SHARE = 0.2
/** NUT's usual battery.charge.low and battery.runtime.low: either one raises LB. */
export const LOW_CHARGE = 0.2
export const LOW_RUNTIME_SECONDS = 120
/** After an empty battery the output returns only with some charge, so that it does not fall again at once. */
const RESTART_CHARGE = 0.02
/** Rectifier, inverter and charger turn this share of the load into heat. */
const LOSS_SHARE = 0.06
/** 16 blocks of 12 V, 6 cells each: 2.27 V per cell while floating, 1.75 V where discharge ends (IEC 60896 practice). */
const CELLS = 96
const FLOAT_VOLTS_PER_CELL = 2.27
const CHARGING_VOLTS_PER_CELL = 2.2
const FULL_VOLTS_PER_CELL = 2.08
const EMPTY_VOLTS_PER_CELL = 1.75
/** Battery against room: warmer by this much at rest and while it works, and slow to follow. */
const REST_RISE_KELVIN = 2
const WORK_RISE_KELVIN = 6
const BATTERY_RESPONSE_SECONDS = 3600

export interface Ups {
  /** 0..1. */
  charge: number
  onBattery: boolean
  outputOn: boolean
  batteryCelsius: number
}

export interface UpsInputs {
  mainsPresent: boolean
  airCelsius: number
  /** What the racks ask for, W. */
  demandWatts: number
  ratedWatts: number
  fullLoadMinutes: number
}

/** Seconds that a full battery carries a load: the rated runtime, longer for smaller loads by Peukert's law. */
export function fullRuntimeSeconds(loadWatts: number, ratedWatts: number, fullLoadMinutes: number): number {
  // Below a twentieth of the rated power the UPS's own consumption decides.
  const share = Math.max(0.05, loadWatts / ratedWatts)
  return fullLoadMinutes * 60 * share ** -PEUKERT_EXPONENT
}

export function stepUps(ups: Ups, inputs: UpsInputs): Ups {
  const onBattery = !inputs.mainsPresent
  const warmer = onBattery && ups.outputOn ? WORK_RISE_KELVIN : REST_RISE_KELVIN
  const batteryCelsius = ups.batteryCelsius + (inputs.airCelsius + warmer - ups.batteryCelsius) / BATTERY_RESPONSE_SECONDS
  if (!onBattery) {
    const rate = (ups.charge > TAPER_ABOVE_CHARGE ? TAPER_SHARE : 1) / FULL_CHARGE_SECONDS
    const charge = Math.min(1, ups.charge + rate)
    return { charge, onBattery, outputOn: ups.outputOn || charge >= RESTART_CHARGE, batteryCelsius }
  }
  if (!ups.outputOn) return { ...ups, onBattery, batteryCelsius }
  const runtime = fullRuntimeSeconds(inputs.demandWatts, inputs.ratedWatts, inputs.fullLoadMinutes)
  const charge = Math.max(0, ups.charge - 1 / runtime)
  return { charge, onBattery, outputOn: charge > 0, batteryCelsius }
}

/** Heat that the UPS itself gives to the room, W. */
export function upsLossWatts(ups: Ups, loadWatts: number): number {
  return ups.outputOn ? LOSS_SHARE * loadWatts : 0
}

/** The set of tokens of ups.status (RFC 9271), in the order NUT's drivers write them. */
export function upsStatus(ups: Ups, loadWatts: number, ratedWatts: number, runtimeSeconds: number): string {
  const tokens: string[] = []
  if (!ups.outputOn) tokens.push('OFF')
  tokens.push(ups.onBattery ? 'OB' : 'OL')
  if (ups.onBattery && ups.outputOn) tokens.push('DISCHRG')
  if (!ups.onBattery && ups.charge < 1) tokens.push('CHRG')
  if (ups.charge < LOW_CHARGE || (ups.onBattery && runtimeSeconds < LOW_RUNTIME_SECONDS)) tokens.push('LB')
  if (loadWatts > ratedWatts) tokens.push('OVER')
  return tokens.join(' ')
}

/** Terminal voltage of the battery string, V: floating, charging, or along the discharge curve with its knee at the end. */
export function batteryVolts(ups: Ups): number {
  if (!ups.onBattery) return CELLS * (ups.charge < 1 ? CHARGING_VOLTS_PER_CELL : FLOAT_VOLTS_PER_CELL)
  const span = FULL_VOLTS_PER_CELL - EMPTY_VOLTS_PER_CELL
  // Nearly straight down to a fifth of the charge, then steeper: the fourth power only counts near the end.
  const shape = 0.55 * (1 - ups.charge) + 0.45 * (1 - ups.charge) ** 4
  return CELLS * (FULL_VOLTS_PER_CELL - span * shape)
}
