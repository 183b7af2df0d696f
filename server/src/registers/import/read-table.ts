import type { ImportProblem } from '@roomkeeper/shared/http'
import type { Words } from '@roomkeeper/shared/registers'

/** As the reader of Excel files gives it; dates as their wall time in UTC. */
export type Cell = string | number | boolean | Date | null

export type ParsedCell = { value: unknown } | { problem: Words }

/** A column that a table may have. Whatever is imported describes its columns so: registers, IP table, switch ports. */
export interface TableColumn {
  key: string
  /** What may stand above it; case, blanks and a trailing * do not count. */
  headers: readonly string[]
  /** The column must be there, and no cell of it empty. */
  required: boolean
  /** Of a cell that is not empty. */
  parse(cell: NonNullable<Cell>): ParsedCell
}

export interface TableRow {
  /** As Excel counts: the header is row 1. */
  row: number
  /** By column key. Empty cells are absent: they leave things as they are. */
  values: Record<string, unknown>
}

export interface ReadTable {
  /** Rows without a problem. */
  rows: TableRow[]
  problems: ImportProblem[]
  unknownColumns: string[]
}

/** How a header is compared: people add blanks, stars and line breaks. */
function plain(header: string): string {
  return header
    .normalize('NFKC')
    .replace(/[\s*＊]/g, '')
    .toLowerCase()
}

/** Text of a cell as a person reads it. */
export function cellText(cell: Cell): string {
  if (cell === null) return ''
  if (cell instanceof Date) {
    const text = cell.toISOString()
    return text.slice(11, 19) === '00:00:00' ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`
  }
  return String(cell).trim()
}

/** Rows of a sheet as values by column. Pure. */
export function readTable([header = [], ...rows]: readonly (readonly Cell[])[], columns: readonly TableColumn[]): ReadTable {
  const problems: ImportProblem[] = []
  const unknownColumns: string[] = []
  const places: { column: TableColumn; index: number; header: string }[] = []
  for (const [index, cell] of header.entries()) {
    const text = cellText(cell)
    if (text === '') continue
    const column = columns.find(({ key, headers }) => [key, ...headers].some((one) => plain(one) === plain(text)))
    if (!column) unknownColumns.push(text)
    else if (places.some((place) => place.column === column))
      problems.push({ row: 1, column: text, value: text, message: { zh: '这一列出现了两次', en: 'This column is there twice' } })
    else places.push({ column, index, header: text })
  }
  for (const column of columns)
    if (column.required && !places.some((place) => place.column === column)) {
      const name = column.headers[0] ?? column.key
      const message = {
        zh: `缺少“${name}”这一列（第一行须为表头）`,
        en: `The column “${column.headers[1] ?? name}” is missing (the first row must be the header)`,
      }
      problems.push({ row: 1, column: name, value: '', message })
    }
  if (problems.length > 0) return { rows: [], problems, unknownColumns }

  const good: TableRow[] = []
  for (const [index, cells] of rows.entries()) {
    const row = index + 2
    if (cells.every((cell) => cellText(cell) === '')) continue
    const values: Record<string, unknown> = {}
    const before = problems.length
    for (const { column, index: at, header: name } of places) {
      const cell = cells[at] ?? null
      if (cell === null || cellText(cell) === '') {
        if (column.required) problems.push({ row, column: name, value: '', message: { zh: '必填', en: 'Required' } })
        continue
      }
      const parsed = column.parse(cell)
      if ('problem' in parsed) problems.push({ row, column: name, value: cellText(cell).slice(0, 100), message: parsed.problem })
      else values[column.key] = parsed.value
    }
    if (problems.length === before) good.push({ row, values })
  }
  return { rows: good, problems, unknownColumns }
}
