import type { RegisterRecord } from '@roomkeeper/shared/http'
import {
  type Asking,
  maySave,
  possibleMoves,
  type RecordFields,
  type RegisterDefinition,
  type RuleRecord,
} from '@roomkeeper/shared/registers'
import type { Selectable } from 'kysely'
import type { RegisterTables } from '../database/register-schema.ts'
import type { Db } from '../database/schema.ts'
import type { BehaviourRecord } from './register.ts'

export type RecordRow = Selectable<RegisterTables['registerRecord']>

/** A record as the rules and the engine see it. */
export interface LoadedRecord extends RuleRecord {
  row: RecordRow
  sheet: Record<string, unknown>
}

/** Rows with who made which move. */
export async function withSteps(db: Db, rows: readonly RecordRow[]): Promise<LoadedRecord[]> {
  const moved = new Map<number, { move: string; accountId: number | null }[]>()
  // SQLite takes 32,766 values in one statement; pages are far below.
  for (let at = 0; at < rows.length; at += 1000) {
    const ids = rows.slice(at, at + 1000).map((row) => row.id)
    const steps = await db
      .selectFrom('registerStep')
      .select(['recordId', 'move', 'byId'])
      .where('recordId', 'in', ids)
      .where('kind', '=', 'move')
      .orderBy('id')
      .execute()
    for (const { recordId, move, byId } of steps) {
      const list = moved.get(recordId) ?? []
      list.push({ move: move ?? '', accountId: byId })
      moved.set(recordId, list)
    }
  }
  return rows.map((row) => ({
    row,
    state: row.state,
    createdById: row.createdById,
    fields: JSON.parse(row.fieldsJson) as RecordFields,
    sheet: JSON.parse(row.sheetJson) as Record<string, unknown>,
    movedBy: moved.get(row.id) ?? [],
  }))
}

export async function loadRecord(db: Db, register: string, recordId: number): Promise<LoadedRecord | undefined> {
  const row = await db
    .selectFrom('registerRecord')
    .selectAll()
    .where('id', '=', recordId)
    .where('register', '=', register)
    .executeTakeFirst()
  const [record] = row ? await withSteps(db, [row]) : []
  return record
}

export async function roomNames(db: Db): Promise<Map<number, string>> {
  const rooms = await db.selectFrom('room').select(['id', 'name']).execute()
  return new Map(rooms.map((room) => [room.id, room.name]))
}

/** As the person asking sees it. */
export function toRecord(
  definition: RegisterDefinition,
  record: LoadedRecord,
  asking: Asking,
  { nowMs, rooms }: { nowMs: number; rooms: ReadonlyMap<number, string> },
): RegisterRecord {
  const { row, fields } = record
  return {
    id: row.id,
    register: row.register,
    number: row.number,
    state: row.state,
    phase: row.phase as RegisterRecord['phase'],
    title: row.title,
    roomId: row.roomId,
    roomName: row.roomId === null ? null : (rooms.get(row.roomId) ?? null),
    fields,
    revision: row.revision,
    createdBy: row.createdBy,
    createdById: row.createdById,
    createdAtMs: row.createdAtMs,
    changedBy: row.changedBy,
    changedAtMs: row.changedAtMs,
    whenMs: row.whenMs,
    dueAtMs: row.dueAtMs,
    overdue: isOverdue(row, nowMs),
    emergency: row.emergency === 1,
    moves: possibleMoves(definition, record, asking).map((move) => move.name),
    maySave: maySave(definition, record, asking),
  }
}

export function isOverdue(row: Pick<RecordRow, 'phase' | 'dueAtMs'>, nowMs: number): boolean {
  return row.phase !== 'done' && row.dueAtMs !== null && row.dueAtMs < nowMs
}

export function behaviourRecord({ row, fields, sheet }: Pick<LoadedRecord, 'row' | 'fields' | 'sheet'>): BehaviourRecord {
  const { id, register, number, state, title, roomId, scheduleId, createdBy, createdById, createdAtMs, stateSinceMs } = row
  return { id, register, number, state, title, roomId, scheduleId, fields, sheet, createdBy, createdById, createdAtMs, stateSinceMs }
}
