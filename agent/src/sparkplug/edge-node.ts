import { join } from 'node:path'
import { decodePayload, parseTopic, stateTopicOf, topicOf } from '@roomkeeper/shared/sparkplug'
import type { Logger } from 'pino'
import type { Fault } from '../faults/fault-book.ts'
import type { LogPlace, ReadingLog, ScanRecord } from '../log/index.ts'
import type { Neighbour } from '../neighbours/neighbours.ts'
import { BrokerConnector, type BrokerLink } from './broker-link.ts'
import { type DeviceCommand, type NodeCommand, parseDeviceCommands, parseNodeCommands } from './commands.ts'
import type { DeviceBook } from './device-book.ts'
import { type HostState, takeHostState } from './host-state.ts'
import { NodeSession } from './node-session.ts'
import { AliasTable, type LogFigures } from './payloads.ts'
import { replay } from './replay.ts'
import { TokenBucket } from './token-bucket.ts'

export interface EdgeNodeOptions {
  site: string
  node: string
  primaryHost: string
  mqtt: { url: string; username?: string; password?: string; ca?: string; clientId?: string }
  dataDir: string
  devices: DeviceBook
  /** Undefined while the log cannot be used. */
  readingLog(): ReadingLog | undefined
  faults(): Fault[]
  /** Addresses that the agent sees in its network. */
  neighbours(): readonly Neighbour[]
  onDeviceCommand(device: string, command: Exclude<DeviceCommand, { kind: 'refused' }>): void
  agentVersion: string
  clock: { nowMs(): number; monotonicMs(): number }
  log: Logger
  /** Readings a second during a replay. */
  replayReadingsPerSecond?: number
}

export type EdgeNodeState =
  /** No connection to the broker. */
  | 'disconnected'
  /** Connected; the primary host is offline, so scans are only logged. */
  | 'waiting-for-host'
  | 'online'

/** The server ties the client id to the credential, so that no other client can push this agent off the broker. */
export function clientIdOf({ site, node, mqtt }: Pick<EdgeNodeOptions, 'site' | 'node' | 'mqtt'>): string {
  return mqtt.clientId ?? mqtt.username ?? `roomkeeper-agent-${site}-${node}`
}

/** Seven days of 200 points at 10-s scans are 12 million readings: four minutes. `npm run bench -- replay` measures live data beside it. */
/** Written at every connection: its presence says that this agent has run before. */
export const BDSEQ_FILE = 'bdseq'
const DEFAULT_REPLAY_RATE = 50_000
/** A connection that lets so much pile up is broken; the log has it all. About a minute of 200 points at 1 s. */
const MAX_BUFFERED_BYTES = 4 * 1024 * 1024
const FIGURES_INTERVAL_MS = 10_000
const DEATH_TIMEOUT_MS = 1000
/** A host whose clock went back is seen again after at most this long, by a new connection. */
const IGNORED_HOST_RETRY_MS = 30_000

/**
 * The Sparkplug B 3.0 edge node: says births once the primary host is online, sends scans live, and replays from the log what the host
 * asks for. It never keeps a scan itself: what cannot be sent now is in the log.
 */
export class EdgeNode {
  readonly #options: EdgeNodeOptions
  readonly #connector: BrokerConnector
  readonly #aliases = new AliasTable()
  #link: BrokerLink | undefined
  #host: HostState | undefined
  #session: NodeSession | undefined
  #replay: AbortController | undefined
  #figuresTimer: NodeJS.Timeout | undefined
  #lastEndReason = ''

  constructor(options: EdgeNodeOptions) {
    this.#options = options
    const { site, node } = options
    this.#connector = new BrokerConnector(
      {
        ...options.mqtt,
        clientId: clientIdOf(options),
        deathTopic: topicOf({ group: site, type: 'NDEATH', node }),
        bdSeqPath: join(options.dataDir, BDSEQ_FILE),
        clock: options.clock,
      },
      {
        onConnect: (link) => this.#onConnect(link),
        onMessage: (link, topic, bytes) => this.#onMessage(link, topic, bytes),
        onEnd: (reason, retryMs) => this.#onEnd(reason, retryMs),
      },
    )
  }

  get state(): EdgeNodeState {
    if (this.#session) return 'online'
    return this.#link ? 'waiting-for-host' : 'disconnected'
  }

  start(): void {
    this.#figuresTimer = setInterval(() => this.#tellFigures(), FIGURES_INTERVAL_MS)
    this.#connector.start()
  }

  /** Says NDEATH when it is connected, and disconnects. */
  async stop(): Promise<void> {
    clearInterval(this.#figuresTimer)
    this.#connector.stopRetrying()
    this.#replay?.abort(new Error('the agent stops'))
    const session = this.#session
    this.#session = undefined
    await session?.die(DEATH_TIMEOUT_MS)
    await this.#disconnect()
    this.#connector.stop()
  }

  /** Publishes a scan that was just logged (`place`), or could not be logged. Does nothing while the host is not there. */
  publish(scan: ScanRecord, place: LogPlace | undefined): void {
    const session = this.#session
    if (session === undefined) return
    session.live(scan, place)
    if (session.bufferedBytes > MAX_BUFFERED_BYTES) this.#connector.reconnect('the broker takes nothing any more')
  }

  /** Publishes a scan that was published without a place, now that the slow disk gave it one. */
  publishLate(scan: ScanRecord, place: LogPlace): void {
    this.#session?.historical({ ...scan, offset: place.offset }, place.previousOffset)
  }

  deviceDied(id: string): void {
    this.#session?.deviceDied(id)
  }

  /** Says the device's birth again: people set something, or it became another device. */
  deviceChanged(id: string): void {
    this.#session?.deviceChanged(id)
  }

  faultsChanged(): void {
    this.#session?.nodeChanged({ faults: this.#options.faults() })
  }

  neighboursChanged(): void {
    this.#session?.nodeChanged({ neighbours: this.#options.neighbours() })
  }

  /** Says all births again: the log came, went, or has a new epoch. */
  rebirth(): void {
    this.#session?.births(this.#birthContent())
  }

  #onConnect(link: BrokerLink): void {
    const { site, node, primaryHost, log } = this.#options
    this.#link = link
    this.#host = undefined
    this.#lastEndReason = ''
    log.info({ broker: this.#options.mqtt.url, bdSeq: link.bdSeq }, 'connected to the broker; waiting for the primary host')
    const topics = [
      topicOf({ group: site, type: 'NCMD', node }),
      `${topicOf({ group: site, type: 'DCMD', node })}/#`,
      stateTopicOf(primaryHost),
    ]
    link.client.subscribe(topics, { qos: 1 }, (error, granted) => {
      if (link.signal.aborted) return
      const refused = (granted ?? []).filter((grant) => grant.qos === 128).map((grant) => grant.topic)
      if (error) this.#connector.reconnect(`the subscription failed: ${error.message}`)
      else if (refused.length > 0) log.error({ topics: refused }, 'the broker refuses subscriptions; check the rights of this agent')
    })
  }

  #onMessage(link: BrokerLink, topic: string, bytes: Buffer): void {
    if (link !== this.#link) return
    if (topic === stateTopicOf(this.#options.primaryHost)) this.#onHostState(link, bytes)
    else if (topic === topicOf({ group: this.#options.site, type: 'NCMD', node: this.#options.node })) this.#onCommand(bytes)
    else this.#onDeviceCommand(parseTopic(topic)?.device ?? '', bytes)
  }

  #onHostState(link: BrokerLink, bytes: Buffer): void {
    const { state, change } = takeHostState(this.#host, bytes)
    this.#host = state
    const { log, primaryHost } = this.#options
    switch (change) {
      case 'online':
        log.info({ host: primaryHost }, 'the primary host is online; births follow')
        this.#session = new NodeSession({ ...this.#options, link, aliases: this.#aliases })
        this.#session.births(this.#birthContent())
        return
      case 'offline':
        log.warn({ host: primaryHost }, 'the primary host is offline; scans are kept in the log')
        void this.#startOver()
        return
      case 'older':
        log.warn({ host: primaryHost }, 'ignored a state of the primary host that is older than the last one')
        setTimeout(() => {
          if (this.#link === link && this.#session === undefined) this.#connector.reconnect('the primary host’s clock went back')
        }, IGNORED_HOST_RETRY_MS).unref()
        return
      case 'invalid':
        log.warn({ host: primaryHost }, 'ignored a state message that is none')
        return
      case 'none':
        return
    }
  }

  #onDeviceCommand(id: string, bytes: Buffer): void {
    const log = this.#options.log.child({ device: id })
    const device = this.#options.devices.get(id)
    const outputs = device?.points.flatMap((point) => (point.isWritable ? [point.key] : [])) ?? []
    let commands: DeviceCommand[]
    try {
      commands = parseDeviceCommands(decodePayload(bytes), new Set(outputs), (alias) => this.#aliases.nameOf(id, alias))
    } catch (error) {
      log.warn({ err: error }, 'ignored a command that cannot be decoded')
      return
    }
    for (const command of commands) {
      if (command.kind === 'refused') log.warn({ why: command.why }, 'ignored a command')
      else this.#options.onDeviceCommand(id, command)
    }
  }

  /** The host went offline: NDEATH, disconnect, begin again (tck-id-message-flow-edge-node-birth-publish-phid-offline). */
  async #startOver(): Promise<void> {
    this.#replay?.abort(new Error('the primary host is offline'))
    const session = this.#session
    this.#session = undefined
    await session?.die(DEATH_TIMEOUT_MS)
    if (session) await this.#disconnect()
    this.#connector.reconnect('the primary host is offline')
  }

  /** DISCONNECT, so that the broker does not send the will after an NDEATH. */
  async #disconnect(): Promise<void> {
    const client = this.#link?.client
    if (!client?.connected) return
    await Promise.race([client.endAsync().catch(() => {}), new Promise((resolve) => setTimeout(resolve, DEATH_TIMEOUT_MS).unref())])
  }

  #onEnd(reason: string, retryMs: number): void {
    this.#replay?.abort(new Error(reason))
    this.#link = undefined
    this.#session = undefined
    // The same refusal every few seconds is told once.
    const { log } = this.#options
    const level = reason === this.#lastEndReason ? 'debug' : 'warn'
    this.#lastEndReason = reason
    log[level]({ broker: this.#options.mqtt.url, reason, retryMs }, 'not connected to the broker; scans are kept in the log')
  }

  #onCommand(bytes: Buffer): void {
    const { log } = this.#options
    let commands: NodeCommand[]
    try {
      commands = parseNodeCommands(decodePayload(bytes), this.#options.readingLog()?.epoch)
    } catch (error) {
      log.warn({ err: error }, 'ignored a command that cannot be decoded')
      return
    }
    for (const command of commands) {
      if (command.kind === 'refused') log.warn({ why: command.why }, 'ignored a command')
      else if (command.kind === 'rebirth') this.rebirth()
      else if (command.kind === 'committed') void this.#commit(command.offset)
      else void this.#runReplay(command.fromOffset)
    }
  }

  async #commit(offset: number): Promise<void> {
    const readingLog = this.#options.readingLog()
    if (readingLog && (await readingLog.commit(offset)) === 'ahead') await this.#hostIsAhead(readingLog, offset)
  }

  /**
   * The host has seen offsets this log never gave: the disk lost its end, or an old copy came back. Under the old epoch the
   * host would take new records for known ones; under a new one it asks for everything, and duplicates overwrite themselves.
   */
  async #hostIsAhead(readingLog: ReadingLog, offset: number): Promise<void> {
    const { log } = this.#options
    log.error(
      { hostOffset: offset, nextOffset: readingLog.nextOffset },
      'the host knows more than the reading log, which has lost its end; it takes a new epoch',
    )
    try {
      await readingLog.renewEpoch()
      this.rebirth()
    } catch (error) {
      log.error({ err: error }, 'the new epoch could not be stored; the next commit tries again')
    }
  }

  async #runReplay(fromOffset: number): Promise<void> {
    const { log } = this.#options
    const readingLog = this.#options.readingLog()
    const session = this.#session
    if (readingLog === undefined || session === undefined) return
    this.#replay?.abort(new Error('another replay was asked for'))
    if (fromOffset > readingLog.nextOffset) return this.#hostIsAhead(readingLog, fromOffset)
    const controller = new AbortController()
    this.#replay = controller
    const signal = AbortSignal.any([controller.signal, session.signal])
    const bucket = new TokenBucket(this.#options.replayReadingsPerSecond ?? DEFAULT_REPLAY_RATE, this.#options.clock.monotonicMs)
    try {
      const sent = await replay({ log: readingLog, fromOffset, target: session, bucket, signal })
      if (sent > 0) log.info({ fromOffset, scans: sent }, 'replayed what the host asked for')
      session.endReplayBirths()
      this.#tellFigures()
    } catch (error) {
      if (signal.aborted) return
      log.error({ err: error, fromOffset }, 'the replay failed; the host will ask again')
    } finally {
      if (this.#replay === controller) this.#replay = undefined
    }
  }

  #birthContent() {
    const { agentVersion, faults, neighbours } = this.#options
    return { log: this.#figures(), agentVersion, faults: faults(), neighbours: neighbours() }
  }

  #figures(): LogFigures | undefined {
    const readingLog = this.#options.readingLog()
    if (readingLog === undefined) return undefined
    const { epoch, firstOffset, nextOffset, backlog } = readingLog
    return { epoch, firstOffset, nextOffset, backlog }
  }

  #tellFigures(): void {
    const log = this.#figures()
    if (log) this.#session?.nodeChanged({ log })
  }
}
