import { wallTimeOf } from '@roomkeeper/shared/wall-clock'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latestWallTime, nextWallTime } from './recurring-time.ts'

const at = (text: string): number => Date.parse(text)
const iso = (ms: number): string => new Date(ms).toISOString()

describe('times by the clock on the wall', () => {
  it('comes each week in Shanghai', () => {
    const wednesday = { days: [3], at: '10:00', timeZone: 'Asia/Shanghai' }
    expect(iso(nextWallTime(wednesday, at('2026-03-02T08:00:00Z')))).toBe('2026-03-04T02:00:00.000Z')
    expect(iso(nextWallTime(wednesday, at('2026-03-04T02:00:00Z')))).toBe('2026-03-11T02:00:00.000Z')
    expect(iso(latestWallTime(wednesday, at('2026-03-04T02:00:00Z')))).toBe('2026-03-04T02:00:00.000Z')
    expect(iso(latestWallTime(wednesday, at('2026-03-04T01:59:59Z')))).toBe('2026-02-25T02:00:00.000Z')
  })

  it('keeps the hour when the clocks change', () => {
    const berlin = { at: '08:00', timeZone: 'Europe/Berlin' }
    expect(iso(nextWallTime(berlin, at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T06:00:00.000Z')
    expect(iso(nextWallTime(berlin, at('2026-03-27T12:00:00Z')))).toBe('2026-03-28T07:00:00.000Z')
    expect(iso(nextWallTime(berlin, at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T07:00:00.000Z')
  })

  it('comes once in the hour that is there twice, and after the one that is not there', () => {
    const berlin = { at: '02:30', timeZone: 'Europe/Berlin' }
    expect(iso(nextWallTime(berlin, at('2026-10-24T12:00:00Z')))).toBe('2026-10-25T00:30:00.000Z')
    expect(iso(nextWallTime(berlin, at('2026-10-25T00:30:00Z')))).toBe('2026-10-26T01:30:00.000Z')
    expect(iso(nextWallTime(berlin, at('2026-03-28T12:00:00Z')))).toBe('2026-03-29T01:00:00.000Z')
  })

  it('is every day once, whatever the zone', () => {
    const zones = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Australia/Lord_Howe', 'UTC')
    fc.assert(
      fc.property(
        zones,
        fc.integer({ min: 0, max: 23 }),
        fc.integer({ min: 0, max: 59 }),
        fc.integer({ min: 0, max: 700 }),
        (timeZone, hour, minute, day) => {
          const wall = { at: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`, timeZone }
          const nowMs = Date.UTC(2025, 0, 1) + day * 86_400_000
          const next = nextWallTime(wall, nowMs)
          expect(next).toBeGreaterThan(nowMs)
          expect(latestWallTime(wall, next)).toBe(next)
          expect(latestWallTime(wall, next - 1)).toBeLessThan(next)
          const days = (nextWallTime(wall, next) - next) / 3_600_000
          expect(days).toBeGreaterThanOrEqual(22.9)
          expect(days).toBeLessThanOrEqual(25.1)
          const shown = wallTimeOf(next, timeZone)
          expect(Math.abs(shown.hour * 60 + shown.minute - (hour * 60 + minute))).toBeLessThanOrEqual(60)
        },
      ),
      { numRuns: 60 },
    )
  })
})
