import { setImmediate as nextTurn } from 'node:timers/promises'
import { IMPORT_MAX_BYTES, IMPORT_MAX_ROWS, type ImportReport, type Port } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import type { Actor } from '../../api/base.ts'
import { lockChain } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { importTemplate } from '../../registers/import/import-template.ts'
import { readSheetRows, SheetError } from '../../registers/import/read-sheet.ts'
import { readTable } from '../../registers/import/read-table.ts'
import { invalid } from '../../registers/refusals.ts'
import { type AddressFields, findAddress, loadAddressBook, saveAddress, subnetFor } from '../address-rows.ts'
import { loadAssets } from '../asset-number.ts'
import { placeKey } from '../patch-links.ts'
import { livePort, loadPorts, type PortFields, portProblem, savePort } from '../port-rows.ts'
import { decideRows, type RowDecision, type RowKind, type SheetFields } from './decide-rows.ts'
import { addressRows, portRows } from './row-kinds.ts'
import { addressColumns, portColumns, type SheetColumn } from './sheet-columns.ts'

export type NetworkSheet = 'addresses' | 'switch-ports'

export interface NetworkImportDeps {
  db: Db
  clock: { nowMs(): number }
  change(change: Change): void
}

const TITLES = { addresses: { zh: 'IP 地址表', en: 'IP table' }, 'switch-ports': { zh: '交换机端口', en: 'Switch ports' } }
/** Rows written in one transaction; between them others have their turn. */
const BATCH = 20

/**
 * Reads an Excel file into the IP table or the switch ports. What is in the file and is there already stays as it is, so that a file that broke off is simply read again.
 * Throws INVALID for a file that cannot be read or, with `all`, has a row that is wrong: nothing is changed then.
 */
export async function importNetwork(
  deps: NetworkImportDeps,
  actor: Actor,
  { sheet, bytes, apply }: { sheet: NetworkSheet; bytes: Uint8Array; apply: 'look' | 'all' | 'good' },
): Promise<ImportReport> {
  const cells = await readSheetRows(bytes, { maxBytes: IMPORT_MAX_BYTES, maxRows: IMPORT_MAX_ROWS }).catch((error: unknown) => {
    throw error instanceof SheetError ? invalid('file', error.message) : error
  })
  const { columns, known, kind, save } = await (sheet === 'addresses' ? addressTable(deps) : portTable(deps))
  const table = readTable(cells, columns)
  const { decisions, problems: found } = decideRows(table.rows, columns, known, kind)
  const problems = [...table.problems, ...found].sort((a, b) => a.row - b.row)
  const [worst] = problems
  if (apply === 'all' && worst)
    throw invalid(
      'file',
      `有 ${problems.length} 处问题，未导入任何内容；第 ${worst.row} 行“${worst.column ?? ''}”：${worst.message.zh} / ${problems.length} problems, nothing was imported; row ${worst.row}: ${worst.message.en}`,
    )
  if (apply !== 'look') await applyAll(deps, actor, decisions, save)
  const count = (outcome: RowDecision['outcome']): number => decisions.filter((decision) => decision.outcome === outcome).length
  return {
    applied: apply !== 'look',
    counts: { new: count('new'), changed: count('changed'), unchanged: count('unchanged'), problems: problems.length },
    rows: decisions.map(({ fields: _fields, changed: _changed, ...row }) => row),
    problems,
    unknownColumns: table.unknownColumns,
  }
}

/** The empty sheet for it, with what each column takes. */
export async function networkTemplate(db: Db, sheet: NetworkSheet): Promise<{ title: string; bytes: Buffer }> {
  const assets = await loadAssets(db)
  const columns = sheet === 'addresses' ? addressColumns(assets) : portColumns(assets, await loadRooms(db))
  return { title: TITLES[sheet].zh, bytes: await importTemplate({ title: TITLES[sheet] }, columns) }
}

type Save = (transaction: Db, actor: Actor, decision: RowDecision, nowMs: number) => Promise<void>

interface SheetTable {
  columns: SheetColumn[]
  known: Map<string, { id: number; fields: SheetFields }>
  kind: RowKind
  /** Onto what is there by then: others go on working while a file is read in. */
  save: Save
}

async function addressTable({ db, clock }: NetworkImportDeps): Promise<SheetTable> {
  const { subnets, addresses } = await loadAddressBook(db, clock.nowMs())
  const columns = addressColumns(await loadAssets(db))
  return {
    columns,
    known: new Map(addresses.flatMap((one) => (one.id === null ? [] : [[one.address, { id: one.id, fields: pick(one, columns) }]]))),
    kind: addressRows((address) => subnetFor(subnets, address) !== undefined),
    save: async (transaction, actor, { fields, changed }, nowMs) => {
      const address = String(fields.address)
      const subnetId = subnetFor(subnets, address)?.id
      if (subnetId === undefined) return
      const before = await findAddress(transaction, subnetId, address)
      const after = { ...(before ? pick(before, columns) : fields), ...changed } as unknown as AddressFields
      await saveAddress(transaction, actor, { subnetId, before, after }, nowMs)
    },
  }
}

async function portTable({ db }: NetworkImportDeps): Promise<SheetTable> {
  const ports = await loadPorts(db)
  const columns = portColumns(await loadAssets(db), await loadRooms(db))
  const placeOf = ({ switchName, port }: Port) => placeKey(switchName, port)
  return {
    columns,
    known: new Map(ports.map((port) => [placeOf(port), { id: port.id, fields: pick(port, columns) }])),
    kind: portRows(new Map(ports.map((port) => [port.label, placeOf(port)]))),
    save: async (transaction, actor, { recordId, fields, changed }, nowMs) => {
      const before = recordId === null ? undefined : await livePort(transaction, recordId)
      // Taken out meanwhile, or its place or label taken: the next look at the file says so.
      if (recordId !== null && !before) return
      const after = { ...(before ? pick(before, columns) : fields), ...changed } as unknown as PortFields
      if (await portProblem(transaction, after, recordId ?? 0)) return
      await savePort(transaction, actor, before, after, nowMs)
    },
  }
}

async function applyAll(
  { db, clock, change }: NetworkImportDeps,
  actor: Actor,
  decisions: readonly RowDecision[],
  save: Save,
): Promise<void> {
  const toDo = decisions.filter(({ outcome }) => outcome !== 'unchanged')
  try {
    for (let at = 0; at < toDo.length; at += BATCH) {
      await db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        for (const decision of toDo.slice(at, at + BATCH)) await save(transaction, actor, decision, clock.nowMs())
      })
      await nextTurn()
    }
  } finally {
    if (toDo.length > 0) change({ topic: 'network' })
  }
}

async function loadRooms(db: Db) {
  return db.selectFrom('room').select(['id', 'name']).orderBy('name').execute()
}

/** Of a row what the sheet's columns hold. */
function pick(row: object, columns: readonly SheetColumn[]): SheetFields {
  const values = row as Record<string, string | number | null>
  return Object.fromEntries(columns.map(({ key }) => [key, values[key] ?? null]))
}
