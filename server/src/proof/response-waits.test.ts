import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { durationsOf } from './percentile.ts'
import { detectedAtMs, type WaitTransition, waitsOf } from './response-waits.ts'

describe('percentiles', () => {
  it('are of what was measured', () => {
    expect(durationsOf([])).toEqual({ count: 0, p50Ms: null, p95Ms: null })
    expect(durationsOf([7])).toEqual({ count: 1, p50Ms: 7, p95Ms: 7 })
    expect(durationsOf([3, 1, 2, 4])).toEqual({ count: 4, p50Ms: 2, p95Ms: 4 })
    expect(durationsOf(Array.from({ length: 100 }, (_, i) => 100 - i))).toEqual({ count: 100, p50Ms: 50, p95Ms: 95 })
  })

  it('at least their share is not above them, and no smaller value would do', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000), { minLength: 1, maxLength: 80 }), (values) => {
        const { p50Ms, p95Ms } = durationsOf(values)
        for (const [share, percentile] of [
          [0.5, p50Ms],
          [0.95, p95Ms],
        ] as const) {
          if (percentile === null) throw new Error('there are values')
          expect(values).toContain(percentile)
          expect(values.filter((value) => value <= percentile).length).toBeGreaterThanOrEqual(share * values.length)
          expect(values.filter((value) => value < percentile).length).toBeLessThan(share * values.length)
        }
      }),
    )
  })
})

describe('waits', () => {
  const step = (event: string, fromState: string, toState: string, atMs: number, person: string | null = null): WaitTransition => ({
    id: atMs,
    alarmId: 1,
    event,
    fromState,
    toState,
    atMs,
    recordedAtMs: atMs,
    person,
  })

  it('go on while an alarm that nobody acknowledged comes and goes', () => {
    const steps = [
      step('raise', 'NORM', 'UNACK', 10),
      step('clear', 'UNACK', 'RTNUN', 20),
      step('raise', 'RTNUN', 'UNACK', 30),
      step('acknowledge', 'UNACK', 'ACKED', 70, 'Li'),
      step('re-alarm', 'ACKED', 'UNACK', 100),
    ]
    const later = { alarmId: 1, detectedAtMs: 100, acknowledged: null }
    expect(waitsOf(steps, false)).toEqual([{ alarmId: 1, detectedAtMs: 10, acknowledged: { atMs: 70, person: 'Li' } }, later])
    // Two drills: the first was never acknowledged.
    expect(waitsOf(steps, true)).toEqual([
      { alarmId: 1, detectedAtMs: 10, acknowledged: null },
      { alarmId: 1, detectedAtMs: 30, acknowledged: { atMs: 70, person: 'Li' } },
      later,
    ])
  })

  it('begin when the server learnt of it where the clock of the device is wrong', () => {
    expect(detectedAtMs({ atMs: 1000, recordedAtMs: 61_000 })).toBe(1000)
    expect(detectedAtMs({ atMs: 70_000, recordedAtMs: 61_000 })).toBe(61_000)
    expect(detectedAtMs({ atMs: 0, recordedAtMs: 3_600_000 })).toBe(3_600_000)
  })
})
