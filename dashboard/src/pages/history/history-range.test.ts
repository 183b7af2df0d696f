import { describe, expect, it } from 'vitest'
import { comparisonOf, earlierRange, openingPoints, parseIds, patchedSearch, rangeOf, sharedPlace, showableRange } from './history-range.ts'

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

describe('before anything is chosen', () => {
  const point = (id: number, kind: string) => ({ id, kind })

  it('temperature and humidity of each room are shown, eight points at most', () => {
    const rooms = [
      { leading: [point(3, 'humidity'), point(1, 'temperature'), point(2, 'temperature')] },
      { leading: [point(9, 'voltage')] },
    ]
    expect(openingPoints(rooms)).toEqual([1, 3])
    expect(openingPoints(Array.from({ length: 9 }, (_, n) => ({ leading: [point(n, 'temperature')] })))).toHaveLength(8)
  })

  it('a choice that was emptied stays in the address', () => {
    expect(patchedSearch(new URLSearchParams('points=1&range=1h'), { points: '', range: undefined }).toString()).toBe('points=')
  })
})

describe('comparison', () => {
  it('is one of those there are, else none', () => {
    expect(comparisonOf(new URLSearchParams('compare=week'))).toBe('week')
    expect(comparisonOf(new URLSearchParams('compare=century'))).toBe('none')
  })
  it('has the same length and lies a day, a week or a calendar year before', () => {
    const fromMs = new Date(2025, 2, 5, 8).getTime()
    const range = { fromMs, toMs: fromMs + 3_600_000 }
    expect(new Date(earlierRange(range, 'week').fromMs)).toEqual(new Date(2025, 1, 26, 8))
    const year = earlierRange(range, 'year')
    expect(new Date(year.fromMs)).toEqual(new Date(2024, 2, 5, 8))
    expect([year.toMs - year.fromMs, year.fromMs + year.shiftMs]).toEqual([3_600_000, fromMs])
  })
})

describe('a range asked for on the chart', () => {
  const nowMs = Date.UTC(2026, 0, 1)
  it('ends now at the latest, with its length kept', () => {
    expect(showableRange({ fromMs: nowMs, toMs: nowMs + 60_000 }, nowMs)).toEqual({ fromMs: nowMs - 60_000, toMs: nowMs })
  })
  it('is half a minute at least and begins in 2000 at the earliest', () => {
    expect(showableRange({ fromMs: nowMs - 10, toMs: nowMs }, nowMs)).toEqual({ fromMs: nowMs - 30_000, toMs: nowMs })
    expect(showableRange({ fromMs: 0, toMs: 60_000 }, nowMs)).toEqual({ fromMs: 946_684_800_000, toMs: 946_684_860_000 })
  })
})

describe('what labels share', () => {
  it('is named once; the name of a point is never taken away', () => {
    expect(sharedPlace(['A › probe › cold', 'A › probe › warm'])).toEqual({ place: 'A › probe', names: ['cold', 'warm'] })
    expect(sharedPlace(['A › probe › cold', 'A › rack › cold'])).toEqual({ place: 'A', names: ['probe › cold', 'rack › cold'] })
    expect(sharedPlace(['A › probe › cold', 'B › probe › cold']).place).toBe('')
    expect(sharedPlace(['A › probe › cold'])).toEqual({ place: 'A › probe', names: ['cold'] })
  })
})
