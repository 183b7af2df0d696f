import { type Asking, mayReadRecord, type RegisterDefinition, waitsForPerson } from '@roomkeeper/shared/registers'
import { sql } from 'kysely'
import type { Db } from '../../database/schema.ts'
import { searchPattern } from '../../registers/field-text.ts'
import { withSteps } from '../../registers/rows.ts'
import { loadSignatures, type RecordRow, type SignatureRow } from './load-record.ts'

/** What the list in the dashboard was narrowed to. */
export interface LedgerFilter {
  state?: string
  phase: 'open' | 'done' | 'overdue' | 'mine' | 'all'
  roomId?: number
  q?: string
  /** By the moment that counts (whenMs), inclusive; `toMs` exclusive. */
  fromMs?: number
  toMs?: number
}

export interface LedgerRow {
  row: RecordRow
  signatures: SignatureRow[]
}

/** Rows read together: a few milliseconds each, so that others have a turn between. */
const PAGE = 200

/** Records of a register in pages, oldest first as in a ledger. */
export async function* ledgerPages(
  db: Db,
  definition: RegisterDefinition,
  filter: LedgerFilter,
  asking: Asking | null,
  nowMs: number,
): AsyncGenerator<LedgerRow[], void, undefined> {
  let after: { whenMs: number; id: number } | undefined
  for (;;) {
    let query = db.selectFrom('registerRecord').selectAll().where('register', '=', definition.name)
    if (filter.state !== undefined) query = query.where('state', '=', filter.state)
    if (filter.phase === 'open' || filter.phase === 'mine') query = query.where('phase', 'in', ['draft', 'open'])
    if (filter.phase === 'done') query = query.where('phase', '=', 'done')
    if (filter.phase === 'overdue') query = query.where('phase', '!=', 'done').where('dueAtMs', '<', nowMs)
    if (filter.roomId !== undefined) query = query.where('roomId', '=', filter.roomId)
    if (filter.fromMs !== undefined) query = query.where('whenMs', '>=', filter.fromMs)
    if (filter.toMs !== undefined) query = query.where('whenMs', '<', filter.toMs)
    if (filter.q !== undefined && filter.q !== '') {
      const pattern = searchPattern(filter.q)
      query = query.where(sql<boolean>`"searchText" like ${pattern} escape '\\'`)
    }
    const from = after
    if (from)
      query = query.where(({ eb, or, and }) =>
        or([eb('whenMs', '>', from.whenMs), and([eb('whenMs', '=', from.whenMs), eb('id', '>', from.id)])]),
      )
    const rows = await query.orderBy('whenMs').orderBy('id').limit(PAGE).execute()
    const last = rows.at(-1)
    if (!last) return
    after = { whenMs: last.whenMs, id: last.id }
    const shown = await readableOf(db, definition, filter, rows, asking)
    const signatures = Map.groupBy(
      await loadSignatures(
        db,
        shown.map(({ id }) => id),
      ),
      ({ recordId }) => recordId,
    )
    yield shown.map((row) => ({ row, signatures: signatures.get(row.id) ?? [] }))
    if (rows.length < PAGE) return
  }
}

/** Those that the person asking may read; of 'mine' those that wait for the person. `asking` null: the pack, which shows every record. */
async function readableOf(
  db: Db,
  definition: RegisterDefinition,
  { phase }: LedgerFilter,
  rows: readonly RecordRow[],
  asking: Asking | null,
): Promise<readonly RecordRow[]> {
  if (asking === null) return rows
  const readable = (await withSteps(db, rows)).filter((record) => mayReadRecord(definition, record, asking))
  return (phase === 'mine' ? readable.filter((record) => waitsForPerson(definition, record, asking)) : readable).map(({ row }) => row)
}
