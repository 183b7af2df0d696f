import { flux, fluxExpression, fluxInteger, type ParameterizedQuery } from '@influxdata/influxdb-client'
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

function ofPoint(point: PointHandle): ParameterizedQuery {
  const { device } = point
  return flux`r._measurement == ${MEASUREMENT} and r.site == ${tagValue(device.site)} and r.node == ${tagValue(device.node)} and r.device == ${tagValue(device.device)}`
}

/** Results min, mean, max, count, bad; columns _time (start of the bucket) and _value. */
export function historyQuery(bucket: string, point: PointHandle, range: TimeRange, bucketMs: number): ParameterizedQuery {
  const names = fieldNames(point.key)
  const every = fluxExpression(`${Math.trunc(bucketMs)}ms`)
  return flux`good = ${source(bucket, range)} |> filter(fn: (r) => ${ofPoint(point)} and r._field == ${names.value})
bad = ${source(bucket, range)} |> filter(fn: (r) => ${ofPoint(point)} and r._field == ${names.bad})
good |> aggregateWindow(every: ${every}, fn: min, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "_value"]) |> yield(name: "min")
good |> aggregateWindow(every: ${every}, fn: mean, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "_value"]) |> yield(name: "mean")
good |> aggregateWindow(every: ${every}, fn: max, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "_value"]) |> yield(name: "max")
good |> aggregateWindow(every: ${every}, fn: count, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "_value"]) |> yield(name: "count")
bad |> aggregateWindow(every: ${every}, fn: count, createEmpty: false, timeSrc: "_start") |> keep(columns: ["_time", "_value"]) |> yield(name: "bad")`
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
