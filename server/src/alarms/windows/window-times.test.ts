import type { Recurrence } from '@roomkeeper/shared/http'
import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { describe, expect, it } from 'vitest'
import { isRealDate, windowTimes } from './window-times.ts'

const HOUR_MS = 3_600_000
const utc = (text: string): number => Date.parse(`${text}:00Z`)
const iso = (atMs: number | undefined): string => new Date(atMs ?? Number.NaN).toISOString().slice(0, 16)
const wall = (text: string) => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[-T:]/).map(Number)
  return { year, month, day, hour, minute }
}

describe('a time of the wall clock', () => {
  it.each([
    ['no daylight saving', '2026-07-01T02:30', 'Asia/Shanghai', '2026-06-30T18:30'],
    ['winter', '2026-01-15T02:30', 'America/New_York', '2026-01-15T07:30'],
    ['summer', '2026-07-15T02:30', 'America/New_York', '2026-07-15T06:30'],
    ['leapt over in spring: at the leap', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:00'],
    ['shown twice in autumn: the first', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30'],
    ['leapt over in spring: at the leap', '2026-03-29T02:15', 'Europe/Berlin', '2026-03-29T01:00'],
    ['shown twice in autumn: the first', '2026-10-25T02:15', 'Europe/Berlin', '2026-10-25T00:15'],
    ['half an hour leapt over', '2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-03T15:30'],
    ['half an hour shown twice', '2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-04T14:45'],
    ['just after the leap', '2026-03-08T03:00', 'America/New_York', '2026-03-08T07:00'],
    ['a day left out', '2011-12-30T12:00', 'Pacific/Apia', '2011-12-30T10:00'],
  ])('%s: %s in %s is %s', (_what, local, zone, expected) => {
    expect(iso(instantOf(wall(local), zone))).toBe(expected)
  })

  it('is what the clock shows then, every half hour of a year, in every zone', () => {
    for (const zone of ['America/New_York', 'Europe/Berlin', 'Asia/Shanghai', 'Australia/Lord_Howe', 'Asia/Kathmandu'])
      for (let atMs = utc('2026-01-01T00:00'); atMs < utc('2027-01-01T00:00'); atMs += 13.5 * HOUR_MS) {
        const shown = wallTimeOf(atMs, zone)
        expect(wallTimeOf(instantOf(shown, zone), zone)).toEqual(shown)
      }
  })
})

describe('a maintenance window', () => {
  const sunday: Recurrence = { kind: 'weekly', days: [7], at: '01:30', minutes: 60 }

  it('keeps its local time over daylight saving', () => {
    const starts = ['2026-03-01T12:00', '2026-03-08T12:00', '2026-10-26T12:00', '2026-11-02T12:00'].map((now) =>
      iso(windowTimes(sunday, 'America/New_York', utc(now)).next?.fromMs),
    )
    expect(starts).toEqual(['2026-03-08T06:30', '2026-03-15T05:30', '2026-11-01T05:30', '2026-11-08T06:30'])
  })

  it('opens once in the night in which its hour comes twice', () => {
    const open: string[] = []
    for (let atMs = utc('2026-11-01T04:00'); atMs < utc('2026-11-01T09:00'); atMs += 15 * 60_000)
      if (windowTimes(sunday, 'America/New_York', atMs).current) open.push(iso(atMs).slice(11))
    expect(open).toEqual(['05:30', '05:45', '06:00', '06:15'])
  })

  it('opens after the leap in the night in which its hour is left out, for its whole length', () => {
    const night: Recurrence = { ...sunday, at: '02:30' }
    const { current } = windowTimes(night, 'America/New_York', utc('2026-03-08T07:00'))
    expect([iso(current?.fromMs), iso(current?.toMs)]).toEqual(['2026-03-08T07:00', '2026-03-08T08:00'])
    expect(windowTimes(night, 'America/New_York', utc('2026-03-08T06:59')).current).toBeNull()
  })

  it('goes on over midnight, and begins exactly and ends exactly', () => {
    const late: Recurrence = { kind: 'weekly', days: [1], at: '23:00', minutes: 180 }
    const at = (text: string) => windowTimes(late, 'Asia/Shanghai', utc(text)).current !== null
    expect([at('2026-03-02T14:59'), at('2026-03-02T15:00'), at('2026-03-02T17:59'), at('2026-03-02T18:00')]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })

  it('leaves out months without its day', () => {
    const last: Recurrence = { kind: 'monthly', day: 31, at: '08:00', minutes: 60 }
    expect(iso(windowTimes(last, 'Asia/Shanghai', utc('2026-02-01T00:00')).next?.fromMs)).toBe('2026-03-31T00:00')
    expect(iso(windowTimes(last, 'Asia/Shanghai', utc('2026-03-31T02:00')).next?.fromMs)).toBe('2026-05-31T00:00')
    const leap: Recurrence = { ...last, day: 29 }
    expect(iso(windowTimes(leap, 'Asia/Shanghai', utc('2026-01-30T00:00')).next?.fromMs)).toBe('2026-03-29T00:00')
  })

  it('comes once when it is meant once', () => {
    const once: Recurrence = { kind: 'once', from: '2026-03-02T10:00', minutes: 120 }
    expect(windowTimes(once, 'Asia/Shanghai', utc('2026-03-02T01:00'))).toEqual({
      current: null,
      next: { fromMs: utc('2026-03-02T02:00'), toMs: utc('2026-03-02T04:00') },
    })
    expect(windowTimes(once, 'Asia/Shanghai', utc('2026-03-02T04:00'))).toEqual({ current: null, next: null })
  })

  it('knows dates that do not exist', () => {
    expect([isRealDate('2026-02-29T10:00'), isRealDate('2028-02-29T10:00'), isRealDate('2026-06-31T10:00')]).toEqual([false, true, false])
  })
})
