import type { Socket } from 'node:net'
import {
  DataType,
  decodePayload,
  encodePayload,
  METRIC,
  type Metric,
  PROPERTY,
  parseTopic,
  stateTopicOf,
  topicOf,
} from '@roomkeeper/shared/sparkplug'
import mqtt, { type MqttClient } from 'mqtt'
import { ScanTemplate } from './scan-template.ts'

export interface GeneratorOptions {
  url: string
  username?: string
  password?: string
  site: string
  node: string
  devices: number
  pointsPerDevice: number
  /** Kind of every point; `number` has no limits but silence and doubt. */
  kind?: string
  /** Readings sent and not committed yet; what the real agent keeps in its log. */
  maxUncommittedReadings: number
  epoch: string
  firstOffset?: number
  /** Of a point in a record, also when it is replayed; `generatedValue` by default. */
  pointValue?: (offset: number, index: number) => number
}

/** Value of a point in a record: a function of the offset, so that a replay needs no memory. */
export function generatedValue(offset: number, index: number): number {
  return 20 + ((offset * 31 + index * 7) % 500) / 100
}

/** Time of a record, ms: one millisecond per offset keeps every (point, time) unique. */
export type TimeOfOffset = (offset: number) => number

/**
 * A Sparkplug edge node that makes readings as fast as it is allowed to and keeps no log: what is not committed can be made again
 * from its offset. It obeys commits, replays and rebirths as the real agent does. For benches and faults only.
 */
export class SparkplugGenerator {
  readonly options: GeneratorOptions
  private readonly timeOf: TimeOfOffset
  private readonly templates: ScanTemplate[]
  private client: MqttClient | undefined
  private seq = 0
  private bdSeq = 0
  private isHostOnline = false
  private isBorn = false
  nextOffset: number
  committedOffset: number
  replayed = 0
  replays = 0
  private replayNext = 0
  private replayEnd = 0

  constructor(options: GeneratorOptions, timeOf: TimeOfOffset) {
    this.options = options
    this.timeOf = timeOf
    this.nextOffset = options.firstOffset ?? 1
    this.committedOffset = this.nextOffset - 1
    this.templates = Array.from(
      { length: options.devices },
      (_, device) => new ScanTemplate(options.pointsPerDevice, device * (options.pointsPerDevice + 1) + 1),
    )
  }

  get uncommittedReadings(): number {
    return (this.nextOffset - 1 - this.committedOffset) * this.options.pointsPerDevice
  }

  get isReady(): boolean {
    return this.isBorn && this.isHostOnline && this.client?.connected === true
  }

  connect(): void {
    const { url, username, password, site, node } = this.options
    this.bdSeq = (this.bdSeq + 1) % 256
    const will = encodePayload({ timestampMs: Date.now(), metrics: [{ name: METRIC.bdSeq, datatype: DataType.Int64, value: this.bdSeq }] })
    const client = mqtt.connect(url, {
      username,
      password,
      clientId: username ?? `${site}.${node}`,
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      manualConnect: true,
      queueQoSZero: false,
      will: { topic: topicOf({ group: site, type: 'NDEATH', node }), payload: Buffer.from(will), qos: 1, retain: false },
    })
    this.client = client
    client.on('connect', () => {
      if ('setNoDelay' in client.stream) (client.stream as Socket).setNoDelay(true)
      client.subscribe([topicOf({ group: site, type: 'NCMD', node }), stateTopicOf('roomkeeper')], { qos: 1 })
    })
    client.on('message', (topic, payload) => this.receive(topic, payload))
    client.on('error', () => undefined)
    client.on('close', () => {
      if (this.client !== client) return
      this.client = undefined
      this.isBorn = false
      setTimeout(() => this.connect(), 300)
    })
    client.connect()
  }

  async close(): Promise<void> {
    const client = this.client
    this.client = undefined
    await client?.endAsync(true)
  }

  private receive(topic: string, bytes: Buffer): void {
    if (topic === stateTopicOf('roomkeeper')) {
      const { online } = JSON.parse(bytes.toString()) as { online: boolean }
      this.isHostOnline = online
      if (online) this.birth()
      return
    }
    if (parseTopic(topic)?.type !== 'NCMD') return
    for (const { name, value } of decodePayload(bytes).metrics) {
      if (name === METRIC.rebirth && value === true) this.birth()
      if (name === METRIC.committedOffset) this.committedOffset = Math.max(this.committedOffset, value as number)
      if (name === METRIC.replayFrom) {
        this.replays++
        this.replayNext = value as number
        this.replayEnd = this.nextOffset
      }
    }
  }

  private birth(): void {
    const { devices, pointsPerDevice, epoch, kind = 'number' } = this.options
    this.seq = 0
    const timestampMs = Date.now()
    const nodeMetrics: Metric[] = [
      { name: METRIC.bdSeq, datatype: DataType.Int64, value: this.bdSeq },
      { name: METRIC.rebirth, datatype: DataType.Boolean, value: false },
      { name: METRIC.logEpoch, datatype: DataType.String, value: epoch },
      { name: METRIC.logFirstOffset, datatype: DataType.Int64, value: this.committedOffset + 1 },
      { name: METRIC.logNextOffset, datatype: DataType.Int64, value: this.nextOffset },
    ]
    this.publish(
      'NBIRTH',
      undefined,
      encodePayload({ timestampMs, seq: this.takeSeq(), metrics: nodeMetrics.map((metric) => ({ timestampMs, ...metric })) }),
    )
    for (let device = 0; device < devices; device++) {
      const firstAlias = device * (pointsPerDevice + 1) + 1
      const metrics: Metric[] = [{ name: METRIC.logOffset, alias: firstAlias, datatype: DataType.Int64, value: null }]
      for (let i = 0; i < pointsPerDevice; i++)
        metrics.push({
          name: `p${i}`,
          alias: firstAlias + 1 + i,
          datatype: DataType.Double,
          value: null,
          timestampMs,
          properties: { [PROPERTY.kind]: kind, [PROPERTY.intervalMs]: 1000 },
        })
      this.publish('DBIRTH', `d${device}`, encodePayload({ timestampMs, seq: this.takeSeq(), metrics }))
    }
    this.isBorn = true
  }

  /** Sends up to `records` live records; fewer when the window is full or it is not connected. Returns how many. */
  produce(records: number): number {
    let sent = 0
    while (sent < records && this.isReady && this.uncommittedReadings < this.options.maxUncommittedReadings) {
      this.send(this.nextOffset++, false)
      sent++
    }
    return sent
  }

  /** Sends up to `records` of a replay that was asked for. */
  replay(records: number): number {
    let sent = 0
    while (sent < records && this.isReady && this.replayNext < this.replayEnd) {
      this.send(this.replayNext++, true)
      sent++
      this.replayed++
    }
    return sent
  }

  /** One live record, as by an agent whose log goes on while the server is away: it counts also when it could not be sent. */
  log(): number {
    const offset = this.nextOffset++
    if (this.isReady) this.send(offset, false)
    return offset
  }

  /** A record whose values are given; for excursions. */
  sendValues(value: (index: number) => number): number {
    const offset = this.nextOffset++
    if (this.isReady) this.send(offset, false, value)
    return offset
  }

  private send(offset: number, isHistorical: boolean, given?: (index: number) => number): void {
    const { pointValue = generatedValue } = this.options
    const value = given ?? ((index: number) => pointValue(offset, index))
    const device = offset % this.options.devices
    const template = this.templates[device] as ScanTemplate
    this.publish('DDATA', `d${device}`, template.encode({ offset, timeMs: this.timeOf(offset), seq: this.takeSeq(), isHistorical, value }))
  }

  private takeSeq(): number {
    const { seq } = this
    this.seq = (seq + 1) & 255
    return seq
  }

  private publish(type: 'NBIRTH' | 'DBIRTH' | 'DDATA', device: string | undefined, payload: Uint8Array): void {
    const { site: group, node } = this.options
    this.client?.publish(topicOf({ group, type, node, device }), Buffer.from(payload), { qos: 0 })
  }

  /** Bytes waiting in the socket: the broker is slower than the generator. */
  get backlogBytes(): number {
    return (this.client?.stream as unknown as { writableLength?: number } | undefined)?.writableLength ?? 0
  }
}
