import { expect, it } from 'vitest'
import { bandAt, bandsOver, isConstant, levelsAt } from './limit-band.ts'

const limit = (condition: 'low-low' | 'low' | 'high' | 'high-high' | 'rate-of-change', value: number, more: object = {}) => ({
  condition,
  value,
  deadband: 0,
  onDelayMs: 0,
  offDelayMs: 0,
  priority: 'medium' as const,
  enabled: true,
  ...more,
})
const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }
/** Monday 00:00, and noon. */
const midnight = () => 0
const noon = () => 12 * 60

it('with a warning and a severe step set, a value is out of its limits from the warning on', () => {
  const limits = [limit('low-low', 15), limit('low', 18), limit('high-high', 32), limit('high', 27), limit('rate-of-change', 1)]
  expect(bandAt(limits, 0, midnight)).toEqual({ low: 18, high: 27 })
  expect(levelsAt(limits, 0, midnight)).toEqual({ 'low-low': 15, low: 18, high: 27, 'high-high': 32 })
})

it('a severe step alone counts, a step that is off does not', () => {
  expect(bandAt([limit('high', 27, { enabled: false }), limit('high-high', 32)], 0, midnight)).toEqual({
    low: Number.NEGATIVE_INFINITY,
    high: 32,
  })
  expect(bandAt([limit('rate-of-change', 1)], 0, midnight)).toBeUndefined()
})

it('follows limits by day and night', () => {
  const limits = [limit('high', 27, { variants: [{ ...night, value: 30 }] })]
  expect(isConstant(limits)).toBe(false)
  expect(bandAt(limits, 0, midnight)?.high).toBe(30)
  expect(bandAt(limits, 0, noon)?.high).toBe(27)
})

it('a warning that is off at night leaves the severe step for the night', () => {
  const limits = [limit('high', 27, { variants: [{ ...night, enabled: false }] }), limit('high-high', 32)]
  expect(bandsOver(limits, midnight)(0)?.high).toBe(32)
  expect(bandsOver(limits, noon)(0)?.high).toBe(27)
})
