import type { Limit } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { clearOf, conditionsFor, deadbandOf, draftOf, inOrder, limitOf, newDraft, nextKey, withValue } from './limit-draft.ts'

const limit = (patch: Partial<Limit> = {}): Limit => ({
  condition: 'high',
  value: 27,
  deadband: 0.5,
  onDelayMs: 60_000,
  offDelayMs: 30_000,
  priority: 'high',
  enabled: true,
  ...patch,
})

describe('a limit while it is edited', () => {
  it.each([
    ['high', 27, 0.5, 26.5],
    ['high-high', 32, 0, 32],
    ['low', 18, 0.5, 18.5],
    ['low-low', 15, 0.1, 15.1],
    ['rate-of-change', 20, 4, 16],
    ['time-to-limit', 15, 5, 20],
  ] as const)('%s %d with a deadband of %d clears at %d, and back', (condition, value, deadband, clear) => {
    expect(clearOf(condition, value, deadband)).toBe(clear)
    expect(deadbandOf(condition, value, clear)).toBe(deadband)
  })

  it('has no rounding dust in the deadband', () => {
    expect(deadbandOf('high', 27, 26.9)).toBe(0.1)
  })

  it('becomes the same limit again, with all its parts', () => {
    const all = limit({
      latching: true,
      variants: [
        { days: [1, 2], from: '20:00', to: '06:00', value: 29, deadband: 1, onDelayMs: 5000, priority: 'low' },
        { days: [6, 7], from: '00:00', to: '00:00', enabled: false },
      ],
      steps: [
        { value: 30, priority: 'critical' },
        { afterMs: 600_000, priority: 'critical' },
      ],
    })
    expect(limitOf(draftOf(all, 3))).toEqual(all)
    const state = limit({ condition: 'state', value: undefined, tokens: ['OB'], deadband: 0 })
    expect(limitOf(draftOf(state, 0))).toEqual({ ...state, value: undefined })
    const noData = limit({ condition: 'no-data', value: 5, deadband: 0 })
    expect(limitOf(draftOf(noData, 0))).toEqual(noData)
  })

  it('keeps what a variant does not say as it is, and a deadband of its own', () => {
    const times = { days: [1], from: '20:00', to: '06:00' }
    const all = limit({
      variants: [
        { ...times, value: 29 },
        { ...times, deadband: 2 },
      ],
    })
    expect(draftOf(all, 0).variants.map(({ value, clear }) => [value, clear])).toEqual([
      [29, null],
      [null, 25],
    ])
    expect(limitOf(draftOf(all, 0))).toEqual(all)
  })

  it('takes the clear value along when the raise value changes', () => {
    const draft = draftOf(limit(), 0)
    expect(withValue(draft, 28)).toMatchObject({ value: 28, clear: 27.5 })
    expect(withValue(draft, null)).toMatchObject({ value: null, clear: 26.5 })
  })

  it('offers the conditions that fit and are not there yet', () => {
    expect(conditionsFor('number', ['high', 'no-data'])).toEqual([
      'high-high',
      'low',
      'low-low',
      'rate-of-change',
      'time-to-limit',
      'sensor-suspect',
    ])
    expect(conditionsFor('boolean', ['state'])).toEqual(['state-notice', 'state-critical', 'no-data', 'sensor-suspect'])
  })

  it('keeps rows apart and lists levels from the lowest up', () => {
    const rows = [newDraft('no-data', 0), newDraft('high', 4), newDraft('low-low', 2)]
    expect(nextKey(rows)).toBe(5)
    expect(nextKey([])).toBe(0)
    expect(inOrder(rows).map(({ condition }) => condition)).toEqual(['low-low', 'high', 'no-data'])
  })
})
