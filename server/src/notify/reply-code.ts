import { randomInt } from 'node:crypto'
import type { Db } from '../database/schema.ts'

/** A million codes and at most some thousand alarms that wait: the first draw nearly always fits. */
const DRAWS = 50

/** The six digits that acknowledge this alarm; the same as long as it waits. */
export async function replyCodeFor(transaction: Db, alarmId: number, draw = () => randomInt(1_000_000)): Promise<string | null> {
  const known = await transaction.selectFrom('replyCode').select('code').where('alarmId', '=', alarmId).executeTakeFirst()
  if (known) return known.code
  for (let round = 0; round < DRAWS; round += 1) {
    const code = String(draw()).padStart(6, '0')
    const inserted = await transaction
      .insertInto('replyCode')
      .values({ code, alarmId })
      .onConflict((conflict) => conflict.column('code').doNothing())
      .returning('code')
      .executeTakeFirst()
    if (inserted) return inserted.code
  }
  // People can still acknowledge in the dashboard: an alarm is not held up for a code.
  return null
}

/** A code is free again a day after its alarm was settled: until then a late answer must not acknowledge another alarm. */
const KEEP_MS = 24 * 3_600_000

export async function dropOldReplyCodes(db: Db, nowMs: number): Promise<void> {
  await db
    .deleteFrom('replyCode')
    .where('alarmId', 'in', (inner) =>
      inner
        .selectFrom('alarm')
        .select('id')
        .where('state', '=', 'NORM')
        .where('lastEventAtMs', '<', nowMs - KEEP_MS),
    )
    .execute()
}
