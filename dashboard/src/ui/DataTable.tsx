import { Fragment, type Key, type ReactNode } from 'react'
import './ui.css'

export interface Column<Row> {
  key: string
  title: ReactNode
  render: (row: Row) => ReactNode
  className?: string
}

interface Props<Row> {
  rows: readonly Row[]
  columns: readonly Column<Row>[]
  rowKey: (row: Row) => Key
  caption: string
  rowClassName?: (row: Row) => string
  rowTestId?: (row: Row) => string
  /** More about a row, shown below it. */
  expanded?: (row: Row) => ReactNode | undefined
}

/** A plain dense table; on a phone each row becomes a card whose cells carry their column's title. */
export function DataTable<Row>({ rows, columns, rowKey, caption, rowClassName, rowTestId, expanded }: Props<Row>) {
  return (
    <div className="table-box">
      <table className="data-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.key} className={column.className} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const more = expanded?.(row)
            return (
              <Fragment key={rowKey(row)}>
                <tr className={rowClassName?.(row)} data-testid={rowTestId?.(row)}>
                  {columns.map((column) => (
                    <td
                      key={column.key}
                      className={column.className}
                      data-label={typeof column.title === 'string' ? column.title : undefined}
                    >
                      {column.render(row)}
                    </td>
                  ))}
                </tr>
                {more && (
                  <tr className="row-more">
                    <td colSpan={columns.length}>{more}</td>
                  </tr>
                )}
              </Fragment>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
