import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY, decideEscalation, firstState } from './decide-escalation.ts'

const MINUTE_MS = 60_000
const START_MS = 1_000_000

/** What is told at which minute when somebody looks each minute; a minute that is left out is a downtime. */
function run(minutes: readonly number[]): string[] {
  let state = firstState(DEFAULT_POLICY, START_MS)
  const told: string[] = []
  for (const minute of minutes) {
    const decision = decideEscalation(DEFAULT_POLICY, state, START_MS + minute * MINUTE_MS)
    if (!decision) continue
    told.push(`${minute}: ${decision.isRepeat ? 'all' : decision.tiers.join('+')}`)
    state = decision.next
  }
  return told
}

const eachMinute = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)

describe('the escalation', () => {
  it('tells the keepers after 10 minutes, the head after 30, and everybody again each 30 minutes', () => {
    expect(run(eachMinute(0, 125))).toEqual(['10: 1', '30: 2', '60: all', '90: all', '120: all'])
  })

  it('catches up with what a downtime missed, once', () => {
    expect(run([0, 5, 200, 201, 229, 230])).toEqual(['200: 1+2', '230: all'])
  })

  it('does not wait for a tier that is hurried', () => {
    const state = { ...firstState(DEFAULT_POLICY, START_MS), nextAtMs: START_MS }
    expect(decideEscalation(DEFAULT_POLICY, state, START_MS)).toMatchObject({
      tiers: [1],
      next: { step: 2, nextAtMs: START_MS + 30 * MINUTE_MS },
    })
  })

  it('never ends by itself, never tells a tier twice before the repetitions, and never falls silent for longer than the policy', () => {
    const policies = fc
      .record({
        waits: fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
        repeatMinutes: fc.integer({ min: 1, max: 60 }),
      })
      .map(({ waits, repeatMinutes }) => ({
        minPriority: 'low' as const,
        repeatMinutes,
        tiers: waits.toSorted((a, b) => a - b).map((afterMinutes) => ({ afterMinutes, who: { kind: 'on-duty' as const } })),
      }))
    fc.assert(
      fc.property(policies, (policy) => {
        let state = firstState(policy, START_MS)
        const tiers: number[] = []
        let nowMs = START_MS
        for (let step = 0; step < 12; step += 1) {
          expect(state.nextAtMs).toBeLessThanOrEqual(nowMs + 60 * MINUTE_MS)
          nowMs = Math.max(nowMs, state.nextAtMs)
          const decision = decideEscalation(policy, state, nowMs)
          if (!decision) throw new Error('it fell silent')
          if (!decision.isRepeat) tiers.push(...decision.tiers)
          expect(decision.next.nextAtMs).toBeGreaterThan(nowMs - 1)
          state = decision.next
        }
        expect(new Set(tiers).size).toBe(tiers.length)
        expect(tiers).toHaveLength(policy.tiers.filter(({ afterMinutes }) => afterMinutes > 0).length)
      }),
    )
  })
})
