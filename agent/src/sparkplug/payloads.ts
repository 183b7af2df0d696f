import { POINT_KINDS, type PointKindInfo, type ReadingValue } from '@roomkeeper/shared/model'
import {
  DataType,
  DEVICE_INFO,
  DEVICE_SETTINGS,
  METRIC,
  type Metric,
  type Payload,
  PROPERTY,
  type PropertyScalar,
  QUALITY_CODE,
} from '@roomkeeper/shared/sparkplug'
import type { PointDescription } from '../drivers/driver.ts'
import type { Fault } from '../faults/fault-book.ts'
import type { LogPlace, Reading, ScanRecord } from '../log/index.ts'
import type { Neighbour } from '../neighbours/neighbours.ts'
import { birthPoints, type KnownDevice } from './device-book.ts'

/** A payload without its sequence number, which is given when it is sent. */
export type UnsentPayload = Omit<Payload, 'seq'>

/** Aliases are unique in the node and stay the same as long as the agent runs. */
export class AliasTable {
  readonly #aliases = new Map<string, number>()
  readonly #metrics: { device: string; metric: string }[] = []

  of(device: string, metric: string): number {
    const key = `${device}/${metric}`
    let alias = this.#aliases.get(key)
    if (alias === undefined) {
      alias = this.#metrics.push({ device, metric })
      this.#aliases.set(key, alias)
    }
    return alias
  }

  /** The name of a metric of this device; commands may give its alias alone (tck-id-payloads-alias-data-cmd-requirement). */
  nameOf(device: string, alias: number | undefined): string | undefined {
    const known = alias === undefined ? undefined : this.#metrics[alias - 1]
    return known?.device === device ? known.metric : undefined
  }
}

/** The state of the log as births and node data tell it. */
export interface LogFigures {
  epoch: string
  firstOffset: number
  nextOffset: number
  backlog: number
}

const int64 = (name: string, value: number, timestampMs: number): Metric => ({ name, timestampMs, datatype: DataType.Int64, value })
const text = (name: string, value: string, timestampMs: number): Metric => ({ name, timestampMs, datatype: DataType.String, value })

/** NBIRTH (tck-id-payloads-nbirth-*). Without a log there are no log metrics, and everything sent is live only. */
export function nodeBirth(
  node: { bdSeq: number; log?: LogFigures; agentVersion: string; faults: readonly Fault[]; neighbours: readonly Neighbour[] },
  nowMs: number,
): UnsentPayload {
  const metrics: Metric[] = [
    int64(METRIC.bdSeq, node.bdSeq, nowMs),
    { name: METRIC.rebirth, timestampMs: nowMs, datatype: DataType.Boolean, value: false },
    // Commands name metrics that the birth has named (tck-id-operational-behavior-data-commands-ncmd-metric-name).
    ...[METRIC.committedOffset, METRIC.replayFrom].map((name) => ({ name, timestampMs: nowMs, datatype: DataType.Int64, value: null })),
    text(METRIC.agentVersion, node.agentVersion, nowMs),
    text(METRIC.agentFaults, JSON.stringify(node.faults), nowMs),
    text(METRIC.neighbours, JSON.stringify(node.neighbours), nowMs),
  ]
  if (node.log) metrics.push(text(METRIC.logEpoch, node.log.epoch, nowMs), ...logMetrics(node.log, nowMs))
  return { timestampMs: nowMs, metrics }
}

function logMetrics(log: LogFigures, nowMs: number): Metric[] {
  return [
    int64(METRIC.logFirstOffset, log.firstOffset, nowMs),
    int64(METRIC.logNextOffset, log.nextOffset, nowMs),
    int64(METRIC.logBacklog, log.backlog, nowMs),
  ]
}

/** NDATA with what changed of the node. */
export function nodeData(
  changes: { log?: LogFigures; faults?: readonly Fault[]; neighbours?: readonly Neighbour[] },
  nowMs: number,
): UnsentPayload {
  const metrics: Metric[] = []
  if (changes.faults) metrics.push(text(METRIC.agentFaults, JSON.stringify(changes.faults), nowMs))
  if (changes.neighbours) metrics.push(text(METRIC.neighbours, JSON.stringify(changes.neighbours), nowMs))
  if (changes.log) metrics.push(...logMetrics(changes.log, nowMs))
  return { timestampMs: nowMs, metrics }
}

/** NDEATH: only bdSeq, no seq (tck-id-payloads-ndeath-seq, -bdseq). */
export function nodeDeath(bdSeq: number, nowMs: number): UnsentPayload {
  return { timestampMs: nowMs, metrics: [int64(METRIC.bdSeq, bdSeq, nowMs)] }
}

/** DBIRTH: every metric of the device with name, alias, datatype, properties and newest value; null and stale where there is none. */
export function deviceBirth(device: KnownDevice, aliases: AliasTable, nowMs: number): UnsentPayload {
  const metrics: Metric[] = [
    {
      name: DEVICE_INFO,
      alias: aliases.of(device.id, DEVICE_INFO),
      timestampMs: nowMs,
      datatype: DataType.String,
      value: device.name.zh,
      properties: defined({
        [PROPERTY.nameZh]: device.name.zh,
        [PROPERTY.nameEn]: device.name.en,
        [PROPERTY.maker]: device.maker,
        [PROPERTY.model]: device.model,
        [PROPERTY.room]: device.room,
        [PROPERTY.intervalMs]: device.intervalMs,
      }),
    },
  ]
  metrics.push({
    name: DEVICE_SETTINGS,
    alias: aliases.of(device.id, DEVICE_SETTINGS),
    timestampMs: nowMs,
    datatype: DataType.String,
    value: JSON.stringify(device.settings ?? {}),
  })
  for (const name of [METRIC.logOffset, METRIC.logPreviousOffset]) {
    metrics.push({ name, alias: aliases.of(device.id, name), timestampMs: nowMs, datatype: DataType.Int64, value: null })
  }
  for (const point of birthPoints(device)) metrics.push(pointBirth(device, point, aliases, nowMs))
  return { timestampMs: nowMs, metrics }
}

function pointBirth(device: KnownDevice, point: PointDescription, aliases: AliasTable, nowMs: number): Metric {
  const kind: PointKindInfo = POINT_KINDS[point.kind]
  const range = point.range ?? kind.range
  const latest = device.isAlive ? device.latest.get(point.key) : undefined
  return {
    name: point.key,
    alias: aliases.of(device.id, point.key),
    timestampMs: latest?.timeMs ?? nowMs,
    datatype: datatypeOf(point),
    value: latest ? fitting(latest.reading.value, point) : null,
    properties: {
      ...defined({
        [PROPERTY.kind]: point.kind,
        [PROPERTY.unit]: point.unit,
        [PROPERTY.low]: finite(range?.low),
        [PROPERTY.high]: finite(range?.high),
        [PROPERTY.nominal]: point.nominal,
        [PROPERTY.intervalMs]: Math.max(device.intervalMs, point.reportsWithinMs ?? 0),
        [PROPERTY.nameZh]: point.name?.zh,
        [PROPERTY.nameEn]: point.name?.en,
        [PROPERTY.isWritable]: point.isWritable,
      }),
      ...(latest ? qualityProperties(latest.reading) : { [PROPERTY.quality]: QUALITY_CODE.stale }),
    },
  }
}

/** Where a scan stands in the log; without a place it is live only. */
export interface ScanDelivery {
  place?: LogPlace
  isHistorical: boolean
}

/** DDATA of one scan: `Log/Offset` first, then the values by alias. */
export function deviceData(
  device: KnownDevice,
  scan: ScanRecord,
  delivery: ScanDelivery,
  aliases: AliasTable,
  nowMs: number,
): UnsentPayload {
  const { place, isHistorical } = delivery
  const metrics: Metric[] = []
  const push = (metric: Metric) => metrics.push(isHistorical ? { ...metric, isHistorical } : metric)
  const offset = (name: string, value: number) =>
    push({ alias: aliases.of(device.id, name), timestampMs: scan.timeMs, datatype: DataType.Int64, value })
  if (place) {
    offset(METRIC.logOffset, place.offset)
    if (place.previousOffset !== place.offset - 1) offset(METRIC.logPreviousOffset, place.previousOffset)
  }
  const points = new Map(birthPoints(device).map((point) => [point.key, point]))
  for (const reading of scan.readings) {
    const point = points.get(reading.key)
    if (point === undefined) continue
    const metric: Metric = {
      alias: aliases.of(device.id, reading.key),
      timestampMs: scan.timeMs,
      datatype: datatypeOf(point),
      value: fitting(reading.value, point),
    }
    if (reading.quality === 'bad') metric.properties = qualityProperties(reading)
    push(metric)
  }
  return { timestampMs: nowMs, metrics }
}

/** DDEATH carries nothing but its sequence number. */
export function deviceDeath(nowMs: number): UnsentPayload {
  return { timestampMs: nowMs, metrics: [] }
}

const DATATYPES = { number: DataType.Double, boolean: DataType.Boolean, text: DataType.String } as const

function datatypeOf(point: PointDescription): DataType {
  return DATATYPES[POINT_KINDS[point.kind].valueType]
}

/** A value of another type than the birth announced (only a bad one can be) travels as null. */
function fitting(value: ReadingValue, point: PointDescription): ReadingValue {
  const { valueType } = POINT_KINDS[point.kind]
  return typeof value === (valueType === 'text' ? 'string' : valueType) ? value : null
}

function qualityProperties(reading: Reading): Record<string, PropertyScalar> {
  if (reading.quality === 'good') return { [PROPERTY.quality]: QUALITY_CODE.good }
  return defined({ [PROPERTY.quality]: QUALITY_CODE.bad, [PROPERTY.reason]: reading.reason })
}

function finite(value: number | undefined): number | undefined {
  return Number.isFinite(value) ? value : undefined
}

function defined(properties: Record<string, PropertyScalar | undefined>): Record<string, PropertyScalar> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined)) as Record<string, PropertyScalar>
}
