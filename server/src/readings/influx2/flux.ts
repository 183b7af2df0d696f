import { flux, fluxExpression, fluxInteger, type ParameterizedQuery, toFluxValue } from '@influxdata/influxdb-client'
import type { BlockResolution } from '../history/block.ts'
import { type DeviceTags, tagsOf } from '../influx/device-tags.ts'
import { BLOCK_FIELD, BLOCK_MEASUREMENT, KEPT_MEASUREMENT, MARK_MEASUREMENT } from '../influx/history-lines.ts'
import { fieldNames, MEASUREMENT, OFFSET_FIELD, tagValue } from '../line-protocol.ts'
import type { NodeHandle, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'

// Flux and not InfluxQL: on 2.x InfluxQL needs a database mapping (DBRP) that someone has to create. One pipeline per line; the test
// kit's mock reads exactly these shapes (tests/kit/services/influx2-mock.ts).

// Literals and not the package's time(v: …) and duration(v: …): the planner pushes windows down to storage only for constants.
function at(timeMs: number): ReturnType<typeof fluxExpression> {
  return fluxExpression(new Date(Math.ceil(timeMs)).toISOString())
}

function source(bucket: string, { fromMs, toMs }: TimeRange): ParameterizedQuery {
  return flux`from(bucket: ${bucket}) |> range(start: ${at(fromMs)}, stop: ${at(toMs)})`
}

function ofSeries(measurement: string, { site, node, device }: DeviceTags): ParameterizedQuery {
  return flux`r._measurement == ${measurement} and r.site == ${site} and r.node == ${node} and r.device == ${device}`
}

function ofPoint(point: PointHandle): ParameterizedQuery {
  return ofSeries(MEASUREMENT, tagsOf(point.device))
}

/** `r.column == "a" or r.column == "b"`, in parentheses. */
function anyOf(column: '_field' | 'point', values: readonly string[]): ReturnType<typeof fluxExpression> {
  return fluxExpression(`(${values.map((value) => `r.${column} == ${toFluxValue(value)}`).join(' or ')})`)
}

/** Columns _time, _field, _value; the first `limit` of each field. `_field` stays so that floats and strings stay apart. */
export function rawQuery(bucket: string, point: PointHandle, range: TimeRange, limit: number): ParameterizedQuery {
  const names = fieldNames(point.key)
  return flux`${source(bucket, range)} |> filter(fn: (r) => ${ofPoint(point)} and (r._field == ${names.value} or r._field == ${names.text} or r._field == ${names.bad})) |> keep(columns: ["_time", "_field", "_value"]) |> limit(n: ${fluxInteger(limit)})`
}

/** Columns _time, _value: the last text before a time. */
export function lastTextQuery(bucket: string, point: PointHandle, beforeMs: number): ParameterizedQuery {
  return flux`${source(bucket, { fromMs: 0, toMs: beforeMs })} |> filter(fn: (r) => ${ofPoint(point)} and r._field == ${fieldNames(point.key).text}) |> last() |> keep(columns: ["_time", "_value"])`
}

/** Column _value. */
export function offsetsQuery(bucket: string, node: NodeHandle, untilMs: number): ParameterizedQuery {
  return flux`${source(bucket, { fromMs: 0, toMs: untilMs })} |> filter(fn: (r) => r._measurement == ${MEASUREMENT} and r.site == ${tagValue(node.site)} and r.node == ${tagValue(node.node)} and r._field == ${OFFSET_FIELD}) |> keep(columns: ["_time", "device", "_value"])`
}

/** Columns _time, site, node, device, point, _value. */
export function blocksQuery(
  bucket: string,
  points: readonly PointHandle[],
  resolution: BlockResolution,
  range: TimeRange,
): ParameterizedQuery {
  const anyDevice = [...Map.groupBy(points, ({ device }) => device)].map(([device, own]) => {
    const { site, node, device: name } = tagsOf(device)
    const keys = own.map(({ key }) => tagValue(key))
    return flux`(r.site == ${site} and r.node == ${node} and r.device == ${name} and ${anyOf('point', keys)})`
  })
  return flux`${source(bucket, range)} |> filter(fn: (r) => r._measurement == ${BLOCK_MEASUREMENT} and r.resolution == ${resolution} and r._field == ${BLOCK_FIELD} and (${fluxExpression(anyDevice.join(' or '))})) |> keep(columns: ["_time", "site", "node", "device", "point", "_value"])`
}

/** Columns _time, _field, _value: numbers and bad readings. Points of one device. */
export function numbersQuery(bucket: string, points: readonly [PointHandle, ...PointHandle[]], range: TimeRange): ParameterizedQuery {
  return flux`${source(bucket, range)} |> filter(fn: (r) => ${ofPoint(points[0])} and ${anyOf('_field', numberFields(points))}) |> keep(columns: ["_time", "_field", "_value"])`
}

function numberFields(points: readonly PointHandle[]): string[] {
  return points.flatMap(({ key }) => {
    const names = fieldNames(key)
    return [names.value, names.bad]
  })
}

/** Columns _time, site, node, device, _field, _value. */
export function marksQuery(bucket: string): ParameterizedQuery {
  return flux`${source(bucket, ALL_TIME)} |> filter(fn: (r) => r._measurement == ${MARK_MEASUREMENT}) |> keep(columns: ["_time", "site", "node", "device", "_field", "_value"])`
}

/** Columns _time, _field, _value. */
export function keptQuery(bucket: string): ParameterizedQuery {
  return flux`${source(bucket, ALL_TIME)} |> filter(fn: (r) => r._measurement == ${KEPT_MEASUREMENT}) |> keep(columns: ["_time", "_field", "_value"])`
}

/** Columns _time, _value: the first reading of each device that came from an agent. */
export function firstReadingsQuery(bucket: string): ParameterizedQuery {
  return flux`${source(bucket, ALL_TIME)} |> filter(fn: (r) => r._measurement == ${MEASUREMENT} and r._field == ${OFFSET_FIELD}) |> first() |> keep(columns: ["_time", "device", "_value"])`
}

/** Columns _time, _value: the first minute block of each point, of those before a time. */
export function firstMinuteBlocksQuery(bucket: string, beforeMs: number): ParameterizedQuery {
  return flux`${source(bucket, { fromMs: 0, toMs: beforeMs })} |> filter(fn: (r) => r._measurement == ${BLOCK_MEASUREMENT} and r.resolution == "1m") |> first() |> keep(columns: ["_time", "device", "_value"])`
}

/** Columns _time (the hour), site, node, device, _value. */
export function hoursQuery(bucket: string, range: TimeRange): ParameterizedQuery {
  return flux`${source(bucket, range)} |> filter(fn: (r) => r._measurement == ${MEASUREMENT} and r._field == ${OFFSET_FIELD}) |> aggregateWindow(every: 3600000ms, fn: count, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "site", "node", "device", "_value"])`
}

/** Far enough for any clock; Flux has no open end. */
const ALL_TIME: TimeRange = { fromMs: 0, toMs: Date.UTC(2200, 0) }

/**
 * Which series a delete is for: equality and AND only (https://docs.influxdata.com/influxdb/v2/reference/syntax/delete-predicate/).
 * Tag values never hold a quote or a backslash (line-protocol.ts).
 */
export function deletePredicate(measurement: string, tags: Readonly<Record<string, string>>): string {
  return [['_measurement', measurement], ...Object.entries(tags)].map(([name, value]) => `${name}="${value}"`).join(' AND ')
}
