import { once } from 'node:events'
import { encodePayload, type MessageType, type Metric, type MetricValue, topicOf } from '@roomkeeper/shared/sparkplug'
import type { LoggedScan, LogPlace, ScanRecord } from '../log/index.ts'
import type { BrokerLink } from './broker-link.ts'
import type { DeviceBook, KnownDevice } from './device-book.ts'
import { type AliasTable, deviceBirth, deviceData, deviceDeath, nodeBirth, nodeData, nodeDeath, type UnsentPayload } from './payloads.ts'

export interface NodeSessionOptions {
  site: string
  node: string
  link: BrokerLink
  devices: DeviceBook
  aliases: AliasTable
  clock: { nowMs(): number }
}

interface Birth {
  version: number
  /** Born only so that its logged scans can be sent; the device itself does not answer now. */
  isForReplay: boolean
}

/** The replay waits while more than this has not left for the broker. */
const REPLAY_BUFFER_BYTES = 256 * 1024

/**
 * One Sparkplug session: from NBIRTH to NDEATH on one connection. Everything is published at once or not at all, and in one turn with
 * taking its sequence number, so numbers go out in order.
 */
export class NodeSession {
  readonly #options: NodeSessionOptions
  readonly #born = new Map<string, Birth>()
  #seq = 0
  #liveGapAfter: number | undefined
  /** What the host knows of the node's own metrics. */
  readonly #told = new Map<string, MetricValue>()

  constructor(options: NodeSessionOptions) {
    this.#options = options
  }

  get signal(): AbortSignal {
    return this.#options.link.signal
  }

  /** Bytes handed over that the network has not taken yet. */
  get bufferedBytes(): number {
    return this.#options.link.client.stream?.writableLength ?? 0
  }

  /** NBIRTH and the DBIRTH of every device that answers. Also the answer to a rebirth request, with the same bdSeq. */
  births(node: Omit<Parameters<typeof nodeBirth>[0], 'bdSeq'>): void {
    this.#seq = 0
    this.#born.clear()
    const birth = nodeBirth({ ...node, bdSeq: this.#options.link.bdSeq }, this.#nowMs())
    this.#news(birth.metrics)
    this.#send('NBIRTH', birth)
    for (const device of this.#options.devices.alive()) this.#birth(device, false)
  }

  /** One scan as it happens. */
  live(scan: ScanRecord, place: LogPlace | undefined): void {
    const device = this.#options.devices.get(scan.device)
    if (device === undefined) return
    const birth = this.#born.get(device.id)
    if (birth === undefined || birth.isForReplay || birth.version !== device.version) this.#birth(device, false)
    const gapAfter = this.#liveGapAfter
    if (place && gapAfter !== undefined) this.#liveGapAfter = undefined
    const told = place && gapAfter !== undefined ? { ...place, previousOffset: Math.min(gapAfter, place.previousOffset) } : place
    this.#sendScan(device, scan, { place: told, isHistorical: false })
  }

  /** One scan from the log; `previousOffset` is the record before it, or where the host asked to begin. */
  historical(scan: LoggedScan, previousOffset: number): void {
    const device = this.#options.devices.forReplay(scan)
    const birth = this.#born.get(device.id)
    if (birth === undefined) this.#birth(device, !device.isAlive)
    else if (birth.version !== device.version) this.#birth(device, birth.isForReplay)
    this.#sendScan(device, scan, { place: { offset: scan.offset, previousOffset }, isHistorical: true })
  }

  /** The log has nothing between `offset` and the next live scan: that one says so. */
  noteGapAfter(offset: number): void {
    this.#liveGapAfter = offset
  }

  /** A device stopped answering. */
  deviceDied(id: string): void {
    if (!this.#born.delete(id)) return
    this.#send('DDEATH', deviceDeath(this.#nowMs()), id)
  }

  /** The birth of a device that answers, as it is now. */
  deviceChanged(id: string): void {
    const device = this.#options.devices.get(id)
    if (device?.isAlive) this.#birth(device, false)
  }

  /** Devices that were born for a replay only die with its end. */
  endReplayBirths(): void {
    for (const [id, birth] of this.#born) if (birth.isForReplay) this.deviceDied(id)
  }

  /** Tells what of this is news to the host. */
  nodeChanged(changes: Parameters<typeof nodeData>[0]): void {
    const payload = nodeData(changes, this.#nowMs())
    const metrics = this.#news(payload.metrics)
    if (metrics.length > 0) this.#send('NDATA', { ...payload, metrics })
  }

  #news(metrics: readonly Metric[]): Metric[] {
    const news = metrics.filter(({ name = '', value }) => this.#told.get(name) !== value)
    for (const { name = '', value } of news) this.#told.set(name, value)
    return news
  }

  /** NDEATH before a clean disconnect; waits for the broker's answer, but not long. */
  async die(timeoutMs: number): Promise<void> {
    const { client, bdSeq } = this.#options.link
    if (!client.connected) return
    const bytes = encodePayload(nodeDeath(bdSeq, this.#nowMs()))
    await Promise.race([
      client.publishAsync(this.#topic('NDEATH'), asBuffer(bytes), { qos: 1 }).catch(() => {}),
      new Promise((resolve) => setTimeout(resolve, timeoutMs).unref()),
    ])
  }

  /** Waits until the network has taken most of what was published. Rejects when the signal is aborted. */
  async drained(signal: AbortSignal): Promise<void> {
    while (this.bufferedBytes > REPLAY_BUFFER_BYTES) await once(this.#options.link.client.stream, 'drain', { signal })
    signal.throwIfAborted()
  }

  #birth(device: KnownDevice, isForReplay: boolean): void {
    this.#born.set(device.id, { version: device.version, isForReplay })
    this.#send('DBIRTH', deviceBirth(device, this.#options.aliases, this.#nowMs()), device.id)
  }

  #sendScan(device: KnownDevice, scan: ScanRecord, delivery: Parameters<typeof deviceData>[2]): void {
    this.#send('DDATA', deviceData(device, scan, delivery, this.#options.aliases, this.#nowMs()), device.id)
  }

  #send(type: MessageType, payload: UnsentPayload, device?: string): void {
    const { client } = this.#options.link
    // What is not sent now stays in the log, and the host sees by the missing birth or number that it must ask for it.
    if (!client.connected || this.signal.aborted) return
    const seq = this.#seq
    this.#seq = (seq + 1) % 256
    client.publish(this.#topic(type, device), asBuffer(encodePayload({ ...payload, seq }, type.endsWith('BIRTH'))), { qos: 0 })
  }

  #topic(type: MessageType, device?: string): string {
    return topicOf({ group: this.#options.site, node: this.#options.node, type, device })
  }

  #nowMs(): number {
    return this.#options.clock.nowMs()
  }
}

/** protobufjs gives a Buffer in Node but promises a Uint8Array; mqtt takes Buffers. No bytes are copied. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
