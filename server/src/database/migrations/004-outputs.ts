import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import type { Database } from '../schema.ts'

/** Which points the server may switch (relays, beacons), as the births of their devices say. */
export async function up(db: Kysely<Database>): Promise<void> {
  await sql.raw(`alter table "point" add column "isWritable" integer not null default 0`).execute(db)
}
