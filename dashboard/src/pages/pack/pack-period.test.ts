import dayjs from 'dayjs'
import { describe, expect, it } from 'vitest'
import { daysOf, momentsOf } from './pack-period.ts'

describe('the periods of the inspection pack', () => {
  const days = (name: 'month' | 'quarter' | 'year' | 'lastYear', now: string): string[] =>
    daysOf(name, dayjs(now).valueOf()).map((day) => day.format('YYYY-MM-DD'))

  it('are whole months, quarters and years before today', () => {
    expect(days('month', '2026-03-31T10:00')).toEqual(['2026-02-01', '2026-02-28'])
    expect(days('month', '2026-01-05T10:00')).toEqual(['2025-12-01', '2025-12-31'])
    expect(days('quarter', '2026-05-31T10:00')).toEqual(['2026-01-01', '2026-03-31'])
    expect(days('quarter', '2026-02-10T10:00')).toEqual(['2025-10-01', '2025-12-31'])
    expect(days('year', '2026-05-31T10:00')).toEqual(['2026-01-01', '2026-05-31'])
    expect(days('lastYear', '2026-05-31T10:00')).toEqual(['2025-01-01', '2025-12-31'])
  })

  it('reach to the end of their last day', () => {
    const { fromMs, toMs } = momentsOf([dayjs('2026-03-01T12:00'), dayjs('2026-03-31T12:00')])
    expect(dayjs(fromMs).format('YYYY-MM-DD HH:mm')).toBe('2026-03-01 00:00')
    expect(dayjs(toMs).format('YYYY-MM-DD HH:mm')).toBe('2026-04-01 00:00')
  })
})
