import { DataType, DEVICE_SETTINGS, encodePayload, METRIC, type Metric, topicOf } from '@roomkeeper/shared/sparkplug'
import type { HostConnection } from '../broker/host-connection.ts'
import type { NodeSession } from './node-session.ts'

/** A replay that brings nothing for this long is asked for again. */
const REPLAY_RETRY_MS = 3000
const REPLAY_MIN_MS = 1000
/** Births are asked for at most this often per node. */
export const REBIRTH_RETRY_MS = 5000

export interface NodeCommandsDependencies {
  clock: { nowMs(): number }
  connection: Pick<HostConnection, 'publish'>
  /** No replay is asked for while the writer could not take it. */
  writer: { hasRoom(): boolean }
}

/** What the server asks of agents (NCMD). A command that is lost is asked again by what still needs it. */
export class NodeCommands {
  private readonly dependencies: NodeCommandsDependencies

  constructor(dependencies: NodeCommandsDependencies) {
    this.dependencies = dependencies
  }

  rebirth(session: NodeSession, reason: string): void {
    const nowMs = this.dependencies.clock.nowMs()
    if (nowMs - session.lastRebirthRequestMs < REBIRTH_RETRY_MS) return
    session.lastRebirthRequestMs = nowMs
    session.log.warn({ reason }, 'asking for a rebirth')
    this.send(session, [{ name: METRIC.rebirth, datatype: DataType.Boolean, value: true }])
  }

  replay(session: NodeSession): void {
    const nowMs = this.dependencies.clock.nowMs()
    if (!session.frontier || !session.epoch || !this.dependencies.writer.hasRoom()) return
    if (nowMs - session.lastReplayRequestMs < REPLAY_MIN_MS) return
    session.lastReplayRequestMs = nowMs
    session.lastReplayProgressMs = nowMs
    this.send(session, [
      { name: METRIC.replayFrom, datatype: DataType.Int64, value: session.frontier.next },
      { name: METRIC.logEpoch, datatype: DataType.String, value: session.epoch },
    ])
  }

  /** Asks again for a replay that has stopped coming. */
  replayIfStalled(session: NodeSession): void {
    if (!session.isOnline || !session.frontier?.isCatchingUp) return
    if (this.dependencies.clock.nowMs() - session.lastReplayProgressMs >= REPLAY_RETRY_MS) this.replay(session)
  }

  /** Everything up to `offset` is stored and judged: the agent may forget it. */
  committed(session: NodeSession, offset: number, epoch: string): void {
    this.send(session, [
      { name: METRIC.committedOffset, datatype: DataType.Int64, value: Math.max(0, offset) },
      { name: METRIC.logEpoch, datatype: DataType.String, value: epoch },
    ])
  }

  /** What people set for a device (`deviceSettingsSchema`); its next birth says whether the agent has it. */
  deviceSettings(session: NodeSession, device: string, settingsJson: string): void {
    this.send(session, [{ name: DEVICE_SETTINGS, datatype: DataType.String, value: settingsJson }], device)
  }

  /** Switches an output of a device. Never repeated by itself; rejects when the broker did not take it. */
  output(session: NodeSession, device: string, key: string, value: boolean | number): Promise<void> {
    const datatype = typeof value === 'boolean' ? DataType.Boolean : DataType.Double
    return this.publish(session, [{ name: key, datatype, value }], device)
  }

  private send(session: NodeSession, metrics: Metric[], device?: string): void {
    this.publish(session, metrics, device).catch((error: unknown) => {
      session.log.debug({ err: error }, 'command not sent; the next one repeats it')
    })
  }

  /** To the node, or to one of its devices. */
  private async publish(session: NodeSession, metrics: Metric[], device: string | undefined): Promise<void> {
    const { connection, clock } = this.dependencies
    const { site: group, node } = session.entry
    const topic = topicOf(device === undefined ? { group, type: 'NCMD', node } : { group, type: 'DCMD', node, device })
    const timestampMs = clock.nowMs()
    const addressed = metrics.map(({ name, ...metric }) => {
      const alias = session.commandAliases.get(`${device}/${name}`)
      return { timestampMs, ...(alias === undefined ? { name } : { alias }), ...metric }
    })
    const payload = encodePayload({ timestampMs, metrics: addressed }, false)
    await connection.publish(topic, payload, { qos: 0, retain: false })
  }
}
