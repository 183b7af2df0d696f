import { Fragment, type Key, memo, type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { CHUNK_ROWS } from './row-window.ts'
import { useRowWindow } from './use-row-window.ts'
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

/**
 * A plain dense table; on a phone each row becomes a card whose cells carry their column's title. Of a long one only the rows around the
 * window are drawn; a screen reader is told which of how many they are.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { rows, columns, caption } = props
  const table = useRef<HTMLTableElement>(null)
  const { stretches, pin } = useRowWindow(table, rows.length)
  const widths = useSteadyWidths(table, stretches !== undefined)
  return (
    <div className="table-box">
      <table
        ref={table}
        className="data-table"
        aria-rowcount={stretches && rows.length + 1}
        onFocus={({ target }) => pin(chunkOf(target))}
        onBlur={() => pin(null)}
      >
        <caption className="visually-hidden">{caption}</caption>
        {widths && (
          <colgroup>
            {columns.map(({ key }, at) => (
              <col key={key} style={{ width: widths[at] }} />
            ))}
          </colgroup>
        )}
        <thead>
          <tr aria-rowindex={stretches && 1}>
            {columns.map((column) => (
              <th key={column.key} className={column.className} scope="col">
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        {stretches ? (
          stretches.map((stretch) =>
            stretch.kind === 'gap' ? (
              <tbody key={`gap-${stretch.firstChunk}`} aria-hidden="true">
                <tr className="row-gap" style={{ height: stretch.heightPx }} />
              </tbody>
            ) : (
              <Rows key={stretch.chunk} {...props} chunk={stretch.chunk} />
            ),
          )
        ) : (
          <Rows {...props} chunk={undefined} />
        )}
      </table>
    </div>
  )
}

/** One part of the table's rows, drawn anew only when what it shows may have changed: scrolling does not. */
const Rows = memo(function Rows<Row>({ chunk, ...props }: Props<Row> & { chunk: number | undefined }) {
  const { rows, columns, rowKey, rowClassName, rowTestId, expanded } = props
  const from = (chunk ?? 0) * CHUNK_ROWS
  const shown = chunk === undefined ? rows : rows.slice(from, from + CHUNK_ROWS)
  return (
    <tbody data-chunk={chunk}>
      {shown.map((row, at) => {
        const more = expanded?.(row)
        return (
          <Fragment key={rowKey(row)}>
            {/* The head is row 1. */}
            <tr
              className={rowClassName?.(row)}
              data-testid={rowTestId?.(row)}
              aria-rowindex={chunk === undefined ? undefined : from + at + 2}
            >
              {columns.map((column) => (
                <td key={column.key} className={column.className} data-label={typeof column.title === 'string' ? column.title : undefined}>
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
  )
}) as <Row>(props: Props<Row> & { chunk: number | undefined }) => ReactNode

function chunkOf(element: Element): number | null {
  const chunk = element.closest<HTMLElement>('tbody[data-chunk]')?.dataset.chunk
  return chunk === undefined ? null : Number(chunk)
}

/** Widths of the columns, px, as the first rows made them: with other rows drawn they would jump while scrolling. */
function useSteadyWidths(table: React.RefObject<HTMLTableElement | null>, isLong: boolean): readonly number[] | undefined {
  const [steady, setSteady] = useState<{ ofPx: number; widths: readonly number[] }>()
  useLayoutEffect(() => {
    const box = table.current?.parentElement
    if (!isLong || !box) return
    const take = () => {
      const heads = [...(table.current?.tHead?.rows[0]?.cells ?? [])].map((head) => head.offsetWidth)
      // As cards there are no columns.
      const widths = heads.every((width) => width > 0) ? heads : []
      setSteady((before) => (before?.ofPx === box.offsetWidth ? before : { ofPx: box.offsetWidth, widths }))
    }
    take()
    const observer = new ResizeObserver(() => {
      setSteady((before) => (before && before.ofPx !== box.offsetWidth ? undefined : before))
      requestAnimationFrame(take)
    })
    observer.observe(box)
    return () => observer.disconnect()
  }, [table, isLong])
  return isLong && steady && steady.widths.length > 0 ? steady.widths : undefined
}
