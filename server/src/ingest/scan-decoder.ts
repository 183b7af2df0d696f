import { BAD_REASONS, type BadReason, type ReadingValue } from '@roomkeeper/shared/model'
import { DataType, METRIC, type Metric, type Payload, PROPERTY, QUALITY_CODE, signedValue } from '@roomkeeper/shared/sparkplug'
import type { DeviceEntry, PointEntry } from './entries.ts'
import type { NodeSession, Slot } from './node-session.ts'

/** A DDATA (or DBIRTH) of one device, its metrics resolved to points. */
export interface DecodedScan {
  device: DeviceEntry
  offset: number | undefined
  previousOffset: number
  isHistorical: boolean
  points: PointEntry[]
  timesMs: number[]
  values: ReadingValue[]
  /** undefined as a whole: all good. */
  reasons: (BadReason | undefined)[] | undefined
  /** A metric of an alias no birth has named: births were missed. */
  hasUnknown: boolean
}

const REASONS: ReadonlySet<string> = new Set(BAD_REASONS)

/** The latest time a store can hold: InfluxDB counts nanoseconds in 64 bits, until the year 2262. */
export const LATEST_TIME_MS = 9_223_372_036_854

/** Resolves a payload against the births of its node. */
export function decodeScan(session: NodeSession, device: DeviceEntry, payload: Payload): DecodedScan {
  const scan: DecodedScan = {
    device,
    offset: undefined,
    previousOffset: -1,
    isHistorical: false,
    points: [],
    timesMs: [],
    values: [],
    reasons: undefined,
    hasUnknown: false,
  }
  let previous: number | undefined
  for (const metric of payload.metrics) {
    const slot = slotOf(session, device, metric)
    if (!slot) {
      scan.hasUnknown = true
      continue
    }
    if (slot.kind === 'point') addReading(scan, slot.point, metric, readAtMs(session, metric, payload))
    else if (slot.kind === 'offset') {
      scan.offset = offsetOf(metric) ?? scan.offset
      if (metric.isHistorical) scan.isHistorical = true
    } else if (slot.kind === 'previous-offset') previous = offsetOf(metric)
  }
  if (scan.offset !== undefined) scan.previousOffset = previous ?? scan.offset - 1
  return scan
}

const OFFSET_SLOT: Slot = { kind: 'offset' }
const PREVIOUS_SLOT: Slot = { kind: 'previous-offset' }
const OTHER_SLOT: Slot = { kind: 'other' }

function slotOf(session: NodeSession, device: DeviceEntry, metric: Metric): Slot | undefined {
  return metric.name === undefined ? session.slots[metric.alias as number] : slotByName(device, metric.name)
}

/** What a metric of this name stands for on this device. */
export function slotByName(device: DeviceEntry, name: string): Slot {
  if (name === METRIC.logOffset) return OFFSET_SLOT
  if (name === METRIC.logPreviousOffset) return PREVIOUS_SLOT
  const point = device.points.get(name)
  return point ? { kind: 'point', point } : OTHER_SLOT
}

/** A time that cannot be (none, or beyond what any store holds) is replaced by that of the receipt: one broken clock must not block the stores. */
function readAtMs(session: NodeSession, metric: Metric, payload: Payload): number {
  const timeMs = metric.timestampMs ?? payload.timestampMs
  return timeMs > 0 && timeMs <= LATEST_TIME_MS ? timeMs : (session.lastSeenMs ?? 0)
}

function offsetOf(metric: Metric): number | undefined {
  return Number.isSafeInteger(metric.value) && (metric.value as number) >= 0 ? (metric.value as number) : undefined
}

function addReading(scan: DecodedScan, point: PointEntry, metric: Metric, timeMs: number): void {
  // A birth names every point, also those without a value yet: that is no reading, and no fault of a sensor.
  if (metric.properties?.[PROPERTY.quality] === QUALITY_CODE.stale) return
  const index = scan.points.length
  scan.points.push(point)
  scan.timesMs.push(timeMs)
  scan.values.push(readValue(metric, point))
  if (metric.isHistorical) scan.isHistorical = true
  const reason = badReason(metric)
  if (reason === undefined) return
  scan.reasons ??= []
  scan.reasons[index] = reason
}

/** A negative integer is told from a large one by its type, which data leaves to the birth. */
function readValue({ value, datatype }: Metric, point: PointEntry): ReadingValue {
  return typeof value === 'number' && datatype === DataType.Unknown ? signedValue(value, point.datatype) : value
}

function badReason(metric: Metric): BadReason | undefined {
  if (metric.value === null) return statedReason(metric) ?? 'sensor-error'
  if (typeof metric.value === 'number' && !Number.isFinite(metric.value)) return 'not-a-number'
  if (metric.properties === undefined) return undefined
  return metric.properties[PROPERTY.quality] === QUALITY_CODE.bad ? (statedReason(metric) ?? 'sensor-error') : undefined
}

function statedReason(metric: Metric): BadReason | undefined {
  const reason = metric.properties?.[PROPERTY.reason]
  return typeof reason === 'string' && REASONS.has(reason) ? (reason as BadReason) : undefined
}
