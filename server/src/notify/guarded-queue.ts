import { sql } from 'kysely'
import type { Logger } from 'pino'
import type { QueueNotices } from './pipeline.ts'

/** The same failure is logged this often. */
const LOG_EVERY_MS = 60_000

/**
 * An alarm that cannot be told must be written all the same: what fails in the pipeline is taken back to where it began, and the rest of
 * the transaction stands. Within a minute "should be alarming" against "was told" finds the alarm and tells it (check-told.ts).
 */
export function guardedQueue(queueNotices: QueueNotices, log: Logger): QueueNotices {
  let loggedAtMs = Number.NEGATIVE_INFINITY
  return async (transaction, transition, nowMs) => {
    await sql`savepoint notices`.execute(transaction)
    try {
      await queueNotices(transaction, transition, nowMs)
    } catch (error) {
      await sql`rollback to savepoint notices`.execute(transaction)
      if (Math.abs(nowMs - loggedAtMs) >= LOG_EVERY_MS) {
        loggedAtMs = nowMs
        log.error(
          { module: 'notify', transition: transition.id, err: error },
          'a transition could not be told at once; the minute check tells it',
        )
      }
    }
    await sql`release savepoint notices`.execute(transaction)
  }
}
