import { type CellProblem, checkChoice, checkMoment, checkNumber, checkText, said } from './check-cells.ts'
import type { Field, Move, TableColumn, Words } from './definition.ts'
import { isEmpty } from './field-values.ts'

const ROWS = 500

/** Rows of a table. Paths are `row.column`, rows counted from 0; sentences count from 1. What is missing is only asked for at a move. */
export function checkTable(
  field: Field & { type: 'table' },
  value: unknown,
  { move, isRequired }: { move: Move | undefined; isRequired: boolean },
): CellProblem[] {
  const { label, columns, minRows, maxRows = ROWS } = field
  if (!Array.isArray(value)) return [{ message: said(label, '须为表格', 'must be a table') }]
  if (value.length > maxRows) return [{ message: said(label, `最多 ${maxRows} 行`, `takes ${maxRows} rows at most`) }]
  const problems: CellProblem[] = []
  if (isRequired && minRows !== undefined && value.length < minRows)
    problems.push({ message: said(label, `至少 ${minRows} 行`, `needs ${minRows} rows at least`) })
  for (const [index, row] of value.entries() as IterableIterator<[number, unknown]>) {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      problems.push({ path: String(index), message: said(label, `第 ${index + 1} 行有误`, `row ${index + 1} is malformed`) })
      continue
    }
    const cells = row as Record<string, unknown>
    for (const column of columns)
      for (const { message } of checkCell(column, rowLabel(label, column.label, index), cells[column.key], move !== undefined))
        problems.push({ path: `${index}.${column.key}`, message })
    for (const key of Object.keys(cells))
      if (!columns.some((column) => column.key === key))
        problems.push({ path: `${index}.${key}`, message: said(label, `没有“${key}”这一列`, `has no column “${key}”`) })
  }
  return problems
}

function rowLabel(table: Words, column: Words, index: number): Words {
  return { zh: `${table.zh} 第 ${index + 1} 行 ${column.zh}`, en: `${table.en}, row ${index + 1}, ${column.en}` }
}

function checkCell(column: TableColumn, label: Words, value: unknown, isMove: boolean): CellProblem[] {
  if (isEmpty(value)) return column.required && isMove ? [{ message: said(label, '必填', 'is required') }] : []
  switch (column.type) {
    case 'text':
      return checkText(label, column, value)
    case 'choice':
      return checkChoice(label, column, value)
    case 'number':
      return checkNumber(label, column, value)
    default:
      return checkMoment(label, column.type, value)
  }
}
