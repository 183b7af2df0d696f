import { pointKindInfo } from '@roomkeeper/shared/model'
import type { PointDescription, RawReading } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import { COLUMNS, isHumidity, sensorReading, sensorRow } from './entity-sensor.ts'
import type { Measure, Profile, ProfileSensorTable } from './profile.ts'
import type { SnmpValue } from './values.ts'

/** A point of the device, the objects its reading is made of, and how. */
export interface SnmpPoint {
  description: PointDescription
  oids: readonly string[]
  read(values: ReadonlyMap<string, SnmpValue>): RawReading
}

/** An object of a profile that the device has. */
interface Found {
  key: string
  name: { zh: string; en: string }
  oid: string
  raw: SnmpValue
  measure: Measure
}

/** The points of one profile that this device has: an object without a value is no point. */
export async function findPoints(profile: Profile, client: SnmpClient): Promise<SnmpPoint[]> {
  const found: Found[] = []
  const scalars = await client.get(profile.points.map(({ oid }) => oid))
  for (const point of profile.points) {
    const raw = scalars.get(point.oid)
    if (raw !== undefined && raw !== '') found.push({ key: point.key, name: point.name, oid: point.oid, raw, measure: point })
  }
  for (const table of profile.tables) {
    const rows = await client.walk(table.column)
    const names = table.nameColumn === undefined || rows.size === 0 ? new Map() : await client.walk(table.nameColumn)
    for (const [row, raw] of rows) {
      if (raw === '') continue
      const label = String(names.get(row) || row)
      const name = { zh: table.name.zh.replace('{row}', label), en: table.name.en.replace('{row}', label) }
      found.push({ key: table.key.replace('{row}', row), name, oid: `${table.column}.${row}`, raw, measure: table })
    }
  }
  const inTenths = sendsTenths(found)
  const measured = found.map((object) => measuredPoint(object, inTenths))
  return profile.sensorTable === undefined ? measured : [...measured, ...(await sensorPoints(profile.sensorTable, client))]
}

/**
 * Some agents send tenths where the MIB has whole volts. Decided once, when the device is described, and for all its voltages alike,
 * so that no single spike later changes the scale.
 */
function sendsTenths(found: readonly Found[]): boolean {
  return found.some(({ raw, measure }) => {
    const value = Number(raw)
    return measure.tenthsAbove !== undefined && value > measure.tenthsAbove && !measure.sentinels.includes(value)
  })
}

function measuredPoint({ key, name, oid, measure }: Found, inTenths: boolean): SnmpPoint {
  const { kind, sentinels, tokens } = measure
  const scale = measure.tenthsAbove !== undefined && inTenths ? measure.scale / 10 : measure.scale
  const scaled = (raw: number): number => Number((raw * scale).toPrecision(12))
  return {
    description: {
      key,
      kind,
      unit: measure.unit ?? pointKindInfo(kind).unit,
      name,
      ...(sentinels.length > 0 && { sentinels: sentinels.map(scaled) }),
    },
    oids: [oid],
    read: (values) => {
      const raw = values.get(oid)
      if (raw === undefined) return { key, value: null, bad: 'sensor-error' }
      if (tokens !== undefined) return { key, value: tokens[String(raw)] ?? String(raw) }
      const value = typeof raw === 'string' && raw === '' ? Number.NaN : scaled(Number(raw))
      return Number.isFinite(value) ? { key, value } : { key, value: null, bad: 'not-a-number' }
    },
  }
}

async function sensorPoints(table: ProfileSensorTable, client: SnmpClient): Promise<SnmpPoint[]> {
  const column = (number: number): string => `${table.entry}.${number}`
  const types = await client.walk(column(COLUMNS.type))
  const scales = await client.walk(column(COLUMNS.scale))
  const precisions = await client.walk(column(COLUMNS.precision))
  const names: Map<string, SnmpValue>[] = []
  for (const oid of table.names) names.push(await client.walk(oid))
  const deviceHasHumidity = [...types.values()].some(isHumidity)
  const roomNames = new RegExp(table.roomNames, 'i')
  return [...types].flatMap(([index, type]) => {
    const key = table.key.replace('{row}', index)
    const name = names.map((column) => String(column.get(index) ?? '')).find((text) => text !== '') ?? `sensor ${index}`
    const row = sensorRow({ type, scale: scales.get(index), precision: precisions.get(index), name }, roomNames, deviceHasHumidity)
    if (row === undefined) return []
    const [valueOid, statusOid] = [`${column(COLUMNS.value)}.${index}`, `${column(COLUMNS.status)}.${index}`]
    return [
      {
        description: { key, kind: row.kind, unit: row.unit, name: { zh: name, en: name } },
        oids: [valueOid, statusOid],
        read: (values: ReadonlyMap<string, SnmpValue>) => sensorReading(key, row, values.get(valueOid), values.get(statusOid)),
      },
    ]
  })
}
