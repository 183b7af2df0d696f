import { describe, expect, it } from 'vitest'
import { checkRange, parsePointIds } from './history-query.ts'

const NOW_MS = Date.UTC(2026, 5, 1)

describe('checkRange', () => {
  it('takes a week', () => {
    expect(checkRange({ fromMs: NOW_MS - 7 * 86_400_000, toMs: NOW_MS })).toBeUndefined()
  })

  it.each([
    ['an end before the start', { fromMs: NOW_MS, toMs: NOW_MS - 1 }, 'toMs', `> ${NOW_MS}`],
    ['an empty range', { fromMs: NOW_MS, toMs: NOW_MS }, 'toMs', `> ${NOW_MS}`],
    ['seconds', { fromMs: NOW_MS / 1000, toMs: NOW_MS }, 'fromMs', 'milliseconds'],
    ['nanoseconds', { fromMs: NOW_MS, toMs: NOW_MS * 1e6 }, 'toMs', 'milliseconds'],
    ['not a number', { fromMs: Number.NaN, toMs: NOW_MS }, 'fromMs', 'milliseconds'],
    ['a century', { fromMs: NOW_MS, toMs: Date.UTC(2126, 0, 1) }, 'toMs', '≤'],
  ])('refuses %s', (_what, range, field, allowed) => {
    const problem = checkRange(range)
    expect(problem?.data.field).toBe(field)
    expect(problem?.data.allowed).toContain(allowed)
  })
})

describe('parsePointIds', () => {
  const known = new Map(Array.from({ length: 30 }, (_, index) => [index + 1, `point ${index + 1}`]))

  it('gives each point once, in the order asked for', () => {
    expect(parsePointIds('3,1,3', known)).toEqual({ points: ['point 3', 'point 1'] })
  })

  it.each(['', 'a', '1,,2', Array.from({ length: 101 }, (_, index) => index + 1).join(',')])('refuses %j', (text) => {
    expect(parsePointIds(text, known).problem?.data.field).toBe('pointIds')
  })

  it('names what does not exist', () => {
    expect(parsePointIds('1,99', known).problem?.message).toContain('99')
  })
})
