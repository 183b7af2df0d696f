import type { ReportKind } from '@roomkeeper/shared/http'
import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { HOUR_MS } from '../../readings/hours.ts'
import { dayStart, isoWeekOf, monthsOf, nextDayStart, type Period } from '../pack/period.ts'

/** A day, ISO week, month or year by the hospital's clock, with the text it was asked by. */
export interface ReportSpan extends Period {
  kind: ReportKind
  text: string
}

/** The text names no such period; the message says what is allowed, in both languages. */
export class PeriodTextError extends Error {
  override readonly name = 'PeriodTextError'
}

const ALLOWED: Record<ReportKind, string> = {
  daily: '须为 2026-03-08 这样的日期 / must be a date like 2026-03-08',
  weekly: '须为 2026-W10 这样的 ISO 周 / must be an ISO week like 2026-W10',
  monthly: '须为 2026-03 这样的月份 / must be a month like 2026-03',
  yearly: '须为 2026 这样的年份 / must be a year like 2026',
}
const SHAPES: Record<ReportKind, RegExp> = {
  daily: /^\d{4}-\d{2}-\d{2}$/,
  weekly: /^\d{4}-W\d{2}$/,
  monthly: /^\d{4}-\d{2}$/,
  yearly: /^\d{4}$/,
}
/** Nothing was measured before; dates before 1900 have clocks of their own. */
const FIRST_YEAR = 1970
const two = (number: number): string => String(number).padStart(2, '0')

/** `2026-03-08`, `2026-W10`, `2026-03` or `2026` as moments. Throws PeriodTextError for anything else. */
export function periodOf(kind: ReportKind, text: string, timeZone: string): ReportSpan {
  const bounds = SHAPES[kind].test(text) && Number(text.slice(0, 4)) >= FIRST_YEAR ? boundsOf(kind, text, timeZone) : undefined
  if (!bounds) throw new PeriodTextError(`${text === '' ? '—' : text}：${ALLOWED[kind]}`)
  return { kind, text, ...bounds }
}

function boundsOf(kind: ReportKind, text: string, timeZone: string): Period | undefined {
  const year = Number(text.slice(0, 4))
  if (kind === 'daily') {
    const fromMs = dayStart(text, timeZone)
    return fromMs === undefined ? undefined : { fromMs, toMs: nextDayStart(fromMs, timeZone) }
  }
  if (kind === 'weekly') return weekBounds(year, Number(text.slice(6)), timeZone)
  const month = kind === 'monthly' ? Number(text.slice(5)) : 1
  const next = kind === 'yearly' ? `${year + 1}-01` : month === 12 ? `${year + 1}-01` : `${year}-${two(month + 1)}`
  return between(`${year}-${two(month)}-01`, `${next}-01`, timeZone)
}

/** Week 1 has the 4th of January (ISO 8601). Undefined: the year has no such week. */
function weekBounds(year: number, week: number, timeZone: string): Period | undefined {
  const fourth = new Date(Date.UTC(year, 0, 4))
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7) + (week - 1) * 7
  const dateOf = (day: number): string => new Date(Date.UTC(year, 0, day)).toISOString().slice(0, 10)
  const found = between(dateOf(monday), dateOf(monday + 7), timeZone)
  return found && isoWeekOf(found.fromMs, timeZone) === `${year}-W${two(week)}` ? found : undefined
}

function between(first: string, after: string, timeZone: string): Period | undefined {
  const [fromMs, toMs] = [dayStart(first, timeZone), dayStart(after, timeZone)]
  return fromMs === undefined || toMs === undefined ? undefined : { fromMs, toMs }
}

/** The day, week, month or year before. */
export function spanBefore({ kind, fromMs }: ReportSpan, timeZone: string): ReportSpan {
  return spanAt(kind, fromMs - 1, timeZone)
}

/** The day, week, month or year that the moment is in. */
export function spanAt(kind: ReportKind, atMs: number, timeZone: string): ReportSpan {
  const { year, month, day } = wallTimeOf(atMs, timeZone)
  const texts: Record<ReportKind, string> = {
    daily: `${year}-${two(month)}-${two(day)}`,
    weekly: isoWeekOf(atMs, timeZone),
    monthly: `${year}-${two(month)}`,
    yearly: String(year),
  }
  return periodOf(kind, texts[kind], timeZone)
}

/** What one bar of a chart stands for: an hour of a day, a day of a week or month, a month of a year. */
export function slicesOf({ kind, fromMs, toMs }: ReportSpan, timeZone: string): (Period & { label: string })[] {
  if (kind === 'yearly') return monthsOf({ fromMs, toMs }, timeZone)
  const slices: (Period & { label: string })[] = []
  for (let atMs = fromMs; atMs < toMs; ) {
    const endMs = kind === 'daily' ? atMs + HOUR_MS : nextDayStart(atMs, timeZone)
    const { month, day, hour } = wallTimeOf(atMs, timeZone)
    slices.push({ fromMs: atMs, toMs: Math.min(endMs, toMs), label: kind === 'daily' ? `${two(hour)}:00` : `${two(month)}-${two(day)}` })
    atMs = endMs
  }
  return slices
}
