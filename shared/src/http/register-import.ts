import type { Words } from '../registers/index.ts'

/** `POST /api/registers/:register/import?apply=0|1&only=good`: an Excel file as the body. The same file read twice changes nothing the second time. */
export const IMPORT_MAX_BYTES = 5_000_000
export const IMPORT_MAX_ROWS = 5000
export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** A cell, or a row without `column`, that cannot be taken; `row` as Excel counts. */
export interface ImportProblem {
  row: number
  column: string | null
  value: string
  /** What is wrong, and what is allowed. */
  message: Words
}

export interface ImportedRow {
  row: number
  /** Value of the register's key field, e.g. the asset number. */
  key: string
  title: string
  outcome: 'new' | 'changed' | 'unchanged'
  /** Of the record that is there already, or was made. */
  recordId: number | null
  number: string | null
  changes: { label: Words; before: string; after: string }[]
}

export interface ImportReport {
  /** false: only looked at. */
  applied: boolean
  counts: { new: number; changed: number; unchanged: number; problems: number }
  rows: ImportedRow[]
  problems: ImportProblem[]
  /** Headers that no field has: their cells are not read. */
  unknownColumns: string[]
}
