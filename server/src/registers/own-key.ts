import { type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import { sql } from 'kysely'
import type { Db } from '../database/schema.ts'
import { searchPattern } from './field-text.ts'
import { keyOf } from './import/decide-import.ts'
import { invalidFields } from './refusals.ts'

/** Where records are read in from Excel by a key (an asset's number), no two that count may have the same one. Throws INVALID naming the other. */
export async function requireOwnKey(
  transaction: Db,
  definition: RegisterDefinition,
  recordId: number,
  fields: RecordFields,
): Promise<void> {
  const key = definition.import?.keyField
  const value = key === undefined ? '' : keyOf(fields[key])
  if (key === undefined || value === '') return
  const pattern = searchPattern(value)
  const others = await transaction
    .selectFrom('registerRecord')
    .select(['number', 'state', 'fieldsJson'])
    .where('register', '=', definition.name)
    .where('id', '<>', recordId)
    .where('phase', '<>', 'draft')
    .where(sql<boolean>`"searchText" like ${pattern} escape '\\'`)
    .execute()
  const other = others.find(
    ({ state, fieldsJson }) => !stateOf(definition, state)?.void && keyOf((JSON.parse(fieldsJson) as RecordFields)[key]) === value,
  )
  if (!other) return
  const label = definition.fields.find((field) => field.key === key)?.label
  throw invalidFields([
    {
      key,
      message: {
        zh: `“${label?.zh ?? key}”与 ${other.number} 相同，不能重复`,
        en: `“${label?.en ?? key}” is that of ${other.number}: each is used once`,
      },
    },
  ])
}
