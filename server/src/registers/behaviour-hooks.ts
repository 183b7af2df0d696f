import { keptFields, type RecordFields, type Reference, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Actor } from '../api/base.ts'
import type { Engine, Unit } from './engine.ts'
import { columnsOf } from './record-columns.ts'
import type { BehaviourContext, BehaviourRecord, BehaviourResult } from './register.ts'
import { behaviourRecord, type LoadedRecord } from './rows.ts'

/** What the sheet of a record in its first state should be now, by fields that nobody checked yet; what cannot be looked up at the moment leaves it as it is. Outside of a transaction. */
export async function freshSheet(engine: Engine, record: Pick<LoadedRecord, 'row' | 'fields' | 'sheet'>): Promise<Record<string, unknown>> {
  const { fields, sheet } = record
  const room = fields.room as Partial<Reference> | null | undefined
  const row = { ...record.row, roomId: typeof room?.id === 'number' ? room.id : null }
  const fill = engine.behaviours[row.register]?.fill
  if (!fill || stateOf(engine.definitionOf(row.register), row.state)?.phase !== 'draft') return sheet
  try {
    return (await fill(behaviourRecord({ row, fields, sheet }), engine.clock.nowMs())) ?? sheet
  } catch (error) {
    engine.log.warn(
      { module: 'registers', register: row.register, number: row.number, err: error },
      'the sheet of a record could not be filled in',
    )
    return sheet
  }
}

/** Behaviours hand it on when they begin a record of another register in the same transaction. */
export function contextOf(unit: Unit, actor: Actor): BehaviourContext & Unit {
  return { ...unit, actor }
}

/** Keeps what a hook gave: sheet and fields in the record, the rest for after the transaction. Returns the fields as they are now. */
export async function takeResult(
  engine: Engine,
  unit: Unit,
  definition: RegisterDefinition,
  record: BehaviourRecord,
  result: BehaviourResult | undefined,
): Promise<RecordFields> {
  if (result?.afterwards) unit.afterwards.push(result.afterwards)
  const update = unit.transaction.updateTable('registerRecord').where('id', '=', record.id)
  if (result?.sheet) await update.set({ sheetJson: JSON.stringify(result.sheet) }).execute()
  if (!result?.fields) return record.fields
  const row = await unit.transaction.selectFrom('registerRecord').selectAll().where('id', '=', record.id).executeTakeFirstOrThrow()
  const fields = keptFields(definition, { ...record.fields, ...result.fields })
  await update.set(columnsOf(definition, { ...row, fields }, engine.timeZone)).execute()
  return fields
}
