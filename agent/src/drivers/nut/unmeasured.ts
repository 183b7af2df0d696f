import type { BadReason, PointKind } from '@roomkeeper/shared/model'
import { decimal } from './decimal.ts'

type Variables = ReadonlyMap<string, string>

/** A side with more than this has power, so that its frequency cannot be 0 Hz. */
const LIVE_VOLTS = 50
/** A rectifier runs on mains only within this; slower is a frequency given in tenths, or in nothing at all. */
const MAINS_HERTZ = { low: 30, high: 75 }
/** Of the cells that UPSes have, lead falls lowest: 1.6 V when discharged to its end (EN 61056-1). A half-full battery has more. */
const DISCHARGED_CELL_VOLTS = 1.6
const HALF_FULL_PERCENT = 50
/** A UPS gives its power in whole VA or W, its current in tenths or in whole A: below this load 0 may be what is left of it. */
const LEAST_LOAD_FOR_POWER_PERCENT = 5
const LEAST_LOAD_FOR_CURRENT_PERCENT = 20
/** Not by minutes nor by seconds a runtime, but the 16 bits of a "not known". */
export const UNKNOWN_RUNTIME_SECONDS = 65_535
/** Under such a load a worn battery lasts less than a minute, and UPSes that count minutes say 0. */
const HEAVY_LOAD_PERCENT = 50
/** Words of the status with which a battery that lasts no time is nothing strange. */
const BATTERY_TROUBLE = ['OB', 'LB', 'RB', 'DISCHRG', 'CAL', 'OVER', 'BYPASS', 'OFF', 'ALARM', 'FSD']

/**
 * Why a number that was read cannot have been measured, judged by what the same device says beside it; undefined when it can. Drivers write
 * 0 for what a device does not have, and a wrong exponent in its descriptors gives 0 or a tenth. What is 0 because nothing flows there
 * (the mains are gone, the output is off) is true and passes.
 */
export function unmeasuredReason(key: string, kind: PointKind, value: number, variables: Variables): BadReason | undefined {
  const device = new DeviceVariables(/^device\.\d+\./.exec(key)?.[0] ?? '', variables)
  const name = device.nameOf(key)
  switch (kind) {
    case 'frequency':
      if (value === 0) return isLive(key, variables) ? 'sentinel' : undefined
      return value > 0 && value < MAINS_HERTZ.low ? 'out-of-range' : undefined
    // Electronics under power are warmer than any room they may stand in; 0 is a UPS without that sensor.
    case 'board-temperature':
    case 'battery-temperature':
      return value === 0 ? 'sentinel' : undefined
    case 'voltage':
      return value === 0 && isBesideItself(name, device) ? 'sentinel' : undefined
    case 'power':
      return value === 0 && /^(ups|output)\.(real)?power$/.test(name) && device.isLoaded(LEAST_LOAD_FOR_POWER_PERCENT)
        ? 'sentinel'
        : undefined
    case 'current':
      return value === 0 && name === 'output.current' && device.isLoaded(LEAST_LOAD_FOR_CURRENT_PERCENT) ? 'sentinel' : undefined
    case 'battery-voltage':
    case 'battery-runtime':
      return batteryReason(name, value, device)
    default:
      return undefined
  }
}

/** The variables of one device of a daisy chain, or of the only one. */
class DeviceVariables {
  private readonly prefix: string
  private readonly variables: Variables

  constructor(prefix: string, variables: Variables) {
    this.prefix = prefix
    this.variables = variables
  }

  nameOf(key: string): string {
    return key.slice(this.prefix.length)
  }

  number(name: string): number {
    return decimal(this.variables.get(this.prefix + name))
  }

  has(...tokens: readonly string[]): boolean {
    const status = (this.variables.get(`${this.prefix}ups.status`) ?? '').split(/\s+/)
    return tokens.some((token) => status.includes(token))
  }

  isLoaded(leastPercent: number): boolean {
    return !this.has('OFF') && this.number('ups.load') >= leastPercent
  }
}

/** 0 V where the same scan shows that there is a voltage. On battery some UPSes give the inverter's frequency as that of the dead mains. */
function isBesideItself(name: string, device: DeviceVariables): boolean {
  if (name === 'input.voltage') {
    const hertz = device.number('input.frequency')
    return device.has('OL') && !device.has('OB') && hertz >= MAINS_HERTZ.low && hertz <= MAINS_HERTZ.high
  }
  if (name !== 'output.voltage' || !device.has('OL', 'OB', 'BYPASS') || device.has('OFF')) return false
  return ['ups.load', 'output.current', 'output.realpower', 'ups.realpower'].some((flow) => device.number(flow) > 0)
}

function batteryReason(name: string, value: number, device: DeviceVariables): BadReason | undefined {
  const isHalfFull = device.number('battery.charge') >= HALF_FULL_PERCENT
  if (name === 'battery.voltage' && value >= 0 && value < DISCHARGED_CELL_VOLTS && isHalfFull) {
    return value === 0 ? 'sentinel' : 'contradiction'
  }
  const isContent = device.has('OL') && !device.has(...BATTERY_TROUBLE) && !device.isLoaded(HEAVY_LOAD_PERCENT)
  return name === 'battery.runtime' && value === 0 && isHalfFull && isContent ? 'sentinel' : undefined
}

/** Whether the side whose frequency this is has a voltage. */
function isLive(key: string, variables: Variables): boolean {
  const side = key.slice(0, -'frequency'.length)
  return [...variables].some(
    ([name, text]) =>
      name.startsWith(side) && /^(?:L[123](?:-(?:L[123]|N))?\.)?voltage$/.test(name.slice(side.length)) && decimal(text) > LIVE_VOLTS,
  )
}
