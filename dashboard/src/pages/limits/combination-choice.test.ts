import { describe, expect, it } from 'vitest'
import { combinationExample, combinationsFor, sameSort } from './combination-choice.ts'

describe('choosing what to combine', () => {
  it('takes points of one unit and one type of value together', () => {
    expect(sameSort({ kind: 'temperature', unit: 'Cel' }, { kind: 'battery-temperature', unit: 'Cel' })).toBe(true)
    expect(sameSort({ kind: 'temperature', unit: 'Cel' }, { kind: 'humidity', unit: '%' })).toBe(false)
    expect(sameSort({ kind: 'leak', unit: '1' }, { kind: 'number', unit: '1' })).toBe(false)
  })

  it('offers contacts only any and all', () => {
    expect(combinationsFor('boolean')).toEqual(['any', 'all'])
    expect(combinationsFor('number')).toContain('average')
  })

  it.each([
    ['average', 22],
    ['difference', 4],
    ['any', 24],
    ['all', 20],
  ] as const)('%s of 20, unknown, 22 and 24 is %d', (kind, value) => {
    expect(combinationExample(kind, [20, null, 22, 24])).toBe(value)
  })

  it('has no value of fewer than two', () => {
    expect(combinationExample('average', [20, null])).toBeUndefined()
  })
})
