import type { RecordFields, Reference, RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { PAPER_MARGIN_MS, type PaperFact, type PaperStep, spansOf } from './paper-cover.ts'

/** Ids in one query; SQLite takes 32,766 values. */
const SLICE = 500

/**
 * The records that were in force at some time since `sinceMs`, or are now, and those named. `definitions`: the registers of the house.
 */
export async function loadPapers(
  db: Db,
  { sinceMs, recordIds = [] }: { sinceMs: number; recordIds?: readonly number[] },
  definitions: readonly RegisterDefinition[] = DEFINITIONS,
): Promise<PaperFact[]> {
  const covering = definitions.filter(({ covers }) => covers !== undefined)
  if (covering.length === 0) return []
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'register', 'number', 'roomId', 'fieldsJson', 'emergency'])
    .where(
      'register',
      'in',
      covering.map(({ name }) => name),
    )
    .where((where) =>
      where.or([
        where.and([where('phase', '<>', 'done'), where('phase', '<>', 'draft')]),
        where('stateSinceMs', '>=', sinceMs - PAPER_MARGIN_MS),
        ...(recordIds.length > 0 ? [where('id', 'in', [...recordIds])] : []),
      ]),
    )
    .orderBy('id')
    .execute()
  const steps = await stepsOf(
    db,
    rows.map(({ id }) => id),
  )
  return rows.flatMap((row) => {
    const covers = covering.find(({ name }) => name === row.register)?.covers
    const ofRecord = steps.get(row.id)
    if (!covers || !ofRecord) return []
    const fields = JSON.parse(row.fieldsJson) as RecordFields
    // An emergency is done now, whatever had been planned.
    const isPlanned = row.emergency === 0
    const fromMs = isPlanned && covers.fromField !== undefined ? momentOf(fields[covers.fromField]) : null
    const untilMs = isPlanned && covers.untilField !== undefined ? momentOf(fields[covers.untilField]) : null
    const spans = spansOf(ofRecord, covers.states, { fromMs, untilMs })
    if (spans.length === 0) return []
    const device = covers.deviceField === undefined ? undefined : (fields[covers.deviceField] as Partial<Reference> | null | undefined)
    const { id: recordId, number, roomId } = row
    return [{ recordId, number, roomId, deviceId: device?.id ?? null, events: covers.events, spans }]
  })
}

async function stepsOf(db: Db, ids: readonly number[]): Promise<Map<number, PaperStep[]>> {
  const steps = new Map<number, PaperStep[]>()
  for (let at = 0; at < ids.length; at += SLICE) {
    const rows = await db
      .selectFrom('registerStep')
      .select(['recordId', 'toState', 'atMs'])
      .where('recordId', 'in', ids.slice(at, at + SLICE))
      .where('kind', 'in', ['create', 'move'])
      .orderBy('id')
      .execute()
    for (const { recordId, ...step } of rows) steps.set(recordId, [...(steps.get(recordId) ?? []), step])
  }
  return steps
}

/** Epoch ms of an instant field; null: it says nothing. */
export function momentOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
