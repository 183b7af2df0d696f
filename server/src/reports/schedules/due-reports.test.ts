import { describe, expect, it } from 'vitest'
import { decideReports, MOST_CAUGHT_UP, nextReport, type ReportPlan } from './due-reports.ts'

const SHANGHAI = 'Asia/Shanghai'
const BERLIN = 'Europe/Berlin'
const monthly: ReportPlan = { kind: 'monthly', at: '08:00', timeZone: SHANGHAI }
const daily: ReportPlan = { kind: 'daily', at: '07:30', timeZone: SHANGHAI }
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
    const berlin: ReportPlan = { kind: 'daily', at: '02:30', timeZone: BERLIN }
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
