import { describe, expect, it } from 'vitest'
import { monthBeside, shadeOf, spanOfMonth, weeksOf } from './month.ts'

describe('a month on the wall', () => {
  it('begins on a Monday and shows whole weeks', () => {
    const weeks = weeksOf('2026-10')
    expect(weeks[0]?.[0]).toBe('2026-09-28')
    expect(weeks.at(-1)?.at(-1)).toBe('2026-11-01')
    expect(weeks.every((week) => week.length === 7)).toBe(true)
    // February 2027 begins on a Monday and fills four weeks.
    expect(weeksOf('2027-02')).toHaveLength(4)
  })

  it('asks for what it shows', () => {
    const { fromMs, toMs } = spanOfMonth('2026-10')
    expect(Math.round((toMs - fromMs) / 86_400_000)).toBe(35)
    expect([monthBeside('2026-12', 1), monthBeside('2026-01', -1)]).toEqual(['2027-01', '2025-12'])
  })

  it('marks what waits for somebody', () => {
    expect(shadeOf({ kind: 'missed', overdue: true })).toBe('overdue')
    expect(shadeOf({ kind: 'missed', overdue: false })).toBe('missed')
    expect(shadeOf({ kind: 'record', overdue: true })).toBe('recordOverdue')
  })
})
