import { type Limit, limitSchema } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PointJudge } from '../point-judge.ts'
import { type AlarmEdge, Comparison, type Side } from './compare.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 0, 1)
const RANGE = { fromMs: START, toMs: START + 6 * HOUR }
const SIDES = ['now', 'draft'] as const

interface Reading {
  timeMs: number
  value: number
  isBad: boolean
}
interface Span {
  pointId: number
  condition: string
  fromMs: number
  toMs: number
}

/** Folds the points through judges of both sets; `seen` hears every edge as it is told. */
function fold(points: readonly (readonly Reading[])[], limits: Record<Side, readonly Limit[]>, seen?: (side: Side, edge: Span) => void) {
  const comparison = new Comparison(RANGE)
  for (const [pointId, readings] of points.entries()) {
    const point = comparison.point(pointId)
    const open = new Map<string, Span>()
    const judges = SIDES.map((side) => ({ side, judge: new PointJudge(limits[side]) }))
    for (const { timeMs, value, isBad } of readings) {
      for (const { side, judge } of judges) {
        judge[isBad ? 'bad' : 'good'](value, timeMs, ({ kind, limit, atMs, value }) => {
          if (kind !== 'raise' && kind !== 'clear') return
          const { condition, priority } = limit
          point.add(side, { kind, condition, priority, atMs, value })
          const key = `${side} ${condition}`
          if (kind === 'raise') open.set(key, { pointId, condition, fromMs: atMs, toMs: RANGE.toMs })
          else {
            const span = open.get(key)
            open.delete(key)
            if (span) seen?.(side, { ...span, toMs: atMs })
          }
        })
      }
      point.settle()
    }
    point.end()
    for (const [key, span] of open) seen?.(key.split(' ')[0] as Side, span)
  }
  return comparison
}

const readings: fc.Arbitrary<Reading[]> = fc
  .array(
    fc.record({
      // Now and then a gap of hours.
      stepMs: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1000, max: 40_000 }) }, { weight: 1, arbitrary: fc.constant(HOUR) }),
      value: fc.integer({ min: 15, max: 35 }),
      fails: fc.integer({ min: 0, max: 9 }),
    }),
    { maxLength: 120 },
  )
  .map((steps) => {
    let timeMs = START
    return steps
      .map(({ stepMs, value, fails }) => {
        timeMs += stepMs
        return { timeMs, value, isBad: fails === 0 }
      })
      .filter((reading) => reading.timeMs < RANGE.toMs)
  })

const limitSet: fc.Arbitrary<Limit[]> = fc
  .record({
    low: fc.integer({ min: 16, max: 20 }),
    high: fc.integer({ min: 24, max: 30 }),
    deadband: fc.integer({ min: 0, max: 2 }),
    onDelayMs: fc.constantFrom(0, 5000, 60_000),
    offDelayMs: fc.constantFrom(0, 7000, 60_000),
    withRate: fc.boolean(),
  })
  .map(({ low, high, withRate, ...delays }) =>
    [
      { condition: 'low', value: low, priority: 'medium', ...delays },
      { condition: 'high', value: high, priority: 'high', ...delays },
      { condition: 'sensor-suspect', priority: 'low' },
      ...(withRate ? [{ condition: 'rate-of-change', value: 20, priority: 'high', ...delays }] : []),
    ].map((limit) => limitSchema.parse(limit)),
  )

describe('two sets of limits over the same readings', () => {
  it('finds nothing gained and nothing lost when the draft is what is in force', () => {
    fc.assert(
      fc.property(fc.array(readings, { maxLength: 3 }), limitSet, (points, limits) => {
        const comparison = fold(points, { now: limits, draft: limits })
        expect(comparison.only('draft').count).toBe(0)
        expect(comparison.only('now').count).toBe(0)
        expect(comparison.figures('draft')).toEqual(comparison.figures('now'))
      }),
    )
  })

  it('gives what comparing every alarm with every other gives', () => {
    fc.assert(
      fc.property(fc.array(readings, { maxLength: 4 }), limitSet, limitSet, (points, now, draft) => {
        const spans: Record<Side, Span[]> = { now: [], draft: [] }
        const comparison = fold(points, { now, draft }, (side, span) => spans[side].push(span))
        for (const side of SIDES) {
          const others = spans[side === 'now' ? 'draft' : 'now']
          const only = spans[side].filter((one) => !others.some((other) => isSame(one, other)))
          expect(comparison.only(side).count).toBe(only.length)
          const newest = only.sort((a, b) => b.fromMs - a.fromMs || a.pointId - b.pointId).slice(0, 50)
          expect(comparison.only(side).newest.map(({ raisedAtMs }) => raisedAtMs)).toEqual(newest.map(({ fromMs }) => fromMs))
          expect(comparison.figures(side)).toEqual(figuresOf(spans[side]))
        }
      }),
    )
  })

  it('does not call an alarm new that is only raised at another time', () => {
    const swing = [20, 28, 29, 30, 28, 26, 20].map((value, i) => ({ timeMs: START + (i + 1) * MINUTE, value, isBad: false }))
    const at = (value: number) => [limitSchema.parse({ condition: 'high', value, priority: 'high' })]
    const comparison = fold([swing], { now: at(29), draft: at(27) })
    expect([comparison.only('now').count, comparison.only('draft').count]).toEqual([0, 0])
    expect(comparison.figures('draft').standingMs).toBe(4 * MINUTE)
    expect(comparison.figures('now').standingMs).toBe(MINUTE)
    expect(fold([swing], { now: at(40), draft: at(27) }).only('draft').newest).toEqual([
      {
        pointId: 0,
        condition: 'high',
        priority: 'high',
        raisedAtMs: START + 2 * MINUTE,
        clearedAtMs: START + 6 * MINUTE,
        value: 28,
      },
    ])
  })

  it('counts chatter, floods, days and what still stands', () => {
    const comparison = new Comparison({ fromMs: START, toMs: START + 2 * 24 * HOUR })
    const raise = (pointId: number, ...times: number[]): void => {
      const point = comparison.point(pointId)
      for (const atMs of times) {
        const edge: AlarmEdge = { kind: 'raise', condition: 'high', priority: 'high', atMs, value: 30 }
        point.add('draft', edge)
        point.settle()
        if (atMs !== times.at(-1)) point.add('draft', { ...edge, kind: 'clear', atMs: atMs + 1000 })
        point.settle()
      }
      point.end()
    }
    const noon = START + 12 * HOUR
    // Four raises in one minute are one minute of chatter; two in the next are none.
    raise(1, noon, noon + 10_000, noon + 20_000, noon + 30_000, noon + MINUTE, noon + MINUTE + 10_000)
    // With these there are ten in ten minutes: one flood, which goes on through the eleventh.
    for (let i = 0; i < 5; i++) raise(2 + i, noon + 3 * MINUTE)
    raise(9, noon + 30 * MINUTE, noon + 24 * HOUR)
    expect(comparison.figures('draft')).toMatchObject({ alarms: 13, chatter: 1, floods: 1, perDay: 6.5 })
    expect(comparison.byDay([START, START + 24 * HOUR])).toEqual([
      { dayMs: START, now: 0, draft: 12 },
      { dayMs: START + 24 * HOUR, now: 0, draft: 1 },
    ])
    expect(comparison.only('draft').newest[0]).toMatchObject({ pointId: 9, raisedAtMs: noon + 24 * HOUR, clearedAtMs: null })
    expect(comparison.figures('now')).toEqual({ alarms: 0, chatter: 0, floods: 0, standingMs: 0, perDay: 0 })
  })
})

function isSame(one: Span, other: Span): boolean {
  return one.pointId === other.pointId && one.condition === other.condition && one.fromMs < other.toMs && other.fromMs < one.toMs
}

function figuresOf(spans: readonly Span[]) {
  const minuteOf = ({ fromMs }: Span): number => Math.floor(fromMs / MINUTE)
  const groups = Object.values(Object.groupBy(spans, (span) => `${span.pointId} ${span.condition} ${minuteOf(span)}`))
  let [floods, isFlood] = [0, false]
  for (let minute = START / MINUTE; minute <= RANGE.toMs / MINUTE; minute++) {
    const recent = spans.filter((span) => minuteOf(span) <= minute && minuteOf(span) > minute - 10).length
    if (!isFlood && recent >= 10) floods++
    isFlood = isFlood ? recent >= 5 : recent >= 10
  }
  return {
    alarms: spans.length,
    chatter: groups.filter((group) => (group?.length ?? 0) >= 3).length,
    floods,
    standingMs: spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0),
    perDay: spans.length / 0.25,
  }
}
