import type { ReportKind } from '@roomkeeper/shared/http'
import dayjs, { type Dayjs } from 'dayjs'

/** What is asked of the server, and the days it means, both included. */
export interface AskedPeriod {
  text: string
  first: string
  last: string
  isUnfinished: boolean
}

const UNITS = { daily: 'day', monthly: 'month', yearly: 'year' } as const
const FORMATS = { daily: 'YYYY-MM-DD', monthly: 'YYYY-MM', yearly: 'YYYY' } as const

/** A day in the period that was over last. */
export function lastWholePeriod(kind: ReportKind, nowMs: number): Dayjs {
  const now = dayjs(nowMs).startOf('day')
  return kind === 'weekly' ? now.subtract(1, 'week') : now.startOf(UNITS[kind]).subtract(1, UNITS[kind])
}

/** The day, ISO week, month or year that a chosen day is in. */
export function periodWith(kind: ReportKind, day: Dayjs, nowMs: number): AskedPeriod {
  const first = kind === 'weekly' ? mondayOf(day) : day.startOf(UNITS[kind])
  const last = kind === 'weekly' ? first.add(6, 'day') : first.endOf(UNITS[kind])
  return {
    text: kind === 'weekly' ? isoWeek(first) : first.format(FORMATS[kind]),
    first: first.format('YYYY-MM-DD'),
    last: last.format('YYYY-MM-DD'),
    isUnfinished: last.endOf('day').valueOf() >= nowMs,
  }
}

function mondayOf(day: Dayjs): Dayjs {
  return day.startOf('day').subtract((day.day() + 6) % 7, 'day')
}

/** A week belongs to the year of its Thursday (ISO 8601). */
function isoWeek(monday: Dayjs): string {
  const thursday = monday.add(3, 'day')
  const days = Math.round((Date.UTC(thursday.year(), thursday.month(), thursday.date()) - Date.UTC(thursday.year(), 0, 1)) / 86_400_000)
  return `${thursday.year()}-W${String(Math.floor(days / 7) + 1).padStart(2, '0')}`
}

export function reportUrl(
  format: 'pdf' | 'xlsx',
  { kind, period, roomId, language }: { kind: ReportKind; period: string; roomId: number | null; language: 'zh' | 'en' },
): string {
  const query = new URLSearchParams({ kind, period, language, ...(roomId === null ? {} : { roomId: String(roomId) }) })
  return `/api/report.${format}?${query}`
}
