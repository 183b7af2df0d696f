import type { Limit } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { isFlood } from '../flood-watch.ts'
import { countAnnunciated, gapsOf, historiesOf, lengthsOf, mostInAMinute, nuisancesOf, type QualityRow, quantile } from './nuisances.ts'
import { proposeLimit } from './propose-limit.ts'

const row = (event: string, atMs: number, fromState: string, toState: string, sourceId = 1): QualityRow => ({
  ...{ alarmId: sourceId, source: 'point', sourceId, condition: 'high', priority: 'medium' },
  ...{ event, fromState, toState, atMs, recordedAtMs: atMs },
})
/** Raised and cleared again and again, unacknowledged. */
const flapping = (times: readonly (readonly [raise: number, clear: number])[], sourceId = 1): QualityRow[] =>
  times.flatMap(([raise, clear], index) => [
    row('raise', raise, index === 0 ? 'NORM' : 'RTNUN', 'UNACK', sourceId),
    row('clear', clear, 'UNACK', 'RTNUN', sourceId),
  ])
const kindsOf = (rows: QualityRow[], isStale = false) => nuisancesOf(historiesOf(rows), () => isStale).map(({ kinds }) => kinds)

describe('a flood', () => {
  it('begins at 10 alarms for each operator and ends below 5', () => {
    expect([9, 10].map((count) => isFlood(false, count, 1))).toEqual([false, true])
    expect([19, 20].map((count) => isFlood(false, count, 2))).toEqual([false, true])
    expect([5, 4].map((count) => isFlood(true, count, 1))).toEqual([true, false])
    expect(isFlood(false, 9, 0)).toBe(false)
  })
})

describe('what costs attention', () => {
  it('counts what was annunciated, by priority, and nothing that was silent', () => {
    const rows = [row('raise', 0, 'NORM', 'UNACK'), row('raise', 1, 'NORM', 'SHLVD'), row('re-alarm', 2, 'ACKED', 'UNACK')]
    rows.push(row('release', 3, 'SHLVD', 'UNACK'), row('release', 4, 'SHLVD', 'NORM'), row('step-down', 5, 'UNACK', 'UNACK'))
    expect(countAnnunciated(rows)).toEqual({ low: 0, medium: 3, high: 0, critical: 0 })
  })

  it('is chattering from three in a minute', () => {
    expect(mostInAMinute([0, 30_000, 59_999])).toBe(3)
    expect(mostInAMinute([0, 30_000, 60_000])).toBe(2)
    expect(kindsOf(flapping([0, 20_000, 40_000].map((at) => [at, at + 90_000] as const)))).toEqual([['chattering']])
  })

  it('is fleeting when it was over before anybody could act, every time', () => {
    const short = flapping([0, 1, 2].map((hour) => [hour * 3_600_000, hour * 3_600_000 + 20_000] as const))
    expect(kindsOf(short)).toEqual([['fleeting']])
    const handled = [...short]
    handled.splice(1, 0, row('acknowledge', 10_000, 'UNACK', 'ACKED'))
    expect(kindsOf(handled)).toEqual([])
    expect(kindsOf(short.slice(0, 4))).toEqual([])
  })

  it('is stale or frequent', () => {
    expect(kindsOf([row('raise', 0, 'NORM', 'UNACK')], true)).toEqual([['stale']])
    const often = flapping([0, 1, 2, 3, 4].map((hour) => [hour * 3_600_000, hour * 3_600_000 + 200_000] as const))
    expect(kindsOf(often)).toEqual([['frequent']])
    const many = Array.from({ length: 15 }, (_, i) =>
      flapping(
        Array.from({ length: 5 + i }, (_none, n) => [n * 3_600_000, n * 3_600_000 + 200_000] as const),
        i + 1,
      ),
    ).flat()
    expect(kindsOf(many)).toHaveLength(10)
  })

  it('measures lengths and gaps, also while it is silent, and what stands still has no length', () => {
    const [history] = historiesOf([
      ...flapping([[0, 10_000]]),
      row('shelve', 15_000, 'UNACK', 'SHLVD'),
      row('raise', 30_000, 'SHLVD', 'SHLVD'),
    ])
    expect(history && [lengthsOf(history), gapsOf(history)]).toEqual([[10_000], [20_000]])
    expect([quantile([], 0.9), quantile([5, 1, 3], 0.5), quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9)]).toEqual([null, 3, 9])
  })
})

describe('a proposal', () => {
  const limit: Limit = { condition: 'high', value: 60, deadband: 1, onDelayMs: 10_000, offDelayMs: 5000, priority: 'medium', enabled: true }
  const fleeting = { pointKind: 'humidity', kinds: ['fleeting'], lengthsMs: [8000, 9000, 12_000, 22_000], gapsMs: [] } as const

  it('makes the on-delay longer than nine of ten of what was over by itself, and says the arithmetic', () => {
    const proposal = proposeLimit(limit, fleeting)
    // 22 s stood + 10 s on-delay − 5 s off-delay = 27 s.
    expect(proposal?.proposed).toEqual({ ...limit, onDelayMs: 30_000 })
    expect(proposal?.why.zh).toContain('22 s + 10 s − 5 s = 27 s')
    expect(proposal?.why.en).toContain('on-delay 10 s → 30 s')
  })

  it('makes the off-delay longer than the pauses of what chatters', () => {
    const proposal = proposeLimit(limit, { ...fleeting, kinds: ['chattering'], gapsMs: [15_000, 20_000, 18_000, 3_600_000] })
    // 20 s + 5 s − 10 s = 15 s, and 20 s is the next step above it.
    expect(proposal?.proposed).toEqual({ ...limit, offDelayMs: 20_000 })
  })

  it('never touches the value', () => {
    expect(
      proposeLimit(limit, { ...fleeting, kinds: ['fleeting', 'chattering'], gapsMs: [30_000, 30_000, 30_000] })?.proposed,
    ).toMatchObject({
      value: 60,
      deadband: 1,
    })
  })

  it.each([
    ['critical', { ...limit, priority: 'critical' as const }, fleeting],
    ['water', limit, { ...fleeting, pointKind: 'leak' }],
    ['smoke', limit, { ...fleeting, pointKind: 'smoke' }],
    ['a UPS on battery', { ...limit, condition: 'state' as const }, { ...fleeting, pointKind: 'ups-status' }],
    ['a fast rise', { ...limit, condition: 'rate-of-change' as const }, { ...fleeting, pointKind: 'temperature' }],
    ['a warming room, beyond two minutes', limit, { ...fleeting, pointKind: 'temperature', lengthsMs: [130_000, 140_000, 150_000] }],
    ['more than a quarter of an hour', limit, { ...fleeting, lengthsMs: [1_000_000, 1_000_000, 1_000_000] }],
    ['what is long enough already', { ...limit, onDelayMs: 600_000, offDelayMs: 600_000 }, { ...fleeting, lengthsMs: [1000, 1000, 1000] }],
    ['nothing that chatters or is fleeting', limit, { ...fleeting, kinds: ['stale'] as const }],
  ])('is not made for %s', (_what, given, facts) => {
    expect(proposeLimit(given, facts)).toBeNull()
  })
})
