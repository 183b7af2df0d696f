import type { ImportedRow, ImportProblem } from '@roomkeeper/shared/http'
import type { Words } from '@roomkeeper/shared/registers'
import type { TableRow } from '../../registers/import/read-table.ts'
import type { SheetColumn } from './sheet-columns.ts'

export type SheetFields = Readonly<Record<string, string | number | null>>

/** What is to be done with one row. */
export interface RowDecision extends ImportedRow {
  /** All values after it. */
  fields: SheetFields
  /** Those that differ from what is there. */
  changed: SheetFields
}

/** What makes rows addresses, or ports. */
export interface RowKind {
  /** How rows and what is there are compared. */
  keyOf(fields: SheetFields): string
  /** As people call it. */
  nameOf(fields: SheetFields): string
  titleOf(fields: SheetFields): string
  /** What a new one has where the sheet says nothing. */
  complete(values: SheetFields): SheetFields
  /** What keeps the row, read by itself without fault, from being so beside the others; asked row by row. */
  problemOf(fields: SheetFields, before: SheetFields | undefined): { key: string; message: Words } | undefined
}

/** New, changed, unchanged or wrong, row by row. Pure: of the same rows and the same table comes the same. */
export function decideRows(
  rows: readonly TableRow[],
  columns: readonly SheetColumn[],
  known: ReadonlyMap<string, { id: number; fields: SheetFields }>,
  kind: RowKind,
): { decisions: RowDecision[]; problems: ImportProblem[] } {
  const decisions: RowDecision[] = []
  const problems: ImportProblem[] = []
  const rowOf = new Map<string, number>()
  for (const { row, values } of rows) {
    const given = values as SheetFields
    const key = kind.keyOf(given)
    const wrong = (columnKey: string, fields: SheetFields, message: Words): void => {
      const column = columns.find((one) => one.key === columnKey)
      problems.push({ row, column: column?.label.zh ?? null, value: column?.show(fields[columnKey] ?? null) ?? '', message })
    }
    const earlier = rowOf.get(key)
    if (earlier !== undefined) {
      wrong(columns[0]?.key ?? '', given, { zh: `与第 ${earlier} 行重复`, en: `The same as in row ${earlier}` })
      continue
    }
    rowOf.set(key, row)
    const there = known.get(key)
    // The table keeps its own way of writing the key.
    const fields = there
      ? { ...there.fields, ...withoutKeys(given, columns) }
      : kind.complete({ ...Object.fromEntries(columns.map(({ key: one }) => [one, emptyOf(one)])), ...given })
    const problem = kind.problemOf(fields, there?.fields)
    if (problem) {
      wrong(problem.key, fields, problem.message)
      continue
    }
    const differing = columns.filter(({ key: one }) => !there || fields[one] !== there.fields[one])
    decisions.push({
      row,
      key: kind.nameOf(fields),
      title: kind.titleOf(fields),
      outcome: !there ? 'new' : differing.length > 0 ? 'changed' : 'unchanged',
      recordId: there?.id ?? null,
      number: null,
      changes: there
        ? differing.map(({ key: one, label, show }) => ({
            label,
            before: show(there.fields[one] ?? null),
            after: show(fields[one] ?? null),
          }))
        : [],
      fields,
      changed: Object.fromEntries(differing.map(({ key: one }) => [one, fields[one] ?? null])),
    })
  }
  return { decisions, problems }
}

/** References are null, texts empty. */
function emptyOf(key: string): string | null {
  return key.endsWith('Id') ? null : ''
}

function withoutKeys(fields: SheetFields, columns: readonly SheetColumn[]): SheetFields {
  const keys = columns.filter(({ required }) => required).map(({ key }) => key)
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)))
}
