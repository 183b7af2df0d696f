import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { RawReading } from '../driver.ts'
import type { SnmpValue } from './values.ts'

/** Columns of entPhySensorEntry (RFC 3433). */
export const COLUMNS = { type: 1, scale: 2, precision: 3, value: 4, status: 5 } as const

const CELSIUS = 8
const PERCENT_RH = 9
/** EntitySensorDataType. Volts DC are of power supplies: the limits of mains voltage are not theirs. truthvalue(12) does not say which is the bad one. */
const TYPES: Record<number, { kind: PointKind; unit: Unit }> = {
  3: { kind: 'voltage', unit: 'V' },
  4: { kind: 'number', unit: 'V' },
  5: { kind: 'current', unit: 'A' },
  6: { kind: 'power', unit: 'W' },
  7: { kind: 'frequency', unit: 'Hz' },
  [CELSIUS]: { kind: 'board-temperature', unit: 'Cel' },
  [PERCENT_RH]: { kind: 'humidity', unit: '%' },
  10: { kind: 'fan-speed', unit: '1' },
}
const UNITS_SCALE = 9
/** EntitySensorValue: ±1e9 stand for over- and underflow. */
const OVERFLOW = 1_000_000_000
const STATUS_OK = 1

/** One row's constants: what it measures, and value = raw × 10^exponent. */
export interface SensorRow {
  kind: PointKind
  unit: Unit
  exponent: number
}

/** What a row measures; undefined for types that are no measurement. `name` decides whether a temperature is of the room. */
export function sensorRow(
  row: { type: SnmpValue | undefined; scale: SnmpValue | undefined; precision: SnmpValue | undefined; name: string },
  roomNames: RegExp,
  deviceHasHumidity: boolean,
): SensorRow | undefined {
  const measured = TYPES[Number(row.type)]
  if (measured === undefined) return undefined
  const scale = row.scale === undefined ? UNITS_SCALE : Number(row.scale)
  // Precision −8..9: positive is the number of decimals in the value, negative only says how exact it is.
  const decimals = Math.max(0, Number(row.precision ?? 0))
  const exponent = 3 * (scale - UNITS_SCALE) - decimals
  const ofRoom = Number(row.type) === CELSIUS && (deviceHasHumidity || roomNames.test(row.name))
  return { kind: ofRoom ? 'temperature' : measured.kind, unit: measured.unit, exponent }
}

export function isHumidity(type: SnmpValue): boolean {
  return Number(type) === PERCENT_RH
}

export function sensorReading(key: string, row: SensorRow, value: SnmpValue | undefined, status: SnmpValue | undefined): RawReading {
  if (value === undefined || (status !== undefined && Number(status) !== STATUS_OK)) return { key, value: null, bad: 'sensor-error' }
  const raw = value === '' ? Number.NaN : Number(value)
  if (!Number.isFinite(raw)) return { key, value: null, bad: 'not-a-number' }
  if (Math.abs(raw) >= OVERFLOW) return { key, value: null, bad: 'sentinel' }
  // Read as a decimal number with an exponent, so that 235e-1 is 23.5 and not 23.500000000000004.
  return { key, value: Number(`${raw}e${row.exponent}`) }
}
