import dayjs, { type Dayjs } from 'dayjs'

export const PERIODS = ['month', 'quarter', 'year', 'lastYear', 'own'] as const
export type PeriodName = (typeof PERIODS)[number]

/** First and last day, both included. */
export type Days = readonly [Dayjs, Dayjs]

/** The days of a period as seen from `nowMs`. */
export function daysOf(name: Exclude<PeriodName, 'own'>, nowMs: number): Days {
  const now = dayjs(nowMs)
  if (name === 'month') {
    const month = now.subtract(1, 'month')
    return [month.startOf('month'), month.endOf('month')]
  }
  if (name === 'quarter') {
    const first = now.startOf('month').subtract((now.month() % 3) + 3, 'month')
    return [first, first.add(2, 'month').endOf('month')]
  }
  const year = name === 'year' ? now : now.subtract(1, 'year')
  return [year.startOf('year'), name === 'year' ? now.endOf('day') : year.endOf('year')]
}

/** The moments that the server is asked for: `toMs` is not part of the period. */
export function momentsOf([first, last]: Days): { fromMs: number; toMs: number } {
  return { fromMs: first.startOf('day').valueOf(), toMs: last.add(1, 'day').startOf('day').valueOf() }
}
