import type { LimitCondition } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { type LimitDraft, newDraft } from './limit-draft.ts'
import { placeOfField, problemsOf } from './limit-problems.ts'

const draft = (condition: LimitCondition, key: number, patch: Partial<LimitDraft> = {}): LimitDraft => ({
  ...newDraft(condition, key),
  ...patch,
})
const variant = {
  key: 4,
  days: [1],
  from: '20:00',
  to: '06:00',
  enabled: true,
  value: null,
  clear: null,
  onDelaySeconds: null,
  priority: null,
}
const codes = (...drafts: LimitDraft[]) => Object.fromEntries(problemsOf(drafts))

describe('problems of a draft', () => {
  it('finds nothing wrong with a usual set', () => {
    expect(
      codes(
        draft('low', 0, { value: 18, clear: 18.5 }),
        draft('high', 1, { value: 27, clear: 26.5, variants: [{ ...variant, value: 29, clear: 28 }] }),
        draft('high-high', 2, {
          value: 32,
          clear: 31.5,
          steps: [{ key: 0, by: 'value', value: 35, afterMinutes: null, priority: 'critical' }],
        }),
        draft('no-data', 3),
      ),
    ).toEqual({})
  })

  it('names what is missing', () => {
    expect(codes(draft('high', 0), draft('state', 1))).toEqual({ '0.value': 'required', '0.clear': 'required', '1.tokens': 'tokens' })
  })

  it('sees a clear value beyond the raise value, and one that is never reached', () => {
    expect(codes(draft('high', 0, { value: 27, clear: 28 }))).toEqual({ '0.clear': 'clear-side' })
    expect(codes(draft('low', 0, { value: 18, clear: 27 }), draft('high', 1, { value: 27, clear: 26 }))).toEqual({
      '0.clear': 'no-way-back',
    })
  })

  it('sees a wrong order, of enabled limits only', () => {
    const low = draft('low', 0, { value: 28, clear: 28.1 })
    const high = draft('high', 1, { value: 27, clear: 26.9 })
    expect(codes(low, high)).toEqual({ '1.value': 'order' })
    expect(codes({ ...low, enabled: false }, high)).toEqual({})
  })

  it('wants a variant to differ and to have days and times', () => {
    expect(codes(draft('high', 0, { value: 27, clear: 26, variants: [{ ...variant, days: [], to: '25:00' }] }))).toEqual({
      '0.variants.4.days': 'days',
      '0.variants.4.to': 'time',
      '0.variants.4.value': 'nothing-differs',
    })
  })

  it('wants steps to go on to worse values and higher priorities', () => {
    const steps = [
      { key: 0, by: 'value', value: 26, afterMinutes: null, priority: 'high' },
      { key: 1, by: 'duration', value: null, afterMinutes: null, priority: 'high' },
    ] as const
    expect(codes(draft('high', 0, { value: 27, clear: 26, steps }))).toEqual({
      '0.steps.0.value': 'step-side',
      '0.steps.1.afterMinutes': 'required',
      '0.steps.1.priority': 'step-priority',
    })
  })
})

describe('a field that the server names', () => {
  const drafts = [draft('low', 7), draft('high', 9, { variants: [variant] })]

  it.each([
    ['limits[1].value', '9.value'],
    ['limits[0].deadband', '7.clear'],
    ['limits.1.variants.0.days', '9.variants.4.days'],
    ['limits[1].variants[0].deadband', '9.variants.4.clear'],
    ['limits.1.onDelayMs', '9.onDelaySeconds'],
    ['limits.1', '9.value'],
    ['limits[1].steps[3].value', '9.value'],
  ])('%s belongs to %s', (field, place) => {
    expect(placeOfField(field, drafts)).toBe(place)
  })

  it('is no row for anything else', () => {
    expect(placeOfField('reason', drafts)).toBeUndefined()
    expect(placeOfField('limits[5].value', drafts)).toBeUndefined()
  })
})
