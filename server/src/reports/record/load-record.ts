import type { RecordFields } from '@roomkeeper/shared/registers'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../../database/schema.ts'

export type RecordRow = Selectable<Database['registerRecord']>
export type StepRow = Selectable<Database['registerStep']>
export type SignatureRow = Selectable<Database['registerSignature']> & { recordId: number; move: string | null }
export type FileRow = Omit<Selectable<Database['registerFile']>, 'data'>
type LinkRow = Selectable<Database['registerLink']>

/** A record with all that belongs to it, as its paper needs it; the bytes of its files are read one by one (`fileBytes`). */
export interface WholeRecordRow {
  row: RecordRow
  roomName: string | null
  fields: RecordFields
  sheet: Record<string, unknown>
  steps: StepRow[]
  signatures: SignatureRow[]
  files: FileRow[]
  links: (LinkRow & { number: string; title: string })[]
  /** Its last entry in the audit trail; undefined: none names it. */
  audit: { seq: number; hash: string } | undefined
}

/** undefined: no such record in this register. */
export async function loadWholeRecord(db: Db, register: string, recordId: number): Promise<WholeRecordRow | undefined> {
  const found = await db
    .selectFrom('registerRecord')
    .leftJoin('room', 'room.id', 'registerRecord.roomId')
    .selectAll('registerRecord')
    .select('room.name as roomName')
    .where('registerRecord.id', '=', recordId)
    .where('register', '=', register)
    .executeTakeFirst()
  if (!found) return undefined
  const { roomName, ...row } = found
  const links = await db.selectFrom('registerLink').selectAll().where('recordId', '=', recordId).orderBy('id').execute()
  return {
    row,
    roomName,
    fields: JSON.parse(row.fieldsJson) as RecordFields,
    sheet: JSON.parse(row.sheetJson) as Record<string, unknown>,
    steps: await db.selectFrom('registerStep').selectAll().where('recordId', '=', recordId).orderBy('id').execute(),
    signatures: await loadSignatures(db, [recordId]),
    files: await db.selectFrom('registerFile').select(FILE_COLUMNS).where('recordId', '=', recordId).orderBy('id').execute(),
    links: await namedLinks(db, links),
    audit: await lastAuditOf(db, recordId),
  }
}

const FILE_COLUMNS = [
  'id',
  'recordId',
  'fieldKey',
  'name',
  'type',
  'size',
  'sha256',
  'by',
  'byId',
  'atMs',
  'removedAtMs',
  'removedBy',
  'removedReason',
] as const

/** Signatures of these records, oldest first. */
export async function loadSignatures(db: Db, recordIds: readonly number[]): Promise<SignatureRow[]> {
  if (recordIds.length === 0) return []
  return await db
    .selectFrom('registerSignature')
    .innerJoin('registerStep', 'registerStep.id', 'registerSignature.stepId')
    .selectAll('registerSignature')
    .select(['registerStep.recordId', 'registerStep.move'])
    .where('registerStep.recordId', 'in', recordIds)
    .orderBy('registerSignature.id')
    .execute()
}

export async function fileBytes(db: Db, fileId: number): Promise<Uint8Array> {
  const { data } = await db.selectFrom('registerFile').select('data').where('id', '=', fileId).executeTakeFirstOrThrow()
  return Uint8Array.from(data)
}

/** Audit entries name a record as `record:id`. */
async function lastAuditOf(db: Db, recordId: number): Promise<{ seq: number; hash: string } | undefined> {
  return await db
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('entity', '=', `record:${recordId}`)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
}

async function namedLinks(db: Db, links: readonly LinkRow[]): Promise<WholeRecordRow['links']> {
  const ids = links.filter(({ target }) => target === 'record').map(({ targetId }) => targetId)
  const rows =
    ids.length === 0 ? [] : await db.selectFrom('registerRecord').select(['id', 'number', 'title']).where('id', 'in', ids).execute()
  return links.map((link) => {
    const record = link.target === 'record' ? rows.find(({ id }) => id === link.targetId) : undefined
    return { ...link, number: record?.number ?? `#${link.targetId}`, title: record?.title ?? '' }
  })
}
