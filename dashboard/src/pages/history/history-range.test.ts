import { describe, expect, it } from 'vitest'
import { parseIds, rangeOf } from './history-range.ts'

describe('history address', () => {
  it('names a preset, a custom range, or the last 24 hours', () => {
    expect(rangeOf(new URLSearchParams('range=7d'))).toEqual({ name: '7d' })
    expect(rangeOf(new URLSearchParams('from=1000&to=2000'))).toEqual({ name: 'custom', fromMs: 1000, toMs: 2000 })
    expect(rangeOf(new URLSearchParams('from=2000&to=1000'))).toEqual({ name: '24h' })
    expect(rangeOf(new URLSearchParams('range=constructor'))).toEqual({ name: '24h' })
  })
  it('takes only real point ids, once each', () => {
    expect(parseIds('3,1,3,x,-2,')).toEqual([3, 1])
  })
})
