import { describe, expect, it } from 'vitest'
import { holidayLines, readHolidays as read } from './holiday-lines.ts'

const readHolidays = (text: string, year: number) => read(text, year, { off: '休', worked: '调休' })

describe('a pasted list of holidays', () => {
  it('has days and stretches, and worked weekends', () => {
    const text = '2026-10-01~2026-10-03 国庆节\n\n2026-10-10 国庆节调休 班\n2026年1月1日 元旦\n2026/5/1，Labour Day\n2026-05-09 work'
    const { holidays, problem } = readHolidays(text, 2026)
    expect(problem).toBeNull()
    expect(holidays).toEqual([
      { date: '2026-01-01', name: '元旦', working: false },
      { date: '2026-05-01', name: 'Labour Day', working: false },
      { date: '2026-05-09', name: '调休', working: true },
      { date: '2026-10-01', name: '国庆节', working: false },
      { date: '2026-10-02', name: '国庆节', working: false },
      { date: '2026-10-03', name: '国庆节', working: false },
      { date: '2026-10-10', name: '国庆节调休', working: true },
    ])
    expect(readHolidays(holidayLines(holidays, '班'), 2026).holidays).toEqual(holidays)
  })

  it.each([
    ['1 October', 'line'],
    ['2026-02-30 x', 'line'],
    ['2026-10-07~2026-10-01 x', 'line'],
    ['2025-10-01 国庆节', 'year'],
    ['2026-12-31~2027-01-02 元旦', 'year'],
  ])('names the first line that is wrong: %s', (text, kind) => {
    expect(readHolidays(`2026-01-01 元旦\n${text}`, 2026)).toMatchObject({ holidays: [], problem: { kind, line: 2, text } })
  })
})
