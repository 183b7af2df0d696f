import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CLAUSES, type Clause, type RegisterDefinition, type Words } from '@roomkeeper/shared/registers'
import type { ServerConfig } from '../config/settings.ts'
import { openUnchanged, SCHEMA_VERSION } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { clauseServices, type ProductPart, registerPage } from '../registers/clause-evidence.ts'

/** One thing that serves a clause. Figures are null where there is no database to count in. */
interface ClauseServiceRow {
  kind: 'register' | 'part'
  name: string
  title: Words
  /** Path in the dashboard. */
  page: string | null
  /** In the last 365 days; null: not counted. */
  records: number | null
  /** Due times of its schedules that passed in the last 365 days, and those of them that nobody made good. */
  missed: number | null
  openGaps: number | null
}

export interface ClauseRow {
  clause: Clause
  duty: Words
  served: boolean
  services: ClauseServiceRow[]
}

export interface ClauseReport {
  /** Every clause is served. */
  ok: boolean
  clauses: ClauseRow[]
  /** Why there are no figures; null: there are. */
  note: string | null
}

const YEAR_MS = 365 * 86_400_000

/** What serves each clause, with figures where the database is there. Needs no running server, and changes nothing. */
export async function clauseReport(config: Pick<ServerConfig, 'dataDir' | 'databaseUrl'>, nowMs: number): Promise<ClauseReport> {
  const opened = await openForCounting(config)
  try {
    const count = 'db' in opened ? counterOf(opened.db, nowMs - YEAR_MS) : undefined
    const clauses: ClauseRow[] = []
    for (const { clause, registers, parts } of clauseServices()) {
      const services = [
        ...(await Promise.all(registers.map(async (definition) => registerRow(definition, await count?.register(definition))))),
        ...(await Promise.all(parts.map(async (part) => partRow(part, await count?.part(part))))),
      ]
      clauses.push({ clause, duty: CLAUSES[clause], served: services.length > 0, services })
    }
    return { ok: clauses.every(({ served }) => served), clauses, note: 'note' in opened ? opened.note : null }
  } finally {
    if ('db' in opened) await opened.db.destroy()
  }
}

/** Where the server keeps its database, and whether it is there already (PostgreSQL is asked by opening it). */
export function databaseLocation({ dataDir, databaseUrl }: Pick<ServerConfig, 'dataDir' | 'databaseUrl'>): {
  location: string
  isThere: boolean
} {
  const location = databaseUrl ?? join(dataDir, 'roomkeeper.db')
  return { location, isThere: databaseUrl !== undefined || existsSync(location) }
}

async function openForCounting(config: Pick<ServerConfig, 'dataDir' | 'databaseUrl'>): Promise<{ db: Db } | { note: string }> {
  const { location, isThere } = databaseLocation(config)
  if (!isThere) return { note: `没有数据库，未统计记录数 / No database at ${location}: records are not counted` }
  try {
    const { db, version } = await openUnchanged(location)
    if (version === SCHEMA_VERSION) return { db }
    await db.destroy()
    return {
      note: `数据库结构是 ${version}，本程序需要 ${SCHEMA_VERSION}：启动一次服务器后再统计 / The database has schema ${version}, this program needs ${SCHEMA_VERSION}: records are counted once the server has been started`,
    }
  } catch (error) {
    return { note: `数据库打不开，未统计记录数 / The database cannot be opened, records are not counted: ${(error as Error).message}` }
  }
}

interface RegisterFigures {
  records: number
  missed: number
  openGaps: number
}

function counterOf(db: Db, sinceMs: number) {
  return {
    register: async ({ name, states }: RegisterDefinition): Promise<RegisterFigures> => {
      const counting = states.filter((state) => state.phase !== 'draft' && !state.void).map((state) => state.name)
      const { records } = await db
        .selectFrom('registerRecord')
        .select((select) => select.fn.countAll<number>().as('records'))
        .where('register', '=', name)
        .where('state', 'in', counting)
        .where('whenMs', '>=', sinceMs)
        .executeTakeFirstOrThrow()
      const misses = await db
        .selectFrom('scheduleMiss')
        .innerJoin('schedule', 'schedule.id', 'scheduleMiss.scheduleId')
        .select('scheduleMiss.doneAtMs')
        .where('schedule.register', '=', name)
        .where('scheduleMiss.dueAtMs', '>=', sinceMs)
        .execute()
      return { records: Number(records), missed: misses.length, openGaps: misses.filter(({ doneAtMs }) => doneAtMs === null).length }
    },
    part: async ({ records }: ProductPart): Promise<number | null> => (records ? await countPart(db, records, sinceMs) : null),
  }
}

async function countPart(db: Db, table: NonNullable<ProductPart['records']>, sinceMs: number): Promise<number> {
  const count = db.fn.countAll<number>().as('records')
  const queries = {
    alarm: db.selectFrom('alarm').select(count).where('raisedAtMs', '>=', sinceMs).where('drill', '=', 0),
    incident: db.selectFrom('incident').select(count).where('openedAtMs', '>=', sinceMs),
    audit: db.selectFrom('audit').select(count).where('atMs', '>=', sinceMs),
    // The table as it is now, whenever its rows were written.
    ipAddress: db.selectFrom('ipAddress').select(count),
  }
  return Number((await queries[table].executeTakeFirstOrThrow()).records)
}

function registerRow(definition: RegisterDefinition, figures: RegisterFigures | undefined): ClauseServiceRow {
  return {
    kind: 'register',
    name: definition.name,
    title: definition.title,
    page: registerPage(definition.name),
    records: figures?.records ?? null,
    missed: definition.schedule ? (figures?.missed ?? null) : null,
    openGaps: definition.schedule ? (figures?.openGaps ?? null) : null,
  }
}

function partRow({ name, title, page }: ProductPart, records: number | null | undefined): ClauseServiceRow {
  return { kind: 'part', name, title, page, records: records ?? null, missed: null, openGaps: null }
}
