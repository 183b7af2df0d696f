import { type CombinationKind, limitSchema } from '@roomkeeper/shared/model'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { PointJudge } from '../point-judge.ts'
import { CombinationJudge, FRESH_STATE, type NewJudge } from './combination-judge.ts'
import { combine } from './combine.ts'

const STALE_MS = 30_000
const newJudge: NewJudge = (limits, snapshot) => new PointJudge(limits, snapshot)
const limit = (values: object) => limitSchema.parse({ priority: 'high', ...values })
const HIGH = limit({ condition: 'high', value: 27, deadband: 1 })
const NO_DATA = limit({ condition: 'no-data', priority: 'medium' })

describe('the limits of a combination', () => {
  let judge: CombinationJudge
  let nowMs: number
  beforeEach(() => {
    nowMs = 1_000_000
    judge = new CombinationJudge({ limits: [HIGH, NO_DATA], staleAfterMs: STALE_MS }, FRESH_STATE, newJudge)
  })

  /** A second later, with these values of points 1, 2, …; what happened. */
  const pass = (kind: CombinationKind, ...values: (number | undefined)[]): string[] => {
    nowMs += 1000
    const present = values.flatMap((value, index) => (value === undefined ? [] : [index + 1]))
    const now = { ...combine(kind, values), present, timeMs: nowMs }
    return judge.step(now, nowMs, 1000).map((event) => `${event.kind} ${event.limit.condition}`)
  }

  it('raises and clears by the combined value', () => {
    expect(pass('average', 26, 27)).toEqual([])
    expect(pass('average', 26, 30)).toEqual(['raise high'])
    expect(pass('average', 26, 26.5)).toEqual([])
    expect(pass('average', 26, 25)).toEqual(['clear high'])
  })

  it('does not clear because the hot sensor vanished, but goes on raising', () => {
    const critical = limit({ condition: 'high-high', value: 35, priority: 'critical' })
    judge = new CombinationJudge({ limits: [HIGH, critical, NO_DATA], staleAfterMs: STALE_MS }, FRESH_STATE, newJudge)
    expect(pass('any', 20, 30)).toEqual(['raise high'])
    for (let i = 0; i < 100; i++) expect(pass('any', 20, undefined)).toEqual([])
    expect(pass('any', 36, undefined)).toEqual(['raise high-high'])
    expect(pass('any', 20, undefined)).toEqual([])
    expect(pass('any', 20, 24)).toEqual(['clear high', 'clear high-high'])
    // A point that was missing all along is no witness.
    expect(pass('any', 30, undefined)).toEqual(['raise high'])
    expect(pass('any', 20, undefined)).toEqual(['clear high'])
  })

  it('tells when it cannot be judged for too long, and clears nothing meanwhile', () => {
    expect(pass('difference', 20, 60)).toEqual(['raise high'])
    for (let i = 0; i < 30; i++) expect(pass('difference', 20, undefined)).toEqual([])
    expect(pass('difference', 20, undefined)).toEqual(['raise no-data'])
    expect(pass('difference', undefined, undefined)).toEqual([])
    expect(pass('difference', 20, 60)).toEqual(['clear no-data'])
    expect(pass('difference', 20, 21)).toEqual(['clear high'])
  })

  it('goes on after a restart where it stood, witnesses included', () => {
    pass('any', 20, 30)
    const kept = judge.state()
    judge = new CombinationJudge({ limits: [HIGH, NO_DATA], staleAfterMs: STALE_MS }, JSON.parse(JSON.stringify(kept)), newJudge)
    judge.alignWith(new Map([['high', { raisedAtMs: nowMs, value: 30 }]]))
    expect(pass('any', 20, undefined)).toEqual([])
    expect(pass('any', 20, 20)).toEqual(['clear high'])
    expect(judge.state()).toEqual(FRESH_STATE)
    judge.alignWith(new Map([['no-data', { raisedAtMs: nowMs, value: null }]]))
    expect(pass('any', 20, 20)).toEqual(['clear no-data'])
  })

  it('never clears while a point that had a value since the beginning has none', () => {
    const values = fc.array(fc.option(fc.integer({ min: 20, max: 32 }), { nil: undefined }), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(fc.constantFrom('average' as const, 'any' as const), fc.array(values, { maxLength: 40 }), (kind, steps) => {
        judge = new CombinationJudge({ limits: [HIGH], staleAfterMs: STALE_MS }, FRESH_STATE, newJudge)
        let witnesses: Set<number> | undefined
        for (const step of steps) {
          const { value } = combine(kind, step)
          const events = pass(kind, ...step)
          if (events.includes('raise high')) witnesses = new Set()
          if (events.includes('clear high')) {
            for (const index of witnesses ?? []) expect(step[index]).toBeDefined()
            witnesses = undefined
          }
          if (witnesses && value !== null && (value as number) > 26) {
            for (const [index, one] of step.entries()) if (one !== undefined) witnesses.add(index)
          }
        }
      }),
    )
  })
})
