import fc from 'fast-check'
import { expect, it } from 'vitest'
import { BLOCK_SLOTS, decodeBlock, encodeBlock } from './block.ts'
import { emptySlot } from './slot.ts'

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 0, 5e-324, 1.7e308),
  fc.integer({ min: -9999, max: 9999 }).map((n) => n / 100),
)
const whole = fc.integer({ min: 0, max: 90_000_000 })
const slot = fc.oneof(
  fc.constant(emptySlot()),
  fc.record(
    {
      min: number,
      mean: number,
      max: number,
      count: fc.integer({ min: 1, max: 1e6 }),
      badCount: whole,
      goodMs: whole,
      insideMs: whole,
      limitedMs: whole,
    },
    { noNullPrototype: true },
  ),
  fc.record(
    {
      min: fc.constant(null),
      mean: fc.constant(null),
      max: fc.constant(null),
      count: fc.constant(0),
      badCount: fc.constant(0),
      goodMs: fc.integer({ min: 1, max: 9 }),
      insideMs: whole,
      limitedMs: whole,
    },
    { noNullPrototype: true },
  ),
)

it('gives back exactly what was put in', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('1m' as const, '15m' as const, '1d' as const),
      fc.array(slot, { minLength: 366, maxLength: 366, size: 'max' }),
      (resolution, slots) => {
        const content = {
          resolution,
          zone: resolution === '1d' ? 'Australia/Lord_Howe' : '',
          slots: slots.slice(0, BLOCK_SLOTS[resolution]),
        }
        expect(decodeBlock(encodeBlock(content))).toStrictEqual(content)
      },
    ),
    { numRuns: 40 },
  )
})

it('holds an empty block in a few bytes and refuses NaN and unknown versions', () => {
  const slots = Array.from({ length: 366 }, emptySlot)
  expect(encodeBlock({ resolution: '1d', zone: 'Asia/Shanghai', slots }).length).toBeLessThan(40)
  const wrong = { ...emptySlot(), count: 1, min: Number.NaN, mean: 1, max: 1 }
  expect(() => encodeBlock({ resolution: '1m', zone: '', slots: [wrong] })).toThrow(RangeError)
  expect(() => decodeBlock(Uint8Array.of(9, 0, 0))).toThrow('version')
})
