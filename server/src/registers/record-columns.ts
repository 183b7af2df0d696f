import { deadlineOf, type RecordFields, type Reference, type RegisterDefinition, startOfDate, stateOf } from '@roomkeeper/shared/registers'
import { searchTextOf, titleOf } from './field-text.ts'

/** Columns of a record that follow from its fields and state. */
export function columnsOf(
  definition: RegisterDefinition,
  record: { number: string; state: string; stateSinceMs: number; fields: RecordFields; whenMs: number },
  timeZone: string,
) {
  const { number, state, stateSinceMs, fields } = record
  return {
    state,
    phase: stateOf(definition, state)?.phase ?? 'open',
    stateSinceMs,
    fieldsJson: JSON.stringify(fields),
    title: titleOf(definition, fields, timeZone),
    roomId: (fields.room as Reference | undefined)?.id ?? null,
    whenMs: whenOf(definition, fields, timeZone) ?? record.whenMs,
    ...deadlineOf(definition, state, fields, stateSinceMs, timeZone),
    searchText: searchTextOf(definition, number, fields, timeZone),
  }
}

/** The moment of the field that counts in reports; a date counts from its beginning. */
function whenOf(definition: RegisterDefinition, fields: RecordFields, timeZone: string): number | null {
  const value = definition.whenField === undefined ? undefined : fields[definition.whenField]
  return typeof value === 'number' ? value : startOfDate(value, timeZone)
}
