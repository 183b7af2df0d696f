import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** What the line of a point is built for (120 V, 60 Hz), as the births say: the default limits go by it. */
export async function up(db: Kysely<Database>): Promise<void> {
  await sql.raw(`alter table "point" add column "nominal" double precision`).execute(db)
}
