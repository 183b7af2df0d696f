import type { RecordFile, WholeRecord } from '@roomkeeper/shared/http'
import type { Actor } from '../api/base.ts'
import type { Db } from '../database/schema.ts'
import { freshSheet } from './behaviour-hooks.ts'
import type { Engine } from './engine.ts'
import { linksOf } from './links.ts'
import { roomNames, toRecord } from './rows.ts'
import { requireRecord } from './save-record.ts'
import { stepsOf } from './steps.ts'

/** A record with its sheet, steps, files and links, as this person sees it. Throws NOT_FOUND or FORBIDDEN. */
export async function wholeRecord(engine: Engine, actor: Actor, register: string, recordId: number): Promise<WholeRecord> {
  const { db } = engine
  const definition = engine.definitionOf(register)
  const record = await requireRecord(db, definition, actor, { recordId })
  return {
    ...toRecord(definition, record, actor, { nowMs: engine.clock.nowMs(), rooms: await roomNames(db) }),
    sheet: await freshSheet(engine, record),
    steps: await stepsOf(db, recordId),
    files: await filesOf(db, recordId),
    links: await linksOf(engine, actor, recordId),
  }
}

export const FILE_COLUMNS = ['id', 'fieldKey', 'name', 'type', 'size', 'by', 'atMs', 'removedAtMs', 'removedBy', 'removedReason'] as const

async function filesOf(db: Db, recordId: number): Promise<RecordFile[]> {
  const rows = await db.selectFrom('registerFile').select(FILE_COLUMNS).where('recordId', '=', recordId).orderBy('id').execute()
  return rows.map(toFile)
}

export function toFile(row: {
  id: number
  fieldKey: string
  name: string
  type: string
  size: number
  by: string
  atMs: number
  removedAtMs: number | null
  removedBy: string | null
  removedReason: string | null
}): RecordFile {
  const { id, fieldKey, name, type, size, by, atMs, removedAtMs, removedBy, removedReason } = row
  const removed = removedAtMs === null ? null : { by: removedBy ?? '', atMs: removedAtMs, reason: removedReason ?? '' }
  return { id, key: fieldKey, name, type, bytes: size, by, atMs, removed }
}
