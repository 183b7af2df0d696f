import { COMBINATIONS } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine } from './combine.ts'

describe('several points as one value', () => {
  it.each([
    ['average', [20, 22, 27], 23, 0],
    ['average', [20, undefined, 27], 23.5, 1],
    // At least half of them.
    ['average', [20, undefined], 20, 1],
    ['average', [20, undefined, undefined], null, 2],
    ['average', [0.1, 0.2], 0.15, 0],
    ['difference', [20, 22, 27.3], 7.3, 0],
    ['difference', [20, undefined, 27], null, 1],
    ['any', [20, undefined, 27], 27, 1],
    ['any', [undefined, undefined], null, 2],
    ['all', [20, 22], 20, 0],
    ['all', [20, undefined], null, 1],
    ['any', [false, undefined, true], true, 1],
    ['any', [false, undefined], false, 1],
    ['all', [true, true], true, 0],
    ['all', [true, false], false, 0],
    ['all', [true, undefined], null, 1],
    // Two contacts have no mean.
    ['average', [true, false], null, 0],
  ] as const)('%s of %j is %j', (kind, values, value, missing) => {
    expect(combine(kind, values)).toEqual({ value, missing })
  })

  it('leaves a missing point out and never counts it as 0', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...COMBINATIONS),
        fc.array(fc.option(fc.integer({ min: 15, max: 35 }), { nil: undefined }), { minLength: 2, maxLength: 8 }),
        (kind, values) => {
          const { value, missing } = combine(kind, values)
          const present = values.filter((one) => one !== undefined)
          expect(missing).toBe(values.length - present.length)
          if (value === null) expect(missing).toBeGreaterThan(0)
          else expect(value).toBe(combine(kind, present).value)
          if (value !== null && kind !== 'difference') {
            expect(value).toBeGreaterThanOrEqual(Math.min(...present))
            expect(value).toBeLessThanOrEqual(Math.max(...present))
          }
        },
      ),
    )
  })
})
