import qrcode from 'qrcode'
import type { PictureBlock } from '../document.ts'
import { COLORS, LEADING, MARGIN, type Paper } from './paper.ts'

const CAPTION = 8
/** Side of a printed code, about 35 mm: phones read it from a hand's breadth. */
const QR_SIDE = 100

/** A photo or drawn signature with its caption; scaled down to fit, never up beyond its own size. */
export function drawPicture(paper: Paper, block: PictureBlock): void {
  // openImage is documented, and missing from the types.
  const { openImage } = paper.doc as unknown as { openImage(source: Buffer): { width: number; height: number } }
  const image = openImage.call(paper.doc, Buffer.from(block.bytes))
  const scale = Math.min(block.maxWidth / image.width, block.maxHeight / image.height, 1)
  const width = image.width * scale
  const height = image.height * scale
  const caption = paper.lines(block.caption, paper.width, CAPTION)
  paper.room(height + caption.length * CAPTION * LEADING + 8)
  paper.doc.image(image as unknown as string, MARGIN, paper.y, { width, height })
  paper.doc.rect(MARGIN, paper.y, width, height).lineWidth(0.5).strokeColor(COLORS.rule).stroke()
  paper.y += height + 2
  for (const line of caption) {
    paper.line(line, MARGIN, paper.y, CAPTION, COLORS.muted)
    paper.y += CAPTION * LEADING
  }
  paper.y += 6
}

/** The code alone, with its quiet margin, in a square of `side` points. */
export function drawCode(paper: Paper, text: string, x: number, y: number, side: number): void {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' })
  const quiet = 4
  const module = side / (modules.size + 2 * quiet)
  for (let row = 0; row < modules.size; row++)
    for (let column = 0; column < modules.size; column++)
      if (modules.get(row, column)) paper.doc.rect(x + (column + quiet) * module, y + (row + quiet) * module, module, module)
  // Black on white whatever the colours of the document: readers expect it.
  paper.doc.fill('#000000')
}

/** A QR code drawn as one vector path, sharp at any size; its text stands beside it. */
export function drawQr(paper: Paper, text: string, caption: string): void {
  paper.room(QR_SIDE + 8)
  const top = paper.y
  drawCode(paper, text, MARGIN, top, QR_SIDE)
  const x = MARGIN + QR_SIDE + 8
  let y = top + 8
  for (const line of paper.lines(caption, paper.width - QR_SIDE - 8, 9, true)) {
    paper.line(line, x, y, 9)
    y += 9 * LEADING
  }
  for (const line of paper.lines(text, paper.width - QR_SIDE - 8, CAPTION)) {
    paper.line(line, x, y, CAPTION, COLORS.muted)
    y += CAPTION * LEADING
  }
  paper.y = Math.max(top + QR_SIDE, y) + 8
}
