import type { PartState } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { AlarmChange } from '../alarms/alarm-types.ts'
import type { Db } from '../database/schema.ts'
import type { DeviceEntry } from '../ingest/entries.ts'
import type { NoticeMetrics } from '../metrics/notice-metrics.ts'
import { Beacons, type BeaconsDeps, standingAlarmsOf } from './beacons.ts'
import { ChannelConnections } from './channel-connections.ts'
import type { Channel } from './channels/channel.ts'
import { HEARTBEAT_KINDS } from './channels/heartbeat-kinds.ts'
import { relaySettings } from './channels/relay/settings.ts'
import { checkTold } from './check-told.ts'
import { ClockBack } from './clock-back.ts'
import { escalateDue } from './escalation/escalate.ts'
import { dropOldNotices } from './outbox-retention.ts'
import { watchOwnAlarms } from './own-alarms.ts'
import { replaceOverdue } from './replace.ts'
import { Replies } from './replies.ts'
import { dropOldReplyCodes } from './reply-code.ts'
import { Sender } from './sender.ts'
import { summariseDue } from './summaries.ts'

export interface NotifierDeps {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  kinds: ReadonlyMap<string, Channel>
  urlOf(alarmId: number): string | undefined
  /** Of a page of the dashboard, for notices that are of no alarm. */
  pageUrl?(path: string): string | undefined
  alarms: { submit(change: AlarmChange): void; acknowledge(alarmId: number, person: string, note: string): Promise<unknown> }
  /** Outputs at agents, for beacons; undefined where there is no ingest. */
  outputs?: Pick<BeaconsDeps, 'output' | 'switchOutput'>
  metrics?: NoticeMetrics
  change(change: Change): void
}

/** What is due is looked for so often; a new alarm does not wait for it. */
const TURN_EVERY_MS = 1000
/** A turn takes milliseconds; this long it waits for an answer that is lost. */
const TURN_STUCK_MS = 60_000
/** The same failure is logged this often. */
const LOG_EVERY_MS = 60_000

/** The channel kinds that reach a place and no person. */
export function placeKindsOf(kinds: ReadonlyMap<string, Channel>): ReadonlySet<string> {
  return new Set([...kinds.values()].filter(({ address }) => address === null).map(({ name }) => name))
}

/** Telling people: sends what the pipeline wrote, escalates, sums up, replaces what fails, and checks itself each minute. */
export class Notifier {
  readonly connections: ChannelConnections
  private readonly deps: NotifierDeps
  private readonly sender: Sender
  private readonly replies: Replies
  private readonly clockBack: ClockBack
  private readonly beacons: Beacons | undefined
  private readonly placeKinds: ReadonlySet<string>
  private timer: NodeJS.Timeout | undefined
  private turning: Promise<void> | undefined
  /** When the last turn began, by a clock that nobody sets. */
  private turnBeganMs = 0
  private changed: NodeJS.Timeout | undefined
  private isStopped = false
  private pending = 0
  private hasChannels = false
  private failure: string | undefined
  private loggedAtMs = Number.NEGATIVE_INFINITY

  constructor(deps: NotifierDeps) {
    this.deps = deps
    this.placeKinds = placeKindsOf(deps.kinds)
    this.replies = new Replies({ ...deps, wake: () => this.wake() })
    this.clockBack = new ClockBack(deps)
    const { db, log, outputs } = deps
    this.beacons = outputs && new Beacons({ ...outputs, log, beacons: () => relaysInUse(db), standingAlarms: () => standingAlarmsOf(db) })
    this.connections = new ChannelConnections({
      ...deps,
      switchOutput: outputs?.switchOutput,
      onReply: (channelId, reply) =>
        this.replies
          .take(channelId, reply)
          .catch((error: unknown) => deps.log.error({ module: 'notify', channel: channelId, err: error }, 'an answer could not be taken')),
    })
    this.sender = new Sender({
      ...deps,
      connections: this.connections,
      onEnd: (row, state, waitedMs) => {
        deps.metrics?.ended.inc({ kind: row.kind, state })
        if (state === 'sent') deps.metrics?.sendSeconds.observe(waitedMs / 1000)
        if (state === 'failed') this.lookAtOwn()
        this.tellChange()
      },
    })
  }

  async start(): Promise<void> {
    await this.connections.sync()
    this.timer = setInterval(() => void this.turn(), TURN_EVERY_MS)
    await this.turn()
  }

  async stop(): Promise<void> {
    this.isStopped = true
    clearInterval(this.timer)
    clearTimeout(this.changed)
    await this.turning
    await this.beacons?.stop()
    await this.sender.stop()
    await this.connections.stop()
  }

  /** Something new is in the outbox, or an alarm has changed: the first attempt begins at once. */
  wake(): void {
    this.tellChange()
    void this.beacons?.reconcile()
    if (!this.isStopped) void this.sender.run().catch((error: unknown) => this.note(error))
  }

  /** A device is there (again): its beacons may not be as the alarms want them. */
  outputsAreBack({ points }: Pick<DeviceEntry, 'points'>): void {
    if ([...points.values()].some(({ isWritable }) => isWritable)) void this.beacons?.reconcile()
  }

  /** What the time brings: escalations, summaries, replacements, attempts. Never rejects; calls that overlap are one. */
  turn(): Promise<void> {
    if (!this.turning) this.turnBeganMs = performance.now()
    this.turning ??= this.turnNow()
      .then(() => {
        this.failure = undefined
      })
      .catch((error: unknown) => this.note(error))
      .finally(() => {
        this.turning = undefined
      })
    return this.turning
  }

  /** Resolves when nothing is being sent. */
  idle(): Promise<void> {
    return this.sender.idle()
  }

  /** Once a minute: "should be alarming" against "was told", and the alarms of telling itself. */
  async minute(): Promise<void> {
    const { db, clock, log, metrics, alarms } = this.deps
    const nowMs = clock.nowMs()
    try {
      const gaps = await checkTold({ ...this.deps, placeKinds: this.placeKinds }, nowMs)
      if (gaps.length > 0) {
        metrics?.gaps.inc(gaps.length)
        log.error(
          { module: 'notify', gaps: gaps.slice(0, 20), count: gaps.length },
          'alarms stood without anybody being told; they are told now',
        )
      }
      await watchOwnAlarms({ db, placeKinds: this.placeKinds, submit: alarms.submit }, nowMs)
      await dropOldReplyCodes(db, nowMs)
      await dropOldNotices(db, nowMs)
      await this.connections.sync()
      void this.beacons?.reconcile()
      if (gaps.length > 0) this.wake()
    } catch (error) {
      this.note(error)
    }
  }

  health(): PartState {
    if (this.failure !== undefined) return { ok: false, message: this.failure }
    if (this.turning && performance.now() - this.turnBeganMs > TURN_STUCK_MS) return { ok: false, message: 'the sender does not turn' }
    return { ok: true, message: this.hasChannels ? `${this.pending} waiting` : 'no channel is set up' }
  }

  private async turnNow(): Promise<void> {
    const { db, clock, metrics } = this.deps
    const nowMs = clock.nowMs()
    const deps = { ...this.deps, placeKinds: this.placeKinds }
    if (await this.clockBack.check(nowMs)) this.sender.forgetPauses()
    const escalated = await escalateDue(deps, nowMs)
    const summaries = await summariseDue(db, nowMs)
    const replaced = await replaceOverdue(db, nowMs)
    if (replaced > 0) this.lookAtOwn()
    if (escalated + summaries + replaced > 0) this.tellChange()
    const row = await db.selectFrom('outbox').select(db.fn.countAll<number>().as('count')).where('state', '=', 'pending').executeTakeFirst()
    const channel = await db
      .selectFrom('channel')
      .select('id')
      .where('enabled', '=', 1)
      .where('removedAtMs', 'is', null)
      .where('kind', 'not in', ['', ...HEARTBEAT_KINDS])
      .limit(1)
      .executeTakeFirst()
    this.hasChannels = channel !== undefined
    this.pending = Number(row?.count ?? 0)
    metrics?.pending.set(this.pending)
    if (!this.isStopped) await this.sender.run()
  }

  private lookAtOwn(): void {
    const { db, clock, alarms } = this.deps
    watchOwnAlarms({ db, placeKinds: this.placeKinds, submit: alarms.submit }, clock.nowMs()).catch((error: unknown) => this.note(error))
  }

  /** Open pages fetch the outbox again, a few times a second at most. */
  private tellChange(): void {
    this.changed ??= setTimeout(() => {
      this.changed = undefined
      this.deps.change({ topic: 'notices' })
    }, 300)
  }

  private note(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error)
    if (performance.now() - this.loggedAtMs < LOG_EVERY_MS || this.isStopped) return
    this.loggedAtMs = performance.now()
    this.deps.log.error({ module: 'notify', err: error }, 'notices could not be worked on; tried again')
  }
}

async function relaysInUse(db: Db) {
  const rows = await db
    .selectFrom('channel')
    .select('settingsJson')
    .where('kind', '=', 'relay')
    .where('enabled', '=', 1)
    .where('removedAtMs', 'is', null)
    .execute()
  return rows.flatMap(({ settingsJson }) => relaySettings.safeParse(JSON.parse(settingsJson)).data ?? [])
}
