import type { WriteAnswer } from './reading-store.ts'

/** What is known about the part of a batch that was just tried. */
export interface PartState {
  /** More than one reading: it can be halved. */
  divisible: boolean
  /** Answers `server-error` in a row for this part (or for the part it was split from). */
  serverErrors: number
  /** Times a lone reading failed with a server error right beside a working probe. */
  convictions: number
}

/** What to do next with a part. `probe` asks whether the store works at all; its outcome goes through `stepAfterProbe`. */
export type WriteStep =
  | { step: 'done' }
  | { step: 'wait'; reason: string; atLeastMs: number }
  | { step: 'split'; reason: string }
  | { step: 'probe'; reason: string }
  | { step: 'quarantine'; reason: string }

/** A server error may be a hiccup, so a batch gets this many tries before it is suspected. */
export const SERVER_ERRORS_BEFORE_SUSPICION = 3
/** A lone reading must fail this often beside a working probe before a server error is held against it. */
export const CONVICTIONS_NEEDED = 3

/** Decides on a part from the store's answer to it. `state` already counts this answer. */
export function stepAfterWrite(answer: WriteAnswer, state: PartState): WriteStep {
  switch (answer.kind) {
    case 'stored':
      return { step: 'done' }
    case 'retry':
      return { step: 'wait', reason: answer.reason, atLeastMs: answer.retryAfterMs ?? 0 }
    case 'too-large':
      return state.divisible ? { step: 'split', reason: 'too large' } : { step: 'probe', reason: 'too large' }
    case 'rejected':
      // A lone rejected reading is only guilty if the store takes anything at all: a proxy or a missing retention policy also says 400.
      return state.divisible ? { step: 'split', reason: answer.reason } : { step: 'probe', reason: answer.reason }
    case 'server-error':
      return state.serverErrors < SERVER_ERRORS_BEFORE_SUSPICION
        ? { step: 'wait', reason: answer.reason, atLeastMs: 0 }
        : { step: 'probe', reason: answer.reason }
  }
}

/** Decides after a probe. A probe that is not stored means an outage: everything is kept and tried again. */
export function stepAfterProbe(probe: WriteAnswer, answer: WriteAnswer, state: PartState, reason: string): WriteStep {
  if (probe.kind !== 'stored') {
    const retryAfterMs = probe.kind === 'retry' ? (probe.retryAfterMs ?? 0) : 0
    return { step: 'wait', reason: probe.kind === 'too-large' ? 'too large' : probe.reason, atLeastMs: retryAfterMs }
  }
  if (state.divisible) return { step: 'split', reason }
  if (answer.kind === 'server-error' && state.convictions + 1 < CONVICTIONS_NEEDED) return { step: 'wait', reason, atLeastMs: 0 }
  return { step: 'quarantine', reason }
}

/** Exponential back-off: 250 ms, 500 ms, 1 s … 10 s. `attempt` counts from 0. */
export function backoffMs(attempt: number): number {
  return Math.min(10_000, 250 * 2 ** Math.min(attempt, 10))
}
