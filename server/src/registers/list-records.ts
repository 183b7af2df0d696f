import type { RegisterRecord } from '@roomkeeper/shared/http'
import { mayRead, mayReadRecord, namingFields, type RegisterDefinition, waitsForPerson } from '@roomkeeper/shared/registers'
import { sql } from 'kysely'
import type { Actor } from '../api/base.ts'
import type { Engine } from './engine.ts'
import { searchPattern } from './field-text.ts'
import { forbidden } from './refusals.ts'
import { isOverdue, type LoadedRecord, roomNames, toRecord, withSteps } from './rows.ts'

export interface ListInput {
  register: string
  state?: string | undefined
  phase?: 'open' | 'done' | 'overdue' | 'mine' | 'all'
  roomId?: number | undefined
  q?: string | undefined
  fromMs?: number | undefined
  toMs?: number | undefined
  limit?: number
  before?: number | undefined
}

const PAGE = 100

/** Records that this person may read, newest first. Whoever may only begin them sees the own ones, and those that name them. Throws FORBIDDEN to everyone else. */
export async function listRecords(engine: Engine, actor: Actor, input: ListInput): Promise<RegisterRecord[]> {
  const definition = engine.definitionOf(input.register)
  if (!mayRead(definition, actor.roles) && namingFields(definition).length === 0)
    throw forbidden('没有权限查看本台账 / You may not read this register')
  const rooms = await roomNames(engine.db)
  const nowMs = engine.clock.nowMs()
  const records = await loadPage(engine, actor, definition, input)
  return records.map((record) => toRecord(definition, record, actor, { nowMs, rooms }))
}

async function loadPage(engine: Engine, actor: Actor, definition: RegisterDefinition, input: ListInput): Promise<LoadedRecord[]> {
  const { db, clock } = engine
  const { phase = 'all', limit = PAGE } = input
  let query = db.selectFrom('registerRecord').selectAll().where('register', '=', definition.name).orderBy('id', 'desc')
  if (!actor.roles.some((role) => definition.roles.read.includes(role))) {
    const accountId = actor.accountId ?? 0
    // The engine writes references with the id first (stamping.ts).
    const named = namingFields(definition).map((key) => `%"${key}":{"id":${accountId},%`)
    query = query.where((where) =>
      where.or([where('createdById', '=', accountId), ...named.map((pattern) => where('fieldsJson', 'like', pattern))]),
    )
  }
  if (input.state !== undefined) query = query.where('state', '=', input.state)
  if (input.roomId !== undefined) query = query.where('roomId', '=', input.roomId)
  if (input.fromMs !== undefined) query = query.where('whenMs', '>=', input.fromMs)
  if (input.toMs !== undefined) query = query.where('whenMs', '<', input.toMs)
  if (input.before !== undefined) query = query.where('id', '<', input.before)
  if (input.q !== undefined && input.q !== '') {
    const pattern = searchPattern(input.q)
    query = query.where(sql<boolean>`"searchText" like ${pattern} escape '\\'`)
  }
  if (phase === 'open' || phase === 'mine') query = query.where('phase', 'in', ['draft', 'open'])
  if (phase === 'done') query = query.where('phase', '=', 'done')
  if (phase === 'overdue') query = query.where('phase', '<>', 'done').where('dueAtMs', '<', clock.nowMs())
  // Whose turn it is follows from rules that the database does not know; what is open is never much.
  const records = await withSteps(db, await (phase === 'mine' ? query : query.limit(limit)).execute())
  const readable = records.filter((record) => mayReadRecord(definition, record, actor))
  return phase === 'mine' ? readable.filter((record) => waitsForPerson(definition, record, actor)).slice(0, limit) : readable
}

export interface RegisterCounts {
  open: number
  overdue: number
  mine: number
}

/** Of the records this person may read: how many are not done, how many of those are overdue, and how many wait for the person. */
export async function countRecords(engine: Engine, actor: Actor, definition: RegisterDefinition): Promise<RegisterCounts> {
  const nowMs = engine.clock.nowMs()
  const records = await openRecords(engine, actor, definition)
  return {
    open: records.filter(({ row }) => row.phase !== 'kept').length,
    overdue: records.filter(({ row }) => isOverdue(row, nowMs)).length,
    mine: records.filter((record) => waitsForPerson(definition, record, actor)).length,
  }
}

/** Records in draft or open, and kept ones with a deadline. */
export async function openRecords(engine: Engine, actor: Actor, definition: RegisterDefinition, roomId?: number): Promise<LoadedRecord[]> {
  let query = engine.db
    .selectFrom('registerRecord')
    .selectAll()
    .where('register', '=', definition.name)
    .where((where) =>
      where.or([where('phase', 'in', ['draft', 'open']), where.and([where('phase', '=', 'kept'), where('dueAtMs', 'is not', null)])]),
    )
  if (roomId !== undefined) query = query.where('roomId', '=', roomId)
  const records = await withSteps(engine.db, await query.orderBy('id', 'desc').execute())
  return records.filter((record) => mayReadRecord(definition, record, actor))
}
