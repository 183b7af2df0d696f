import { describe, expect, it } from 'vitest'
import { type CalibrationRequest, decideOffset } from './calibration.ts'

const request: CalibrationRequest = {
  kind: 'temperature',
  shown: { value: 24, quality: 'good', timeMs: 1000 },
  heldOffset: 0,
  heldSinceMs: 0,
  correction: { shows: 23.4 },
  isConfirmed: false,
}

describe('decideOffset', () => {
  it('is reference minus what the sensor itself reads', () => {
    expect(decideOffset(request)).toEqual({ ok: true, offset: -0.6 })
    expect(decideOffset({ ...request, heldOffset: -0.5 })).toEqual({ ok: true, offset: -1.1 })
  })

  it.each([
    ['bad', { value: 85, quality: 'bad', timeMs: 1000 }],
    ['stale', { value: 24, quality: 'stale', timeMs: 1000 }],
    ['none yet', { value: null, quality: 'good', timeMs: null }],
  ] as const)('does not compare with a value that is %s, but takes a known offset', (_, shown) => {
    expect(decideOffset({ ...request, shown })).toEqual({ ok: false, reason: 'no-good-value' })
    expect(decideOffset({ ...request, shown, correction: { offset: 0.3 } })).toEqual({ ok: true, offset: 0.3 })
  })

  it('waits for a reading that is made with the offset the agent has now', () => {
    expect(decideOffset({ ...request, heldSinceMs: 1001 })).toEqual({ ok: false, reason: 'not-yet-read' })
    expect(decideOffset({ ...request, heldSinceMs: 1000 })).toMatchObject({ ok: true })
  })

  it.each([
    ['temperature', 24, 10.5, 10],
    ['humidity', 50, 20.5, 20],
    ['current', 4, 0.5, 0.4],
  ] as const)('asks again about a large correction of a %s', (kind, value, offset, plausible) => {
    const large = { ...request, kind, shown: { ...request.shown, value }, correction: { offset } }
    expect(decideOffset(large)).toMatchObject({ ok: false, reason: 'implausible', offset, plausible })
    expect(decideOffset({ ...large, isConfirmed: true })).toEqual({ ok: true, offset })
  })

  it.each(['ups-status', 'leak', 'energy', 'battery-runtime'] as const)('refuses a %s', (kind) => {
    expect(decideOffset({ ...request, kind, correction: { offset: 1 } })).toEqual({ ok: false, reason: 'kind' })
  })
})
