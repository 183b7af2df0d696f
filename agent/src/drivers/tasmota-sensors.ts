import { type PointKind, pointKindInfo } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import { isJsonObject } from './json-path.ts'
import { keyPart, numberReading, pointName, type ReportedPoint } from './reported-value.ts'

interface Property {
  kind: PointKind
  unit?: Unit
  scale?: number
  offset?: number
}

/** Names of Tasmota's sensor JSON (tasmota.github.io/docs: MQTT, Supported Peripherals, Power Monitoring). */
const PROPERTIES: Record<string, Property> = {
  Temperature: { kind: 'temperature' },
  Humidity: { kind: 'humidity' },
  DewPoint: { kind: 'dew-point' },
  Pressure: { kind: 'number', unit: 'Pa', scale: 100 },
  SeaPressure: { kind: 'number', unit: 'Pa', scale: 100 },
  CarbonDioxide: { kind: 'number' },
  eCO2: { kind: 'number' },
  TVOC: { kind: 'number' },
  Illuminance: { kind: 'number' },
  Power: { kind: 'power' },
  ApparentPower: { kind: 'number', unit: 'VA' },
  Voltage: { kind: 'voltage' },
  Current: { kind: 'current' },
  Frequency: { kind: 'frequency' },
  Total: { kind: 'energy' },
}
/** What one `PressureUnit` is in Pa (SetOption24, 139: hPa, mmHg, inHg). */
const PASCALS: Record<string, number> = { hPa: 100, mmHg: 133.322, inHg: 3386.39 }
const FAHRENHEIT = { scale: 5 / 9, offset: -160 / 9 }
/** Thermometers inside a chip say how warm the device is, not the room. */
const CHIPS = /^(ESP32|BL09\w*|CSE77\w*|ADE79\w*)$/

/**
 * The points of Tasmota's sensor JSON, as `tele/…/SENSOR` and `StatusSNS` of `Status 10` have it. A probe with an `Id` (DS18x20) is known
 * by it: its number changes when another probe is added. All temperatures are given in °C.
 */
export function tasmotaPoints(json: Readonly<Record<string, unknown>>): ReportedPoint[] {
  const units = { isFahrenheit: json.TempUnit === 'F', pascals: PASCALS[String(json.PressureUnit ?? 'hPa')] ?? 100 }
  return Object.entries(json).flatMap(([name, sensor]) =>
    isJsonObject(sensor) ? sensorPoints(sensorKey(name, sensor), sensor, units) : [],
  )
}

function sensorKey(name: string, sensor: Readonly<Record<string, unknown>>): string {
  const id = sensor.Id
  const isIdentified = (typeof id === 'string' && id !== '') || typeof id === 'number'
  return keyPart(isIdentified ? `${name.replace(/[-_]\d+$/, '')}-${id}` : name)
}

function sensorPoints(
  owner: string,
  sensor: Readonly<Record<string, unknown>>,
  units: { isFahrenheit: boolean; pascals: number },
): ReportedPoint[] {
  return Object.entries(sensor).flatMap(([name, value]) => {
    if (isJsonObject(value)) return sensorPoints(`${owner}.${keyPart(name)}`, value, units)
    const property = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined
    if (property === undefined) return []
    // A meter with several channels has a list in place of a number.
    const channels: [string, unknown][] = Array.isArray(value)
      ? value.map((channel: unknown, index) => [`${owner}.${name}-${index + 1}`, channel])
      : [[`${owner}.${name}`, value]]
    const isTemperature = property.kind === 'temperature' || property.kind === 'dew-point'
    const isChip = CHIPS.test(owner.split('.').at(-1) ?? '')
    const kind = property.kind === 'temperature' && isChip ? 'board-temperature' : property.kind
    const factors = isTemperature ? (units.isFahrenheit ? FAHRENHEIT : {}) : property.unit === 'Pa' ? { scale: units.pascals } : property
    return channels.map(([key, channel]) => ({
      description: { key, kind, unit: property.unit ?? pointKindInfo(kind).unit, name: pointName(ownerOf(key), kind, name) },
      reading: numberReading(key, channel, factors),
    }))
  })
}

function ownerOf(key: string): string {
  const channel = /-\d+$/.exec(key.slice(key.lastIndexOf('.')))?.[0] ?? ''
  return `${key.slice(0, key.lastIndexOf('.'))}${channel}`
}
