import { describe, expect, it } from 'vitest'
import type { WriteAnswer } from './reading-store.ts'
import { backoffMs, type PartState, stepAfterProbe, stepAfterWrite } from './write-step.ts'

const WHOLE: PartState = { divisible: true, serverErrors: 0, convictions: 0 }
const LONE: PartState = { divisible: false, serverErrors: 0, convictions: 0 }
const STORED: WriteAnswer = { kind: 'stored' }
const ERROR: WriteAnswer = { kind: 'server-error', reason: 'HTTP 500' }
const REJECTED: WriteAnswer = { kind: 'rejected', reason: 'HTTP 400' }

describe('stepAfterWrite', () => {
  it.each([
    ['stored', STORED, WHOLE, { step: 'done' }],
    ['an outage', { kind: 'retry', reason: 'ECONNREFUSED' }, WHOLE, { step: 'wait', reason: 'ECONNREFUSED', atLeastMs: 0 }],
    [
      'an overloaded server',
      { kind: 'retry', reason: 'HTTP 503', retryAfterMs: 9000 },
      LONE,
      { step: 'wait', reason: 'HTTP 503', atLeastMs: 9000 },
    ],
    ['too large', { kind: 'too-large' }, WHOLE, { step: 'split', reason: 'too large' }],
    ['one reading too large', { kind: 'too-large' }, LONE, { step: 'probe', reason: 'too large' }],
    ['rejected batch', REJECTED, WHOLE, { step: 'split', reason: 'HTTP 400' }],
    ['rejected reading', REJECTED, LONE, { step: 'probe', reason: 'HTTP 400' }],
    ['first server error', ERROR, { ...WHOLE, serverErrors: 1 }, { step: 'wait', reason: 'HTTP 500', atLeastMs: 0 }],
    ['third server error', ERROR, { ...WHOLE, serverErrors: 3 }, { step: 'probe', reason: 'HTTP 500' }],
  ] as [string, WriteAnswer, PartState, unknown][])('%s', (_name, answer, state, expected) => {
    expect(stepAfterWrite(answer, state)).toEqual(expected)
  })
})

describe('stepAfterProbe', () => {
  it.each([
    ['probe fails: an outage', ERROR, REJECTED, LONE, { step: 'wait', reason: 'HTTP 500', atLeastMs: 0 }],
    [
      'probe is told to wait',
      { kind: 'retry', reason: 'HTTP 429', retryAfterMs: 5 },
      ERROR,
      WHOLE,
      { step: 'wait', reason: 'HTTP 429', atLeastMs: 5 },
    ],
    ['batch guilty', STORED, ERROR, WHOLE, { step: 'split', reason: 'why' }],
    ['reading rejected', STORED, REJECTED, LONE, { step: 'quarantine', reason: 'why' }],
    ['first conviction', STORED, ERROR, LONE, { step: 'wait', reason: 'why', atLeastMs: 0 }],
    ['third conviction', STORED, ERROR, { ...LONE, convictions: 2 }, { step: 'quarantine', reason: 'why' }],
  ] as [string, WriteAnswer, WriteAnswer, PartState, unknown][])('%s', (_name, probe, answer, state, expected) => {
    expect(stepAfterProbe(probe, answer, state, 'why')).toEqual(expected)
  })
})

it('backs off from 250 ms to 10 s', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 1000].map(backoffMs)).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000])
})
