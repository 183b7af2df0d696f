import { describe, expect, it } from 'vitest'
import { PeriodTextError, periodOf, slicesOf, spanBefore } from './period-of.ts'

const HOUR_MS = 3_600_000
const hours = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number => (toMs - fromMs) / HOUR_MS
const SHANGHAI = 'Asia/Shanghai'

describe('periodOf', () => {
  it('begins and ends by the clock of the hospital, also when it is moved', () => {
    expect(periodOf('daily', '2026-03-08', SHANGHAI)).toMatchObject({ fromMs: Date.UTC(2026, 2, 7, 16), toMs: Date.UTC(2026, 2, 8, 16) })
    expect(hours(periodOf('daily', '2026-03-29', 'Europe/Berlin'))).toBe(23)
    expect(hours(periodOf('daily', '2026-10-25', 'Europe/Berlin'))).toBe(25)
    expect(hours(periodOf('weekly', '2026-W13', 'Europe/Berlin'))).toBe(7 * 24 - 1)
    expect(slicesOf(periodOf('daily', '2026-10-25', 'Europe/Berlin'), 'Europe/Berlin')).toHaveLength(25)
  })

  it('knows ISO weeks: 53 of a long year, and the first that begins in the year before', () => {
    expect(periodOf('weekly', '2026-W53', 'UTC')).toMatchObject({ fromMs: Date.UTC(2026, 11, 28), toMs: Date.UTC(2027, 0, 4) })
    expect(periodOf('weekly', '2026-W01', 'UTC').fromMs).toBe(Date.UTC(2025, 11, 29))
    expect(spanBefore(periodOf('weekly', '2027-W01', 'UTC'), 'UTC').text).toBe('2026-W53')
  })

  it('knows leap years', () => {
    expect(hours(periodOf('yearly', '2024', 'UTC'))).toBe(366 * 24)
    expect(hours(periodOf('monthly', '2024-02', SHANGHAI))).toBe(29 * 24)
    expect(spanBefore(periodOf('daily', '2024-03-01', SHANGHAI), SHANGHAI).text).toBe('2024-02-29')
    expect(spanBefore(periodOf('monthly', '2024-01', SHANGHAI), SHANGHAI).text).toBe('2023-12')
    expect(slicesOf(periodOf('yearly', '2024', SHANGHAI), SHANGHAI)).toHaveLength(12)
  })

  it.each([
    ['daily', '2026-02-29'],
    ['daily', '2026-03'],
    ['weekly', '2025-W53'],
    ['weekly', '2026-W00'],
    ['weekly', '2026-w10'],
    ['monthly', '2026-13'],
    ['monthly', '2026-00'],
    ['yearly', '26'],
    ['yearly', '0099'],
    ['yearly', ''],
  ] as const)('refuses %s %s and says what is allowed', (kind, text) => {
    expect(() => periodOf(kind, text, SHANGHAI)).toThrow(PeriodTextError)
    expect(() => periodOf(kind, text, SHANGHAI)).toThrow(/须为 2026.* \/ must be /)
  })
})
