import type { RecordFields } from '@roomkeeper/shared/registers'
import { lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'

/** Readings reach the store a little after they were taken; read after this long, what they say is complete. */
export const SETTLE_MS = 2 * 60_000
/** What an agent brings back after an outage still belongs into the sheet for so long. */
const LATE_MS = 7 * 86_400_000
/** A person is not kept waiting for a slow store. */
const PATIENCE_MS = 2000

export interface SheetRow {
  id: number
  roomId: number | null
  fields: RecordFields
  sheet: Record<string, unknown>
}

/** Records of a register that came to where they are lately enough for their sheet to be brought up to date. */
export async function recentRecords(db: Db, register: string, nowMs: number, recordId?: number): Promise<SheetRow[]> {
  let query = db
    .selectFrom('registerRecord')
    .select(['id', 'roomId', 'fieldsJson', 'sheetJson'])
    .where('register', '=', register)
    .where('stateSinceMs', '>', nowMs - LATE_MS)
  if (recordId !== undefined) query = query.where('id', '=', recordId)
  const rows = await query.orderBy('id').execute()
  return rows.map(({ id, roomId, fieldsJson, sheetJson }) => ({
    id,
    roomId,
    fields: JSON.parse(fieldsJson) as RecordFields,
    sheet: JSON.parse(sheetJson) as Record<string, unknown>,
  }))
}

/** Writes parts of a sheet beside what others wrote into it meanwhile. */
export async function keepSheet(db: Db, recordId: number, part: Record<string, unknown>): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    const row = await transaction.selectFrom('registerRecord').select('sheetJson').where('id', '=', recordId).executeTakeFirst()
    if (!row) return
    const sheet = { ...(JSON.parse(row.sheetJson) as Record<string, unknown>), ...part }
    await transaction
      .updateTable('registerRecord')
      .set({ sheetJson: JSON.stringify(sheet) })
      .where('id', '=', recordId)
      .execute()
  })
}

/** Resolves with the work, or before it when it takes longer than a person should wait; the work goes on. */
export async function patiently(work: Promise<void>): Promise<void> {
  const { promise: timeout, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, PATIENCE_MS)
  await Promise.race([work, timeout])
  clearTimeout(timer)
}
