import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketWidthMs, DAY_MS, HOUR_MS, mergeBuckets } from './buckets.ts'

describe('bucketWidthMs', () => {
  it('chooses round widths', () => {
    const from = Date.UTC(2026, 0, 1)
    expect(bucketWidthMs(from, from + DAY_MS, 2000)).toBe(60_000)
    expect(bucketWidthMs(from, from + 7 * DAY_MS, 2016)).toBe(300_000)
    expect(bucketWidthMs(from, from + 365 * DAY_MS, 2000)).toBe(6 * HOUR_MS)
    expect(bucketWidthMs(from, from + 1, 1)).toBe(1000)
  })

  it('never gives more buckets than asked for, whatever the range', () => {
    fc.assert(
      fc.property(fc.nat(4e12), fc.integer({ min: 1, max: 2e12 }), fc.integer({ min: 2, max: 5000 }), (fromMs, lengthMs, maxBuckets) => {
        const widthMs = bucketWidthMs(fromMs, fromMs + lengthMs, maxBuckets)
        const touched = Math.floor((fromMs + lengthMs - 1) / widthMs) - Math.floor(fromMs / widthMs) + 1
        expect(touched).toBeLessThanOrEqual(maxBuckets)
        // Rollups of 5 min and 1 h must divide it.
        if (widthMs >= 300_000) expect(widthMs % 300_000).toBe(0)
        if (widthMs >= HOUR_MS) expect(widthMs % HOUR_MS).toBe(0)
      }),
    )
  })
})

describe('mergeBuckets', () => {
  it('weighs means by count and keeps extremes', () => {
    const parts = [
      { timeMs: 1000, min: 1, mean: 2, max: 3, count: 3, badCount: 1 },
      { timeMs: 0, min: 5, mean: 6, max: 7, count: 1, badCount: 0 },
      { timeMs: 1500, min: null, mean: null, max: null, count: 0, badCount: 2 },
      { timeMs: 2000, min: null, mean: null, max: null, count: 0, badCount: 0 },
    ]
    expect(mergeBuckets(parts, 2000)).toEqual([{ timeMs: 0, min: 1, mean: 3, max: 7, count: 4, badCount: 3 }])
  })

  it('a part of bad readings first does not hide good ones after it', () => {
    const bad = { timeMs: 0, min: null, mean: null, max: null, count: 0, badCount: 1 }
    const good = { timeMs: 1, min: 1, mean: 1, max: 1, count: 1, badCount: 0 }
    expect(mergeBuckets([bad, good], 10)).toEqual([{ timeMs: 0, min: 1, mean: 1, max: 1, count: 1, badCount: 1 }])
  })
})
