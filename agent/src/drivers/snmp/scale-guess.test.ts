import { describe, expect, it } from 'vitest'
import { guessFactors, isSentinel } from './scale-guess.ts'
import type { SnmpValue } from './values.ts'

const VOLTS = { factors: [1, 0.1], between: [80, 700] as [number, number] }
const measure = (kind: 'voltage' | 'current' | 'power' | 'frequency', guess?: object, scale = 1) => ({
  kind,
  scale,
  sentinels: [-1, 65535],
  presentIf: [],
  guess: guess as typeof VOLTS | undefined,
})
const rows = (key: string, of: ReturnType<typeof measure>, raws: readonly SnmpValue[]) =>
  raws.map((raw, at) => ({ key: key.replace('{row}', String(at + 1)), row: String(at + 1), raw, measure: of, factor: 1 }))
const factors = (...found: ReturnType<typeof rows>) => found.map((object) => guessFactors(found).get(object))

describe('the unit a device sends', () => {
  it.each([
    ['whole volts', [231, 229, 230], 1],
    ['tenths', [2310, 0, 2298], 0.1],
    ['tenths with one row that can be neither', [2310, 2298, 12], 0.1],
    ['tenths with one row that could be both', [2310, 690], 0.1],
    ['tenths beside garbage', [2310, 64_000], 0.1],
    ['whole volts beside one spike', [231, 229, 2290], 1],
    ['tenths as texts', ['2310', '2298 V', 'N/A'], 0.1],
    ['nothing but zeros and sentinels', [0, -1, 65535], 1],
    ['nothing possible', [99_999], 1],
  ])('%s', (_, raws, factor) => {
    expect(factors(...rows('input.{row}.voltage', measure('voltage', VOLTS), raws))).toEqual(raws.map(() => factor))
  })

  it('is that of the other tables where a table tells nothing, and its own where it tells something else', () => {
    const input = rows('input.{row}.voltage', measure('voltage', VOLTS), [0])
    const output = rows('output.{row}.voltage', measure('voltage', VOLTS), [2300])
    const bypass = rows('bypass.{row}.voltage', measure('voltage', VOLTS), [229])
    expect(factors(...input, ...output, ...bypass)).toEqual([0.1, 0.1, 1])
    const frequency = rows('input.{row}.frequency', measure('frequency', { factors: [1, 10, 0.1], between: [40, 70] }, 0.1), [0])
    expect(factors(...frequency, ...output)).toEqual([1, 0.1])
  })

  it.each([
    ['watts', 1600, 1],
    ['kilowatts, rounded', 1, 1000],
    ['tenths of a kilowatt', 16, 100],
    ['watts at almost no load', 12, 1],
    ['nothing that fits', 7, 1],
  ])('of a power is found by volts and amperes: %s', (_, raw, factor) => {
    const guess = { factors: [1, 1000, 100, 10], product: ['output.{row}.voltage', 'output.{row}.current'] }
    const power = rows('output.{row}.realpower', measure('power', guess), [raw])
    const amperes = raw === 12 ? 1 : raw === 7 ? 0 : 72
    const found = [
      ...power,
      ...rows('output.{row}.voltage', measure('voltage', VOLTS), [2300]),
      ...rows('output.{row}.current', measure('current', undefined, 0.1), [amperes]),
    ]
    expect(guessFactors(found).get(power[0] as (typeof found)[number])).toBe(factor)
  })
})

describe('values that stand for no reading', () => {
  it('are those of the profile, and the extremes of 32 bits for all', () => {
    for (const raw of [2_147_483_647, -2_147_483_648, 4_294_967_295, '4294967295']) expect(isSentinel(raw, { sentinels: [] })).toBe(true)
    expect(isSentinel(-1, { sentinels: [-1] })).toBe(true)
    expect(isSentinel(-1, { sentinels: [] })).toBe(false)
  })
})
