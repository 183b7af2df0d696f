import { type Span, type TableBlock, textOfCell } from '../document.ts'
import { COLORS, LEADING, MARGIN, type Paper } from './paper.ts'

const SIZE = 8.2
const PAD_X = 4
const PAD_Y = 2.6
const LINE = SIZE * LEADING * 0.94

/** Points of each column. */
function widthsOf({ columns }: TableBlock, width: number): number[] {
  const shares = columns.reduce((sum, column) => sum + column.width, 0)
  return columns.map((column) => (column.width / shares) * width)
}

/** A table that breaks over pages, with its head on each. A row that is higher than what is left of a page goes on on the next one. */
export function drawTable(paper: Paper, table: TableBlock): void {
  const widths = widthsOf(table, paper.width)
  const headLines = table.columns.map((column, index) => paper.lines(column.title, (widths[index] ?? 0) - 2 * PAD_X, SIZE, true))
  const headHeight = heightOf(headLines)
  const head = (): void => {
    paper.doc.rect(MARGIN, paper.y, paper.width, headHeight).fill(COLORS.band)
    drawCells(paper, table, widths, headLines, 0, Number.POSITIVE_INFINITY)
    paper.y += headHeight
    paper.rule(paper.y, COLORS.muted)
  }
  paper.room(headHeight + LINE * 2)
  if (!table.continues || paper.y === paper.top) head()
  for (const row of table.rows) {
    const cells = row.map((cell, index) => paper.lines(textOfCell(cell), (widths[index] ?? 0) - 2 * PAD_X, SIZE))
    const total = Math.max(1, ...cells.map((lines) => lines.length))
    for (let from = 0; from < total; ) {
      const rest = total - from
      const fit = Math.floor((paper.left - 2 * PAD_Y) / LINE)
      // Short rows stay whole; tall ones are split.
      if (fit < Math.min(rest, 8)) {
        paper.newPage()
        head()
        continue
      }
      const count = Math.min(fit, rest)
      drawCells(paper, table, widths, cells, from, count)
      paper.y += count * LINE + 2 * PAD_Y
      paper.rule(paper.y)
      from += count
    }
  }
}

function heightOf(cells: readonly Span[][][]): number {
  return Math.max(1, ...cells.map((lines) => lines.length)) * LINE + 2 * PAD_Y
}

function drawCells(
  paper: Paper,
  table: TableBlock,
  widths: readonly number[],
  cells: readonly Span[][][],
  from: number,
  count: number,
): void {
  let x = MARGIN
  for (const [index, lines] of cells.entries()) {
    const width = widths[index] ?? 0
    for (const [row, line] of lines.slice(from, from + count).entries()) {
      const used = line.reduce((sum, span) => sum + paper.textWidth(span.text, SIZE, span.bold), 0)
      const at = table.columns[index]?.align === 'right' ? x + width - PAD_X - used : x + PAD_X
      paper.line(line, at, paper.y + PAD_Y + row * LINE - SIZE * 0.06, SIZE)
    }
    x += width
  }
}
