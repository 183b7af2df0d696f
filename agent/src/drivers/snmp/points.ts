import { type BadReason, pointKindInfo } from '@roomkeeper/shared/model'
import type { PointDescription, RawReading } from '../driver.ts'
import type { SnmpClient } from './client.ts'
import { COLUMNS, isHumidity, sensorReading, sensorRow } from './entity-sensor.ts'
import type { Measure, Profile, ProfileSensorTable, ProfileTable, RowStatus } from './profile.ts'
import { guessFactors, isSentinel } from './scale-guess.ts'
import { fahrenheitOf, numberOf, type SnmpValue } from './values.ts'

/** A point of the device, the objects its reading is made of, and how. */
export interface SnmpPoint {
  description: PointDescription
  oids: readonly string[]
  /** It had a reading, and no sentinel, when the device was described. */
  hasReading: boolean
  read(values: ReadonlyMap<string, SnmpValue>): RawReading
}

/** An object of a profile that the device has. */
interface Found {
  key: string
  /** What stands for {row} in the key. */
  row?: string
  name: { zh: string; en: string }
  oid: string
  raw: SnmpValue
  measure: Measure
  /** The object that says which variant it is, and its value now. */
  variant?: { oid: string; raw: SnmpValue | undefined }
  statuses: { oid: string; status: RowStatus }[]
  /** What the row itself says of its scale, beside that of the measure. */
  factor: number
}

/** What is needed of the client. */
type Asked = Pick<SnmpClient, 'get' | 'walk'>
type Walk = (column: string) => Promise<Map<string, SnmpValue>>

/** The points of one profile that this device has: an object without a value is no point. */
export async function findPoints(profile: Profile, client: Asked): Promise<SnmpPoint[]> {
  const { points, tables } = profile
  const scalars = await client.get([
    ...points.map(({ oid }) => oid),
    ...[...points, ...tables].flatMap(({ variants }) => variants?.oid ?? []),
    ...points.flatMap(({ presentIf }) => presentIf),
  ])
  const found: Found[] = []
  for (const point of points) {
    const { key, name, oid } = point
    const raw = scalars.get(oid)
    if (
      raw === undefined ||
      raw === '' ||
      !isPresent(
        point.presentIf.map((object) => scalars.get(object)),
        point,
      )
    )
      continue
    const variant = point.variants?.oid === undefined ? undefined : { oid: point.variants.oid, raw: scalars.get(point.variants.oid) }
    found.push({ key, name, oid, raw, measure: point, variant, statuses: [], factor: 1 })
  }
  // Several tables of a profile share columns: names, states, units.
  const walked = new Map<string, Map<string, SnmpValue>>()
  const walk: Walk = async (column) => {
    const rows = walked.get(column) ?? (await client.walk(column))
    walked.set(column, rows)
    return rows
  }
  for (const table of tables) found.push(...(await findRows(table, scalars, walk)))
  const guessed = guessFactors(found)
  const measured = firstWithReading(found).flatMap((object) => measuredPoint(object, object.factor * (guessed.get(object) ?? 1)) ?? [])
  return profile.sensorTable === undefined ? measured : [...measured, ...(await sensorPoints(profile.sensorTable, client))]
}

async function findRows(table: ProfileTable, scalars: ReadonlyMap<string, SnmpValue>, walk: Walk): Promise<Found[]> {
  const rows = await walk(table.column)
  if (rows.size === 0) return []
  const columnOrNone = async (column: string | undefined): Promise<ReadonlyMap<string, SnmpValue>> =>
    column === undefined ? new Map() : walk(column)
  const names = await columnOrNone(table.nameColumn)
  const decimals = await columnOrNone(table.decimalsColumn)
  const divisors = await columnOrNone(table.divisorColumn)
  const scales = await columnOrNone(table.scaleColumn)
  const variants = await columnOrNone(table.variants?.column)
  const statusColumns: ReadonlyMap<string, SnmpValue>[] = []
  for (const { column } of table.status) statusColumns.push(await walk(column))
  const presence: ReadonlyMap<string, SnmpValue>[] = []
  for (const column of table.presentIf) presence.push(await walk(column))
  const [firstRow] = (presence.find(({ size }) => size > 0) ?? rows).keys()
  const wanted = new RegExp(table.rows ?? '')
  const named = new RegExp(table.named ?? '', 'i')
  const found: Found[] = []
  for (const [index, raw] of rows) {
    const match = wanted.exec(index)
    const absent = table.status.some((status, at) => status.absent.includes(String(statusColumns[at]?.get(index))))
    if (raw === '' || match === null || absent || !named.test(String(names.get(index) ?? ''))) continue
    if (
      index !== firstRow &&
      !isPresent(
        presence.map((column) => column.get(index)),
        table,
      )
    )
      continue
    const row = match[1] ?? index
    const label = String(names.get(index) || row)
    const { oid: variantOid, column: variantColumn } = table.variants ?? {}
    found.push({
      key: table.key.replace('{row}', row),
      row,
      name: { zh: table.name.zh.replace('{row}', label), en: table.name.en.replace('{row}', label) },
      oid: `${table.column}.${index}`,
      raw,
      measure: table,
      variant:
        variantColumn !== undefined
          ? { oid: `${variantColumn}.${index}`, raw: variants.get(index) }
          : variantOid !== undefined
            ? { oid: variantOid, raw: scalars.get(variantOid) }
            : undefined,
      statuses: table.status.map((status) => ({ oid: `${status.column}.${index}`, status })),
      factor: signedScale(scales.get(index)) / 10 ** Number(decimals.get(index) ?? 0) / (Number(divisors.get(index) ?? 1) || 1),
    })
  }
  return found
}

/** A negative scale divides. */
function signedScale(raw: SnmpValue | undefined): number {
  const scale = Number(raw ?? 1)
  return scale < 0 ? -1 / scale : scale || 1
}

/** Are the objects there whose absence means that there is no such phase? Single-phase devices often show the other two as 0. */
function isPresent(objects: readonly (SnmpValue | undefined)[], measure: Measure): boolean {
  return objects.length === 0 || objects.some((raw) => raw !== undefined && numberOf(raw) > 0 && !isSentinel(raw, measure))
}

/** Of several objects for one point the first that has a reading: a card may know the finer object and have nothing in it. */
function firstWithReading(found: readonly Found[]): Found[] {
  const chosen = new Map<string, Found>()
  for (const object of found) {
    const other = chosen.get(object.key)
    if (other === undefined || (isSentinel(other.raw, other.measure) && !isSentinel(object.raw, object.measure)))
      chosen.set(object.key, object)
  }
  return [...chosen.values()]
}

/** A found object as a point; undefined when the device says that it measures something the profile does not know. */
function measuredPoint({ key, name, oid, raw: firstRaw, measure, variant, statuses }: Found, factor: number): SnmpPoint | undefined {
  const { sentinels, tokens, contact } = measure
  const described = readAs(measure, variant?.raw)
  if (described === undefined) return undefined
  const scaled = (raw: number, scale: number): number => Number((raw * scale * factor).toPrecision(12))
  const bad = (reason: BadReason): RawReading => ({ key, value: null, bad: reason })
  return {
    description: {
      key,
      kind: described.kind,
      unit: described.unit,
      name,
      // Where the unit may change, the raw value is judged here: what it becomes in degrees Celsius is not always the same.
      ...(described.range !== undefined && { range: { low: described.range[0], high: described.range[1] } }),
      ...(sentinels.length > 0 && variant === undefined && { sentinels: sentinels.map((raw) => scaled(raw, described.scale)) }),
    },
    oids: [oid, ...(variant === undefined ? [] : [variant.oid]), ...statuses.map(({ oid }) => oid)],
    hasReading: !isSentinel(firstRaw, measure),
    read: (values) => {
      const raw = values.get(oid)
      const now = variant === undefined ? described : readAs(measure, values.get(variant.oid))
      if (raw === undefined || now?.kind !== described.kind || now.unit !== described.unit) return bad('sensor-error')
      if (statuses.some(({ oid, status }) => !isGood(status, values.get(oid)))) return bad('sensor-error')
      if (tokens !== undefined) return { key, value: tokens[String(raw)] ?? String(raw) }
      if (contact !== undefined) {
        if (contact.bad.includes(String(raw))) return { key, value: true }
        return contact.good.includes(String(raw)) ? { key, value: false } : bad('sensor-error')
      }
      if (isSentinel(raw, { sentinels: variant === undefined ? [] : sentinels })) return bad('sentinel')
      // A text may bring its own unit.
      const fahrenheit = described.unit === 'Cel' ? fahrenheitOf(raw) : undefined
      const value =
        fahrenheit === undefined
          ? inCelsius(scaled(numberOf(raw), now.scale), now.convert)
          : inCelsius(scaled(fahrenheit, now.scale), 'fahrenheit')
      return Number.isFinite(value) ? { key, value } : bad('not-a-number')
    },
  }
}

/** What a raw value is, by the value of the object that says so; `other` stands for all values a profile does not name. */
function readAs(measure: Measure, variantRaw: SnmpValue | undefined) {
  const { of } = measure.variants ?? {}
  const variant = of === undefined ? {} : (of[String(variantRaw)] ?? of.other)
  if (variant === undefined) return undefined
  const kind = variant.kind ?? measure.kind
  // The unit of a measure is that of its own kind; a variant of another kind brings its own.
  const unit = variant.unit ?? (variant.kind === undefined ? measure.unit : undefined) ?? pointKindInfo(kind).unit
  // Nor is its range.
  const range = variant.range ?? (kind === measure.kind ? measure.range : undefined)
  return { kind, unit, scale: variant.scale ?? measure.scale, convert: variant.convert, range }
}

function isGood({ ok, bad, absent }: RowStatus, value: SnmpValue | undefined): boolean {
  if (value === undefined) return true
  const text = String(value)
  return (ok === undefined || ok.includes(text)) && !bad.includes(text) && !absent.includes(text)
}

/** Rounded to hundredths, finer than any of these devices measures, so that 68 °F is 20 °C. */
function inCelsius(value: number, from: 'fahrenheit' | 'kelvin' | undefined): number {
  if (from === undefined) return value
  const celsius = from === 'fahrenheit' ? ((value - 32) * 5) / 9 : value - 273.15
  return Math.round(celsius * 100) / 100
}

async function sensorPoints(table: ProfileSensorTable, client: Asked): Promise<SnmpPoint[]> {
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
        hasReading: true,
        read: (values: ReadonlyMap<string, SnmpValue>) => sensorReading(key, row, values.get(valueOid), values.get(statusOid)),
      },
    ]
  })
}
