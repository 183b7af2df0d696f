import type { Db } from '../database/schema.ts'
import type { Named } from '../registers/import/parse-cells.ts'

/** The number on the asset's own sticker; of one without it the number of its record. null: no asset. */
export function assetNumberOf(recordNumber: string | null, fieldsJson: string | null): string | null {
  if (recordNumber === null) return null
  const { number } = JSON.parse(fieldsJson ?? '{}') as { number?: unknown }
  return typeof number === 'string' && number !== '' ? number : recordNumber
}

/** The assets that an address or a port may belong to, by the numbers that people write. */
export async function loadAssets(db: Db): Promise<Named[]> {
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'number', 'fieldsJson'])
    .where('register', '=', 'asset')
    .where('state', '<>', 'discarded')
    .orderBy('id')
    .execute()
  return rows.map(({ id, number, fieldsJson }) => ({ id, name: assetNumberOf(number, fieldsJson) ?? number, also: number }))
}
