import PDFDocument from 'pdfkit'
import type { ReportHead, RichText, Span, Tone } from '../document.ts'
import { spansOf } from '../document.ts'
import { type FontkitFont, fontFiles, measureWith, printable } from './fonts.ts'
import { type Measure, wrapSpans } from './wrap.ts'

export const COLORS: Record<Tone | 'text' | 'rule' | 'band', string> = {
  text: '#1a1f2b',
  bad: '#b3261e',
  warning: '#8a5300',
  good: '#1b6e3c',
  muted: '#5c6470',
  rule: '#c3c8d0',
  band: '#eef1f5',
}
/** Line height against the size of the type: Chinese needs more than Latin. */
export const LEADING = 1.5
export const MARGIN = 46
const HEAD_SPACE = 30
const FOOT_SPACE = 26

/** A PDF under way: pages, the place where the next block begins, and text that is measured and wrapped here. Sizes in points (1/72 inch). */
export class Paper {
  readonly doc: PDFKit.PDFDocument
  readonly head: ReportHead
  readonly measure: Measure
  readonly #font: FontkitFont
  /** Headings with their page, for the contents. */
  readonly entries: { text: string; level: number; page: number; name: string }[] = []
  contentsPages: { title: string; first: number; count: number } | undefined
  y = 0
  page = -1

  constructor(head: ReportHead) {
    this.head = head
    this.doc = new PDFDocument({
      size: 'A4',
      layout: head.layout,
      margin: 0,
      // The number of pages stands on each of them.
      bufferPages: true,
      autoFirstPage: false,
      font: '',
      lang: head.language === 'zh' ? 'zh-CN' : 'en',
      displayTitle: true,
      info: { Title: head.title, Author: head.organisation, Creator: '机房管家 Roomkeeper', CreationDate: new Date(head.createdAtMs) },
    })
    const files = fontFiles()
    this.doc.registerFont('regular', files.regular)
    this.doc.registerFont('bold', files.bold)
    this.#font = this.#fontkit('regular')
    this.measure = measureWith(this.#font, this.#fontkit('bold'))
  }

  #fontkit(name: string): FontkitFont {
    this.doc.font(name)
    return (this.doc as unknown as { _font: { font: FontkitFont } })._font.font
  }

  get width(): number {
    return (this.head.layout === 'landscape' ? 841.89 : 595.28) - 2 * MARGIN
  }
  get top(): number {
    return MARGIN + HEAD_SPACE
  }
  get bottom(): number {
    return (this.head.layout === 'landscape' ? 595.28 : 841.89) - MARGIN - FOOT_SPACE
  }
  get left(): number {
    return this.bottom - this.y
  }

  newPage(): void {
    this.doc.addPage()
    this.page++
    this.y = this.top
  }

  /** A new page unless so much is left on this one. */
  room(height: number): void {
    if (this.page < 0 || (this.left < height && this.y > this.top)) this.newPage()
  }

  lines(text: RichText, width: number, size: number, isBold = false): Span[][] {
    const spans = spansOf(text).map((span) => ({ ...span, text: printable(span.text, this.#font), ...(isBold ? { bold: true } : {}) }))
    return wrapSpans(spans, width / size, this.measure)
  }

  /** Draws one wrapped line with its top at y. */
  line(spans: readonly Span[], x: number, y: number, size: number, color: string = COLORS.text): void {
    let at = x
    for (const span of spans) {
      const text = span.text
      if (text === '') continue
      const ink = span.tone ? COLORS[span.tone] : color
      const width = this.measure(text, span.bold === true) * size
      this.doc
        .font(span.bold ? 'bold' : 'regular')
        .fontSize(size)
        .fillColor(ink)
      // baseline: the same for both weights, whatever the font's own line height is.
      this.doc.text(text, at, y + size * (LEADING - 1) * 0.5 + size * 0.88, { lineBreak: false, baseline: 'alphabetic' })
      if (span.struck) {
        const middle = y + size * (LEADING - 1) * 0.5 + size * 0.55
        this.doc
          .moveTo(at, middle)
          .lineTo(at + width, middle)
          .lineWidth(size * 0.07)
          .strokeColor(ink)
          .stroke()
      }
      at += width
    }
  }

  /** Wrapped text over pages, from the present place on. */
  paragraph(text: RichText, { size = 9.5, isBold = false, color = COLORS.text, indent = 0 } = {}): void {
    for (const line of this.lines(text, this.width - indent, size, isBold)) {
      this.room(size * LEADING)
      this.line(line, MARGIN + indent, this.y, size, color)
      this.y += size * LEADING
    }
  }

  rule(y: number, color: string = COLORS.rule): void {
    this.doc
      .moveTo(MARGIN, y)
      .lineTo(MARGIN + this.width, y)
      .lineWidth(0.6)
      .strokeColor(color)
      .stroke()
  }

  textWidth(text: string, size: number, isBold = false): number {
    return this.measure(text, isBold) * size
  }
}
