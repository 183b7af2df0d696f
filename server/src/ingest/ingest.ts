import {
  DEVICE_SETTINGS,
  decodePayload,
  METRIC,
  type Metric,
  type Payload,
  parseTopic,
  type SparkplugTopic,
  topicOf,
} from '@roomkeeper/shared/sparkplug'
import type { Logger } from 'pino'
import type { AlarmChange } from '../alarms/alarm-types.ts'
import type { HostConnection } from '../broker/host-connection.ts'
import type { Db } from '../database/schema.ts'
import type { LiveValues } from '../live/live-values.ts'
import { type BirthDependencies, registerDevice, registerNode } from './births.ts'
import type { Directory } from './directory.ts'
import type { DeviceEntry } from './entries.ts'
import { type FastScan, readFastScan } from './fast-scan.ts'
import { dropForks, forkDevice, forkJudges } from './judge-lanes.ts'
import { alignJudges } from './judging.ts'
import { LogIntake, type LogIntakeDependencies } from './log-intake.ts'
import { nodeSignal } from './node-alarms.ts'
import { NodeCommands, REBIRTH_RETRY_MS } from './node-commands.ts'
import { byName, type Neighbour, numberOf, parseFaults, parseNeighbours, textOf } from './node-metrics.ts'
import { NodeSession } from './node-session.ts'
import { decodeScan, slotByName } from './scan-decoder.ts'

export interface IngestDependencies {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  directory: Directory
  live: LiveValues
  connection: HostConnection
  alarms: { submit: (change: AlarmChange) => void }
  writer: LogIntakeDependencies['writer']
  createRoom: BirthDependencies['createRoom']
  /** A device's birth was taken up; the node's messages wait until this is done. */
  onDeviceBirth(device: DeviceEntry, birth: Payload): Promise<void>
  counters: { received(readings: number): void; lagMs(ms: number): void }
  /** A device or node appeared, went away or came back. */
  onChange(topic: 'rooms' | 'agents'): void
  /** The addresses that a node sees in its network. */
  onNeighbours?(path: string, neighbours: readonly Neighbour[]): void
}

/** Aliases index an array; an agent numbers its metrics from 1. A larger one is not taken, and its data asks for a rebirth. */
const MAX_ALIAS = 1_000_000
/** Far above what one box can read; it bounds what a runaway agent can put into the database. */
const MAX_DEVICES = 2000
/** A device that is away for less has not been away. */
const MOMENT_MS = 5000
/** Topics remembered as parsed; an agent has a few dozen. */
const MAX_KNOWN_TOPICS = 20_000

/**
 * The Sparkplug host: births, data and deaths of every node in; live values, alarm changes and scans for the store out; replays and
 * rebirths asked for where something is missing. One message at a time and synchronous, but for births, which wait for the database.
 */
export class Ingest {
  readonly sessions = new Map<string, NodeSession>()
  readonly commands: NodeCommands
  private readonly dependencies: IngestDependencies
  private readonly births: BirthDependencies
  private readonly intake: LogIntake
  private readonly topics = new Map<string, SparkplugTopic>()

  constructor(dependencies: IngestDependencies) {
    this.dependencies = dependencies
    this.births = { ...dependencies }
    this.commands = new NodeCommands(dependencies)
    this.intake = new LogIntake({ ...dependencies, requestReplay: (session) => this.commands.replay(session) })
  }

  /** Brings the judges to where logs and alarms were left, then listens. Call before the connection starts. */
  async start(): Promise<void> {
    const { db, directory } = this.dependencies
    // The judges as they were saved belong to the committed position and fold the replay from there; the live ones go by the alarms.
    for (const entry of directory.nodes.values()) forkJudges(this.sessionOf(entry.site, entry.node, entry))
    await alignJudges(db, directory)
    this.dependencies.connection.onMessage((topic, payload) => this.receive(topic, payload))
  }

  private sessionOf(site: string, node: string, entry: NodeSession['entry']): NodeSession {
    const key = `${site}/${node}`
    const known = this.sessions.get(key)
    if (known) return known
    const log = this.dependencies.log.child({ module: 'ingest', node: key })
    const session = new NodeSession(entry, log, this.dependencies.clock.nowMs())
    this.sessions.set(key, session)
    return session
  }

  private receive(topicText: string, bytes: Uint8Array): void {
    const topic = this.parse(topicText)
    if (!topic || topic.type.endsWith('CMD')) return
    const session = this.sessions.get(`${topic.group}/${topic.node}`)
    // A birth of this node is being written: its data must wait for the points the birth brings. The bytes are copied, as the caller reuses them.
    if (session?.waiting) {
      const copy = bytes.slice()
      session.waiting.push(() => this.handle(topic, copy))
      return
    }
    this.handle(topic, bytes)
  }

  private parse(text: string): SparkplugTopic | undefined {
    const known = this.topics.get(text)
    if (known) return known
    const topic = parseTopic(text)
    if (this.topics.size >= MAX_KNOWN_TOPICS) this.topics.clear()
    if (topic) this.topics.set(text, topic)
    return topic
  }

  private handle(topic: SparkplugTopic, bytes: Uint8Array): void {
    if (topic.type === 'DDATA' && this.fastData(topic, bytes)) return
    let payload: Payload
    try {
      payload = decodePayload(bytes)
    } catch (error) {
      this.dependencies.log.warn({ module: 'ingest', topic: topicOf(topic), err: error }, 'message is no Sparkplug payload; ignored')
      return
    }
    if (topic.type === 'NBIRTH') {
      this.afterBirth(topic, this.nodeBirth(topic, payload))
      return
    }
    const session = this.sessions.get(`${topic.group}/${topic.node}`)
    if (!session?.isOnline) {
      if (topic.type !== 'NDEATH') this.askUnknownForBirth(topic)
      return
    }
    if (topic.type === 'NDEATH') {
      this.nodeDeath(session, payload)
      return
    }
    this.noteReceipt(session, payload)
    if (topic.type === 'DDATA') this.deviceData(session, topic.device as string, payload)
    else if (topic.type === 'DBIRTH') this.afterBirth(topic, this.deviceBirth(session, topic.device as string, payload))
    else if (topic.type === 'DDEATH') this.deviceDeath(session, topic.device as string)
    else this.nodeData(session, payload.metrics)
  }

  /** While a birth is written the node's further messages wait; a birth that fails is asked for again. */
  private afterBirth(topic: SparkplugTopic, birth: Promise<void>): void {
    const key = `${topic.group}/${topic.node}`
    const hold = this.sessions.get(key)
    if (hold) hold.waiting ??= []
    birth
      .catch((error: unknown) => {
        this.dependencies.log.error({ module: 'ingest', node: key, err: error }, 'a birth could not be taken up; asking for it again')
        const session = this.sessions.get(key)
        if (session) session.isOnline = false
      })
      .finally(() => {
        const session = this.sessions.get(key)
        const held = session?.waiting ?? []
        if (session) session.waiting = undefined
        for (let i = 0; i < held.length; i++) {
          if (session?.waiting) {
            session.waiting.push(...held.slice(i))
            break
          }
          held[i]?.()
        }
      })
      .catch((error: unknown) => this.dependencies.log.error({ module: 'ingest', node: key, err: error }, 'a message could not be handled'))
  }

  private async nodeBirth(topic: SparkplugTopic, payload: Payload): Promise<void> {
    const { directory, clock, db } = this.dependencies
    const isNew = !directory.nodes.has(`${topic.group}/${topic.node}`)
    // A first birth has no session yet to hold its data back with.
    const session = this.sessionOf(
      topic.group,
      topic.node,
      directory.nodes.get(`${topic.group}/${topic.node}`) ?? { id: 0, site: topic.group, node: topic.node, devices: new Map() },
    )
    session.waiting ??= []
    const entry = await registerNode(this.births, topic.group, topic.node)
    if (isNew) Object.assign(session, { entry })
    const metrics = byName(payload.metrics)
    const nowMs = clock.nowMs()
    const wasOnline = session.isOnline
    session.isOnline = true
    session.bdSeq = numberOf(metrics.get(METRIC.bdSeq)?.value)
    session.nextSeq = 1
    session.version = textOf(metrics.get(METRIC.agentVersion)?.value)
    session.slots = []
    session.commandAliases.clear()
    this.noteTime(session, payload)
    this.nodeData(session, payload.metrics)
    const epoch = textOf(metrics.get(METRIC.logEpoch)?.value)
    if (epoch) await this.takeUpLog(session, epoch, numberOf(metrics.get(METRIC.logFirstOffset)?.value) ?? 1)
    for (const device of entry.devices.values()) this.setDeviceOnline(device, false)
    await db.updateTable('edgeNode').set({ online: 1, version: session.version, lastSeenMs: nowMs }).where('id', '=', entry.id).execute()
    session.log.info({ version: session.version, epoch, next: session.frontier?.next, wasOnline }, 'agent is there')
    if (epoch) this.commands.replay(session)
    else if (!session.frontier) dropForks(session)
    this.dependencies.onChange('agents')
  }

  /** Finds the place in the log where this server stopped taking; a log that begins later, or is another, has lost the difference. */
  private async takeUpLog(session: NodeSession, epoch: string, firstOffset: number): Promise<void> {
    const row =
      session.epoch === epoch
        ? undefined
        : await this.dependencies.db
            .selectFrom('logPosition')
            .select('committedOffset')
            .where('nodeId', '=', session.entry.id)
            .where('epoch', '=', epoch)
            .executeTakeFirst()
    const lost = this.intake.takeUp(session, epoch, firstOffset, row?.committedOffset)
    if (lost === 0) return
    session.log.error({ lost, firstOffset }, 'the agent dropped records that were never committed')
    const signal = nodeSignal(session, 'log-loss', 'high', this.dependencies.clock.nowMs(), lost)
    // An event, not a state: it stands as returned until somebody has seen it.
    this.dependencies.alarms.submit({ kind: 'excursion', signal, endedAtMs: signal.atMs })
  }

  private async deviceBirth(session: NodeSession, deviceId: string, payload: Payload): Promise<void> {
    if (isOneTooMany(session, deviceId)) {
      session.log.error({ device: deviceId, most: MAX_DEVICES }, 'this agent has too many devices; a further one is not taken up')
      return
    }
    const device = await registerDevice(this.births, session.entry, deviceId, payload.metrics)
    for (const metric of payload.metrics) {
      const { alias, name, datatype } = metric
      const point = name === undefined ? undefined : device.points.get(name)
      if (point) point.datatype = datatype
      if (alias !== undefined && (point?.isWritable || name === DEVICE_SETTINGS)) session.commandAliases.set(`${deviceId}/${name}`, alias)
      if (alias !== undefined && name !== undefined && alias >= 0 && alias <= MAX_ALIAS) session.slots[alias] = slotByName(device, name)
    }
    if (session.frontier?.isCatchingUp) forkDevice(session, device)
    this.setDeviceOnline(device, true)
    const scan = decodeScan(session, device, payload)
    // The readings a birth repeats are in the log too, where there is one: judged here they would come out of their order.
    if (session.frontier && scan.offset === undefined) this.intake.show(scan, payload.timestampMs)
    else this.intake.accept(session, scan)
    await this.dependencies.onDeviceBirth(device, payload)
    this.dependencies.onChange('rooms')
  }

  private deviceData(session: NodeSession, deviceId: string, payload: Payload): void {
    const device = session.device(deviceId)
    const scan = device && decodeScan(session, device, payload)
    if (isOneTooMany(session, deviceId)) return
    if (!scan) this.commands.rebirth(session, `data of a device without birth: ${deviceId}`)
    else if (scan.hasUnknown) this.commands.rebirth(session, `${deviceId} sends metrics that no birth has named`)
    else this.intake.accept(session, scan)
  }

  /** The common message without an object per metric; false leaves it to the general way. */
  private fastData(topic: SparkplugTopic, bytes: Uint8Array): boolean {
    const session = this.sessions.get(`${topic.group}/${topic.node}`)
    const device = session?.isOnline ? session.device(topic.device as string) : undefined
    const read = device && readFastScan(bytes, device, (session as NodeSession).slots)
    if (!session || !read) return false
    this.noteReceipt(session, read)
    this.intake.accept(session, read.scan)
    return true
  }

  private nodeDeath(session: NodeSession, payload: Payload): void {
    const bdSeq = numberOf(byName(payload.metrics).get(METRIC.bdSeq)?.value)
    // The will of an earlier connection arrives after the birth of the next one.
    if (bdSeq !== undefined && session.bdSeq !== undefined && bdSeq !== session.bdSeq) return
    this.setNodeOffline(session)
  }

  /** Also when the server itself has lost the broker: nothing that comes from this node is fresh any more. */
  setNodeOffline(session: NodeSession): void {
    if (!session.isOnline) return
    session.isOnline = false
    session.offlineSinceMs = this.dependencies.clock.nowMs()
    session.log.warn('agent is gone')
    for (const device of session.entry.devices.values()) this.setDeviceOnline(device, false)
    this.dependencies.db
      .updateTable('edgeNode')
      .set({ online: 0 })
      .where('id', '=', session.entry.id)
      .execute()
      .catch((error: unknown) => session.log.error({ err: error }, 'the state of the agent could not be saved'))
    this.dependencies.onChange('agents')
    this.dependencies.onChange('rooms')
  }

  private deviceDeath(session: NodeSession, deviceId: string): void {
    const device = session.device(deviceId)
    if (!device) return
    this.setDeviceOnline(device, false)
    this.dependencies.onChange('rooms')
  }

  private setDeviceOnline(device: DeviceEntry, isOnline: boolean): void {
    if (device.online === isOnline) return
    const nowMs = this.dependencies.clock.nowMs()
    // A rebirth takes a device away for an instant; its points get a new grace only after a real absence.
    if (isOnline && nowMs - device.offlineSinceMs >= MOMENT_MS) device.onlineSinceMs = nowMs
    device.online = isOnline
    device.offlineSinceMs = isOnline ? 0 : nowMs
    if (isOnline) return
    for (const point of device.points.values()) {
      point.live.quality = 'stale'
      this.dependencies.live.touch(point.live)
    }
  }

  private nodeData(session: NodeSession, metrics: readonly Metric[]): void {
    for (const metric of metrics) {
      if (metric.name === METRIC.logBacklog) session.backlog = numberOf(metric.value) ?? null
      if (metric.name === METRIC.agentFaults) {
        session.faults = parseFaults(metric.value)
        this.dependencies.onChange('agents')
      }
      if (metric.name === METRIC.neighbours) this.dependencies.onNeighbours?.(session.path, parseNeighbours(metric.value))
    }
  }

  /** Sequence numbers find lost messages that carried no offset: births, deaths, node data. */
  private noteReceipt(session: NodeSession, payload: Pick<FastScan, 'seq' | 'timestampMs'>): void {
    this.noteTime(session, payload)
    if (payload.seq === undefined) return
    const expected = session.nextSeq
    session.nextSeq = (payload.seq + 1) & 255
    if (expected !== undefined && payload.seq !== expected)
      this.commands.rebirth(session, `sequence number ${payload.seq} instead of ${expected}`)
  }

  private noteTime(session: NodeSession, payload: Pick<FastScan, 'timestampMs'>): void {
    const nowMs = this.dependencies.clock.nowMs()
    session.lastSeenMs = nowMs
    if (payload.timestampMs > 0) session.clockOffsetMs = payload.timestampMs - nowMs
  }

  /** Asks every node for its birth: after the connection to the broker came (back), nobody knows what was missed. */
  askForBirths(): void {
    for (const session of this.sessions.values()) {
      session.lastRebirthRequestMs = 0
      this.commands.rebirth(session, 'the server has just connected')
    }
  }

  private askUnknownForBirth(topic: SparkplugTopic): void {
    const { directory, clock, log } = this.dependencies
    const entry = directory.nodes.get(`${topic.group}/${topic.node}`) ?? { id: 0, site: topic.group, node: topic.node, devices: new Map() }
    const session = this.sessionOf(topic.group, topic.node, entry)
    if (clock.nowMs() - session.lastRebirthRequestMs > REBIRTH_RETRY_MS)
      log.info({ module: 'ingest', node: session.path }, 'data before its birth')
    this.commands.rebirth(session, 'data before its birth')
  }
}

/** A device that is not known, of an agent that has as many as it may have. */
function isOneTooMany(session: NodeSession, deviceId: string): boolean {
  return session.entry.devices.size >= MAX_DEVICES && !session.device(deviceId)
}
