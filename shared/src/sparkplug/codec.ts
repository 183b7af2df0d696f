import protobuf from 'protobufjs/minimal.js'
import { DataType } from './datatypes.ts'
import { PROPERTY } from './metrics.ts'
import { sparkplug } from './sparkplug-b.js'

// 64-bit fields as plain numbers: every one we use (milliseconds, offsets, aliases) stays far below 2^53, and Long objects cost half the decode time.
protobuf.util.Long = undefined as never
protobuf.configure()

/** A value as it travels. Int64 values must be safe integers. */
export type MetricValue = number | string | boolean | null
export type PropertyScalar = number | string | boolean

/** One metric of a payload. `name` is set in births, `alias` in data; times are UTC milliseconds. */
export interface Metric {
  name?: string
  alias?: number
  timestampMs?: number
  datatype: DataType
  value: MetricValue
  isHistorical?: boolean
  properties?: Record<string, PropertyScalar>
}

export interface Payload {
  timestampMs: number
  /** 0–255; absent in NDEATH. */
  seq?: number
  metrics: Metric[]
}

/**
 * Encodes a payload to Sparkplug B bytes. `withDatatypes` is for births, data and commands go without
 * (tck-id-payloads-metric-datatype-req, -not-req).
 */
export function encodePayload(payload: Payload, withDatatypes = true): Uint8Array {
  const metrics = payload.metrics.map((metric) => toWireMetric(metric, withDatatypes))
  return sparkplug.Payload.encode({ timestamp: payload.timestampMs, seq: payload.seq, metrics } as never).finish()
}

function toWireMetric(metric: Metric, withDatatype: boolean): Record<string, unknown> {
  const wire: Record<string, unknown> = withDatatype ? { datatype: metric.datatype } : {}
  if (metric.name !== undefined) wire.name = metric.name
  if (metric.alias !== undefined) wire.alias = metric.alias
  if (metric.timestampMs !== undefined) wire.timestamp = metric.timestampMs
  if (metric.isHistorical) wire.isHistorical = true
  if (metric.value === null) wire.isNull = true
  else wire[wireField(metric.datatype)] = toWireValue(metric.value, metric.datatype)
  if (metric.properties) wire.properties = toWireProperties(metric.properties)
  return wire
}

function wireField(datatype: DataType): string {
  switch (datatype) {
    case DataType.Double:
      return 'doubleValue'
    case DataType.Float:
      return 'floatValue'
    case DataType.Boolean:
      return 'booleanValue'
    case DataType.String:
    case DataType.Text:
      return 'stringValue'
    case DataType.Int64:
    case DataType.UInt64:
    case DataType.DateTime:
      return 'longValue'
    default:
      return 'intValue'
  }
}

/** Signed values travel as two's complement in unsigned fields (specification 6.4.16). */
function toWireValue(value: number | string | boolean, datatype: DataType): number | string | boolean {
  if (typeof value === 'number' && value < 0) {
    if (datatype === DataType.Int8 || datatype === DataType.Int16 || datatype === DataType.Int32) return value >>> 0
    if (datatype === DataType.Int64) throw new RangeError('negative Int64 values are not supported')
  }
  return value
}

function toWireProperties(properties: Record<string, PropertyScalar>): unknown {
  const keys = Object.keys(properties)
  const values = keys.map((key) => {
    const value = properties[key] as PropertyScalar
    if (key === PROPERTY.quality) return { type: DataType.Int32, intValue: value }
    if (typeof value === 'number') return { type: DataType.Double, doubleValue: value }
    if (typeof value === 'boolean') return { type: DataType.Boolean, booleanValue: value }
    return { type: DataType.String, stringValue: value }
  })
  return { keys, values }
}

/** Decodes Sparkplug B bytes. Throws an Error with the protobuf reason when the bytes are no payload. */
export function decodePayload(bytes: Uint8Array): Payload {
  const wire = sparkplug.Payload.decode(bytes)
  const wireMetrics = wire.metrics ?? []
  const metrics: Metric[] = new Array(wireMetrics.length)
  for (let i = 0; i < wireMetrics.length; i++) metrics[i] = fromWireMetric(wireMetrics[i] as WireMetric)
  const payload: Payload = { timestampMs: Number(wire.timestamp ?? 0), metrics }
  if (Object.hasOwn(wire, 'seq')) payload.seq = Number(wire.seq)
  return payload
}

type WireMetric = InstanceType<typeof sparkplug.Metric>

function fromWireMetric(wire: WireMetric): Metric {
  const metric: Metric = { datatype: (wire.datatype ?? DataType.Unknown) as DataType, value: fromWireValue(wire) }
  if (Object.hasOwn(wire, 'name')) metric.name = wire.name as string
  if (Object.hasOwn(wire, 'alias')) metric.alias = Number(wire.alias)
  if (Object.hasOwn(wire, 'timestamp')) metric.timestampMs = Number(wire.timestamp)
  if (wire.isHistorical) metric.isHistorical = true
  if (wire.properties) metric.properties = fromWireProperties(wire.properties)
  return metric
}

function fromWireValue(wire: WireMetric): MetricValue {
  if (wire.isNull) return null
  switch (wire.value) {
    case 'doubleValue':
      return wire.doubleValue as number
    case 'floatValue':
      return wire.floatValue as number
    case 'booleanValue':
      return wire.booleanValue as boolean
    case 'stringValue':
      return wire.stringValue as string
    case 'longValue':
      return signedValue(Number(wire.longValue), wire.datatype as DataType)
    case 'intValue':
      return signedValue(wire.intValue as number, wire.datatype as DataType)
    default:
      return null
  }
}

/** An integer as it stands in the message, read as the signed type its birth gave it (specification 6.4.16). */
export function signedValue(value: number, datatype: DataType): number {
  if (datatype === DataType.Int64) return value >= 2 ** 63 ? value - 2 ** 64 : value
  if (datatype === DataType.Int32) return value | 0
  if (datatype === DataType.Int16) return (value << 16) >> 16
  if (datatype === DataType.Int8) return (value << 24) >> 24
  return value
}

function fromWireProperties(set: { keys?: string[] | null; values?: unknown[] | null }): Record<string, PropertyScalar> {
  const properties: Record<string, PropertyScalar> = Object.create(null)
  const keys = set.keys ?? []
  const values = set.values ?? []
  for (let i = 0; i < keys.length; i++) {
    const wire = values[i] as Record<string, unknown> & { value?: string }
    const value = wire?.value ? wire[wire.value] : undefined
    if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') properties[keys[i] as string] = value
  }
  return properties
}
