import type { Limit } from '@roomkeeper/shared/model'
import { decodePayload, METRIC } from '@roomkeeper/shared/sparkplug'
import pino from 'pino'
import { AlarmStore } from '../../../server/src/alarms/alarm-store.ts'
import type { AlarmChange } from '../../../server/src/alarms/alarm-types.ts'
import type { MessageHandler } from '../../../server/src/broker/host-connection.ts'
import { openDatabase } from '../../../server/src/database/database.ts'
import type { Db } from '../../../server/src/database/schema.ts'
import { attachIncident } from '../../../server/src/incidents/incident-births.ts'
import type { TrackedScan } from '../../../server/src/ingest/commit-queue.ts'
import { Committer } from '../../../server/src/ingest/committer.ts'
import { Directory } from '../../../server/src/ingest/directory.ts'
import { Ingest } from '../../../server/src/ingest/ingest.ts'
import { LiveValues } from '../../../server/src/live/live-values.ts'
import { createPipeline } from '../../../server/src/notify/pipeline.ts'
import { createRoom } from '../../../server/src/rooms/create-room.ts'
import type { AlarmTransition } from '../alarm-oracle.ts'
import { DEVICE, NODE, SITE, SimulatedAgent } from './simulated-agent.ts'

const LOG = pino({ level: 'silent' })

/**
 * Agent and server in one process, step by step: the real ingest, judges, alarms and committer on a database in memory; the broker, the
 * readings store and time are the test's. A killed server loses all it had in memory, at any point between two steps.
 */
export class Simulation {
  nowMs = 1_700_000_000_000
  readonly agent: SimulatedAgent
  /** Stored readings: offset → how often it was written. */
  readonly stored = new Map<number, number>()
  /** The writer takes nothing more. */
  isWriterFull = false
  private readonly db: Db
  private readonly clock = { nowMs: () => this.nowMs }
  private running: Running | undefined
  private limits: readonly (readonly Limit[])[]

  private constructor(db: Db, limits: readonly (readonly Limit[])[]) {
    this.db = db
    this.limits = limits
    this.agent = new SimulatedAgent(limits.length, (topic, bytes) => this.running?.deliver(topic, bytes))
  }

  /** `limits`: one set for each point. The device is born, the limits are in force, nothing is logged yet. */
  static async start(limits: readonly (readonly Limit[])[]): Promise<Simulation> {
    const simulation = new Simulation(await openDatabase(':memory:'), limits)
    await simulation.startServer()
    simulation.agent.birth(simulation.nowMs)
    await simulation.settle()
    await simulation.setLimits()
    return simulation
  }

  async dispose(): Promise<void> {
    this.running = undefined
    await this.db.destroy()
  }

  private async setLimits(): Promise<void> {
    const { directory } = this.server
    for (const point of directory.points.values()) {
      const limitsJson = JSON.stringify(this.limits[Number(point.key.slice(1))])
      const target = { scope: 'point', scopeKey: String(point.id), kind: '' }
      const values = { ...target, version: 1, limitsJson, author: 'test', reason: 'test', atMs: this.nowMs }
      await this.db.insertInto('limitSet').values(values).execute()
    }
    await directory.reloadLimits(() => true)
  }

  private get server(): Running {
    if (!this.running) throw new Error('the server is down')
    return this.running
  }

  get isServerUp(): boolean {
    return this.running !== undefined
  }

  kill(): void {
    this.running = undefined
    this.agent.disconnect()
  }

  async startServer(): Promise<void> {
    const { db, clock } = this
    const directory = new Directory(db)
    await directory.load()
    const alarms = new AlarmStore({
      db,
      clock,
      log: LOG,
      attachIncident,
      queueNotices: createPipeline({ placeKinds: new Set(), urlOf: () => undefined }),
    })
    await alarms.start()
    const submitted: AlarmChange[] = []
    const queue: TrackedScan[] = []
    const running: Running = { directory, submitted, queue } as unknown as Running
    const isAlive = (): boolean => this.running === running
    running.flushAlarms = async () => {
      for (const change of submitted.splice(0)) alarms.submit(change)
      await alarms.flush()
    }
    running.ingest = new Ingest({
      db,
      clock,
      log: LOG,
      directory,
      live: new LiveValues(),
      connection: {
        connected: true,
        onMessage: (handler: MessageHandler) => {
          running.deliver = handler
        },
        onConnected: () => undefined,
        onDisconnected: () => undefined,
        start: () => undefined,
        close: async () => undefined,
        publish: async (_topic, bytes) => {
          if (isAlive()) this.command(bytes)
        },
      },
      alarms: { submit: (change) => submitted.push(change) },
      writer: {
        enqueue: (scan) => {
          if (this.isWriterFull) return false
          queue.push(scan as TrackedScan)
          return true
        },
        hasRoom: () => !this.isWriterFull,
      },
      createRoom,
      onDeviceBirth: async () => undefined,
      counters: { received: () => undefined, lagMs: () => undefined },
      onChange: () => undefined,
    })
    running.committer = new Committer({
      db,
      clock,
      log: LOG,
      ingest: running.ingest,
      alarms: { flush: running.flushAlarms },
      committed: () => undefined,
    })
    this.running = running
    await running.ingest.start()
  }

  private command(bytes: Uint8Array): void {
    for (const { name, value } of decodePayload(bytes).metrics) {
      if (name === METRIC.rebirth && value === true) this.agent.wantsRebirth = this.agent.isOnline
      if (name === METRIC.replayFrom) this.agent.replayFrom(value as number)
      if (name === METRIC.committedOffset) this.agent.committedOffset = Math.max(this.agent.committedOffset, value as number)
    }
  }

  /** Lets the births be written and held messages through. */
  async settle(): Promise<void> {
    const session = this.running?.ingest.sessions.get(`${SITE}/${NODE}`)
    do await new Promise((resolve) => setImmediate(resolve))
    while (session?.waiting)
  }

  /** The store takes some of the queued scans, at random places when `pick` says so. */
  store(count: number, pick: (length: number) => number = () => 0): void {
    const { queue } = this.server
    for (let i = 0; i < count && queue.length > 0; i++) {
      const [scan] = queue.splice(pick(queue.length), 1) as [TrackedScan]
      this.stored.set(scan.offset, (this.stored.get(scan.offset) ?? 0) + 1)
      scan.isStored = true
    }
  }

  flushAlarms(): Promise<void> {
    return this.server.flushAlarms()
  }

  commit(): Promise<void> {
    return this.server.committer.stop()
  }

  /** What the server does every second, and the agent when it was asked. */
  async tick(): Promise<void> {
    for (const session of this.server.ingest.sessions.values()) this.server.ingest.commands.replayIfStalled(session)
    if (!this.agent.wantsRebirth) return
    this.agent.birth(this.nowMs)
    await this.settle()
  }

  async committedOffset(): Promise<number> {
    const row = await this.db.selectFrom('logPosition').select('committedOffset').executeTakeFirst()
    return row?.committedOffset ?? 0
  }

  /** The transitions of each alarm of a point, in the order they were written. */
  async transitionsOf(pointKey: string): Promise<AlarmTransition[][]> {
    const rows = await this.db
      .selectFrom('alarmTransition')
      .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
      .innerJoin('point', 'point.id', 'alarm.pointId')
      .innerJoin('device', 'device.id', 'point.deviceId')
      .select(['alarm.id as alarmId', 'event', 'fromState as from', 'toState as to', 'atMs'])
      .where('point.key', '=', pointKey)
      .where('device.device', '=', DEVICE)
      .orderBy('alarmTransition.id')
      .execute()
    return [...Map.groupBy(rows, ({ alarmId }) => alarmId).values()]
  }
}

interface Running {
  directory: Directory
  ingest: Ingest
  committer: Committer
  deliver: MessageHandler
  submitted: AlarmChange[]
  queue: TrackedScan[]
  flushAlarms(): Promise<void>
}
