import dayjs from 'dayjs'
import { describe, expect, it } from 'vitest'
import { lastWholePeriod, periodWith, reportUrl } from './report-period.ts'

const now = dayjs('2026-03-01T09:00').valueOf()

describe('the period of a report', () => {
  it.each([
    ['daily', '2026-02-28', '2026-02-28', '2026-02-28'],
    ['weekly', '2026-W08', '2026-02-16', '2026-02-22'],
    ['monthly', '2026-02', '2026-02-01', '2026-02-28'],
    ['yearly', '2025', '2025-01-01', '2025-12-31'],
  ] as const)('%s: the one that was over last', (kind, text, first, last) => {
    expect(periodWith(kind, lastWholePeriod(kind, now), now)).toEqual({ text, first, last, isUnfinished: false })
  })

  it('says when it is not over', () => {
    expect(periodWith('monthly', dayjs(now), now)).toMatchObject({ text: '2026-03', isUnfinished: true })
    expect(periodWith('daily', dayjs(now), now).isUnfinished).toBe(true)
  })

  it.each([
    ['2026-01-01', '2026-W01'],
    ['2027-01-01', '2026-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-03-01', '2026-W09'],
    ['2026-03-02', '2026-W10'],
  ])('%s is in ISO week %s', (day, week) => {
    expect(periodWith('weekly', dayjs(day), now).text).toBe(week)
  })

  it('is asked for with the room and the language', () => {
    expect(reportUrl('pdf', { kind: 'weekly', period: '2026-W10', roomId: 3, language: 'en' })).toBe(
      '/api/report.pdf?kind=weekly&period=2026-W10&language=en&roomId=3',
    )
  })
})
