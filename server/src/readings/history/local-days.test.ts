import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY_MS } from '../hours.ts'
import { LocalDays, nextYearStartDay, yearStartDay } from './local-days.ts'

const HOUR_MS = 3_600_000
/** Among them days of 23, 23.5, 24.5 and 25 hours, a change at midnight (Havana, Cairo) and a day left out (Apia). */
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/Havana', 'Africa/Cairo', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu']
const known = new Map(ZONES.map((zone) => [zone, new LocalDays(zone)]))
const daysOf = (zone: string) => known.get(zone) as LocalDays

it('every moment is in one day, which begins before and ends after it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2035, 0) }), (zone, timeMs) => {
      const days = daysOf(zone)
      const day = days.dayOf(timeMs)
      expect(days.startOf(day)).toBeLessThanOrEqual(timeMs)
      expect(days.startOf(day + 1)).toBeGreaterThan(timeMs)
    }),
    { numRuns: 2000 },
  )
})

it('the day is the one that the calendar of the zone shows', () => {
  const shown = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', year: 'numeric', month: '2-digit', day: '2-digit' })
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(2005, 0), max: Date.UTC(2035, 0) }), (timeMs) => {
      expect(new Date(daysOf('Europe/Berlin').dayOf(timeMs) * DAY_MS).toISOString().slice(0, 10)).toBe(shown.format(timeMs))
    }),
    { numRuns: 500 },
  )
})

it.each([
  ['Asia/Shanghai', [2025, 2, 30], 24],
  ['Europe/Berlin', [2025, 2, 30], 23],
  ['Europe/Berlin', [2025, 9, 26], 25],
  ['Australia/Lord_Howe', [2025, 9, 5], 23.5],
  ['Australia/Lord_Howe', [2025, 3, 6], 24.5],
] as const)('in %s the day %j has %d hours', (zone, [year, month, date], hours) => {
  const days = daysOf(zone)
  const day = Date.UTC(year, month, date) / DAY_MS
  expect((days.startOf(day + 1) - days.startOf(day)) / HOUR_MS).toBe(hours)
})

it('a day whose midnight is left out begins at the leap', () => {
  // Havana, 9 March 2025: 00:00 became 01:00, at 05:00 UTC.
  const day = Date.UTC(2025, 2, 9) / DAY_MS
  expect(new Date(daysOf('America/Havana').startOf(day)).toISOString()).toBe('2025-03-09T05:00:00.000Z')
})

it('years begin on 1 January and have 365 or 366 days', () => {
  const day = Date.UTC(2024, 11, 31) / DAY_MS
  expect(yearStartDay(day)).toBe(Date.UTC(2024, 0, 1) / DAY_MS)
  expect(nextYearStartDay(day) - yearStartDay(day)).toBe(366)
  expect(nextYearStartDay(day)).toBe(yearStartDay(day + 1))
})

const startsIn = (from: string, to: string, zone: string): string[] =>
  new LocalDays(zone).startsIn({ fromMs: Date.parse(from), toMs: Date.parse(to) }).map((ms) => new Date(ms).toISOString())

it.each([
  ['Asia/Shanghai', ['2026-03-01T03:07:00.000Z', '2026-03-01T16:00:00.000Z', '2026-03-02T16:00:00.000Z']],
  ['Asia/Kathmandu', ['2026-03-01T03:07:00.000Z', '2026-03-01T18:15:00.000Z', '2026-03-02T18:15:00.000Z']],
] as const)('a range of %s is cut at its midnights', (zone, starts) => {
  expect(startsIn('2026-03-01T03:07:00Z', '2026-03-03T03:00:00Z', zone)).toEqual(starts)
})

it('a range is cut at local midnight over daylight saving', () => {
  expect(startsIn('2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z', 'Europe/Berlin')).toEqual([
    '2026-03-28T12:00:00.000Z',
    '2026-03-28T23:00:00.000Z',
    '2026-03-29T22:00:00.000Z',
  ])
  // In Beirut midnight itself was left out: the day begins at one o'clock.
  expect(startsIn('2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z', 'Asia/Beirut')).toEqual([
    '2026-03-28T12:00:00.000Z',
    '2026-03-28T22:00:00.000Z',
  ])
})
