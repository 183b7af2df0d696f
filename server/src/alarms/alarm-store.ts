import type { AlarmState } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { QueueNotices } from '../notify/pipeline.ts'
import type { AlarmChange, AlarmTransitionNotice } from './alarm-types.ts'
import { applyChange } from './apply-change.ts'
import { type ApplyContext, type AttachIncident, recordTransition } from './record-transition.ts'
import { endOverdueHolds, hasMisplaced, reconcile } from './silence/reconcile.ts'
import { SilenceContext, WindowClock } from './silence/silence-context.ts'
import { nextState } from './transition-table.ts'

export interface AlarmStoreDependencies {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  attachIncident: AttachIncident
  /** Writes who is to be told, in the same transaction. */
  queueNotices: QueueNotices
}

/** Changes written in one transaction; keeps a flood from holding the database for long. */
const BATCH = 200
/** A failed write is tried again after this long, for ever: an alarm is never dropped. */
const RETRY_MS = 1000
/** The same failure is logged this often. */
const LOG_EVERY_MS = 60_000
/** An acknowledgement waits this long for changes under way; one that cannot be written must not keep people from acknowledging others. */
const ACKNOWLEDGE_WAIT_MS = 2000

/** Acknowledging what cannot be acknowledged any more. */
export class AlarmStateError extends Error {
  readonly state: AlarmState
  constructor(state: AlarmState) {
    super(wordsOf(state))
    this.name = 'AlarmStateError'
    this.state = state
  }
}

function wordsOf(state: AlarmState): string {
  if (state === 'ACKED') return '告警已确认 / the alarm is acknowledged already'
  if (state === 'NORM') return '告警已结束，无需确认 / the alarm is over: nothing to acknowledge'
  if (state === 'SHLVD') return '告警已搁置，无需确认；要处理请先解除搁置 / the alarm is shelved: end the shelving first'
  if (state === 'DSUPR')
    return '告警被抑制（有单据，或请确认原因告警） / the alarm is suppressed: a record covers it, or acknowledge the alarm of its cause'
  if (state === 'OOSRV') return '告警已停用（维护中），无需确认 / the alarm is out of service: nothing to acknowledge'
  return `告警状态为 ${state}，无需确认 / the alarm is ${state}: nothing to acknowledge`
}

/**
 * The life of alarms (ISA-18.2). Changes are taken in order, written in one transaction with their incident and audit rows, and
 * only then told to the listeners.
 */
export class AlarmStore {
  private readonly dependencies: AlarmStoreDependencies
  private queue: AlarmChange[] = []
  /** Changes that could not be written, and those of the same alarms that came after them: tried again apart from the others. */
  private held: AlarmChange[] = []
  private heldTriedAtMs = Number.NEGATIVE_INFINITY
  /** Ends the wait before the next try. */
  private wake: () => void = () => undefined
  private loggedAtMs = Number.NEGATIVE_INFINITY
  private readonly windowClock = new WindowClock()
  private readonly listeners: ((notice: AlarmTransitionNotice) => void)[] = []
  private draining: Promise<void> | undefined
  private isStopped = false
  private lastId = 0
  private failure: string | undefined

  constructor(dependencies: AlarmStoreDependencies) {
    this.dependencies = dependencies
  }

  async start(): Promise<void> {
    const row = await this.dependencies.db.selectFrom('alarmTransition').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
    this.lastId = row?.id ?? 0
  }

  /** The number of the last durable transition; browsers compare it to notice what they missed. */
  lastTransitionId(): number {
    return this.lastId
  }

  /** Called after each durable transition. A listener that throws is logged; the others still hear. */
  onTransition(listener: (notice: AlarmTransitionNotice) => void): void {
    this.listeners.push(listener)
  }

  /** Takes a change; it is durable once `flush` resolves. */
  readonly submit = (change: AlarmChange): void => {
    this.queue.push(change)
    this.wake()
    this.draining ??= this.drain()
  }

  /** Resolves when every change submitted so far is durable. */
  async flush(): Promise<void> {
    while (this.draining) await this.draining
  }

  private get waiting(): number {
    return this.queue.length + this.held.length
  }

  health(): { ok: boolean; message: string } {
    return this.failure === undefined
      ? { ok: true, message: `${this.waiting} waiting` }
      : { ok: false, message: `alarms cannot be written, ${this.waiting} waiting: ${this.failure}` }
  }

  async stop(): Promise<void> {
    await Promise.race([this.flush(), pause(5000)])
    this.isStopped = true
  }

  /**
   * Acknowledges with person, time and note.
   * @throws AlarmStateError when there is nothing to acknowledge.
   * @returns undefined when there is no such alarm.
   */
  async acknowledge(alarmId: number, person: string, note: string): Promise<AlarmTransitionNotice | undefined> {
    await Promise.race([this.flush(), pause(ACKNOWLEDGE_WAIT_MS)])
    const notice = await this.inTransaction(async ({ transaction, nowMs, queueNotices }) => {
      const alarm = await transaction.selectFrom('alarm').selectAll().where('id', '=', alarmId).executeTakeFirst()
      if (!alarm) return undefined
      const from = alarm.state as AlarmState
      const to = nextState(from, 'acknowledge')
      if (!to) throw new AlarmStateError(from)
      const changes = { state: to, acknowledgedAtMs: nowMs, acknowledgedBy: person, note: note || null }
      await transaction.updateTable('alarm').set(changes).where('id', '=', alarmId).execute()
      const row = { event: 'acknowledge' as const, from, to, atMs: nowMs, value: null, person, note: note || null }
      return recordTransition({ transaction, nowMs, queueNotices }, { ...alarm, ...changes }, row, false)
    })
    if (notice) this.tell([notice])
    return notice
  }

  /**
   * Moves every alarm to where it should be by what people and windows ask for, what the design suppresses, and the time. Doing it again
   * changes nothing. Returns whether anything was moved.
   */
  async reconcileSilence(): Promise<boolean> {
    const { db, clock } = this.dependencies
    let hasMoved = false
    for (;;) {
      const nowMs = clock.nowMs()
      const overdue = await db
        .selectFrom('alarmHold')
        .select('id')
        .where('endedAtMs', 'is', null)
        .where('untilMs', '<=', nowMs)
        .limit(1)
        .execute()
      // Looked at without a transaction first: most of the time there is nothing to do.
      if (overdue.length === 0 && !(await hasMisplaced(new SilenceContext(db, this.windowClock, nowMs), db))) return hasMoved
      const notices = await this.inTransaction(async (context) => {
        await endOverdueHolds(context.transaction, context.nowMs)
        return reconcile(context)
      })
      this.tell(notices)
      hasMoved = true
      if (notices.length === 0 && overdue.length === 0) return hasMoved
    }
  }

  private async drain(): Promise<void> {
    // Let the rest of one message's events join the same transaction.
    await Promise.resolve()
    while (this.waiting > 0 && !this.isStopped) {
      const batch = this.takeBatch()
      try {
        if (batch.length > 0) this.tell(await this.write(batch))
        if (this.held.length === 0) this.failure = undefined
      } catch (error) {
        this.note(error)
        await this.writeEach(batch)
      }
      if (this.held.length > 0) await this.retryHeld()
    }
    this.draining = undefined
  }

  /** The next changes, without those of alarms whose earlier changes are held back: their order counts. */
  private takeBatch(): AlarmChange[] {
    const next = this.queue.slice(0, BATCH)
    this.queue = this.queue.slice(BATCH)
    if (this.held.length === 0) return next
    const heldAlarms = new Set(this.held.map(alarmOf))
    this.held.push(...next.filter((change) => heldAlarms.has(alarmOf(change))))
    return next.filter((change) => !heldAlarms.has(alarmOf(change)))
  }

  /** One bad change must not hold up the others: it is held back with what follows of its alarm. Nothing is committed to the agents meanwhile. */
  private async writeEach(changes: readonly AlarmChange[]): Promise<void> {
    const failed = new Set<string>()
    for (const change of changes) {
      if (!failed.has(alarmOf(change))) {
        try {
          this.tell(await this.write([change]))
          continue
        } catch (error) {
          this.note(error)
          failed.add(alarmOf(change))
        }
      }
      this.held.push(change)
    }
  }

  private async retryHeld(): Promise<void> {
    const waitMs = this.heldTriedAtMs + RETRY_MS - performance.now()
    if (waitMs > 0) {
      // A new change of another alarm does not wait for this one.
      if (this.queue.length === 0) await Promise.race([pause(waitMs), new Promise<void>((resolve) => (this.wake = resolve))])
      if (this.queue.length > 0) return
    }
    const held = this.held
    this.held = []
    await this.writeEach(held)
    this.heldTriedAtMs = performance.now()
    if (this.held.length > 0) return
    this.failure = undefined
    this.dependencies.log.warn({ module: 'alarms' }, 'alarm changes are written again')
  }

  private note(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error)
    if (performance.now() - this.loggedAtMs < LOG_EVERY_MS) return
    this.loggedAtMs = performance.now()
    const waiting = this.waiting
    this.dependencies.log.error({ module: 'alarms', err: error, waiting }, 'alarm changes could not be written; trying again')
  }

  private write(batch: readonly AlarmChange[]): Promise<AlarmTransitionNotice[]> {
    return this.inTransaction(async (context) => {
      const notices: AlarmTransitionNotice[] = []
      for (const change of batch) notices.push(...(await applyChange(context, change)))
      // Consequences may have been noticed before their cause.
      if (context.silence.hasNewCause) notices.push(...(await reconcile(context)))
      return notices
    })
  }

  private inTransaction<T>(work: (context: ApplyContext) => Promise<T>): Promise<T> {
    const { db, clock, attachIncident, queueNotices } = this.dependencies
    return db.transaction().execute(async (transaction) => {
      // PostgreSQL runs transactions side by side; an alarm's row must not change between reading and writing it.
      await lockChain(transaction)
      const nowMs = clock.nowMs()
      return work({ transaction, nowMs, attachIncident, queueNotices, silence: new SilenceContext(transaction, this.windowClock, nowMs) })
    })
  }

  private tell(notices: readonly AlarmTransitionNotice[]): void {
    for (const notice of notices) {
      this.lastId = Math.max(this.lastId, notice.transitionId)
      for (const listener of this.listeners) {
        try {
          listener(notice)
        } catch (error) {
          this.dependencies.log.error({ module: 'alarms', err: error, alarmId: notice.alarmId }, 'a listener failed on an alarm transition')
        }
      }
    }
  }
}

function alarmOf({ signal }: AlarmChange): string {
  return `${signal.source}/${signal.sourceId}/${signal.condition}`
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
