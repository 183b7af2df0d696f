import { expect, test } from 'vitest'
import { backOffMs } from './back-off.ts'

test('the waits grow, end at 15 s, and never come together', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 50].map((attempts) => backOffMs(attempts, () => 0))).toEqual([250, 500, 1000, 2000, 4000, 7500, 7500, 7500])
  expect(backOffMs(0, () => 0.999)).toBe(500)
  expect(backOffMs(1000, () => 0.999)).toBeLessThanOrEqual(15_000)
})
