/** What a report consists of, whatever it becomes: the PDF (pdf.ts) and the Excel file (excel.ts) are made from the same blocks. Plain values only: they go to a worker thread. */

/** bad: red, names what is missing or abnormal; warning: amber; good: green; muted: grey. */
export type Tone = 'bad' | 'warning' | 'good' | 'muted'
export interface Span {
  text: string
  bold?: boolean
  /** The old text of an amendment. */
  struck?: boolean
  tone?: Tone
}
export type RichText = string | readonly Span[]

/** One cell of a table: text on paper; in Excel the number or the moment where there is one. */
export type Cell = RichText | { text: RichText; number?: number; atMs?: number }

export interface TableColumn {
  title: string
  /** Share of the width, against the other columns. */
  width: number
  align?: 'left' | 'right'
}

export interface TableBlock {
  kind: 'table'
  columns: readonly TableColumn[]
  rows: readonly (readonly Cell[])[]
  /** Goes on from the table before it: the head is not printed again on the same page. */
  continues?: boolean
}

export interface PictureBlock {
  kind: 'picture'
  /** JPEG or PNG. */
  bytes: Uint8Array
  /** Points (1/72 inch). */
  maxWidth: number
  maxHeight: number
  caption: RichText
}

/** A sticker: where it goes in large type, and the code of what is printed on it. */
export interface StickerLabel {
  title: string
  /** Largest: the port. */
  big: string
  /** What the code says. */
  code: string
  /** The other end; may be empty. */
  foot: string
}

/** A drawing of figures: vectors in the PDF, in Excel a table on a sheet of its own. */
export interface ChartBlock {
  kind: 'chart'
  title: string
  /** Of the axis. */
  unit: string
  /** Of the table's first column. */
  axisTitle: string
  /** Name of the sheet in Excel. */
  sheet: string
  fromMs: number
  toMs: number
  /** Where the axis of time has a label. */
  ticks: readonly { atMs: number; label: string }[]
  drawing:
    | {
        kind: 'band'
        /** Distance of neighbouring points; where one is missing the line is broken. */
        stepMs: number
        points: readonly { atMs: number; min: number; mean: number; max: number }[]
        /** Steps in order of time, null: none from then on. The label names the last that there was. */
        limits: readonly { steps: readonly { fromMs: number; value: number | null }[]; label: string }[]
        /** Lowest, mean, highest. */
        titles: readonly [string, string, string]
      }
    | {
        kind: 'bars'
        /** Piled on each other, the first lowest. */
        series: readonly { title: string; tone: Tone }[]
        bars: readonly { fromMs: number; toMs: number; label: string; counts: readonly number[] }[]
      }
}

export type Block =
  | { kind: 'cover'; title: string; subtitle: string; facts: readonly (readonly [string, RichText])[] }
  /** Headings with `entry` stand in the contents. `paperOnly`: left out in Excel. */
  | { kind: 'heading'; level: 1 | 2 | 3; text: string; tone?: Tone; entry?: boolean; paperOnly?: boolean }
  | { kind: 'paragraph'; text: RichText; paperOnly?: boolean }
  | { kind: 'facts'; facts: readonly (readonly [string, RichText])[]; paperOnly?: boolean }
  | TableBlock
  | PictureBlock
  | ChartBlock
  /** The text stands under the code, so that it can be typed in too. */
  | { kind: 'qr'; text: string; caption: string }
  /** Sheets of stickers with lines to cut along, on pages of their own; upright paper. */
  | { kind: 'labels'; labels: readonly StickerLabel[] }
  | { kind: 'page' }
  /** Keeps this many pages free for the table of contents, which is written at the end. */
  | { kind: 'contents'; title: string; entries: number }
  /** Excel: what follows is on a sheet of this name; the first `frozenRows` rows stay in sight. */
  | { kind: 'sheet'; name: string; frozenRows?: number }
  /** How far it is, 0 to 1; nothing is printed. */
  | { kind: 'progress'; share: number; text: string }

/** What stands on every page, and how the pages lie. */
export interface ReportHead {
  /** In the head of every page and in the file's properties. */
  title: string
  /** The hospital or site. */
  organisation: string
  /** In the foot: who made it, and when. */
  foot: string
  language: ReportLanguage
  layout: 'portrait' | 'landscape'
  createdAtMs: number
  /** Of the hospital; Excel shows its times by this clock. */
  timeZone: string
}

export type ReportLanguage = 'zh' | 'en'
export type ReportFormat = 'pdf' | 'xlsx'

export function spansOf(text: RichText): readonly Span[] {
  return typeof text === 'string' ? [{ text }] : text
}

export function plainText(text: RichText): string {
  return typeof text === 'string' ? text : text.map((span) => span.text).join('')
}

export function textOfCell(cell: Cell): RichText {
  return typeof cell === 'object' && 'text' in cell ? cell.text : cell
}
