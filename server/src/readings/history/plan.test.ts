import fc from 'fast-check'
import { expect, it } from 'vitest'
import { DAY_MS } from '../hours.ts'
import { LocalDays } from './local-days.ts'
import { planHistory } from './plan.ts'

const HOUR_MS = 3_600_000
const DAYS = ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'].map((zone) => new LocalDays(zone))
/** From 2000 to 2040. */
const time = fc.integer({ min: 946_684_800_000, max: 2_208_988_800_000 })
const span = fc.oneof(
  fc.integer({ min: 1, max: 120_000 }),
  fc.integer({ min: 1, max: 3 * DAY_MS }),
  fc.integer({ min: 1, max: 20 * 366 }).map((days) => days * DAY_MS),
  fc.constantFrom(HOUR_MS, DAY_MS, 7 * DAY_MS, 31 * DAY_MS, 366 * DAY_MS),
)
const input = fc.record({
  fromMs: time,
  span,
  maxBuckets: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 2000 }), fc.constantFrom(0, -5, 3000, 1e9)),
  days: fc.constantFrom(...DAYS),
  rawAgoMs: fc.constantFrom(0, DAY_MS, 400 * DAY_MS),
  minuteAgoMs: fc.constantFrom(0, 30 * DAY_MS, 9000 * DAY_MS),
})

it('never plans more buckets than asked for, nor more than 2,000, whatever the clock does', () => {
  fc.assert(
    fc.property(input, ({ fromMs, span, maxBuckets, days, rawAgoMs, minuteAgoMs }) => {
      const toMs = fromMs + span
      const plan = planHistory({ fromMs, toMs, maxBuckets, days, rawSinceMs: toMs - rawAgoMs, minuteSinceMs: toMs - minuteAgoMs })
      let count = 0
      let isEven = true
      for (let atMs = plan.startOf(fromMs); atMs < toMs; atMs = plan.after(atMs)) {
        isEven &&= plan.startOf(atMs) === atMs && plan.startOf(plan.after(atMs) - 1) === atMs
        count++
      }
      expect(isEven).toBe(true)
      expect(count).toBeGreaterThan(0)
      expect(count).toBeLessThanOrEqual(Math.min(2000, Math.max(1, maxBuckets)))
    }),
    { numRuns: 400 },
  )
})

it('asks nothing finer than what is kept', () => {
  fc.assert(
    fc.property(input, ({ fromMs, span, maxBuckets, days, rawAgoMs, minuteAgoMs }) => {
      const toMs = fromMs + span
      const [rawSinceMs, minuteSinceMs] = [toMs - rawAgoMs, toMs - minuteAgoMs]
      const { resolution } = planHistory({ fromMs, toMs, maxBuckets, days, rawSinceMs, minuteSinceMs })
      if (resolution === 'raw') expect(fromMs).toBeGreaterThanOrEqual(rawSinceMs)
      if (resolution === '1m') expect(fromMs).toBeGreaterThanOrEqual(Math.min(rawSinceMs, minuteSinceMs))
    }),
    { numRuns: 400 },
  )
})

const berlin = new LocalDays('Europe/Berlin')
const kept = { rawSinceMs: 0, minuteSinceMs: 0, days: berlin }

it.each([
  ['an hour in 600 buckets', HOUR_MS, 600, 10_000, 'raw'],
  ['a day in 600 buckets', DAY_MS, 600, 5 * 60_000, '1m'],
  ['a week in 600 buckets', 7 * DAY_MS, 600, 30 * 60_000, '15m'],
  ['a year in 600 buckets', 365 * DAY_MS, 600, DAY_MS, '1d'],
  ['ten years in 2,000 buckets', 3653 * DAY_MS, 2000, 2 * DAY_MS, '1d'],
])('%s', (_, spanMs, maxBuckets, bucketMs, resolution) => {
  const fromMs = Date.UTC(2025, 0, 7, 23)
  expect(planHistory({ fromMs, toMs: fromMs + spanMs, maxBuckets, ...kept })).toMatchObject({ bucketMs, resolution })
})

it('begins buckets of several hours, days and weeks at local midnight and on Mondays, also where the clock changes', () => {
  // 30 March 2025 had 23 hours in Berlin.
  const [fromMs, toMs] = [Date.UTC(2025, 2, 29, 23), Date.UTC(2025, 2, 30, 22)]
  const sixHours = planHistory({ fromMs, toMs, maxBuckets: 6, ...kept })
  expect(sixHours.bucketMs).toBe(6 * HOUR_MS)
  const starts: number[] = []
  for (let atMs = sixHours.startOf(fromMs); atMs < toMs; atMs = sixHours.after(atMs)) starts.push((atMs - fromMs) / HOUR_MS)
  expect(starts).toEqual([0, 6, 12, 18])
  expect(sixHours.after(fromMs + 18 * HOUR_MS)).toBe(toMs)
  const weeks = planHistory({ fromMs, toMs: fromMs + 70 * DAY_MS, maxBuckets: 12, ...kept })
  expect(new Date(weeks.startOf(fromMs)).toISOString()).toBe('2025-03-23T23:00:00.000Z')
  expect(new Date(weeks.after(weeks.startOf(fromMs))).toISOString()).toBe('2025-03-30T22:00:00.000Z')
})
