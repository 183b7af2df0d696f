import type { Choice } from '@roomkeeper/shared/registers'
import { instantOf, type WallTime } from '@roomkeeper/shared/wall-clock'
import { type Cell, cellText, type ParsedCell } from './read-table.ts'

/** What people write into cells, as values. Each problem says what is allowed. */

export function parseText(cell: NonNullable<Cell>): ParsedCell {
  return { value: cellText(cell) }
}

export function parseNumber(cell: NonNullable<Cell>): ParsedCell {
  const value = typeof cell === 'number' ? cell : Number(cellText(cell).replace(/[,，\s]/g, '') || Number.NaN)
  return Number.isFinite(value) ? { value } : { problem: { zh: '须为数字', en: 'Must be a number' } }
}

const YES = ['是', '有', '√', 'yes', 'y', 'true', '1']
const NO = ['否', '无', '×', 'no', 'n', 'false', '0']

export function parseYesNo(cell: NonNullable<Cell>): ParsedCell {
  const text = cellText(cell).toLowerCase()
  if (YES.includes(text)) return { value: true }
  if (NO.includes(text)) return { value: false }
  return { problem: { zh: '须为“是”或“否”', en: 'Must be “yes” or “no”' } }
}

/** One choice, or several with 、 or , between; by their words in either language or by value. */
export function parseChoice(cell: NonNullable<Cell>, choices: readonly Choice[], multiple: boolean): ParsedCell {
  const texts = multiple
    ? cellText(cell)
        .split(/[、,，;；]/)
        .map((text) => text.trim())
    : [cellText(cell)]
  const found = texts.filter((text) => text !== '').map((text) => choiceOf(text.toLowerCase(), choices))
  if (found.includes(undefined)) {
    const allowed = { zh: choices.map(({ label }) => label.zh).join('、'), en: choices.map(({ label }) => label.en).join(', ') }
    return { problem: { zh: `须为：${allowed.zh}`, en: `Must be one of: ${allowed.en}` } }
  }
  return { value: multiple ? [...new Set(found)] : found[0] }
}

function choiceOf(text: string, choices: readonly Choice[]): string | undefined {
  return choices.find(({ value, label }) => [value, label.zh, label.en].some((one) => one.toLowerCase() === text))?.value
}

/** Days of Excel's own counting, 1954 to 2119: a date whose cell has no format. Its day 0 is 1899-12-30. */
const SERIALS = { low: 20_000, high: 80_000, zeroMs: Date.UTC(1899, 11, 30) }
const WRITTEN = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]*(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?)?$/

function wallTimeOf(cell: NonNullable<Cell>): WallTime | undefined {
  const isSerial = typeof cell === 'number' && cell >= SERIALS.low && cell < SERIALS.high
  const date = cell instanceof Date ? cell : isSerial ? new Date(SERIALS.zeroMs + Math.round(cell * 86_400_000)) : undefined
  if (date)
    return {
      year: date.getUTCFullYear(),
      month: date.getUTCMonth() + 1,
      day: date.getUTCDate(),
      hour: date.getUTCHours(),
      minute: date.getUTCMinutes(),
    }
  const [, year, month, day, hour = '0', minute = '0'] = WRITTEN.exec(cellText(cell)) ?? []
  const wall = { year: Number(year), month: Number(month), day: Number(day), hour: Number(hour), minute: Number(minute) }
  // 31 April and the like become another day.
  const real = new Date(Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute))
  return real.getUTCDate() === wall.day && real.getUTCMonth() + 1 === wall.month && wall.hour < 24 && wall.minute < 60 ? wall : undefined
}

export function parseDate(cell: NonNullable<Cell>): ParsedCell {
  const wall = wallTimeOf(cell)
  if (!wall) return { problem: { zh: '须为日期，如 2026-03-15', en: 'Must be a date, e.g. 2026-03-15' } }
  return { value: `${wall.year}-${String(wall.month).padStart(2, '0')}-${String(wall.day).padStart(2, '0')}` }
}

export function parseInstant(cell: NonNullable<Cell>, timeZone: string): ParsedCell {
  const wall = wallTimeOf(cell)
  if (!wall) return { problem: { zh: '须为日期和时间，如 2026-03-15 14:30', en: 'Must be a date and time, e.g. 2026-03-15 14:30' } }
  return { value: instantOf(wall, timeZone) }
}

/** Something that has a name and an id. */
export interface Named {
  id: number
  name: string
  /** Further names that it may be called by. */
  also?: string
}

export function parseNamed(cell: NonNullable<Cell>, things: readonly Named[], what: { zh: string; en: string }): ParsedCell {
  const text = cellText(cell).toLowerCase()
  const found = things.filter(({ name, also }) => name.toLowerCase() === text || also?.toLowerCase() === text)
  const [one] = found
  if (found.length > 1)
    return { problem: { zh: `有 ${found.length} 个${what.zh}叫这个名字`, en: `There are ${found.length} with this name (${what.en})` } }
  if (one) return { value: { id: one.id, name: one.name } }
  const some = things
    .slice(0, 20)
    .map(({ name }) => name)
    .join('、')
  return {
    problem: {
      zh: `没有这个${what.zh}${some === '' ? '' : `，现有：${some}`}`,
      en: `No such ${what.en}${some === '' ? '' : `; there are: ${some}`}`,
    },
  }
}
