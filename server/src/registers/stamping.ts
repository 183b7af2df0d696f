import type { Role } from '@roomkeeper/shared/model'
import type {
  ChecklistValue,
  Field,
  FieldProblem,
  ReadingValueField,
  RecordFields,
  Reference,
  RegisterDefinition,
} from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { type LiveValues, STALE_INTERVALS, STALE_MIN_MS } from '../live/live-values.ts'
import { canonicalJson } from './canonical-json.ts'

export interface StampContext {
  transaction: Db
  live: Pick<LiveValues, 'get'>
  nowMs: number
  /** null: not there yet, so it has no files. */
  recordId: number | null
}

/**
 * What people sent names things by id; here the server writes beside it what they were called, and what a point read. What was there before and is sent again
 * keeps the name and value that it had. An id that nothing has is a problem of its field.
 */
export async function stampFields(
  definition: RegisterDefinition,
  fields: RecordFields,
  before: RecordFields,
  context: StampContext,
): Promise<{ fields: RecordFields; problems: FieldProblem[] }> {
  const problems: FieldProblem[] = []
  const stamped: RecordFields = {}
  for (const field of definition.fields) {
    if (!Object.hasOwn(fields, field.key)) continue
    const value = fields[field.key]
    const former = before[field.key]
    if (former !== undefined && canonicalJson(value) === canonicalJson(former)) {
      stamped[field.key] = former
      continue
    }
    const { value: found, problem } = await stampField(field, value, former, context)
    if (problem)
      problems.push({ key: field.key, message: { zh: `“${field.label.zh}”${problem.zh}`, en: `“${field.label.en}” ${problem.en}` } })
    stamped[field.key] = found
  }
  return { fields: stamped, problems }
}

interface Stamped {
  value: unknown
  problem?: { zh: string; en: string }
}

const UNKNOWN = { zh: '所选已不存在，请重新选择', en: 'names something that is not there, choose again' }

async function stampField(field: Field, value: unknown, former: unknown, context: StampContext): Promise<Stamped> {
  switch (field.type) {
    case 'person':
    case 'room':
    case 'device':
    case 'record': {
      const { id } = value as Reference
      if ((former as Reference | undefined)?.id === id) return { value: former }
      const name = await nameOf(field, id, context.transaction)
      return name === undefined ? { value, problem: UNKNOWN } : { value: { id, name } satisfies Reference }
    }
    case 'reading':
      return stampReading((value as ReadingValueField).pointId, field.kind, context)
    case 'photo':
      return checkFiles(field.key, value as number[], (former as number[] | undefined) ?? [], value, context)
    case 'signature':
      return checkFiles(field.key, [value as number], former === undefined ? [] : [former as number], value, context)
    case 'checklist':
      return checkFiles(
        field.key,
        photosOf(value as ChecklistValue),
        photosOf((former as ChecklistValue | undefined) ?? {}),
        value,
        context,
      )
    default:
      return { value }
  }
}

function photosOf(checklist: ChecklistValue): number[] {
  return Object.values(checklist).flatMap((answer) => answer.photos ?? [])
}

type ReferenceField = Field & { type: 'person' | 'room' | 'device' | 'record' }

async function nameOf(field: ReferenceField, id: number, db: Db): Promise<string | undefined> {
  switch (field.type) {
    case 'person': {
      const account = await db.selectFrom('account').select(['name', 'rolesJson', 'disabled']).where('id', '=', id).executeTakeFirst()
      if (!account || account.disabled === 1) return undefined
      const roles = JSON.parse(account.rolesJson) as Role[]
      return field.roles && !roles.some((role) => field.roles?.includes(role)) ? undefined : account.name
    }
    case 'room':
      return (await db.selectFrom('room').select('name').where('id', '=', id).executeTakeFirst())?.name
    case 'device':
      return (await db.selectFrom('device').select('name').where('id', '=', id).where('retiredAtMs', 'is', null).executeTakeFirst())?.name
    case 'record': {
      const record = await db
        .selectFrom('registerRecord')
        .select(['number', 'title'])
        .where('id', '=', id)
        .where('register', '=', field.register)
        .executeTakeFirst()
      return record && `${record.number} ${record.title}`.trim()
    }
  }
}

/** The point's value now. What is older than a few of its intervals says so. */
async function stampReading(pointId: number, kind: string | undefined, { transaction, live, nowMs }: StampContext): Promise<Stamped> {
  const point = await transaction
    .selectFrom('point')
    .innerJoin('device', 'device.id', 'point.deviceId')
    .select(['point.name', 'point.key', 'point.kind', 'point.unit', 'point.intervalMs', 'device.name as deviceName'])
    .where('point.id', '=', pointId)
    .executeTakeFirst()
  if (!point || (kind !== undefined && point.kind !== kind)) return { value: { pointId }, problem: UNKNOWN }
  const latest = live.get(pointId)
  const staleMs = Math.max(STALE_MIN_MS, STALE_INTERVALS * point.intervalMs)
  const stamped: ReadingValueField = {
    pointId,
    name: `${point.deviceName} ${point.name === '' ? point.key : point.name}`,
    value: latest?.value ?? null,
    unit: point.unit,
    quality: latest === undefined || nowMs - latest.receivedAtMs > staleMs ? 'stale' : latest.quality,
    atMs: latest?.timeMs ?? null,
  }
  return { value: stamped }
}

const NO_FILE = { zh: '的照片不在本记录中，请重新上传', en: 'names a file that this record does not have, send it again' }

/** Files belong to this record and this field; one that is struck out cannot be put in again. */
async function checkFiles(
  key: string,
  ids: readonly number[],
  former: readonly number[],
  value: unknown,
  context: StampContext,
): Promise<Stamped> {
  const added = ids.filter((id) => !former.includes(id))
  if (added.length === 0) return { value }
  const files =
    context.recordId === null
      ? []
      : await context.transaction
          .selectFrom('registerFile')
          .select(['id', 'fieldKey'])
          .where('recordId', '=', context.recordId)
          .where('removedAtMs', 'is', null)
          .where('id', 'in', added)
          .execute()
  const known = new Set(files.filter((file) => file.fieldKey.split('.')[0] === key).map((file) => file.id))
  return added.every((id) => known.has(id)) ? { value } : { value, problem: NO_FILE }
}
