import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeToLimit, trendOf } from './trend.ts'

const MINUTE = 60_000
const START = 1_770_000_000_000
/** As the probes of a room tell it: a tenth of a degree. */
const tenth = (value: number): number => Math.round(value * 10) / 10

function window(count: number, valueAt: (minute: number) => number): [number[], number[]] {
  const minutes = Array.from({ length: count }, (_, i) => i)
  return [minutes.map((minute) => START + minute * MINUTE), minutes.map(valueAt)]
}

describe('trendOf', () => {
  it('finds when a room without cooling reaches its limit, within a tenth of the way', () => {
    // Towards 45 ℃ with a time constant of 30 min, from 22 ℃: 27 ℃ after 7.35 min, 32 ℃ after 17.1 min.
    const room = (minute: number): number => 45 - 23 * Math.exp(-minute / 30)
    const trend = trendOf(...window(6, (minute) => tenth(room(minute))))
    if (!trend) throw new Error('no trend')
    const high = { side: 'high', value: 27 } as const
    expect(timeToLimit(trend, START + 5 * MINUTE, [high, { side: 'high', value: 32 }])).toMatchObject({ limit: high })
    expect(timeToLimit(trend, START + 5 * MINUTE, [high])?.minutes).toBeCloseTo(7.35 - 5, 0)
  })

  it('finds the low limit of a battery that runs down', () => {
    const trend = trendOf(...window(10, (minute) => 90 - 2 * minute))
    expect(trend && timeToLimit(trend, trend.atMs, [{ side: 'low', value: 50 }])).toMatchObject({ minutes: 11, atMs: START + 20 * MINUTE })
    expect(trend && timeToLimit(trend, trend.atMs, [{ side: 'high', value: 100 }])).toBeUndefined()
  })

  it('takes the nearest of several, and counts one that is passed as reached', () => {
    const trend = trendOf(...window(10, (minute) => 20 + minute))
    const limits = [32, 30].map((value) => ({ side: 'high' as const, value }))
    expect(trend && timeToLimit(trend, trend.atMs, limits)).toMatchObject({ limit: { value: 30 }, minutes: 1 })
    expect(trend && timeToLimit(trend, trend.atMs, [{ side: 'high', value: 27 }])).toMatchObject({ minutes: 0, atMs: trend?.atMs })
  })

  it('says nothing of too few samples, of too short a time, of a last digit that flips', () => {
    expect(trendOf(...window(4, (minute) => 20 + minute))).toBeUndefined()
    expect(trendOf(...window(5, (minute) => 20 + minute))).toBeUndefined()
    expect(trendOf(...window(6, (minute) => 20 + minute))).toBeDefined()
    expect(trendOf(...window(16, (minute) => (minute < 8 ? 26.8 : 26.9)))).toBeUndefined()
    expect(trendOf(...window(16, () => 26.9))).toBeUndefined()
  })

  it('takes no noise for a way', () => {
    let seed = 12_345
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return seed / 2 ** 31
    }
    let found = 0
    // The sum of three is nearly normal.
    for (let run = 0; run < 5000; run++) if (trendOf(...window(16, () => tenth(26 + random() + random() + random())))) found++
    expect(found).toBeLessThanOrEqual(2)
  })

  it('is that of any straight line', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 10, noNaN: true }),
        fc.double({ min: -100, max: 100, noNaN: true }),
        fc.integer({ min: 6, max: 16 }),
        fc.boolean(),
        (perMinute, start, count, isRising) => {
          const slope = isRising ? perMinute : -perMinute
          const trend = trendOf(...window(count, (minute) => start + slope * minute))
          expect((trend?.slope ?? 0) * MINUTE).toBeCloseTo(slope, 6)
          expect(trend?.value).toBeCloseTo(start + slope * (count - 1), 6)
        },
      ),
    )
  })
})
