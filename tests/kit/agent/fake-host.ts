import { connectAsync, type MqttClient } from 'mqtt'
import {
  DataType,
  decodePayload,
  encodePayload,
  METRIC,
  type Metric,
  type Payload,
  parseTopic,
  stateTopicOf,
  topicOf,
} from '../../../shared/src/sparkplug/index.ts'

/** One message of the node, in the order of arrival. */
export interface SeenMessage {
  type: string
  device?: string
  payload: Payload
  atMs: number
}

/** One scan as the host received it, its aliases resolved by the births. */
export interface SeenScan {
  device: string
  offset: number | undefined
  previousOffset: number | undefined
  isHistorical: boolean
  values: Map<string, Metric>
  atMs: number
}

/**
 * A small Sparkplug host for tests of the agent: says STATE, records everything, checks sequence numbers, and sends commands when asked to.
 * `stop` takes it away as a crash would or cleanly.
 */
export class FakeHost {
  readonly messages: SeenMessage[] = []
  readonly scans: SeenScan[] = []
  /** What the protocol forbids and was seen all the same. */
  readonly violations: string[] = []
  epoch: string | undefined
  readonly #aliases = new Map<number, { device: string; name: string }>()
  readonly #born = new Set<string>()
  #nextSeq: number | undefined
  #client: MqttClient | undefined
  readonly #options: { url: string; site: string; node: string; hostId: string }

  constructor(options: { url: string; site: string; node: string; hostId: string }) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { url, site, hostId } = this.#options
    const timestamp = Date.now()
    const state = (online: boolean) => Buffer.from(JSON.stringify({ online, timestamp }))
    const client = await connectAsync(url, {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 0,
      will: { topic: stateTopicOf(hostId), payload: state(false), qos: 1, retain: true },
    })
    this.#client = client
    client.on('error', () => {})
    client.on('message', (topic, bytes) => this.#take(topic, bytes))
    await client.subscribeAsync(`spBv1.0/${site}/#`, { qos: 1 })
    await client.publishAsync(stateTopicOf(hostId), state(true), { qos: 1, retain: true })
  }

  /** As a crash: the broker publishes the will. */
  crash(): void {
    this.#client?.stream.destroy()
    this.#client = undefined
  }

  async stop(): Promise<void> {
    const { hostId } = this.#options
    const client = this.#client
    this.#client = undefined
    if (!client?.connected) return
    await client.publishAsync(stateTopicOf(hostId), JSON.stringify({ online: false, timestamp: Date.now() }), { qos: 1, retain: true })
    await client.endAsync()
  }

  async command(...metrics: { name: string; value: number | boolean | string }[]): Promise<void> {
    const { site, node } = this.#options
    const typed = metrics.map(({ name, value }) => ({
      name,
      value,
      timestampMs: Date.now(),
      datatype: typeof value === 'number' ? DataType.Int64 : typeof value === 'boolean' ? DataType.Boolean : DataType.String,
    }))
    const bytes = encodePayload({ timestampMs: Date.now(), metrics: typed })
    await this.#client?.publishAsync(topicOf({ group: site, type: 'NCMD', node }), Buffer.from(bytes), { qos: 0 })
  }

  commit(offset: number, epoch = this.epoch ?? ''): Promise<void> {
    return this.command({ name: METRIC.committedOffset, value: offset }, { name: METRIC.logEpoch, value: epoch })
  }

  replayFrom(offset: number, epoch = this.epoch ?? ''): Promise<void> {
    return this.command({ name: METRIC.replayFrom, value: offset }, { name: METRIC.logEpoch, value: epoch })
  }

  rebirth(): Promise<void> {
    return this.command({ name: METRIC.rebirth, value: true })
  }

  offsets(): Set<number> {
    return new Set(this.scans.flatMap((scan) => (scan.offset === undefined ? [] : [scan.offset])))
  }

  of(type: string, device?: string): SeenMessage[] {
    return this.messages.filter((message) => message.type === type && (device === undefined || message.device === device))
  }

  #take(topicText: string, bytes: Buffer): void {
    const topic = parseTopic(topicText)
    if (topic === undefined || topic.type.endsWith('CMD')) return
    const payload = decodePayload(bytes)
    this.messages.push({ type: topic.type, device: topic.device, payload, atMs: Date.now() })
    if (topic.type === 'NDEATH') {
      if (payload.seq !== undefined) this.violations.push('NDEATH has a seq')
      this.#nextSeq = undefined
      this.#born.clear()
      return
    }
    if (topic.type === 'NBIRTH') {
      this.#aliases.clear()
      this.#born.clear()
      this.#nextSeq = 0
      this.epoch = payload.metrics.find((metric) => metric.name === METRIC.logEpoch)?.value as string | undefined
    }
    // Before an NBIRTH was seen nothing can be said of the order.
    if (this.#nextSeq === undefined) return
    if (payload.seq !== this.#nextSeq) this.violations.push(`${topicText}: seq ${payload.seq} instead of ${this.#nextSeq}`)
    this.#nextSeq = ((payload.seq ?? 0) + 1) % 256
    const { device } = topic
    if (device === undefined) return
    if (topic.type === 'DBIRTH') {
      this.#born.add(device)
      for (const { alias, name } of payload.metrics)
        if (alias !== undefined && name !== undefined) this.#aliases.set(alias, { device, name })
      return
    }
    if (!this.#born.has(device)) this.violations.push(`${topicText} without a birth`)
    if (topic.type === 'DDEATH') this.#born.delete(device)
    if (topic.type === 'DDATA') this.#takeScan(device, payload)
  }

  #takeScan(device: string, payload: Payload): void {
    const values = new Map<string, Metric>()
    for (const metric of payload.metrics) {
      const meant = this.#aliases.get(metric.alias ?? -1)
      if (meant?.device !== device) this.violations.push(`${device}: alias ${metric.alias} was not born`)
      else values.set(meant.name, metric)
    }
    const historical = payload.metrics.filter((metric) => metric.isHistorical).length
    if (historical !== 0 && historical !== payload.metrics.length) this.violations.push(`${device}: only some metrics are historical`)
    const offset = values.get(METRIC.logOffset)?.value as number | undefined
    const previousOffset = values.get(METRIC.logPreviousOffset)?.value as number | undefined
    values.delete(METRIC.logOffset)
    values.delete(METRIC.logPreviousOffset)
    this.scans.push({ device, offset, previousOffset, isHistorical: historical > 0, values, atMs: Date.now() })
  }
}
