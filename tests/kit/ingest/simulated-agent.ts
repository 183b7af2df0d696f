import { DataType, encodePayload, METRIC, type Metric, PROPERTY, topicOf } from '@roomkeeper/shared/sparkplug'

export interface SimulatedRecord {
  offset: number
  previousOffset: number
  timeMs: number
  values: readonly number[]
}

export const SITE = 'sim'
export const NODE = 'agent'
export const DEVICE = 'd0'
const OFFSET_ALIAS = 1
const PREVIOUS_ALIAS = 2
const FIRST_POINT_ALIAS = 3

/** An agent without files and sockets: its log, and the messages it would send. It keeps the rules of agent/src/sparkplug. */
export class SimulatedAgent {
  readonly records: SimulatedRecord[] = []
  readonly epoch = 'e0a1b2c3-0000-4000-8000-000000000001'
  nextOffset = 1
  committedOffset = 0
  isOnline = false
  wantsRebirth = false
  private readonly send: (topic: string, bytes: Uint8Array) => void
  private readonly points: number
  private seq = 0
  private replayUntil = 0
  private replayNext: number | undefined
  private replayLast = 0
  private liveGapAfter: number | undefined

  constructor(points: number, send: (topic: string, bytes: Uint8Array) => void) {
    this.points = points
    this.send = send
  }

  /** Logs a scan; a hole before it are offsets that were reserved and never used. Sends it when online, unless it is lost on the way. */
  log(timeMs: number, values: readonly number[], options: { hole?: number; forgetsHole?: boolean; isLost?: boolean } = {}): void {
    const last = this.records.at(-1)?.offset ?? 0
    this.nextOffset += options.hole ?? 0
    const offset = this.nextOffset++
    // A log whose last segment was empty does not know its last record any more.
    const previousOffset = options.forgetsHole ? offset - 1 : last
    const record = { offset, previousOffset, timeMs, values }
    this.records.push(record)
    if (!this.isOnline) return
    const told = this.liveGapAfter === undefined ? record : { ...record, previousOffset: Math.min(this.liveGapAfter, previousOffset) }
    this.liveGapAfter = undefined
    this.data(told, false, timeMs, options.isLost ?? false)
  }

  /** NBIRTH and DBIRTH, as after a connection or a request for them. */
  birth(nowMs: number): void {
    this.isOnline = true
    this.wantsRebirth = false
    this.replayNext = undefined
    this.seq = 0
    const firstOffset = this.records.find(({ offset }) => offset > this.committedOffset)?.offset ?? this.nextOffset
    const int64 = (name: string, value: number): Metric => ({ name, timestampMs: nowMs, datatype: DataType.Int64, value })
    const epoch: Metric = { name: METRIC.logEpoch, timestampMs: nowMs, datatype: DataType.String, value: this.epoch }
    const log = [int64(METRIC.logFirstOffset, firstOffset), int64(METRIC.logNextOffset, this.nextOffset)]
    this.message('NBIRTH', { timestampMs: nowMs, metrics: [int64(METRIC.bdSeq, 0), epoch, ...log] }, false)
    const latest = this.records.at(-1)
    const metrics: Metric[] = [
      { name: METRIC.logOffset, alias: OFFSET_ALIAS, timestampMs: nowMs, datatype: DataType.Int64, value: null },
      { name: METRIC.logPreviousOffset, alias: PREVIOUS_ALIAS, timestampMs: nowMs, datatype: DataType.Int64, value: null },
      ...Array.from({ length: this.points }, (_, i) => ({
        name: `p${i}`,
        alias: FIRST_POINT_ALIAS + i,
        timestampMs: latest?.timeMs ?? nowMs,
        datatype: DataType.Double,
        value: latest?.values[i] ?? null,
        properties: { [PROPERTY.kind]: 'number', [PROPERTY.intervalMs]: 1000, [PROPERTY.quality]: latest ? 192 : 500 },
      })),
    ]
    this.message('DBIRTH', { timestampMs: nowMs, metrics }, false)
  }

  disconnect(): void {
    this.isOnline = false
    this.replayNext = undefined
    this.liveGapAfter = undefined
  }

  /** The payload of NDEATH for the connection with this bdSeq; births here say 0. */
  death(bdSeq: number, nowMs: number): Uint8Array {
    return encodePayload({
      timestampMs: nowMs,
      metrics: [{ name: METRIC.bdSeq, timestampMs: nowMs, datatype: DataType.Int64, value: bdSeq }],
    })
  }

  /** NCMD: what agent/src/sparkplug/edge-node.ts does with it. */
  replayFrom(offset: number): void {
    this.replayNext = offset
    this.replayLast = offset - 1
    this.replayUntil = this.nextOffset
  }

  /** Sends up to `count` records of the replay that was asked for; each may be lost on the way. */
  replay(nowMs: number, count: number, isLost: (index: number) => boolean = () => false): void {
    for (let sent = 0; sent < count && this.isOnline && this.replayNext !== undefined; sent++) {
      const from = this.replayNext
      const next = this.records.find(({ offset }) => offset >= from && offset < this.replayUntil)
      if (!next) {
        this.endReplay(nowMs)
        return
      }
      this.replayNext = next.offset + 1
      this.data({ ...next, previousOffset: this.replayLast }, true, nowMs, isLost(sent))
      this.replayLast = next.offset
    }
  }

  private endReplay(nowMs: number): void {
    const until = this.replayUntil
    this.replayNext = undefined
    if (this.replayLast >= until - 1) return
    const after = this.records.find(({ offset }) => offset >= until)
    if (after) this.data({ ...after, previousOffset: this.replayLast }, true, nowMs, false)
    else this.liveGapAfter = this.replayLast
  }

  private data(record: SimulatedRecord, isHistorical: boolean, nowMs: number, isLost: boolean): void {
    const { offset, previousOffset, timeMs, values } = record
    const push = (metric: Metric): Metric => (isHistorical ? { ...metric, isHistorical } : metric)
    const metrics = [push({ alias: OFFSET_ALIAS, timestampMs: timeMs, datatype: DataType.Int64, value: offset })]
    if (previousOffset !== offset - 1)
      metrics.push(push({ alias: PREVIOUS_ALIAS, timestampMs: timeMs, datatype: DataType.Int64, value: previousOffset }))
    for (const [i, value] of values.entries())
      metrics.push(push({ alias: FIRST_POINT_ALIAS + i, timestampMs: timeMs, datatype: DataType.Double, value }))
    this.message('DDATA', { timestampMs: nowMs, metrics }, isLost)
  }

  private message(type: 'NBIRTH' | 'DBIRTH' | 'DDATA', payload: { timestampMs: number; metrics: Metric[] }, isLost: boolean): void {
    const seq = this.seq
    this.seq = (seq + 1) & 255
    const device = type === 'NBIRTH' ? {} : { device: DEVICE }
    if (!isLost) this.send(topicOf({ group: SITE, type, node: NODE, ...device }), encodePayload({ ...payload, seq }, type !== 'DDATA'))
  }
}
