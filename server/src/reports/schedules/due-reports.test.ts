import { describe, expect, it } from 'vitest'
import { decideReports, MOST_CAUGHT_UP, nextReport, type ReportPlan, sendingDayOf } from './due-reports.ts'

const SHANGHAI = 'Asia/Shanghai'
const BERLIN = 'Europe/Berlin'
const FIRST = { weekday: 1, dayOfMonth: 1, month: 1 }
const monthly: ReportPlan = { kind: 'monthly', at: '08:00', ...FIRST, timeZone: SHANGHAI }
const daily: ReportPlan = { kind: 'daily', at: '07:30', ...FIRST, timeZone: SHANGHAI }
const at = (text: string): number => Date.parse(text)
const shown = (plan: ReportPlan, since: string, now: string): [string[], string[]] => {
  const { due, skipped } = decideReports(plan, at(since), at(now))
  return [
    due.map(({ span, dueAtMs }) => `${span.text} ${new Date(dueAtMs).toISOString().slice(0, 16)}`),
    skipped.map(({ span }) => span.text),
  ]
}

describe('reports that are due', () => {
  it('come on the first day after the period at their hour, not before, and once', () => {
    expect(shown(monthly, '2026-03-05T00:00Z', '2026-03-31T23:59:59Z')).toEqual([[], []])
    expect(shown(monthly, '2026-03-05T00:00Z', '2026-04-01T00:00Z')).toEqual([['2026-03 2026-04-01T00:00'], []])
    const { doneUntilMs } = decideReports(monthly, at('2026-03-05T00:00Z'), at('2026-04-01T00:03Z'))
    expect(decideReports(monthly, doneUntilMs, at('2026-04-30T23:59Z'))).toMatchObject({ due: [], skipped: [] })
  })

  it.each([
    ['daily', '2026-03-01T05:00Z', '2026-02-28 2026-02-28T23:30'],
    ['weekly', '2026-03-02T00:00Z', '2026-W09 2026-03-01T23:30'],
    ['yearly', '2027-01-01T00:00Z', '2026 2026-12-31T23:30'],
  ] as const)('know their periods: %s', (kind, now, report) => {
    const { due } = decideReports({ ...daily, kind }, at(now) - 86_400_000, at(now))
    expect(due.map(({ span, dueAtMs }) => `${span.text} ${new Date(dueAtMs).toISOString().slice(0, 16)}`)).toEqual([report])
  })

  it('follow the ends of months of every length, and leap years', () => {
    for (const [now, period] of [
      ['2028-03-01T00:00Z', '2028-02'],
      ['2027-03-01T00:00Z', '2027-02'],
      ['2027-01-01T00:00Z', '2026-12'],
      ['2026-05-01T00:00Z', '2026-04'],
    ] as const)
      expect(shown(monthly, new Date(at(now) - 3_600_000).toISOString(), now)[0]).toEqual([`${period} ${now.slice(0, 16)}`])
  })

  it('keep their hour over daylight saving, and come once in the nights of the change', () => {
    const berlin: ReportPlan = { kind: 'daily', at: '02:30', ...FIRST, timeZone: BERLIN }
    // 02:30 is left out on 29 March: when the clock has leapt to 03:00.
    expect(shown(berlin, '2026-03-28T02:00Z', '2026-03-30T12:00Z')[0]).toEqual([
      '2026-03-28 2026-03-29T01:00',
      '2026-03-29 2026-03-30T00:30',
    ])
    // It comes twice on 25 October: the first counts.
    expect(shown(berlin, '2026-10-24T01:00Z', '2026-10-26T12:00Z')[0]).toEqual([
      '2026-10-24 2026-10-25T00:30',
      '2026-10-25 2026-10-26T01:30',
    ])
  })

  it('make up for the latest of those that a downtime missed, and name the others', () => {
    const [due, skipped] = shown(daily, '2026-03-01T00:00Z', '2026-03-09T12:00Z')
    expect(due.map((text) => text.slice(0, 10))).toEqual(['2026-03-06', '2026-03-07', '2026-03-08'])
    expect(due).toHaveLength(MOST_CAUGHT_UP)
    expect(skipped).toEqual(['2026-03-05', '2026-03-04', '2026-03-03', '2026-03-02', '2026-03-01'])
  })

  it('are counted from now when the clock was set back, and are not put off', () => {
    const { due, doneUntilMs } = decideReports(monthly, at('2031-01-01T00:00Z'), at('2026-03-31T12:00Z'))
    expect(due).toEqual([])
    expect(shown(monthly, new Date(doneUntilMs).toISOString(), '2026-04-01T00:00Z')[0]).toEqual(['2026-03 2026-04-01T00:00'])
  })
})

describe('the next report', () => {
  it.each([
    ['monthly', '2026-03-31T23:59Z', '2026-03 2026-04-01T00:00:00.000Z'],
    ['monthly', '2026-04-01T00:00Z', '2026-04 2026-05-01T00:00:00.000Z'],
    ['daily', '2026-03-01T12:00Z', '2026-03-01 2026-03-02T00:00:00.000Z'],
    ['weekly', '2026-03-01T12:00Z', '2026-W09 2026-03-02T00:00:00.000Z'],
    ['yearly', '2026-03-01T12:00Z', '2026 2027-01-01T00:00:00.000Z'],
  ] as const)('%s after %s', (kind, after, expected) => {
    const { span, dueAtMs } = nextReport({ ...monthly, kind }, at(after))
    expect(`${span.text} ${new Date(dueAtMs).toISOString()}`).toBe(expected)
  })
})

describe('the day of sending', () => {
  const next = (plan: Partial<ReportPlan>, after: string): string => {
    const { span, dueAtMs } = nextReport({ ...monthly, timeZone: 'UTC', ...plan }, at(after))
    return `${span.text} ${new Date(dueAtMs).toISOString().slice(0, 16)}`
  }

  it.each([
    // 26 February 2026 is a Thursday: the report of the week before it, also over the end of the month and the year.
    [{ kind: 'weekly', weekday: 4 }, '2026-02-26T07:59Z', '2026-W08 2026-02-26T08:00'],
    [{ kind: 'weekly', weekday: 7 }, '2026-02-26T08:00Z', '2026-W08 2026-03-01T08:00'],
    [{ kind: 'weekly', weekday: 5 }, '2026-12-30T00:00Z', '2026-W52 2027-01-01T08:00'],
    [{ kind: 'monthly', dayOfMonth: 15 }, '2026-03-15T07:59Z', '2026-02 2026-03-15T08:00'],
    [{ kind: 'monthly', dayOfMonth: 15 }, '2026-03-15T08:00Z', '2026-03 2026-04-15T08:00'],
    [{ kind: 'monthly', dayOfMonth: 28 }, '2027-02-01T00:00Z', '2027-01 2027-02-28T08:00'],
    [{ kind: 'yearly', month: 3, dayOfMonth: 15 }, '2026-03-15T08:00Z', '2026 2027-03-15T08:00'],
    [{ kind: 'yearly', month: 12, dayOfMonth: 31 }, '2026-03-15T08:00Z', '2025 2026-12-31T08:00'],
  ] satisfies [Partial<ReportPlan>, string, string][])('is as chosen, of the last whole period: %o after %s', (plan, after, expected) => {
    expect(next(plan, after)).toBe(expected)
  })

  it.each([
    ['2027-02-01T00:00Z', '2027-01 2027-02-28T08:00'],
    ['2028-02-01T00:00Z', '2028-01 2028-02-29T08:00'],
    ['2026-04-01T00:00Z', '2026-03 2026-04-30T08:00'],
    ['2026-12-01T00:00Z', '2026-11 2026-12-31T08:00'],
  ])('31 is the last of the month after %s', (after, expected) => {
    expect(next({ dayOfMonth: 31 }, after)).toBe(expected)
  })

  it('is due once in every period, whatever the day', () => {
    const texts: Record<string, string[]> = {
      weekly: ['2026-W08', '2026-W09'],
      monthly: ['2026-01', '2026-02'],
      yearly: ['2025', '2026'],
    }
    const days = [1, 7].flatMap((weekday) => [1, 15, 28, 31].map((dayOfMonth) => ({ weekday, dayOfMonth, month: 2 })))
    for (const kind of ['weekly', 'monthly', 'yearly'] as const)
      for (const day of days) {
        const plan = { ...monthly, ...day, kind }
        const first = nextReport(plan, at('2026-02-22T16:00Z') - (kind === 'monthly' ? 22 : kind === 'yearly' ? 53 : 0) * 86_400_000)
        const second = nextReport(plan, first.dueAtMs)
        expect([first.span.text, second.span.text]).toEqual(texts[kind])
        expect(decideReports(plan, first.dueAtMs, second.dueAtMs).due).toEqual([second])
      }
  })

  it('keeps only what its kind has a use for', () => {
    const day = { weekday: 3, dayOfMonth: 31, month: 6 }
    expect(sendingDayOf({ kind: 'daily', ...day })).toEqual(FIRST)
    expect(sendingDayOf({ kind: 'weekly', ...day })).toEqual({ ...FIRST, weekday: 3 })
    expect(sendingDayOf({ kind: 'monthly', ...day })).toEqual({ ...FIRST, dayOfMonth: 31 })
    expect(sendingDayOf({ kind: 'yearly', ...day })).toEqual({ ...day, weekday: 1 })
  })
})
