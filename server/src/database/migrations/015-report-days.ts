import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** The day on which a report is sent; schedules of before keep theirs: Mondays, the 1st, 1 January. */
export async function up(db: Kysely<Database>): Promise<void> {
  for (const column of ['weekday', 'dayOfMonth', 'month'])
    await sql.raw(`alter table "reportSchedule" add column "${column}" integer not null default 1`).execute(db)
}
