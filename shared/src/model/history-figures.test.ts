import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distribution, type FigureBucket, historyFigures } from './history-figures.ts'

const bucket = (timeMs: number, mean: number | null, more: Partial<FigureBucket> = {}): FigureBucket => ({
  ...{
    timeMs,
    min: mean,
    mean,
    max: mean,
    count: mean === null ? 0 : 1,
    bad: 0,
    goodMs: mean === null ? 0 : 60_000,
    limitedMs: 0,
    insideMs: 0,
  },
  ...more,
})

describe('figures of a range', () => {
  it('are those of its buckets', () => {
    const buckets = [
      bucket(0, 20, { min: 19, max: 21, count: 10, limitedMs: 60_000, insideMs: 60_000 }),
      bucket(60_000, 30, { min: 29, max: 33, count: 30, limitedMs: 60_000, insideMs: 15_000 }),
      bucket(120_000, null, { bad: 4 }),
    ]
    expect(historyFigures(buckets)).toEqual({
      lowest: { value: 19, timeMs: 0 },
      highest: { value: 33, timeMs: 60_000 },
      mean: 27.5,
      percentiles: { p5: 20, p50: 20, p95: 30 },
      count: 40,
      bad: 4,
      goodMs: 120_000,
      limitedMs: 120_000,
      outsideMs: 45_000,
    })
  })

  it('are nothing without readings', () => {
    expect(historyFigures([])).toMatchObject({ lowest: null, mean: null, percentiles: null, goodMs: 0 })
    expect(distribution([bucket(0, null)])).toEqual([])
  })
})

describe('the distribution', () => {
  it('keeps all known time, in at most 24 bars that hold what they say', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: -40, max: 90 }))
    const anyBuckets = fc.array(fc.record({ value, goodMs: fc.integer({ min: 1, max: 1e7 }) }), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(anyBuckets, (values) => {
        const buckets = values.map(({ value, goodMs }, index) => bucket(index, value, { goodMs }))
        const bins = distribution(buckets)
        expect(bins.length).toBeLessThanOrEqual(24)
        expect(bins.reduce((sum, { goodMs }) => sum + goodMs, 0)).toBe(values.reduce((sum, { goodMs }) => sum + goodMs, 0))
        for (const [index, bin] of bins.slice(1).entries()) expect(bin.from).toBe(bins[index]?.to)
      }),
      { numRuns: 300 },
    )
  })

  it('has round edges and says what was outside', () => {
    const bins = distribution([bucket(0, 21.2), bucket(1, 23.4, { limitedMs: 60_000, insideMs: 20_000 })])
    expect(bins[0]?.from).toBe(21.2)
    expect(bins.at(-1)).toMatchObject({ from: 23.4, to: 23.5, outsideMs: 40_000 })
    expect(distribution([bucket(0, 22), bucket(1, 22)])).toHaveLength(1)
  })
})
