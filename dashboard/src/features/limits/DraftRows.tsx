import { DeleteOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import type { CardProps } from './LimitCard.tsx'

/** One row of what differs: what is wrong with a field of it, and how it is changed. */
interface RowParts<Row> {
  row: Row
  /** Counted from 1, as people do. */
  number: number
  problem: (field: string) => string | undefined
  /** `field`: where it was typed, so that its problem is shown; none for what is chosen. */
  change: (patch: Partial<Row>, field?: string) => void
}

interface Props<Row> extends Pick<CardProps, 'draft' | 'problems'> {
  /** The part of the draft that the rows are. */
  part: 'steps' | 'variants'
  rows: readonly Row[]
  title: string
  removeText: (number: number) => string
  onChange: (rows: readonly Row[], place: string) => void
  children: (parts: RowParts<Row>) => ReactNode
  note?: ReactNode
}

/** Rows of a limit that can be changed and taken out: its further steps, what differs at certain times. */
export function DraftRows<Row extends { key: number }>({
  draft,
  problems,
  part,
  rows,
  title,
  removeText,
  onChange,
  children,
  note,
}: Props<Row>) {
  return (
    <div className="limit-more">
      <h4>{title}</h4>
      {rows.map((row, at) => {
        const place = `${part}.${row.key}`
        const number = at + 1
        const problem = (field: string) => problems.get(`${draft.key}.${place}.${field}`)
        const change = (patch: Partial<Row>, field = '') =>
          onChange(
            rows.map((each) => (each.key === row.key ? { ...each, ...patch } : each)),
            field && `${place}.${field}`,
          )
        return (
          <div className="limit-variant" key={row.key}>
            {children({ row, number, problem, change })}
            <Button
              type="text"
              size="small"
              danger
              className="limit-more-remove"
              icon={<DeleteOutlined />}
              aria-label={removeText(number)}
              onClick={() =>
                onChange(
                  rows.filter(({ key }) => key !== row.key),
                  '',
                )
              }
            />
          </div>
        )
      })}
      {note}
    </div>
  )
}
