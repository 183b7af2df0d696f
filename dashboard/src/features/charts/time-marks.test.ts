import { describe, expect, it } from 'vitest'
import { indexNear } from './chart-data.ts'
import { marksAt, marksInSight, panned, rangeOfKey, type TimeMark, zoomed } from './time-marks.ts'

const mark = (key: string, fromMs: number, toMs: number | null, kind: TimeMark['kind'] = 'alarm'): TimeMark => ({
  ...{ key, kind, fromMs, toMs },
  priority: null,
})
const keys = (marks: readonly TimeMark[]) => marks.map(({ key }) => key)

describe('marks on a chart', () => {
  const marks = [mark('before', 0, 99), mark('into', 50, 150), mark('still', 120, null, 'visit'), mark('after', 200, null)]

  it('in sight are those that overlap the range and are not hidden', () => {
    expect(keys(marksInSight(marks, { fromMs: 100, toMs: 200 }, new Set()))).toEqual(['into', 'still'])
    expect(keys(marksInSight(marks, { fromMs: 100, toMs: 200 }, new Set(['visit'])))).toEqual(['into'])
  })
  it('under the pointer are those that begin or end near it, then those that last over it', () => {
    expect(keys(marksAt(marks, 148, 5))).toEqual(['into', 'still'])
    expect(keys(marksAt(marks, 118, 5))).toEqual(['still', 'into'])
    expect(keys(marksAt(marks, 110, 5))).toEqual(['into'])
  })
})

describe('the range of a chart', () => {
  it('moves and grows by keys', () => {
    const range = { fromMs: 1000, toMs: 2000 }
    expect(rangeOfKey('ArrowLeft', range)).toEqual({ fromMs: 750, toMs: 1750 })
    expect(rangeOfKey('ArrowRight', range)).toEqual(panned(range, 0.25))
    expect(rangeOfKey('+', range)).toEqual({ fromMs: 1250, toMs: 1750 })
    expect(rangeOfKey('-', range)).toEqual(zoomed(range, 2))
    expect(rangeOfKey('a', range)).toBeUndefined()
  })
})

describe('the reading nearest to the pointer', () => {
  it('is within reach, or there is none', () => {
    const times = [0, 10, 20, 30]
    expect(indexNear(times, [1, undefined, undefined, 2], 1, 15)).toBe(0)
    expect(indexNear(times, [1, undefined, undefined, 2], 2, 15)).toBe(3)
    expect(indexNear(times, [1, undefined, undefined, undefined], 3, 15)).toBe(-1)
  })
})
