import { expect, it } from 'vitest'
import { dayStart, isoWeekOf, monthsOf, nextDayStart, periodText, wholeDays } from './period.ts'

const SHANGHAI = 'Asia/Shanghai'
const HOUR_MS = 3_600_000

it('the days that a browser of another zone means are the hospital’s days', () => {
  const meant = { fromMs: dayStart('2026-01-01', SHANGHAI) ?? 0, toMs: dayStart('2027-01-01', SHANGHAI) ?? 0 }
  for (const aheadHours of [-11, -8, 0, 3, 11]) {
    const asked = { fromMs: meant.fromMs + aheadHours * HOUR_MS, toMs: meant.toMs + aheadHours * HOUR_MS }
    expect(wholeDays(asked, SHANGHAI)).toEqual(meant)
  }
  expect(periodText(wholeDays({ fromMs: meant.fromMs, toMs: meant.fromMs + HOUR_MS }, SHANGHAI), SHANGHAI)).toBe('2026-01-01/2026-01-01')
})

it('a day begins by the hospital’s clock, also when it is short', () => {
  const march = dayStart('2026-03-29', 'Europe/Berlin') ?? 0
  expect(nextDayStart(march, 'Europe/Berlin') - march).toBe(23 * HOUR_MS)
  for (const wrong of ['2026-02-30', '2026-13-01', '26-01-01', '']) expect(dayStart(wrong, SHANGHAI)).toBeUndefined()
})

it('months are cut to the period, and weeks are those of ISO 8601', () => {
  const period = { fromMs: dayStart('2025-12-20', SHANGHAI) ?? 0, toMs: dayStart('2026-02-03', SHANGHAI) ?? 0 }
  const months = monthsOf(period, SHANGHAI)
  expect(months.map(({ label }) => label)).toEqual(['2025-12', '2026-01', '2026-02'])
  expect([months[0]?.fromMs, months.at(-1)?.toMs]).toEqual([period.fromMs, period.toMs])
  const weeks = { '2024-12-30': '2025-W01', '2026-01-04': '2026-W01', '2026-01-05': '2026-W02', '2027-01-03': '2026-W53' }
  for (const [date, week] of Object.entries(weeks)) expect(isoWeekOf(dayStart(date, SHANGHAI) ?? 0, SHANGHAI)).toBe(week)
})
