import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import type { FieldProblem, TableColumn, TableValue } from '@roomkeeper/shared/registers'
import { Button } from 'antd'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../../i18n/use-words.ts'
import { ScalarInput } from './ScalarInput.tsx'
import './table-input.css'

interface Props {
  columns: readonly TableColumn[]
  value: unknown
  minRows?: number
  maxRows?: number
  onChange: (rows: TableValue | null) => void
  /** Of the table field; `path` is `row.column`, rows counted from 0. */
  problems?: readonly FieldProblem[]
  label: string
  testId: string
}

const ROWS_MAX = 200

export function rowsOf(value: unknown): TableValue {
  return Array.isArray(value) ? (value as TableValue) : []
}

/** Rows that can be added and taken out; on a phone each is a card. */
export function TableInput({ columns, value, minRows = 0, maxRows = ROWS_MAX, onChange, problems = [], label, testId }: Props) {
  const { t } = useTranslation('registers')
  const words = useWords()
  const box = useRef<HTMLDivElement>(null)
  const blank = Object.fromEntries(columns.map(({ key }) => [key, null]))
  const filled = rowsOf(value)
  // A table that needs rows begins with one to write in; it is kept with its first word.
  const rows = filled.length === 0 && minRows > 0 ? [blank] : filled
  const isFull = rows.length >= maxRows

  function change(at: number, key: string, cell: unknown): void {
    onChange(rows.map((row, index) => (index === at ? { ...row, [key]: cell as TableValue[number][string] } : row)))
  }
  function add(): void {
    onChange([...rows, blank])
    requestAnimationFrame(() => box.current?.querySelector('li:last-of-type')?.querySelector<HTMLElement>('input, textarea')?.focus())
  }
  function remove(at: number): void {
    const left = rows.filter((_, index) => index !== at)
    onChange(left.length > 0 ? left : null)
  }

  return (
    <div className="table-box" ref={box} data-testid={testId}>
      {rows.length > 0 && (
        <ol className="rows" style={{ '--columns': columns.length } as React.CSSProperties} aria-label={label}>
          <li className="rows-head" aria-hidden="true">
            {columns.map((column) => (
              <span key={column.key}>
                {words.of(column.label)}
                {column.required && <span className="required">*</span>}
              </span>
            ))}
          </li>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have nothing else that tells them apart
            <li key={at} className="rows-row" data-testid={`${testId}-${at}`}>
              {columns.map((column) => {
                const problem = problems.find(({ path }) => path === `${at}.${column.key}`)
                return (
                  <div key={column.key} className="rows-cell field">
                    <span className="rows-label" aria-hidden="true">
                      {words.of(column.label)}
                      {column.required && <span className="required">*</span>}
                    </span>
                    <ScalarInput
                      type={column}
                      value={row[column.key]}
                      isCompact
                      label={t('table.cell', { row: at + 1, column: words.of(column.label) })}
                      status={problem ? 'error' : undefined}
                      testId={`${testId}-${at}-${column.key}`}
                      onChange={(cell) => change(at, column.key, cell)}
                    />
                    {problem && (
                      <div className="field-error" role="alert">
                        {words.of(problem.message)}
                      </div>
                    )}
                  </div>
                )
              })}
              <Button
                className="rows-remove"
                type="text"
                icon={<DeleteOutlined />}
                aria-label={t('table.remove', { row: at + 1 })}
                title={t('table.remove', { row: at + 1 })}
                onClick={() => remove(at)}
              />
            </li>
          ))}
        </ol>
      )}
      <Button icon={<PlusOutlined />} disabled={isFull} onClick={add} data-testid={`${testId}-add`}>
        {t('table.add')}
      </Button>{' '}
      <span className="muted">{rows.length > 0 && t('table.count', { count: rows.length })}</span>
    </div>
  )
}
