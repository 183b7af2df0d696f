import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import type { Db } from '../database/schema.ts'

/** The next number of the year by the server's time zone: prefix-year-serial. In the record's transaction, so that one taken back is given again and none is given twice. */
export async function nextNumber(transaction: Db, prefix: string, nowMs: number, timeZone: string): Promise<string> {
  const { year } = wallTimeOf(nowMs, timeZone)
  const { last } = await transaction
    .insertInto('registerSerial')
    .values({ prefix, year, last: 1 })
    .onConflict((conflict) =>
      conflict.columns(['prefix', 'year']).doUpdateSet((update) => ({ last: update('registerSerial.last', '+', 1) })),
    )
    .returning('last')
    .executeTakeFirstOrThrow()
  return `${prefix}-${year}-${String(last).padStart(4, '0')}`
}
