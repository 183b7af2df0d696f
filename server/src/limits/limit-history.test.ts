import type { Limit } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bandAt } from './limit-band.ts'
import { bandChanges } from './limit-history.ts'
import { isSameTarget, type LimitSetVersion, type LimitSubject, limitsOf, type TargetKey, targetsOf } from './limit-registry.ts'
import { localMinuteOf } from './local-minute.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const POINT: LimitSubject = {
  ...{ id: 7, key: 't', kind: 'temperature', nominal: null, deviceId: 3, roomId: 2, roomClass: 'computer-room' },
}
const limit = (condition: Limit['condition'], value: number, more: Partial<Limit> = {}): Limit => ({
  ...{ condition, value, deadband: 0, onDelayMs: 0, offDelayMs: 0, priority: 'high', enabled: true },
  ...more,
})
const version = (target: TargetKey, atMs: number, limits: Limit[]): LimitSetVersion => ({
  ...target,
  ...{ version: 1, author: 'a', reason: 'r', atMs, limits },
})
const versionsIn =
  (versions: readonly LimitSetVersion[]) =>
  (target: TargetKey): LimitSetVersion[] =>
    versions.filter((one) => isSameTarget(one, target)).sort((a, b) => a.atMs - b.atMs)

/** Starts two days before each change of the clock. */
const STARTS: [zone: string, startMs: number][] = [
  ['Asia/Shanghai', Date.UTC(2025, 11, 30)],
  ['Europe/Berlin', Date.UTC(2025, 2, 28)],
  ['Europe/Berlin', Date.UTC(2025, 9, 24)],
  ['Australia/Lord_Howe', Date.UTC(2025, 3, 3)],
  ['Australia/Lord_Howe', Date.UTC(2025, 9, 2)],
]
const SPAN_MS = 9 * DAY_MS
const clockTime = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 0, 30, 7))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const variant = fc.record({
  days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
  from: clockTime,
  to: clockTime,
  value: fc.option(fc.integer({ min: 10, max: 40 }), { nil: undefined }),
  enabled: fc.option(fc.boolean(), { nil: undefined }),
})
const anyLimit = fc
  .record({
    condition: fc.constantFrom('low' as const, 'high' as const, 'high-high' as const, 'rate-of-change' as const),
    value: fc.integer({ min: 10, max: 40 }),
    enabled: fc.boolean(),
    variants: fc.array(variant, { maxLength: 2 }),
  })
  .map(({ condition, value, ...more }) => limit(condition, value, more))
const anyVersion = fc.record({
  target: fc.constantFrom(...targetsOf(POINT)),
  ago: fc.integer({ min: -2 * DAY_MS, max: SPAN_MS }),
  limits: fc.array(anyLimit, { maxLength: 3 }),
})

it('says at every moment what the limits in force then say', { timeout: 20_000 }, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...STARTS),
      fc.array(anyVersion, { maxLength: 5 }),
      fc.array(fc.integer({ min: 0, max: SPAN_MS - 1 }), { minLength: 40, maxLength: 40, size: 'max' }),
      ([zone, startMs], sets, moments) => {
        const localMinute = localMinuteOf(zone)
        const versionsOf = versionsIn(sets.map(({ target, ago, limits }) => version(target, startMs + ago, limits)))
        const changes = bandChanges(versionsOf, POINT, { fromMs: startMs, toMs: startMs + SPAN_MS }, localMinute)
        expect(changes[0]?.fromMs).toBe(startMs)
        for (const moment of moments) {
          const atMs = startMs + moment
          const lookup = { get: (target: TargetKey) => versionsOf(target).findLast((one) => one.atMs <= atMs) }
          const wanted = bandAt(
            limitsOf(lookup, POINT).map((one) => one.limit),
            atMs,
            localMinute,
          )
          const got = changes.findLast(({ fromMs }) => fromMs <= atMs)?.band
          const open = got ? { low: got.low ?? Number.NEGATIVE_INFINITY, high: got.high ?? Number.POSITIVE_INFINITY } : undefined
          expect(open).toEqual(wanted)
        }
      },
    ),
    { numRuns: 200 },
  )
})

const localMinute = localMinuteOf('Asia/Shanghai')
const OWN: TargetKey = { scope: 'point', scopeKey: '7', kind: '' }
const ROOM: TargetKey = { scope: 'room', scopeKey: '2', kind: 'temperature' }
const START_MS = Date.UTC(2026, 5, 1)

it('the product’s defaults hold until people set something, and again when they take it back', () => {
  const versionsOf = versionsIn([version(ROOM, START_MS + DAY_MS, [limit('high', 26)]), version(ROOM, START_MS + 2 * DAY_MS, [])])
  const defaults = { low: 18, high: 27 }
  expect(bandChanges(versionsOf, POINT, { fromMs: START_MS, toMs: START_MS + 3 * DAY_MS }, localMinute)).toEqual([
    { fromMs: START_MS, band: defaults },
    { fromMs: START_MS + DAY_MS, band: { low: null, high: 26 } },
    { fromMs: START_MS + 2 * DAY_MS, band: defaults },
  ])
})

it('what is changed later leaves the past as it was', () => {
  const first = version(OWN, START_MS, [limit('high', 26)])
  const range = { fromMs: START_MS, toMs: START_MS + DAY_MS }
  const before = bandChanges(versionsIn([first]), POINT, range, localMinute)
  const later = [version(OWN, range.toMs, [limit('high', 40)]), version(ROOM, range.toMs + 1, [limit('low', 0)])]
  expect(bandChanges(versionsIn([first, ...later]), POINT, range, localMinute)).toEqual(before)
})

it('day and night of a year are two changes a day', () => {
  const night = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00', value: 30 }
  const versionsOf = versionsIn([version(OWN, START_MS - DAY_MS, [limit('high', 26, { variants: [night] })])])
  const changes = bandChanges(versionsOf, POINT, { fromMs: START_MS, toMs: START_MS + 365 * DAY_MS }, localMinute)
  expect(changes).toHaveLength(2 * 365 + 1)
  expect(changes.slice(0, 3)).toEqual([
    // 08:00 in Shanghai.
    { fromMs: START_MS, band: { low: null, high: 26 } },
    { fromMs: START_MS + 14 * HOUR_MS, band: { low: null, high: 30 } },
    { fromMs: START_MS + 22 * HOUR_MS, band: { low: null, high: 26 } },
  ])
})

it('a point without level limits has none at any time', () => {
  const contact = { ...POINT, kind: 'leak' as const }
  expect(bandChanges(() => [], contact, { fromMs: START_MS, toMs: START_MS + DAY_MS }, localMinute)).toEqual([
    { fromMs: START_MS, band: null },
  ])
})
