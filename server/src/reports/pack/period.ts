import { momentOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'

/** From the beginning of a day to the beginning of another, by the hospital's clock; `toMs` is not part of it. */
export interface Period {
  fromMs: number
  toMs: number
}

const DAY_MS = 86_400_000
const two = (number: number): string => String(number).padStart(2, '0')

/** `2026-01-01`: the moment the day begins; undefined: no such date. */
export function dayStart(date: string, timeZone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date)
  if (!match) return undefined
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number]
  const check = new Date(Date.UTC(year, month - 1, day))
  if (check.getUTCMonth() !== month - 1 || check.getUTCDate() !== day) return undefined
  return momentOf({ year, month, day, hour: 0, minute: 0 }, timeZone).atMs
}

/** The day after, as it begins. */
export function nextDayStart(dayStartMs: number, timeZone: string): number {
  const { year, month, day } = wallTimeOf(dayStartMs, timeZone)
  const next = new Date(Date.UTC(year, month - 1, day + 1))
  return momentOf({ year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate(), hour: 0, minute: 0 }, timeZone).atMs
}

/** The hospital's days that are meant by somebody whose browser keeps the clock of another zone: each end is the beginning of a day nearest to it. */
export function wholeDays({ fromMs, toMs }: Period, timeZone: string): Period {
  const nearest = (atMs: number): number => {
    const { year, month, day } = wallTimeOf(atMs + DAY_MS / 2, timeZone)
    return momentOf({ year, month, day, hour: 0, minute: 0 }, timeZone).atMs
  }
  const firstMs = nearest(fromMs)
  return { fromMs: firstMs, toMs: Math.max(nearest(toMs), nextDayStart(firstMs, timeZone)) }
}

/** The months that the period touches, each cut to it. */
export function monthsOf({ fromMs, toMs }: Period, timeZone: string): (Period & { label: string })[] {
  const months: (Period & { label: string })[] = []
  for (let atMs = fromMs; atMs < toMs; ) {
    const { year, month } = wallTimeOf(atMs, timeZone)
    const next = month === 12 ? { year: year + 1, month: 1 } : { year, month: month + 1 }
    const endMs = momentOf({ ...next, day: 1, hour: 0, minute: 0 }, timeZone).atMs
    months.push({ fromMs: atMs, toMs: Math.min(endMs, toMs), label: `${year}-${two(month)}` })
    atMs = endMs
  }
  return months
}

/** ISO 8601 week of a moment by the hospital's clock, e.g. `2026-W09`: weeks begin on Monday, and the first one has the year's first Thursday. */
export function isoWeekOf(atMs: number, timeZone: string): string {
  const { year, month, day } = wallTimeOf(atMs, timeZone)
  const dateMs = Date.UTC(year, month - 1, day)
  const weekday = (new Date(dateMs).getUTCDay() + 6) % 7
  const thursdayMs = dateMs + (3 - weekday) * DAY_MS
  const ofYear = new Date(thursdayMs).getUTCFullYear()
  return `${ofYear}-W${two(Math.floor((thursdayMs - Date.UTC(ofYear, 0, 1)) / (7 * DAY_MS)) + 1)}`
}

/** `2026-01-01/2026-12-31`, both days included. */
export function periodText({ fromMs, toMs }: Period, timeZone: string): string {
  const date = (atMs: number): string => {
    const { year, month, day } = wallTimeOf(atMs, timeZone)
    return `${year}-${two(month)}-${two(day)}`
  }
  return `${date(fromMs)}/${date(toMs - 1)}`
}
