import type { Holiday } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'

export interface ReadHolidays {
  holidays: Holiday[]
  /** The first line that is wrong; null: none. */
  problem: { kind: 'line' | 'year'; line: number; text: string } | null
}

const DATE = String.raw`(\d{4})[-/.\u5e74](\d{1,2})[-/.\u6708](\d{1,2})\u65e5?`
const LINE = new RegExp(`^${DATE}(?:\\s*(?:~|～|\\u81f3|\\u5230|—|–)\\s*${DATE})?[\\s,，:：]*(.*)$`)
const WORKED = /[\s,，(（]*(\u73ed|\u4e0a\u73ed|\u8c03\u4f11\u4e0a\u73ed|work|worked|working)[)）]?$/i
/** No holiday is as long: a slip in the second date. */
const LONGEST_DAYS = 60

/** Reads a pasted list: one day or stretch a line, its name, and whether it is worked (Chinese date and work words are escaped). Later lines win. */
export function readHolidays(text: string, year: number, names: { off: string; worked: string }): ReadHolidays {
  const found = new Map<string, Holiday>()
  const lines = text.split('\n')
  for (const [index, raw] of lines.entries()) {
    const line = raw.trim()
    if (line === '') continue
    const at = { line: index + 1, text: line }
    const match = LINE.exec(line)
    const from = match && dateOf(match[1], match[2], match[3])
    const to = match?.[4] === undefined ? from : dateOf(match[4], match[5], match[6])
    if (!match || !from || !to) return { holidays: [], problem: { kind: 'line', ...at } }
    const days = dayjs(to).diff(from, 'day')
    if (days < 0 || days > LONGEST_DAYS) return { holidays: [], problem: { kind: 'line', ...at } }
    const rest = match[7]?.trim() ?? ''
    const working = WORKED.test(rest)
    const name = rest.replace(WORKED, '').trim() || (working ? names.worked : names.off)
    for (let day = 0; day <= days; day += 1) {
      const date = dayjs(from).add(day, 'day').format('YYYY-MM-DD')
      if (!date.startsWith(`${year}-`)) return { holidays: [], problem: { kind: 'year', ...at } }
      found.set(date, { date, name, working })
    }
  }
  return { holidays: [...found.values()].sort((a, b) => a.date.localeCompare(b.date)), problem: null }
}

/** The list as it would be pasted: neighbouring days of one name as a stretch. */
export function holidayLines(holidays: readonly Holiday[], worked: string): string {
  const lines: string[] = []
  for (let index = 0; index < holidays.length; ) {
    const first = holidays[index]
    if (!first) break
    let last = first
    let next = index + 1
    for (; next < holidays.length; next += 1) {
      const other = holidays[next]
      const follows = other && dayjs(last.date).add(1, 'day').format('YYYY-MM-DD') === other.date
      if (!follows || other.name !== first.name || other.working !== first.working) break
      last = other
    }
    const dates = first === last ? first.date : `${first.date}~${last.date}`
    lines.push([dates, first.name, first.working ? worked : ''].filter(Boolean).join(' '))
    index = next
  }
  return lines.join('\n')
}

function dateOf(year: string | undefined, month: string | undefined, day: string | undefined): string | null {
  const text = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`
  const date = dayjs(text)
  return date.isValid() && date.format('YYYY-MM-DD') === text ? text : null
}
