import type { CoolingGap, ThermalRunning } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { comparedAs, deadlineOf, isRough, isShortOnly, isWide, leftText, minutesLeft, plusMinusMinutes, verdictOf } from './countdown.ts'

const MINUTE = 60_000

describe('the countdown', () => {
  it('writes what is left, and promises no minute that is not there', () => {
    expect([750_000, 59_999, -5, 5_999_000, 7_500_000].map(leftText)).toEqual(['12:30', '00:59', '00:00', '99:59', '2:05:00'])
    expect(minutesLeft(119_000, 0)).toBe(1)
    expect(minutesLeft(0, 5000)).toBe(0)
    expect(plusMinusMinutes({ kind: 'at', atMs: 0, earliestMs: 0, latestMs: 4.2 * MINUTE })).toBe(2)
  })

  it('counts down to the earliest moment where little is known', () => {
    const told = (earliest: number, at: number, latest: number) => ({
      kind: 'at' as const,
      atMs: at * MINUTE,
      earliestMs: earliest * MINUTE,
      latestMs: latest * MINUTE,
    })
    expect([told(0, 34, 760), told(4, 43, 760), told(0, 1, 2)].map((one) => isRough(one, 0))).toEqual([true, false, false])
    expect([told(4, 43, 760), told(8, 10, 12), told(1, 2, 4), told(30, 60, 95)].map((one) => isWide(one, 0))).toEqual([
      true,
      false,
      false,
      true,
    ])
  })

  it('knows when only short times without cooling were learned', () => {
    const gap = (minutes: number, riseKelvin: number, leftOut = false): CoolingGap => ({
      id: 1,
      roomId: 1,
      startMs: 0,
      endMs: minutes * MINUTE,
      cause: 'cooling-fault',
      baseCelsius: 22,
      riseKelvin,
      timeConstantSeconds: 100,
      notLearned: null,
      leftOut: leftOut ? { by: '王', reason: '门开着', atMs: 0 } : null,
    })
    expect(isShortOnly([], 32)).toBe(false)
    expect(isShortOnly([gap(5, 4), gap(12, 5)], 32)).toBe(true)
    expect(isShortOnly([gap(5, 4), gap(20, 5)], 32)).toBe(false)
    expect(isShortOnly([gap(5, 9.2)], 32)).toBe(false)
    expect(isShortOnly([gap(5, 4), gap(20, 5, true)], 32)).toBe(true)
  })

  it('names the nearer deadline, heat by its earliest moment', () => {
    const running = (earliestMs: number | null, emptyAtMs: number | null) =>
      ({
        forecast: earliestMs === null ? null : { kind: 'at', atMs: earliestMs + MINUTE, earliestMs, latestMs: earliestMs + 2 * MINUTE },
        upses: [{ emptyAtMs }],
      }) as ThermalRunning
    expect(deadlineOf(running(5 * MINUTE, 9 * MINUTE))).toEqual({ by: 'temperature', atMs: 5 * MINUTE })
    expect(deadlineOf(running(5 * MINUTE, 4 * MINUTE))).toEqual({ by: 'ups', atMs: 4 * MINUTE })
    expect(deadlineOf(running(null, 4 * MINUTE))).toEqual({ by: 'ups', atMs: 4 * MINUTE })
    expect(deadlineOf(running(null, null))).toBeNull()
  })

  it('says which comes first, or of which alone anything is known', () => {
    const compared = (forecast: ThermalRunning['forecast'], ups: number | null | 'none', nearer: ThermalRunning['nearer'] | null) =>
      comparedAs({ forecast, limitCelsius: 32, upses: ups === 'none' ? [] : [{ emptyAtMs: ups }], nearer } as ThermalRunning)
    const at = { kind: 'at', atMs: 3, earliestMs: 2, latestMs: 4 } as const
    const unknown = { kind: 'unknown', reason: 'no-limit' } as const
    expect([compared(at, 9, 'heat'), compared(at, 1, 'ups'), compared(at, 3, 'either')]).toEqual(['heat', 'ups', 'either'])
    expect([compared(unknown, 9, 'unknown'), compared(at, null, 'unknown'), compared(unknown, null, 'unknown')]).toEqual([
      'upsOnly',
      'heatOnly',
      'bothUnknown',
    ])
    // One of them is no limit now: nothing is compared, whatever the server names.
    expect([
      compared(null, 9, 'ups'),
      compared({ kind: 'never', settlesAtCelsius: 28 }, null, 'unknown'),
      compared(at, 'none', 'heat'),
    ]).toEqual([null, null, null])
    expect([compared(at, 9, null), compared(unknown, 9, null)]).toEqual([null, 'upsOnly'])
  })

  it('says how far a promise is off', () => {
    expect(verdictOf(1 / 1.4)).toEqual({ key: 'tooMuch', percent: 40 })
    expect(verdictOf(1.25)).toEqual({ key: 'tooLittle', percent: 20 })
    expect(verdictOf(0.95)).toEqual({ key: 'fits', percent: 0 })
  })
})
