import type { CalendarEntry } from '@roomkeeper/shared/http'
import dayjs from 'dayjs'

/** YYYY-MM of this computer's time zone. */
export function monthOf(ms: number): string {
  return dayjs(ms).format('YYYY-MM')
}

export function monthBeside(month: string, months: number): string {
  return dayjs(`${month}-01`).add(months, 'month').format('YYYY-MM')
}

/** Dates (YYYY-MM-DD) of the weeks, Monday first, that show the month. */
export function weeksOf(month: string): string[][] {
  const first = dayjs(`${month}-01`)
  const begin = first.subtract((first.day() + 6) % 7, 'day')
  const weeks: string[][] = []
  for (let week = 0; week < 6; week += 1) {
    const days = Array.from({ length: 7 }, (_, day) => begin.add(week * 7 + day, 'day').format('YYYY-MM-DD'))
    if (days.some((date) => date.startsWith(month))) weeks.push(days)
  }
  return weeks
}

/** From the first to behind the last day that is shown. */
export function spanOfMonth(month: string): { fromMs: number; toMs: number } {
  const days = weeksOf(month).flat()
  return { fromMs: dayjs(days[0]).valueOf(), toMs: dayjs(days.at(-1)).add(1, 'day').valueOf() }
}

export function byDate(entries: readonly CalendarEntry[]): Map<string, CalendarEntry[]> {
  return Map.groupBy(entries, ({ atMs }) => dayjs(atMs).format('YYYY-MM-DD'))
}

export type Shade = 'due' | 'overdue' | 'done' | 'missed' | 'record' | 'recordOverdue'

/** How an entry is marked: what waits for somebody stands out. */
export function shadeOf({ kind, overdue }: Pick<CalendarEntry, 'kind' | 'overdue'>): Shade {
  if (!overdue) return kind
  return kind === 'record' ? 'recordOverdue' : 'overdue'
}
