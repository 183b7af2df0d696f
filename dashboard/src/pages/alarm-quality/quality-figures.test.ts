import type { Limit } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { loadVerdict, priorityShares, proposedChanges } from './quality-figures.ts'

describe('figures of alarm quality', () => {
  it('compares the shares with 80 / 15 / 5 %, high and critical together', () => {
    const shares = priorityShares({ low: 10, medium: 5, high: 3, critical: 2 })
    expect(shares.map(({ name, count, share }) => [name, count, share])).toEqual([
      ['low', 10, 0.5],
      ['medium', 5, 0.25],
      ['top', 5, 0.25],
    ])
    expect(shares.filter(({ isTooMany }) => isTooMany).map(({ name }) => name)).toEqual(['top'])
  })
  it('says nothing of shares without enough alarms', () => {
    expect(priorityShares({ low: 0, medium: 0, high: 0, critical: 0 }).every(({ share }) => share === null)).toBe(true)
    expect(priorityShares({ low: 0, medium: 0, high: 3, critical: 0 }).some(({ isTooMany }) => isTooMany)).toBe(false)
  })
  it('judges the load against what is acceptable', () => {
    expect([0, 5.9, 6, 11.9, 12].map((load) => loadVerdict(load, 6))).toEqual(['none', 'good', 'much', 'much', 'too-much'])
  })
  it('names what a proposal changes, and nothing else', () => {
    const now: Limit = { condition: 'high', value: 27, deadband: 0, onDelayMs: 0, offDelayMs: 0, priority: 'low', enabled: true }
    expect(proposedChanges(now, { ...now, onDelayMs: 60_000, deadband: 0.5 })).toEqual([
      { field: 'deadband', from: 0, to: 0.5 },
      { field: 'onDelayMs', from: 0, to: 60_000 },
    ])
    expect(proposedChanges(now, now)).toEqual([])
  })
})
