import { describe, expect, it } from 'vitest'
import { chartColumns, maxGapMs, valueRange } from './chart-data.ts'

const bucket = (timeMs: number, mean: number | null) => ({ timeMs, min: mean, mean, max: mean })

describe('chart columns', () => {
  it('breaks the line where nothing was measured, and not where a bucket is merely empty', () => {
    const { timesMs, curves } = chartColumns([{ buckets: [bucket(0, 1), bucket(10, null), bucket(20, 2), bucket(100, 3)], maxGapMs: 25 }])
    expect(timesMs).toEqual([0, 20, 21, 100])
    expect(curves[0]?.mean).toEqual([1, 2, null, 3])
  })
  it('puts curves with different times on one axis without breaking either', () => {
    const { timesMs, curves } = chartColumns([
      { buckets: [bucket(0, 1), bucket(20, 2)], maxGapMs: 50 },
      { buckets: [bucket(10, 5)], maxGapMs: 50 },
    ])
    expect(timesMs).toEqual([0, 10, 20])
    expect(curves[0]?.mean).toEqual([1, undefined, 2])
    expect(curves[1]?.mean).toEqual([undefined, 5, undefined])
  })
  it('stays broken at the times that other curves bring into a pause', () => {
    const { timesMs, curves } = chartColumns([
      { buckets: [bucket(0, 1), bucket(100, 2)], maxGapMs: 25 },
      { buckets: [bucket(0, 5), bucket(20, 5), bucket(40, 5), bucket(60, 5), bucket(80, 5), bucket(100, 5)], maxGapMs: 25 },
    ])
    expect(timesMs).toEqual([0, 1, 20, 40, 60, 80, 100])
    expect(curves[0]?.mean).toEqual([1, null, null, null, null, null, 2])
    expect(curves[1]?.mean).toEqual([5, undefined, 5, 5, 5, 5, 5])
  })
  it('allows a slow sensor to be slower than the buckets', () => {
    expect(maxGapMs(6_000, 60_000)).toBe(210_000)
    expect(maxGapMs(60_000, 1_000)).toBe(150_000)
  })
})

describe('value range', () => {
  it('includes a near limit and leaves a far one out', () => {
    const [low, high] = valueRange([22, 23, 24], [27, 500])
    expect(high).toBeGreaterThan(27)
    expect(high).toBeLessThan(40)
    expect(low).toBeLessThan(22)
  })
  it('shows a limit beside a curve that comes first only when it is near', () => {
    expect(valueRange([219, 223], [198, 235.4], true)).toEqual([218.68, 223.32])
    expect(valueRange([21, 26], [18, 27], true)[0]).toBeLessThan(18)
  })
  it('has a height even when the curve is flat or absent', () => {
    const [low, high] = valueRange([5, 5], [])
    expect(high - low).toBeGreaterThan(0)
    expect(valueRange([], [])).toEqual([0, 1])
  })
})
