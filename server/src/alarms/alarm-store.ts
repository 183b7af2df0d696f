import type { AlarmState } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import type { Db } from '../database/schema.ts'
import type { AlarmChange, AlarmTransitionNotice } from './alarm-types.ts'
import { type AttachIncident, applyChange, recordTransition } from './apply-change.ts'
import { nextState } from './transition-table.ts'

export interface AlarmStoreDependencies {
  db: Db
  clock: { nowMs(): number }
  log: Logger
  attachIncident: AttachIncident
}

/** Changes written in one transaction; keeps a flood from holding the database for long. */
const BATCH = 200
/** A failed write is tried again after this long, for ever: an alarm is never dropped. */
const RETRY_MS = 1000

/** Acknowledging what cannot be acknowledged any more. */
export class AlarmStateError extends Error {
  readonly state: AlarmState
  constructor(state: AlarmState) {
    super(`告警状态为 ${state}，无需确认 / the alarm is ${state}: nothing to acknowledge`)
    this.name = 'AlarmStateError'
    this.state = state
  }
}

/**
 * The life of alarms (ISA-18.2). Changes are taken in order, written in one transaction with their incident and audit rows, and
 * only then told to the listeners.
 */
export class AlarmStore {
  private readonly dependencies: AlarmStoreDependencies
  private readonly queue: AlarmChange[] = []
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
    this.draining ??= this.drain()
  }

  /** Resolves when every change submitted so far is durable. */
  async flush(): Promise<void> {
    while (this.draining) await this.draining
  }

  health(): { ok: boolean; message: string } {
    return this.failure === undefined
      ? { ok: true, message: `${this.queue.length} waiting` }
      : { ok: false, message: `alarms cannot be written, ${this.queue.length} waiting: ${this.failure}` }
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
    await this.flush()
    const { db, clock } = this.dependencies
    const notice = await db.transaction().execute(async (transaction) => {
      const alarm = await transaction.selectFrom('alarm').selectAll().where('id', '=', alarmId).executeTakeFirst()
      if (!alarm) return undefined
      const from = alarm.state as AlarmState
      const to = nextState(from, 'acknowledge')
      if (!to) throw new AlarmStateError(from)
      const nowMs = clock.nowMs()
      const changes = { state: to, acknowledgedAtMs: nowMs, acknowledgedBy: person, note: note || null }
      await transaction.updateTable('alarm').set(changes).where('id', '=', alarmId).execute()
      const row = { event: 'acknowledge' as const, from, to, atMs: nowMs, value: null, person, note: note || null }
      return recordTransition({ transaction, nowMs }, { ...alarm, ...changes }, row, false)
    })
    if (notice) this.tell([notice])
    return notice
  }

  private async drain(): Promise<void> {
    // Let the rest of one message's events join the same transaction.
    await Promise.resolve()
    while (this.queue.length > 0 && !this.isStopped) {
      const batch = this.queue.slice(0, BATCH)
      try {
        const notices = await this.write(batch)
        this.queue.splice(0, batch.length)
        this.failure = undefined
        this.tell(notices)
      } catch (error) {
        await this.afterFailure(batch, error)
      }
    }
    this.draining = undefined
  }

  private write(batch: readonly AlarmChange[]): Promise<AlarmTransitionNotice[]> {
    const { db, clock, attachIncident } = this.dependencies
    return db.transaction().execute(async (transaction) => {
      const notices: AlarmTransitionNotice[] = []
      const context = { transaction, nowMs: clock.nowMs(), attachIncident }
      for (const change of batch) notices.push(...(await applyChange(context, change)))
      return notices
    })
  }

  /** One bad change must not hold the others: it goes to the end of the queue, and nothing is committed to the agents meanwhile. */
  private async afterFailure(batch: readonly AlarmChange[], error: unknown): Promise<void> {
    this.failure = error instanceof Error ? error.message : String(error)
    this.dependencies.log.error(
      { module: 'alarms', err: error, waiting: this.queue.length },
      'alarm changes could not be written; trying again',
    )
    if (batch.length > 1) {
      for (const change of batch) {
        const at = this.queue.indexOf(change)
        try {
          this.tell(await this.write([change]))
          this.queue.splice(at, 1)
        } catch {
          this.queue.push(...this.queue.splice(at, 1))
        }
      }
    }
    if (this.queue.length > 0) await pause(RETRY_MS)
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
