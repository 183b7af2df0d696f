import { fieldNames, MEASUREMENT, OFFSET_FIELD, tagValue } from '../line-protocol.ts'
import type { NodeHandle, TimeRange } from '../reading-store.ts'
import type { DeviceHandle, PointHandle } from '../scan.ts'

/** Hourly aggregates; fields `min_<field>`, `mean_<field>`, `max_<field>`, `count_<field>`. */
export const ROLLUP_MEASUREMENT = 'reading_1h'
/** Hours whose rollup is missing or out of date; see rollups.ts. */
export const DIRTY_MEASUREMENT = 'rollup_dirty'

export function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}

export function literal(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}

function whereDevice(device: DeviceHandle): string {
  return `site = ${literal(tagValue(device.site))} AND node = ${literal(tagValue(device.node))} AND device = ${literal(tagValue(device.device))}`
}

function whereTime({ fromMs, toMs }: TimeRange): string {
  return `time >= ${Math.ceil(fromMs)}ms AND time < ${Math.ceil(toMs)}ms`
}

/** Columns: time, min, mean, max, count, bad. */
export function rawBuckets(point: PointHandle, range: TimeRange, bucketMs: number): string {
  const names = fieldNames(point.key)
  const value = identifier(names.value)
  return (
    `SELECT min(${value}) AS min, mean(${value}) AS mean, max(${value}) AS max, count(${value}) AS count, count(${identifier(names.bad)}) AS bad ` +
    `FROM ${MEASUREMENT} WHERE ${whereDevice(point.device)} AND ${whereTime(range)} GROUP BY time(${bucketMs}ms) fill(none)`
  )
}

/** Columns as rawBuckets, one row per hour. */
export function rollupBuckets(point: PointHandle, range: TimeRange): string {
  const names = fieldNames(point.key)
  const column = (aggregate: string, field: string, alias: string): string => `${identifier(`${aggregate}_${field}`)} AS ${alias}`
  return (
    `SELECT ${column('min', names.value, 'min')}, ${column('mean', names.value, 'mean')}, ${column('max', names.value, 'max')}, ` +
    `${column('count', names.value, 'count')}, ${column('count', names.bad, 'bad')} ` +
    `FROM ${ROLLUP_MEASUREMENT} WHERE ${whereDevice(point.device)} AND ${whereTime(range)}`
  )
}

/** Columns: time, value, text, bad. */
export function rawReadings(point: PointHandle, range: TimeRange, limit: number): string {
  const names = fieldNames(point.key)
  return (
    `SELECT ${identifier(names.value)} AS value, ${identifier(names.text)} AS text, ${identifier(names.bad)} AS bad FROM ${MEASUREMENT} ` +
    `WHERE ${whereDevice(point.device)} AND ${whereTime(range)} ORDER BY time ASC LIMIT ${limit}`
  )
}

/** Columns: time, text. The last text before a time. */
export function lastTextBefore(point: PointHandle, beforeMs: number): string {
  return (
    `SELECT last(${identifier(fieldNames(point.key).text)}) AS text FROM ${MEASUREMENT} ` +
    `WHERE ${whereDevice(point.device)} AND time < ${Math.ceil(beforeMs)}ms`
  )
}

/** Columns: time, offset. */
export function offsetsOfNode(node: NodeHandle): string {
  return `SELECT ${identifier(OFFSET_FIELD)} AS "offset" FROM ${MEASUREMENT} WHERE site = ${literal(tagValue(node.site))} AND node = ${literal(tagValue(node.node))}`
}

/**
 * Aggregates whole hours of one device into ROLLUP_MEASUREMENT; running it again overwrites. count(*) covers texts and bad
 * readings, the others take the numeric fields only.
 */
export function rollUpHours(tags: { site: string; node: string; device: string }, range: TimeRange): string {
  return (
    `SELECT min(*), mean(*), max(*), count(*) INTO ${ROLLUP_MEASUREMENT} FROM ${MEASUREMENT} ` +
    `WHERE site = ${literal(tags.site)} AND node = ${literal(tags.node)} AND device = ${literal(tags.device)} AND ${whereTime(range)} ` +
    'GROUP BY time(1h), site, node, device fill(none)'
  )
}
