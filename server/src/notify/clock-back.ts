import type { Logger } from 'pino'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'

/** What a time server corrects day by day. */
const TOLERANCE_MS = 10_000

/**
 * Notices when the clock was set back, also while the server was away, and moves with it what waits for a time: otherwise every attempt,
 * summary and escalation would be late by as much.
 */
export class ClockBack {
  private readonly deps: { db: Db; log: Logger }
  private lastMs: number | undefined

  constructor(deps: { db: Db; log: Logger }) {
    this.deps = deps
  }

  /** Returns whether anything was moved. Call it before anything is looked up by time. */
  async check(nowMs: number): Promise<boolean> {
    const { db, log } = this.deps
    const lastMs = this.lastMs ?? (await lastAttemptMs(db))
    const backMs = lastMs - nowMs
    if (backMs > TOLERANCE_MS) {
      await moveWaits(db, backMs)
      log.warn({ module: 'notify', backMs }, 'the clock was set back; what waits for a time was moved with it')
    }
    this.lastMs = nowMs
    return backMs > TOLERANCE_MS
  }
}

async function lastAttemptMs(db: Db): Promise<number> {
  const row = await db.selectFrom('outboxAttempt').select('startedAtMs').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.startedAtMs ?? Number.NEGATIVE_INFINITY
}

/** When a notice was queued stays: by that it is told whether an acknowledgement came later. */
async function moveWaits(db: Db, backMs: number): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    await transaction
      .updateTable('outbox')
      .set((set) => ({
        nextAttemptAtMs: set('nextAttemptAtMs', '-', backMs),
        claimedUntilMs: set('claimedUntilMs', '-', backMs),
        deadlineAtMs: set('deadlineAtMs', '-', backMs),
      }))
      .where('state', '=', 'pending')
      .execute()
    await transaction
      .updateTable('escalation')
      .set((set) => ({ nextAtMs: set('nextAtMs', '-', backMs), startedAtMs: set('startedAtMs', '-', backMs) }))
      .execute()
    await transaction
      .updateTable('noticeLater')
      .set((set) => ({ dueAtMs: set('dueAtMs', '-', backMs) }))
      .where('outboxId', 'is', null)
      .execute()
  })
}
