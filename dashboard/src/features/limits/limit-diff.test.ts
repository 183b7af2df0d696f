import type { Limit } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { diffOf } from './limit-diff.ts'

const limit = (patch: Partial<Limit>): Limit => ({
  condition: 'high',
  value: 27,
  deadband: 0.5,
  onDelayMs: 0,
  offDelayMs: 0,
  priority: 'high',
  enabled: true,
  ...patch,
})

describe('difference of two sets of limits', () => {
  it('is empty for the same set, however it is written', () => {
    const before = [limit({}), limit({ condition: 'state', value: undefined, tokens: ['OB', 'LB'] })]
    const after = [
      limit({ condition: 'state', value: undefined, tokens: ['LB', 'OB'], latching: false, variants: [] }),
      limit({ steps: [] }),
    ]
    expect(diffOf(before, after)).toEqual([])
  })

  it('names what is added, removed and changed', () => {
    const before = [limit({}), limit({ condition: 'low', value: 18 })]
    const after = [limit({ value: 28, priority: 'medium' }), limit({ condition: 'high-high', value: 32 })]
    expect(diffOf(before, after).map(({ condition, change, fields }) => [condition, change, fields])).toEqual([
      ['high', 'changed', ['value', 'clear', 'priority']],
      ['low', 'removed', []],
      ['high-high', 'added', []],
    ])
  })

  it('shows another deadband as another clear value, and sees into variants and steps', () => {
    const variants = [{ days: [1, 2], from: '20:00', to: '06:00', value: 29 }]
    const after = limit({ deadband: 1, variants, steps: [{ afterMs: 600_000, priority: 'critical' }] })
    expect(diffOf([limit({})], [after])[0]?.fields).toEqual(['clear', 'variants', 'steps'])
    expect(
      diffOf([limit({ variants })], [limit({ variants: [{ ...variants[0], days: [2, 1], from: '20:00', to: '06:00', enabled: true }] })]),
    ).toEqual([])
  })
})
