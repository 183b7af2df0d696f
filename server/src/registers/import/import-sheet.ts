import { setImmediate as nextTurn } from 'node:timers/promises'
import { IMPORT_MAX_BYTES, IMPORT_MAX_ROWS, type ImportReport } from '@roomkeeper/shared/http'
import { mayCreate, type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Actor } from '../../api/base.ts'
import type { Db } from '../../database/schema.ts'
import { createIn } from '../create-record.ts'
import type { Engine, Unit } from '../engine.ts'
import { mergeFields } from '../merge-fields.ts'
import { columnsOf } from '../record-columns.ts'
import { forbidden, invalid, notFound } from '../refusals.ts'
import { loadRecord } from '../rows.ts'
import { updateRecord } from '../save-record.ts'
import { addStep, asBeforeAfter, auditRecord } from '../steps.ts'
import { type Decision, decideImport, type KnownRecord, registeringMove } from './decide-import.ts'
import { readSheetRows, SheetError } from './read-sheet.ts'
import { readTable } from './read-table.ts'
import { loadThings, registerColumns } from './register-columns.ts'

export interface ImportInput {
  register: string
  bytes: Uint8Array
  /** look: nothing is changed. all: changes everything, and nothing when one row is wrong. good: changes what is right. */
  apply: 'look' | 'all' | 'good'
}

/** Records written in one transaction; between them others have their turn. */
const BATCH = 5

/**
 * Reads an Excel file into a register. What is in the file and is there already stays as it is, so that a file that broke off is simply read again.
 * Throws FORBIDDEN, NOT_FOUND, or INVALID for a file that cannot be read or, with `all`, has a row that is wrong.
 */
export async function importSheet(engine: Engine, actor: Actor, { register, bytes, apply }: ImportInput): Promise<ImportReport> {
  const definition = engine.definitionOf(register)
  const keyField = keyFieldOf(definition)
  if (!mayCreate(definition, actor.roles)) throw forbidden('没有权限导入 / You may not import')
  const sheet = await readSheetRows(bytes, { maxBytes: IMPORT_MAX_BYTES, maxRows: IMPORT_MAX_ROWS }).catch((error: unknown) => {
    throw error instanceof SheetError ? invalid('file', error.message) : error
  })
  const table = readTable(sheet, registerColumns(definition, await loadThings(engine.db, definition), engine.timeZone))
  const known = await knownRecords(engine.db, register)
  const decided = decideImport(definition, keyField, table.rows, known, engine.timeZone)
  const problems = [...table.problems, ...decided.problems].sort((a, b) => a.row - b.row)
  const [worst] = problems
  if (apply === 'all' && worst)
    throw invalid(
      'file',
      `有 ${problems.length} 处问题，未导入任何内容；第 ${worst.row} 行“${worst.column ?? ''}”：${worst.message.zh} / ${problems.length} problems, nothing was imported; row ${worst.row}: ${worst.message.en}`,
    )
  const isApplied = apply !== 'look'
  if (isApplied) await applyAll(engine, actor, definition, decided.decisions)
  const count = (outcome: Decision['outcome']): number => decided.decisions.filter((decision) => decision.outcome === outcome).length
  return {
    applied: isApplied,
    counts: { new: count('new'), changed: count('changed'), unchanged: count('unchanged'), problems: problems.length },
    rows: decided.decisions.map(({ fields: _fields, ...row }) => row),
    problems,
    unknownColumns: table.unknownColumns,
  }
}

/** The field by which rows are records. Throws NOT_FOUND for a register that cannot be read in. */
export function keyFieldOf(definition: RegisterDefinition): string {
  if (!definition.import) throw notFound(`${definition.title.zh}不能从 Excel 导入 / no import for ${definition.name}`)
  return definition.import.keyField
}

async function knownRecords(db: Db, register: string): Promise<KnownRecord[]> {
  const known: KnownRecord[] = []
  for (let after = 0; ; ) {
    const page = await db
      .selectFrom('registerRecord')
      .select(['id', 'number', 'state', 'fieldsJson'])
      .where('register', '=', register)
      .where('id', '>', after)
      .orderBy('id')
      .limit(1000)
      .execute()
    for (const { id, number, state, fieldsJson } of page) known.push({ id, number, state, fields: JSON.parse(fieldsJson) as RecordFields })
    const last = page.at(-1)
    if (page.length < 1000 || !last) return known
    after = last.id
    await nextTurn()
  }
}

async function applyAll(engine: Engine, actor: Actor, definition: RegisterDefinition, decisions: Decision[]): Promise<void> {
  const toDo = decisions.filter(({ outcome }) => outcome !== 'unchanged')
  try {
    for (let at = 0; at < toDo.length; at += BATCH) {
      await engine.write(async (unit) => {
        for (const decision of toDo.slice(at, at + BATCH)) {
          if (decision.recordId === null) Object.assign(decision, await addRecord(engine, unit, actor, definition, decision.fields))
          else await changeRecord(engine, unit, actor, definition, decision.recordId, decision.fields)
        }
        unit.changed.length = 0
      })
      await nextTurn()
    }
  } finally {
    // Browsers are told once, not of each of thousands.
    if (toDo.length > 0) engine.change({ topic: 'registers' })
  }
}

async function addRecord(
  engine: Engine,
  unit: Unit,
  actor: Actor,
  definition: RegisterDefinition,
  fields: RecordFields,
): Promise<{ recordId: number; number: string }> {
  const { id, number } = await createIn(engine, unit, actor, { register: definition.name, fields })
  const move = registeringMove(definition)
  const record = move && (await loadRecord(unit.transaction, definition.name, id))
  if (!move || !record) return { recordId: id, number }
  const { row } = record
  const columns = columnsOf(
    definition,
    { ...row, state: move.to, stateSinceMs: unit.nowMs, fields: record.fields, whenMs: unit.nowMs },
    engine.timeZone,
  )
  await updateRecord(unit.transaction, row, columns)
  await addStep(unit, actor, { recordId: id, kind: 'move', move: move.name, from: row.state, to: move.to, comment: FROM_EXCEL })
  await auditRecord(unit, actor, 'move', row, {
    before: { state: row.state },
    after: { move: move.name, to: move.to, comment: FROM_EXCEL },
  })
  return { recordId: id, number }
}

async function changeRecord(
  engine: Engine,
  unit: Unit,
  actor: Actor,
  definition: RegisterDefinition,
  recordId: number,
  sent: RecordFields,
): Promise<void> {
  const record = await loadRecord(unit.transaction, definition.name, recordId)
  // Somebody scrapped it meanwhile: the next look at the file says so.
  if (!record || stateOf(definition, record.state)?.phase !== 'kept') return
  const { row, state, sheet } = record
  const { fields, changes } = await mergeFields(unit, engine.live, definition, { recordId, state, fields: record.fields, sheet }, sent)
  if (changes.length === 0) return
  await updateRecord(unit.transaction, row, {
    ...columnsOf(definition, { ...row, fields }, engine.timeZone),
    changedBy: actor.name,
    changedAtMs: unit.nowMs,
  })
  await addStep(unit, actor, { recordId, kind: 'save', from: state, to: state, changes, comment: FROM_EXCEL })
  const { before, after } = asBeforeAfter(changes)
  await auditRecord(unit, actor, 'save', row, { before, after: { fields: after, comment: FROM_EXCEL } })
}

const FROM_EXCEL = 'Excel 导入 / imported from Excel'
