import { mayReadRecord, maySave, type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import type { Db } from '../database/schema.ts'
import { contextOf, freshSheet, takeResult } from './behaviour-hooks.ts'
import type { Engine } from './engine.ts'
import { changesBetween, mergeFields } from './merge-fields.ts'
import { requireOwnKey } from './own-key.ts'
import { columnsOf } from './record-columns.ts'
import { conflict, forbidden, notFound } from './refusals.ts'
import { behaviourRecord, type LoadedRecord, loadRecord, type RecordRow } from './rows.ts'
import { addStep, asBeforeAfter, auditRecord } from './steps.ts'

export interface SaveInput {
  register: string
  recordId: number
  revision: number
  fields: RecordFields
}

/** Keeps what was changed. A draft is kept as often as one likes, with its row in the audit trail and no step; anything later is a step. */
export async function saveRecord(engine: Engine, actor: Actor, input: SaveInput): Promise<void> {
  const definition = engine.definitionOf(input.register)
  const before = await requireRecord(engine.db, definition, actor, input)
  const sheet = await freshSheet(engine, { ...before, fields: { ...before.fields, ...input.fields } })
  await engine.write(async (unit) => {
    const { transaction, nowMs } = unit
    const record = await requireRecord(transaction, definition, actor, input)
    const { row, state } = record
    if (stateOf(definition, state)?.phase === 'done') throw conflict(row.changedBy, row.changedAtMs)
    if (!maySave(definition, record, actor)) throw forbidden('没有权限修改 / You may not change it')
    const isDraft = row.phase === 'draft'
    const current = { recordId: row.id, state, fields: record.fields, sheet: isDraft ? sheet : record.sheet }
    const { fields, changes: sent } = await mergeFields(unit, engine.live, definition, current, input.fields)
    if (sent.length === 0) return
    if (!isDraft) await requireOwnKey(transaction, definition, row.id, fields)
    const columns = { ...columnsOf(definition, { ...row, fields }, engine.timeZone), sheetJson: JSON.stringify(current.sheet) }
    await updateRecord(transaction, row, { ...columns, changedBy: actor.name, changedAtMs: nowMs })
    const pending = behaviourRecord({ row: { ...row, ...columns }, fields, sheet: current.sheet })
    const result = await engine.behaviours[definition.name]?.onSave?.(pending, contextOf(unit, actor))
    const kept = await takeResult(engine, unit, definition, pending, result)
    const changes = changesBetween(definition, record.fields, kept)
    if (isDraft) {
      await auditRecord(unit, actor, 'draft', row, { after: { keys: changes.map(({ key }) => key) } })
    } else {
      await addStep(unit, actor, { recordId: row.id, kind: 'save', from: state, to: state, changes })
      const { before, after } = asBeforeAfter(changes)
      await auditRecord(unit, actor, 'save', row, { before, after: { fields: after } })
    }
    unit.changed.push({ topic: 'registers', id: row.id })
  })
}

/** The record at this revision, for somebody who may read it (null: the server). Throws NOT_FOUND, FORBIDDEN or CONFLICT naming who changed it since and when. */
export async function requireRecord(
  db: Db,
  definition: RegisterDefinition,
  actor: Actor | null,
  wanted: { recordId: number; revision?: number },
): Promise<LoadedRecord> {
  const record = await loadRecord(db, definition.name, wanted.recordId)
  if (!record) throw notFound()
  if (actor && !mayReadRecord(definition, record, actor)) throw forbidden('没有权限查看 / You may not read it')
  if (wanted.revision !== undefined && record.row.revision !== wanted.revision) throw conflict(record.row.changedBy, record.row.changedAtMs)
  return record
}

/** Counts the revision up. A deadline that moved is reminded of anew. */
export async function updateRecord(transaction: Db, row: RecordRow, values: Partial<Omit<RecordRow, 'id'>>): Promise<void> {
  const isNewDeadline = values.dueAtMs !== undefined && values.dueAtMs !== row.dueAtMs
  const told = isNewDeadline ? { remindedAtMs: null, headToldAtMs: null } : {}
  await transaction
    .updateTable('registerRecord')
    .set({ ...values, ...told, revision: row.revision + 1 })
    .where('id', '=', row.id)
    .execute()
}
