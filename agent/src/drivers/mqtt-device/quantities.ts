import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'

/** What a value is, and how it gets into the kind's unit: raw × scale + offset. */
export interface Quantity {
  kind: PointKind
  unit: Unit
  scale?: number
  offset?: number
}

const FAHRENHEIT = { scale: 5 / 9, offset: -160 / 9 }
const KELVIN = { offset: -273.15 }

/** By unit: what it measures when no device class says so, and the factor. Units as in Home Assistant's `const.py`. */
const BY_UNIT: Record<string, Quantity> = {
  '°C': { kind: 'temperature', unit: 'Cel' },
  '°F': { kind: 'temperature', unit: 'Cel', ...FAHRENHEIT },
  K: { kind: 'temperature', unit: 'Cel', ...KELVIN },
  '%': { kind: 'number', unit: '%' },
  V: { kind: 'voltage', unit: 'V' },
  // Only batteries are so small.
  mV: { kind: 'battery-voltage', unit: 'V', scale: 0.001 },
  A: { kind: 'current', unit: 'A' },
  mA: { kind: 'current', unit: 'A', scale: 0.001 },
  W: { kind: 'power', unit: 'W' },
  kW: { kind: 'power', unit: 'W', scale: 1000 },
  VA: { kind: 'number', unit: 'VA' },
  kWh: { kind: 'energy', unit: 'kW.h' },
  Wh: { kind: 'energy', unit: 'kW.h', scale: 0.001 },
  MWh: { kind: 'energy', unit: 'kW.h', scale: 1000 },
  Hz: { kind: 'frequency', unit: 'Hz' },
  hPa: { kind: 'number', unit: 'Pa', scale: 100 },
  mbar: { kind: 'number', unit: 'Pa', scale: 100 },
  kPa: { kind: 'number', unit: 'Pa', scale: 1000 },
  Pa: { kind: 'number', unit: 'Pa' },
  'm/s': { kind: 'number', unit: 'm/s' },
  ppm: { kind: 'number', unit: '1' },
  'µg/m³': { kind: 'number', unit: '1' },
}
const PERCENTAGES: Record<string, PointKind> = { humidity: 'humidity', battery: 'battery-charge' }

/** Device classes of Home Assistant's binary sensors whose "on" is a state worth knowing in a machine room. */
const CONTACTS: Record<string, PointKind> = {
  moisture: 'leak',
  smoke: 'smoke',
  door: 'door',
  window: 'door',
  garage_door: 'door',
  opening: 'door',
  gas: 'contact',
  carbon_monoxide: 'contact',
  heat: 'contact',
  problem: 'contact',
  safety: 'contact',
  tamper: 'contact',
  battery: 'contact',
}

/** What a Home Assistant sensor measures; undefined for what has no unit and no class. */
export function sensorQuantity(deviceClass: string | undefined, unit: string | undefined, isMeasurement: boolean): Quantity | undefined {
  const byUnit = unit !== undefined && Object.hasOwn(BY_UNIT, unit) ? BY_UNIT[unit] : undefined
  if (unit === '%' && deviceClass !== undefined && Object.hasOwn(PERCENTAGES, deviceClass)) {
    return { kind: PERCENTAGES[deviceClass] as PointKind, unit: '%' }
  }
  if (byUnit?.kind === 'temperature' && deviceClass !== undefined && deviceClass !== 'temperature') return undefined
  if (byUnit !== undefined) return byUnit
  return isMeasurement || unit !== undefined ? { kind: 'number', unit: '1' } : undefined
}

/** What a Home Assistant binary sensor tells; undefined for presence, connectivity and other states that are not bad. */
export function contactKind(deviceClass: string | undefined): PointKind | undefined {
  if (deviceClass === undefined) return 'contact'
  return Object.hasOwn(CONTACTS, deviceClass) ? CONTACTS[deviceClass] : undefined
}

/** Words in the name of a sensor that has no unit, as ESPHome publishes it; the first that fits counts. */
const WORDS: [RegExp, Quantity | undefined][] = [
  [/wifi|signal|rssi|uptime|heap|loop/, undefined],
  [/dew_?point/, { kind: 'dew-point', unit: 'Cel' }],
  [/(cpu|chip|internal|board|esp)_?.*temp/, { kind: 'board-temperature', unit: 'Cel' }],
  [/temp/, { kind: 'temperature', unit: 'Cel' }],
  [/hum|(^|_)rh(_|$)/, { kind: 'humidity', unit: '%' }],
  [/batt.*volt/, { kind: 'battery-voltage', unit: 'V' }],
  [/batt/, { kind: 'battery-charge', unit: '%' }],
  [/volt/, { kind: 'voltage', unit: 'V' }],
  [/energy|kwh/, { kind: 'energy', unit: 'kW.h' }],
  [/power_?factor/, { kind: 'number', unit: '1' }],
  [/power|watt/, { kind: 'power', unit: 'W' }],
  [/freq/, { kind: 'frequency', unit: 'Hz' }],
  [/current|amp/, { kind: 'current', unit: 'A' }],
]
const CONTACT_WORDS: [RegExp, PointKind | undefined][] = [
  [/motion|occupancy|presence|status|online|connect/, undefined],
  [/leak|water|flood/, 'leak'],
  [/smoke|fire/, 'smoke'],
  [/door|window|cabinet/, 'door'],
]

export function quantityOfName(name: string): Quantity | undefined {
  const found = WORDS.find(([word]) => word.test(name.toLowerCase()))
  return found === undefined ? { kind: 'number', unit: '1' } : found[1]
}

export function contactKindOfName(name: string): PointKind | undefined {
  const found = CONTACT_WORDS.find(([word]) => word.test(name.toLowerCase()))
  return found === undefined ? 'contact' : found[1]
}
