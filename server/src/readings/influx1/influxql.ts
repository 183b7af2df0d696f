import type { BlockResolution } from '../history/block.ts'
import type { DeviceTags } from '../influx/device-tags.ts'
import { tagsOf } from '../influx/device-tags.ts'
import { BLOCK_FIELD, BLOCK_MEASUREMENT, KEPT_MEASUREMENT, MARK_MEASUREMENT } from '../influx/history-lines.ts'
import { fieldNames, MEASUREMENT, OFFSET_FIELD, tagValue } from '../line-protocol.ts'
import type { NodeHandle, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'

export function identifier(name: string): string {
  return `"${name.replace(/["\\]/g, '\\$&')}"`
}

function literal(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`
}

function whereTags(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${identifier(name)} = ${literal(value)}`)
    .join(' AND ')
}

function whereTime({ fromMs, toMs }: TimeRange): string {
  return `time >= ${Math.ceil(fromMs)}ms AND time < ${Math.ceil(toMs)}ms`
}

/** Columns: time, value, text, bad. */
export function rawReadings(point: PointHandle, range: TimeRange, limit: number): string {
  const names = fieldNames(point.key)
  return (
    `SELECT ${identifier(names.value)} AS value, ${identifier(names.text)} AS text, ${identifier(names.bad)} AS bad FROM ${MEASUREMENT} ` +
    `WHERE ${whereTags(tagsOf(point.device))} AND ${whereTime(range)} ORDER BY time ASC LIMIT ${limit}`
  )
}

/** Columns: time, then value and bad of each point in turn. Points of one device. */
export function numbersOf(points: readonly PointHandle[], range: TimeRange, limit: number): string {
  const columns = points.flatMap((point) => {
    const names = fieldNames(point.key)
    return [identifier(names.value), identifier(names.bad)]
  })
  const device = points[0]?.device
  const tags = device === undefined ? {} : tagsOf(device)
  return `SELECT ${columns.join(', ')} FROM ${MEASUREMENT} WHERE ${whereTags(tags)} AND ${whereTime(range)} ORDER BY time ASC LIMIT ${limit}`
}

/** Columns: time, text. The last text before a time. */
export function lastTextBefore(point: PointHandle, beforeMs: number): string {
  return (
    `SELECT last(${identifier(fieldNames(point.key).text)}) AS text FROM ${MEASUREMENT} ` +
    `WHERE ${whereTags(tagsOf(point.device))} AND time < ${Math.ceil(beforeMs)}ms`
  )
}

/** Columns: time, offset. */
export function offsetsOfNode(node: NodeHandle): string {
  const tags = { site: tagValue(node.site), node: tagValue(node.node) }
  return `SELECT ${identifier(OFFSET_FIELD)} AS "offset" FROM ${MEASUREMENT} WHERE ${whereTags(tags)}`
}

/** One series per point; columns: time, bytes. */
export function blocksOf(points: readonly PointHandle[], resolution: BlockResolution, range: TimeRange): string {
  const anyDevice = [...Map.groupBy(points, ({ device }) => device)].map(([device, own]) => {
    const anyPoint = own.map(({ key }) => `point = ${literal(tagValue(key))}`).join(' OR ')
    return `(${whereTags(tagsOf(device))} AND (${anyPoint}))`
  })
  return (
    `SELECT ${BLOCK_FIELD} FROM ${BLOCK_MEASUREMENT} WHERE resolution = ${literal(resolution)} AND ${whereTime(range)} ` +
    `AND (${anyDevice.join(' OR ')}) GROUP BY site, node, device, point`
  )
}

/** One series per device; columns: time, marked, done. */
export const ALL_MARKS = `SELECT marked, done FROM ${MARK_MEASUREMENT} GROUP BY site, node, device`

/** Columns: time, raw, minutes. Both only ever grow. */
export const KEPT_SINCE = `SELECT max(raw) AS raw, max(minutes) AS minutes FROM ${KEPT_MEASUREMENT}`

/** Columns: time, offset. */
export const FIRST_READING = `SELECT first(${identifier(OFFSET_FIELD)}) FROM ${MEASUREMENT}`

export function firstMinuteBlock(beforeMs: number): string {
  return `SELECT first(${BLOCK_FIELD}) FROM ${BLOCK_MEASUREMENT} WHERE resolution = '1m' AND time < ${Math.ceil(beforeMs)}ms`
}

/** One series per device; columns: time, count. */
export function hoursWithReadings(range: TimeRange): string {
  return `SELECT count(${identifier(OFFSET_FIELD)}) FROM ${MEASUREMENT} WHERE ${whereTime(range)} GROUP BY time(1h), site, node, device fill(none)`
}

export function deleteReadings(range: TimeRange, device: DeviceTags | undefined): string {
  return `DELETE FROM ${MEASUREMENT} WHERE ${device === undefined ? '' : `${whereTags({ ...device })} AND `}${whereTime(range)}`
}

export function deleteMinuteBlocks(range: TimeRange): string {
  return `DELETE FROM ${BLOCK_MEASUREMENT} WHERE resolution = '1m' AND ${whereTime(range)}`
}

export function deleteMarks(range: TimeRange): string {
  return `DELETE FROM ${MARK_MEASUREMENT} WHERE ${whereTime(range)}`
}

/** Hourly aggregates and their marks, as versions before the history engine kept them. */
export const DROP_OUTDATED = 'DROP MEASUREMENT reading_1h; DROP MEASUREMENT rollup_dirty'
