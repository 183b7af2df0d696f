import type { PointKind } from '@roomkeeper/shared/model'
import type { Unit } from '@roomkeeper/shared/units'
import type { PointDescription, RawReading } from '../driver.ts'

/** One line of `ipmitool sdr elist all`: name, number, status, entity, reading. */
export interface SensorLine {
  name: string
  number: string
  /** ok, ns (not there), nc, cr, nr (beyond a threshold). */
  status: string
  /** Entity id (IPMI 2.0, table 43-13). */
  entity: number
  reading: string
}

export function parseSensorList(text: string): SensorLine[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [name, number, status, entity, reading] = cells
    if (cells.length !== 5 || !name || !number || !/^[0-9A-F]{2,4}h$/i.test(number) || status === undefined) return []
    return [{ name, number, status, entity: Number.parseInt(entity ?? '', 10), reading: reading ?? '' }]
  })
}

const MEASURED: Record<string, { kind: PointKind; unit: Unit; convert?: (value: number) => number }> = {
  'degrees C': { kind: 'board-temperature', unit: 'Cel' },
  'degrees F': { kind: 'board-temperature', unit: 'Cel', convert: (fahrenheit) => Number((((fahrenheit - 32) * 5) / 9).toFixed(2)) },
  Volts: { kind: 'number', unit: 'V' },
  Amps: { kind: 'current', unit: 'A' },
  Watts: { kind: 'power', unit: 'W' },
  RPM: { kind: 'fan-speed', unit: '1' },
  percent: { kind: 'number', unit: '%' },
}
/** Air inlet (0x37, 0x40) and external environment (0x27): the air of the room, all else is inside the machine. */
const ROOM_AIR_ENTITIES: ReadonlySet<number> = new Set([0x37, 0x40, 0x27])
const ROOM_AIR_NAME = /inlet|ambient|intake|air ?in\b/i
const POWER_SUPPLY_ENTITY = 10
/** Discrete sensors worth an alarm in a machine room; the rest (boot progress, watchdogs, logs) are the machine's own business. */
const ALARM_NAME = /intrusion|redundan|^ps\d|psu|power supply|drive|disk/i
const BAD_STATE = /fail|fault|lost|error|predict|intrusion|critical|non-recoverable|insufficient|degraded|out of spec/i
const NUMBER = /^(-?\d+(?:\.\d+)?) (.+)$/

export interface IpmiPoint {
  description: PointDescription
  read(line: SensorLine): RawReading
}

/** What a sensor is here; undefined for one that is not there (`ns`, no reading) or of no interest. */
export function pointOf(line: SensorLine): IpmiPoint | undefined {
  if (line.status === 'ns') return undefined
  const name = { zh: line.name, en: line.name }
  const [, , unitName = ''] = NUMBER.exec(line.reading) ?? []
  const measured = MEASURED[unitName]
  if (measured !== undefined) {
    const isRoomAir = measured.kind === 'board-temperature' && (ROOM_AIR_ENTITIES.has(line.entity) || ROOM_AIR_NAME.test(line.name))
    // A power supply's input is the mains; the other voltages are rails.
    const isMains = unitName === 'Volts' && Number(NUMBER.exec(line.reading)?.[1]) > 80
    const kind = isRoomAir ? 'temperature' : isMains ? 'voltage' : measured.kind
    const key = keyOf(line)
    return { description: { key, kind, unit: measured.unit, name }, read: (now) => measuredReading(key, now, measured.convert) }
  }
  if (line.entity !== POWER_SUPPLY_ENTITY && !ALARM_NAME.test(line.name)) return undefined
  if (NUMBER.test(line.reading)) return undefined
  const key = keyOf(line)
  return { description: { key, kind: 'contact', unit: '1', name }, read: (now) => stateReading(key, now) }
}

function measuredReading(key: string, line: SensorLine, convert: (value: number) => number = (value) => value): RawReading {
  const value = NUMBER.exec(line.reading)?.[1]
  if (line.status === 'ns' || value === undefined) return { key, value: null, bad: 'sensor-error' }
  return { key, value: convert(Number(value)) }
}

function stateReading(key: string, line: SensorLine): RawReading {
  if (line.status === 'ns') return { key, value: null, bad: 'sensor-error' }
  return { key, value: BAD_STATE.test(line.reading) }
}

/** Names may stand for several sensors (two power supplies called "Status"): the number makes them different, and stays. */
export function keyOf({ name, number }: SensorLine): string {
  return `${name.replace(/[\s/+#|]+/g, '-').toLowerCase()}.${number.replace(/h$/i, '').toLowerCase()}`
}
