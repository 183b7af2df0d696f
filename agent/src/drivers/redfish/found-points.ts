import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { PointDescription, RawReading } from '../driver.ts'
import { numberReading } from '../reported-value.ts'
import { asResource, linkOf, type Resource, type Status, statusOf, textIn } from './resource.ts'

/** A point as one answer shows it, and its value there. */
export interface FoundPoint {
  description: PointDescription
  reading: RawReading
  /** The part is absent or disabled: described only if it was there before. */
  isAbsent: boolean
}

interface Quantity {
  kind: PointKind
  unit: Unit
  scale?: number
}

const NUMBER: Quantity = { kind: 'number', unit: '1' }
const MAINS: Quantity = { kind: 'voltage', unit: 'V' }
/** A direct voltage: its limits are not those of the mains. */
const RAIL: Quantity = { kind: 'number', unit: 'V' }
export const WATTS: Quantity = { kind: 'power', unit: 'W' }
export const PERCENT: Quantity = { kind: 'number', unit: '%' }
export const RPM: Quantity = { kind: 'fan-speed', unit: '1' }

/** Physical contexts (DSP0268) of the room's own air, and those that leave it open, where the name decides. */
const ROOM_AIR_CONTEXTS: ReadonlySet<unknown> = new Set(['Intake', 'Room'])
const OPEN_CONTEXTS: ReadonlySet<unknown> = new Set([undefined, null, '', 'Chassis', 'SystemBoard', 'Front', 'Other'])
const ROOM_AIR_NAME = /inlet|intake|ambient|进风|环境/i
/** An inlet of a part, not of the machine. */
const PART_NAME = /psu|p\/s|power supply|gpu|cpu|pcie|dimm|drive|disk|nvme|liquid|coolant|water|outlet|exhaust/i

export function temperatureOf(context: unknown, name: string): Quantity {
  const isRoomAir = ROOM_AIR_CONTEXTS.has(context) || (OPEN_CONTEXTS.has(context) && ROOM_AIR_NAME.test(name) && !PART_NAME.test(name))
  return { kind: isRoomAir ? 'temperature' : 'board-temperature', unit: 'Cel' }
}

/** The input of a power supply is the mains, unless it is fed with direct current. */
export function inputVoltageOf(supply: Resource): Quantity {
  const types = [supply.PowerSupplyType, supply.LineInputVoltageType, supply.VoltageType].map((type) => textIn(type) ?? '')
  return types.some((type) => /^DC/.test(type)) ? RAIL : MAINS
}

/** `Voltages` and voltage sensors: rails, but for a line that comes in. */
export function voltageOf(sensor: Resource, name: string): Quantity {
  const isInput = sensor.PhysicalSubContext === 'Input' || /\binput|line ?in|\bmains\b|输入/i.test(name)
  const isPowerSide = OPEN_CONTEXTS.has(sensor.PhysicalContext) || /^(PowerSupply|ACInput|PowerOutlet)/.test(String(sensor.PhysicalContext))
  return isInput && isPowerSide && sensor.VoltageType !== 'DC' ? MAINS : RAIL
}

/** A reading type of the Sensor schema as a quantity here; without one the unit decides, as services before Sensor 1.1 need. */
export function sensorQuantity(sensor: Resource, name: string): Quantity {
  const unit = textIn(sensor.ReadingUnits) ?? ''
  switch (textIn(sensor.ReadingType) ?? TYPE_OF_UNIT[unit]) {
    case 'Temperature':
      return temperatureOf(sensor.PhysicalContext, name)
    case 'Humidity':
      return { kind: 'humidity', unit: '%' }
    case 'Power':
      return unit === 'VA' ? { kind: 'number', unit: 'VA' } : { ...WATTS, scale: unit === 'kW' ? 1000 : 1 }
    case 'EnergykWh':
      return { kind: 'energy', unit: 'kW.h' }
    case 'Voltage':
      return voltageOf(sensor, name)
    case 'Current':
      return { kind: 'current', unit: 'A' }
    case 'Frequency':
      return unit === 'Hz' ? { kind: 'frequency', unit: 'Hz' } : NUMBER
    case 'Rotational':
      return unit === '%' ? PERCENT : RPM
    case 'Percent':
      return PERCENT
    case 'PressurePa':
    case 'PressurekPa':
    case 'Pressure':
      return { kind: 'number', unit: 'Pa', scale: unit === 'kPa' ? 1000 : 1 }
    default:
      return unit === '%' ? PERCENT : NUMBER
  }
}

const TYPE_OF_UNIT: Readonly<Record<string, string>> = {
  Cel: 'Temperature',
  C: 'Temperature',
  W: 'Power',
  V: 'Voltage',
  A: 'Current',
  Hz: 'Frequency',
  RPM: 'Rotational',
  '{rev}/min': 'Rotational',
  'kW.h': 'EnergykWh',
  kWh: 'EnergykWh',
}

/** A measured value; none when the service does not have the property at all, bad when it is null. */
export function measured(key: string, quantity: Quantity, name: string, value: unknown, status: Status): FoundPoint[] {
  if (value === undefined && !status.isAbsent) return []
  const { kind, unit, scale } = quantity
  const isUsable = !status.isAbsent && !status.isUnavailable
  return [
    {
      description: { key, kind, unit, name: { zh: name, en: name } },
      reading: isUsable ? numberReading(key, value, { scale }) : { key, value: null, bad: 'sensor-error' },
      isAbsent: status.isAbsent,
    },
  ]
}

/** A contact, true in the bad state. */
export function contact(key: string, name: { zh: string; en: string }, isBad: boolean | undefined, isAbsent = false): FoundPoint[] {
  // A part that was there and is pulled out is as bad as one that failed.
  const value = isAbsent ? true : isBad
  if (value === undefined) return []
  return [{ description: { key, kind: 'contact', unit: '1', name }, reading: { key, value }, isAbsent }]
}

export function health(key: string, name: string, status: Status): FoundPoint[] {
  return contact(`${key}.Health`, { zh: `${name} 健康状态`, en: `${name} health` }, status.isBad, status.isAbsent)
}

/** A key out of a path: `/redfish/v1/Chassis/1U/Sensors/Intake` → `1U.Sensors.Intake`. Stable as long as the service's paths are. */
export function keyOf(path: string): string {
  return path
    .replace(/^\/redfish\/v1\//, '')
    .replace(/^Chassis\//, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/[\s/+#]+/g, '.')
}

export function nameOf(resource: Resource, fallback: string): string {
  return textIn(resource.Name) ?? textIn(resource.FanName) ?? textIn(resource.DeviceName) ?? fallback
}

/** Members of an array in one resource with a key each: the MemberId, or the place where those are not unique. */
export function membersWithKeys(at: string, members: readonly Resource[]): { key: string; member: Resource }[] {
  const ids = members.map((member) => textIn(member.MemberId)?.replace(/[\s/+#]+/g, '-'))
  const areUnique = ids.every((id) => id !== undefined) && new Set(ids).size === ids.length
  return members.map((member, index) => ({ key: `${at}.${areUnique ? ids[index] : index}`, member }))
}

/** Excerpts of sensors in metrics, circuits and outlets: property → quantity. */
const EXCERPTS: Readonly<Record<string, (resource: Resource, label: string) => Quantity>> = {
  TemperatureCelsius: (resource, label) => temperatureOf(resource.PhysicalContext, label),
  HumidityPercent: () => ({ kind: 'humidity', unit: '%' }),
  PowerWatts: () => WATTS,
  InputPowerWatts: () => WATTS,
  OutputPowerWatts: () => WATTS,
  EnergykWh: () => ({ kind: 'energy', unit: 'kW.h' }),
  Voltage: inputVoltageOf,
  InputVoltage: inputVoltageOf,
  CurrentAmps: () => ({ kind: 'current', unit: 'A' }),
  InputCurrentAmps: () => ({ kind: 'current', unit: 'A' }),
  FrequencyHz: () => ({ kind: 'frequency', unit: 'Hz' }),
  PowerLoadPercent: () => ({ kind: 'load', unit: '%' }),
}

/** The excerpts in a resource, but those whose sensor is a point already (`covered`) and the properties in `without`. */
export function excerpts(
  at: string,
  label: string,
  resource: Resource,
  covered: ReadonlySet<string>,
  without: readonly string[] = [],
): FoundPoint[] {
  return Object.entries(EXCERPTS).flatMap(([property, quantityOf]) => {
    const excerpt = asResource(resource[property])
    if (excerpt === undefined || without.includes(property) || isCovered(excerpt, covered)) return []
    return measured(`${at}.${property}`, quantityOf(resource, label), `${label} ${property}`, excerpt.Reading, statusOf(resource))
  })
}

export function isCovered(excerpt: Resource, covered: ReadonlySet<string>): boolean {
  const source = linkOf({ '@odata.id': excerpt.DataSourceUri })
  return source !== undefined && covered.has(source)
}
