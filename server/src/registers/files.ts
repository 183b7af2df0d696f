import { createHash } from 'node:crypto'
import { RECORD_FILES_MAX, type RecordFile } from '@roomkeeper/shared/http'
import { mayAmend, mayReadRecord, maySave } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import { photoName } from '../photos/photo-check.ts'
import type { Engine } from './engine.ts'
import { conflict, forbidden, invalid, notFound } from './refusals.ts'
import { loadRecord } from './rows.ts'
import { requireRecord } from './save-record.ts'
import { SIGNATURE_KEY } from './signing.ts'
import { addStep, auditRecord } from './steps.ts'
import { FILE_COLUMNS, toFile } from './whole-record.ts'

export interface NewFile {
  register: string
  recordId: number
  /** A field of photos, a drawn signature or a checklist; of the last also `field.item`. */
  key: string
  name: string
  type: string
  bytes: Buffer
}

const TOO_MANY = `每条记录最多 ${RECORD_FILES_MAX} 个文件 / A record has ${RECORD_FILES_MAX} files at most`

/** Keeps a photo with its record. The same bytes for the same field again answer the one that is there. */
export async function addFile(engine: Engine, actor: Actor, file: NewFile): Promise<{ file: RecordFile; isNew: boolean }> {
  const definition = engine.definitionOf(file.register)
  const field = definition.fields.find((one) => one.key === file.key.split('.')[0])
  if (!field || !['photo', 'signature', 'checklist'].includes(field.type)) {
    const allowed = definition.fields.filter((one) => ['photo', 'signature', 'checklist'].includes(one.type)).map((one) => one.key)
    throw invalid(
      'key',
      `须为照片、签名或检查表字段：${allowed.join('、') || '（没有）'} / Must be a field that takes files: ${allowed.join(', ') || '(none)'}`,
    )
  }
  const sha256 = createHash('sha256').update(file.bytes).digest('hex')
  return await engine.write(async (unit) => {
    const { transaction, nowMs } = unit
    const record = await requireRecord(transaction, definition, actor, file)
    const { row } = record
    if (!maySave(definition, record, actor) && !mayAmend(definition, record, actor))
      throw forbidden('没有权限添加文件 / You may not add files')
    const present = await transaction
      .selectFrom('registerFile')
      .select([...FILE_COLUMNS, 'sha256'])
      .where('recordId', '=', row.id)
      .where('removedAtMs', 'is', null)
      .where('fieldKey', '<>', SIGNATURE_KEY)
      .execute()
    // Sent again because the answer was lost on the way: it is there already.
    const same = present.find((one) => one.sha256 === sha256 && one.fieldKey === file.key)
    if (same) return { file: toFile(same), isNew: false }
    if (present.length >= RECORD_FILES_MAX) throw invalid('photo', TOO_MANY)
    const name = photoName(file.name)
    const values = { recordId: row.id, fieldKey: file.key, name, type: file.type, size: file.bytes.length, sha256, data: file.bytes }
    const added = await transaction
      .insertInto('registerFile')
      .values({ ...values, by: actor.name, byId: actor.accountId, atMs: nowMs, removedAtMs: null, removedBy: null, removedReason: null })
      .returning(FILE_COLUMNS)
      .executeTakeFirstOrThrow()
    if (row.phase !== 'draft') {
      const changes = [{ key: file.key, before: null, after: added.id }]
      await addStep(unit, actor, { recordId: row.id, kind: 'file', from: row.state, to: row.state, changes })
    }
    const after = { fileId: added.id, key: file.key, name, type: file.type, bytes: file.bytes.length, sha256 }
    await auditRecord(unit, actor, 'file-add', row, { after })
    unit.changed.push({ topic: 'registers', id: row.id })
    return { file: toFile(added), isNew: true }
  })
}

/** The bytes of a file, for somebody who may read its record. */
export async function readFile(
  engine: Engine,
  actor: Actor,
  fileId: number,
): Promise<{ name: string; type: string; data: Uint8Array; sha256: string }> {
  const file = await engine.db
    .selectFrom('registerFile')
    .innerJoin('registerRecord', 'registerRecord.id', 'registerFile.recordId')
    .select(['registerFile.name', 'registerFile.type', 'registerFile.data', 'registerFile.sha256', 'registerRecord.register', 'recordId'])
    .where('registerFile.id', '=', fileId)
    .executeTakeFirst()
  if (!file) throw notFound('文件 / file')
  const definition = engine.definitionOf(file.register)
  const record = await loadRecord(engine.db, file.register, file.recordId)
  if (!record || !mayReadRecord(definition, record, actor)) throw forbidden('没有权限查看 / You may not read it')
  return file
}

export interface StrikeInput {
  register: string
  recordId: number
  fileId: number
  reason: string
}

/** Strikes a photo out: its bytes and its place stay, marked with who, when and why. What was drawn as a signature cannot be struck out. */
export async function strikeFile(engine: Engine, actor: Actor, { register, recordId, fileId, reason }: StrikeInput): Promise<void> {
  const definition = engine.definitionOf(register)
  await engine.write(async (unit) => {
    const { transaction, nowMs } = unit
    const record = await requireRecord(transaction, definition, actor, { recordId })
    const { row } = record
    if (!maySave(definition, record, actor) && !mayAmend(definition, record, actor)) throw forbidden('没有权限修改 / You may not change it')
    const file = await transaction
      .selectFrom('registerFile')
      .select(['fieldKey', 'name', 'removedAtMs', 'removedBy'])
      .where('id', '=', fileId)
      .where('recordId', '=', recordId)
      .executeTakeFirst()
    if (!file) throw notFound('文件 / file')
    if (file.removedAtMs !== null) throw conflict(file.removedBy, file.removedAtMs)
    const field = definition.fields.find((one) => one.key === file.fieldKey)
    if (file.fieldKey === SIGNATURE_KEY || (field?.type === 'signature' && row.phase !== 'draft'))
      throw invalid('fileId', '签名不能划去 / A signature cannot be struck out')
    const removed = { removedAtMs: nowMs, removedBy: actor.name, removedReason: reason }
    await transaction.updateTable('registerFile').set(removed).where('id', '=', fileId).execute()
    const changes = [{ key: file.fieldKey, before: fileId, after: null }]
    await addStep(unit, actor, { recordId, kind: 'file', from: row.state, to: row.state, comment: reason, changes })
    await auditRecord(unit, actor, 'file-strike-out', row, { before: { fileId, name: file.name }, after: { reason } })
    unit.changed.push({ topic: 'registers', id: recordId })
  })
}
