import { describe, expect, it } from 'vitest'
import { cronMeaning } from './cron-parts.ts'

describe('what an expression says', () => {
  it.each([
    ['0 9 * * *', { kind: 'every-day', times: ['9:00'] }],
    ['30 8,16 * * 1-5', { kind: 'weekdays', days: [1, 2, 3, 4, 5], times: ['8:30', '16:30'] }],
    ['0 9 * * MON', { kind: 'weekdays', days: [1], times: ['9:00'] }],
    ['0 9 * * 7', { kind: 'weekdays', days: [0], times: ['9:00'] }],
    ['0 9 1,15 * *', { kind: 'month-days', days: [1, 15], months: null, times: ['9:00'] }],
    ['0 9 1 */3 *', { kind: 'month-days', days: [1], months: [1, 4, 7, 10], times: ['9:00'] }],
    ['0 17 L * *', { kind: 'last-day', times: ['17:00'] }],
  ])('%s', (expression, meaning) => {
    expect(cronMeaning(expression)).toEqual(meaning)
  })

  it.each(['', '0 9 * *', '*/5 * * * *', '0 25 * * 1', '0 9 1 * 1', '0 9 * 3 *', '0 9 * * FOO'])('no words for %j', (expression) => {
    expect(cronMeaning(expression)).toBeNull()
  })
})
