import type { ReadingValue } from '@roomkeeper/shared/model'

/** Excel takes a file without it for the local code page. */
export const UTF8_BOM = '\uFEFF'

/**
 * A text cell. Spreadsheets run cells that begin with = + - @ (or a tab or line break before them) as formulas, so those get an
 * apostrophe in front (OWASP: CSV injection).
 */
export function textCell(text: string): string {
  const harmless = /^[\s]*[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Numbers stay numbers, also negative ones. */
export function valueCell(value: ReadingValue): string {
  if (value === null) return ''
  return typeof value === 'string' ? textCell(value) : String(value)
}

/** `2026-03-01 08:00:00.000` in the time zone of the server, which spreadsheets read as a time. */
export function localTimeCell(timeMs: number): string {
  const time = new Date(timeMs)
  const date = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`
  return `${date} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.join(',')}\r\n`
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
