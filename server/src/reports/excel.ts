import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import writeXlsxFile, { type CellObject } from 'write-excel-file/node'
import {
  type Block,
  type Cell,
  type ChartBlock,
  plainText,
  type ReportHead,
  type RichText,
  spansOf,
  type TableBlock,
  type Tone,
  textOfCell,
} from './document.ts'

type Row = (CellObject | null)[]
interface SheetUnderWay {
  name: string
  frozenRows: number
  rows: Row[]
  widths: number[]
}

/** Excel's own limit for a cell. */
const TEXT_MAX = 32_767
/** Characters; wider columns are wrapped. */
const WIDTH_MAX = 48
const DATE_FORMAT = 'yyyy-mm-dd hh:mm'
const BAND = '#eef1f5'
const INK: Record<Tone, string> = { bad: '#b3261e', warning: '#8a5300', good: '#1b6e3c', muted: '#5c6470' }

/** Gathers blocks as sheets of an Excel file: tables become typed cells, headings and texts rows of one cell, QR codes their text. */
export class ExcelReport {
  readonly #head: ReportHead
  readonly #sheets: SheetUnderWay[] = []
  /** Figures of charts; they stand behind the other sheets. */
  readonly #charts: SheetUnderWay[] = []

  constructor(head: ReportHead) {
    this.#head = head
  }

  get #sheet(): SheetUnderWay {
    const last = this.#sheets.at(-1)
    if (last) return last
    return this.#open(this.#head.title, 0)
  }

  #open(name: string, frozenRows: number, among = this.#sheets): SheetUnderWay {
    const sheet = { name: sheetName(name, [...this.#sheets, ...this.#charts]), frozenRows, rows: [], widths: [] }
    among.push(sheet)
    return sheet
  }

  add(block: Block): void {
    if ('paperOnly' in block && block.paperOnly) return
    switch (block.kind) {
      case 'sheet':
        this.#open(block.name, block.frozenRows ?? 0)
        return
      case 'cover':
        this.#row([{ text: block.title, bold: true }], 16)
        this.#row(block.subtitle)
        this.#facts(block.facts)
        return
      case 'heading':
        if (this.#sheet.rows.length > 0) this.#sheet.rows.push([])
        this.#row([{ text: block.text, bold: true, ...(block.tone ? { tone: block.tone } : {}) }], block.level === 1 ? 14 : 12)
        return
      case 'paragraph':
        this.#row(block.text)
        return
      case 'facts':
        this.#facts(block.facts)
        return
      case 'qr':
        this.#facts([[block.caption, block.text]])
        return
      case 'picture':
        this.#row(block.caption)
        return
      case 'table':
        this.#table(this.#sheet, block)
        return
      case 'chart':
        this.#chart(block)
        return
      case 'labels':
        for (const { title, big, code, foot } of block.labels) this.#facts([[`${title} ${big}`, `${code} ${foot}`.trim()]])
        return
      case 'page':
      case 'contents':
      case 'progress':
        return
    }
  }

  #table({ rows, widths }: SheetUnderWay, block: TableBlock): void {
    if (!block.continues)
      rows.push(
        block.columns.map(({ title }) => ({
          value: title,
          type: String,
          fontWeight: 'bold',
          backgroundColor: BAND,
          wrap: true,
          alignVertical: 'top',
        })),
      )
    for (const row of block.rows) rows.push(row.map((cell) => this.#cell(cell)))
    for (const [index, column] of block.columns.entries()) this.#widen(widths, index, column.title)
    for (const row of block.rows) for (const [index, cell] of row.entries()) this.#widen(widths, index, plainText(textOfCell(cell)))
  }

  /** What follows the chart stays on the sheet before it. */
  #chart({ title, unit, axisTitle, sheet: name, drawing }: ChartBlock): void {
    const isBand = drawing.kind === 'band'
    const titles = isBand ? drawing.titles.map((one) => `${one} ${unit}`) : drawing.series.map((one) => one.title)
    const number = (value: number): Cell => ({ text: String(value), number: value })
    const rows: Cell[][] = isBand
      ? drawing.points.map(({ atMs, min, mean, max }) => [
          { text: excelTime(atMs, this.#head.timeZone).toISOString(), atMs },
          ...[min, mean, max].map(number),
        ])
      : drawing.bars.map(({ label, counts }) => [label, ...counts.map(number)])
    const sheet = this.#open(name, 2, this.#charts)
    sheet.widths.push(20)
    sheet.rows.push([{ ...this.#text([{ text: title, bold: true }]), wrap: false }])
    this.#table(sheet, { kind: 'table', columns: [axisTitle, ...titles].map((one) => ({ title: one, width: 1 })), rows })
  }

  /** Bytes of the file. */
  async end(): Promise<Buffer> {
    if (this.#sheets.length === 0) this.#open(this.#head.title, 0)
    const sheets = [...this.#sheets, ...this.#charts].map(({ name, rows, widths, frozenRows }) => ({
      // An empty sheet must have a row.
      data: rows.length > 0 ? rows : [[]],
      sheet: name,
      columns: widths.map((width) => ({ width })),
      ...(frozenRows > 0 ? { stickyRowsCount: frozenRows } : {}),
      ...(this.#head.layout === 'landscape' ? { orientation: 'landscape' as const } : {}),
    }))
    return await writeXlsxFile(sheets, { fontFamily: '等线', fontSize: 11 }).toBuffer()
  }

  #row(text: RichText, fontSize?: number): void {
    this.#sheet.rows.push([{ ...this.#text(text), wrap: false, ...(fontSize === undefined ? {} : { fontSize }) }])
  }

  #facts(facts: readonly (readonly [string, RichText])[]): void {
    const { rows, widths } = this.#sheet
    for (const [label, value] of facts) {
      rows.push([
        { ...this.#text(label), textColor: INK.muted },
        { ...this.#text(value), wrap: false },
      ])
      this.#widen(widths, 0, label)
    }
  }

  #widen(widths: number[], index: number, text: string): void {
    const longest = Math.max(0, ...text.split('\n', 20).map(cellWidth))
    widths[index] = Math.min(WIDTH_MAX, Math.max(widths[index] ?? 8, longest + 2))
  }

  #cell(cell: Cell): CellObject | null {
    if (typeof cell === 'object' && 'text' in cell) {
      const style = this.#text(cell.text)
      const { value: _value, type: _type, ...look } = style
      if (cell.number !== undefined && Number.isFinite(cell.number)) return { ...look, value: cell.number, type: Number }
      if (cell.atMs !== undefined)
        return { ...look, value: excelTime(cell.atMs, this.#head.timeZone), type: Date, format: DATE_FORMAT, align: 'left' }
    }
    const text = textOfCell(cell)
    return plainText(text) === '' ? null : this.#text(text)
  }

  #text(text: RichText): CellObject {
    const spans = spansOf(text)
    const struckOnly = spans.length > 0 && spans.every((span) => span.struck)
    // A cell has one look; old texts beside new ones are marked in words.
    const value = spans.map((span) => (span.struck && !struckOnly ? `〔${span.text}〕` : span.text)).join('')
    const tone = spans.find((span) => span.tone)?.tone
    return {
      value: xmlText(value),
      type: String,
      wrap: true,
      alignVertical: 'top',
      ...(spans.length > 0 && spans.every((span) => span.bold) ? { fontWeight: 'bold' as const } : {}),
      ...(tone ? { textColor: INK[tone] } : {}),
      ...(struckOnly ? { textDecoration: { strikethrough: true } } : {}),
    }
  }
}

/** Excel has no time zones: the wall clock's numbers stand in its cells. */
function excelTime(atMs: number, timeZone: string): Date {
  const { year, month, day, hour, minute, second } = wallTimeOf(atMs, timeZone)
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second))
}

/** What XML cannot hold would make the whole file unreadable. */
function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, ' ').replace(/[\ud800-\udfff]/gu, '�')
  return clean.length > TEXT_MAX ? `${clean.slice(0, TEXT_MAX - 1)}…` : clean
}

function cellWidth(text: string): number {
  let width = 0
  for (const char of text) width += (char.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1
  return width
}

/** At most 31 characters, none of []:*?/\, and none twice. */
function sheetName(wanted: string, present: readonly SheetUnderWay[]): string {
  const base =
    wanted
      .replace(/[[\]:*?/\\]/g, ' ')
      .slice(0, 31)
      .trim() || 'Sheet'
  let name = base
  for (let number = 2; present.some((sheet) => sheet.name === name); number++) name = `${base.slice(0, 27)} ${number}`
  return name
}
