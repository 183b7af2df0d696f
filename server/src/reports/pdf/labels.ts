import type { StickerLabel } from '../document.ts'
import { COLORS, LEADING, MARGIN, type Paper } from './paper.ts'
import { drawCode } from './pictures.ts'

const MM = 72 / 25.4
const COLUMNS = 3
const ROWS = 10
/** 3 × 10 of these fill an A4 sheet between its head and its foot. */
const WIDTH = 63.5 * MM
const HEIGHT = 25 * MM
const LEFT = (210 * MM - COLUMNS * WIDTH) / 2
/** Just below the line of the page's head. */
const TOP = MARGIN + 17
const PADDING = 2.2 * MM
const CODE_SIDE = 20 * MM
/** Of type, in points: as large as fits, and no smaller than can be read on a patch panel. */
const SIZES = { title: [11, 6.5], big: [17, 8], code: [8, 5.5], foot: [7.5, 5.5] } as const

/** Stickers for cables and ports, to be cut out or printed on adhesive sheets. */
export function drawLabels(paper: Paper, labels: readonly StickerLabel[]): void {
  const perPage = COLUMNS * ROWS
  for (let from = 0; from < labels.length; from += perPage) {
    const page = labels.slice(from, from + perPage)
    paper.newPage()
    drawCutLines(paper, Math.ceil(page.length / COLUMNS))
    for (const [index, label] of page.entries())
      drawLabel(paper, label, LEFT + (index % COLUMNS) * WIDTH, TOP + Math.floor(index / COLUMNS) * HEIGHT)
    paper.y = paper.bottom
  }
}

/** Only around what is printed: the rest of the sheet stays whole. */
function drawCutLines({ doc }: Paper, rows: number): void {
  for (let column = 0; column <= COLUMNS; column++)
    doc.moveTo(LEFT + column * WIDTH, TOP).lineTo(LEFT + column * WIDTH, TOP + rows * HEIGHT)
  for (let row = 0; row <= rows; row++) doc.moveTo(LEFT, TOP + row * HEIGHT).lineTo(LEFT + COLUMNS * WIDTH, TOP + row * HEIGHT)
  doc.lineWidth(0.5).dash(2, { space: 2 }).strokeColor(COLORS.rule).stroke().undash()
}

function drawLabel(paper: Paper, { title, big, code, foot }: StickerLabel, x: number, y: number): void {
  const width = WIDTH - CODE_SIDE - 1.5 * PADDING
  drawCode(paper, code, x + WIDTH - CODE_SIDE - PADDING / 2, y + (HEIGHT - CODE_SIDE) / 2, CODE_SIDE)
  const lines = [
    { text: title, sizes: SIZES.title, isBold: true, color: COLORS.text },
    { text: big, sizes: SIZES.big, isBold: true, color: COLORS.text },
    { text: code, sizes: SIZES.code, isBold: false, color: COLORS.text },
    { text: foot, sizes: SIZES.foot, isBold: false, color: COLORS.muted },
  ].flatMap(({ text, sizes, isBold, color }) => (text === '' ? [] : [{ ...fitted(paper, text, width, sizes, isBold), color, isBold }]))
  const height = lines.reduce((sum, { size }) => sum + size * LEADING * 0.92, 0)
  let at = y + Math.max(2, (HEIGHT - height) / 2)
  for (const { text, size, isBold, color } of lines) {
    paper.line([{ text, bold: isBold }], x + PADDING, at, size, color)
    at += size * LEADING * 0.92
  }
}

/** One line as large as fits; cut short with … where even the smallest type is too wide. */
function fitted(paper: Paper, given: string, width: number, [largest, smallest]: readonly [number, number], isBold: boolean) {
  const text =
    paper
      .lines(given.replace(/\s+/g, ' '), Number.POSITIVE_INFINITY, largest)[0]
      ?.map((span) => span.text)
      .join('') ?? ''
  const size = Math.min(largest, width / paper.textWidth(text, 1, isBold))
  if (size >= smallest) return { text, size }
  const letters = [...text]
  while (letters.length > 1 && paper.textWidth(`${letters.join('')}…`, smallest, isBold) > width) letters.pop()
  return { text: `${letters.join('')}…`, size: smallest }
}
