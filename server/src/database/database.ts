import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { up as first } from './migrations/001-first.ts'
import { up as pairing } from './migrations/002-pairing.ts'
import { up as deviceSettings } from './migrations/003-device-settings.ts'
import { up as outputs } from './migrations/004-outputs.ts'
import { up as nominal } from './migrations/005-nominal.ts'
import { up as notify } from './migrations/006-notify.ts'
import { up as life } from './migrations/007-life.ts'
import { up as limitSets } from './migrations/008-limit-sets.ts'
import { up as incidents } from './migrations/009-incidents.ts'
import { up as proof } from './migrations/010-proof.ts'
import { up as registers } from './migrations/011-registers.ts'
import { up as floorPlan } from './migrations/012-floor-plan.ts'
import { up as thermal } from './migrations/013-thermal.ts'
import { up as reportSchedules } from './migrations/014-report-schedules.ts'
import { up as reportDays } from './migrations/015-report-days.ts'
import type { Database, Db } from './schema.ts'
import { createSqliteDialect } from './sqlite-dialect.ts'

/** Migrations in order; the number of the last one run is kept in `schemaVersion`. */
const MIGRATIONS = [
  first,
  pairing,
  deviceSettings,
  outputs,
  nominal,
  notify,
  life,
  limitSets,
  incidents,
  proof,
  registers,
  floorPlan,
  thermal,
  reportSchedules,
  reportDays,
] as const

/** `postgres://…` opens PostgreSQL; anything else is the path of an SQLite file. The schema is brought up to date before it is returned. */
export async function openDatabase(location: string): Promise<Db> {
  const dialectName = isPostgres(location) ? 'postgres' : 'sqlite'
  const db = dialectName === 'postgres' ? openPostgres(location) : openSqlite(location)
  await migrate(db, dialectName)
  return db
}

/** Schema that this program makes and needs. */
export const SCHEMA_VERSION = MIGRATIONS.length

/**
 * A database that is there, as it is, for looking at it: nothing is migrated. `version` is 0 for one without a schema.
 * @throws when it cannot be opened. The file of SQLite must be there: it would be made.
 */
export async function openUnchanged(location: string): Promise<{ db: Db; version: number }> {
  const db = isPostgres(location) ? openPostgres(location) : openSqlite(location)
  try {
    const tables = await db.introspection.getTables()
    if (!tables.some(({ name }) => name === 'schemaVersion')) return { db, version: 0 }
    const versions = db as unknown as Kysely<{ schemaVersion: { version: number } }>
    const row = await versions.selectFrom('schemaVersion').select('version').executeTakeFirst()
    return { db, version: row?.version ?? 0 }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function isPostgres(location: string): boolean {
  return /^postgres(ql)?:\/\//.test(location)
}

function openSqlite(file: string): Db {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  return new Kysely<Database>({ dialect: createSqliteDialect(file) })
}

function openPostgres(url: string): Db {
  // int8 (OID 20) as number: ids, offsets and milliseconds stay far below 2^53.
  pg.types.setTypeParser(20, Number)
  const pool = new pg.Pool({ connectionString: url, max: 8 })
  // An idle connection that the server ends would be an uncaught exception; the next query gets a new one, or the error.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => client.on('error', () => undefined))
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool }) })
}

async function migrate(db: Db, dialect: 'sqlite' | 'postgres'): Promise<void> {
  await db.schema
    .createTable('schemaVersion')
    .ifNotExists()
    .addColumn('version', 'integer', (column) => column.notNull())
    .execute()
  const versions = db as unknown as Kysely<{ schemaVersion: { version: number } }>
  await versions.transaction().execute(async (transaction) => {
    const row = await transaction.selectFrom('schemaVersion').select('version').executeTakeFirst()
    const from = row?.version ?? 0
    if (from > MIGRATIONS.length)
      throw new Error(
        `The database has schema ${from}, this program knows ${MIGRATIONS.length}: start the newer program, or restore a backup.`,
      )
    for (const up of MIGRATIONS.slice(from)) await up(transaction as unknown as Kysely<Database>, dialect)
    if (row) await transaction.updateTable('schemaVersion').set({ version: MIGRATIONS.length }).execute()
    else await transaction.insertInto('schemaVersion').values({ version: MIGRATIONS.length }).execute()
  })
}
