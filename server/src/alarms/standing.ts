import type { AlarmState } from '@roomkeeper/shared/model'

/** A stretch of time in which an alarm stood (raised and not cleared); `toMs` undefined: it stands still. */
export interface Stretch {
  fromMs: number
  toMs: number | undefined
}

export function isStandingState(state: string): boolean {
  return state === 'UNACK' || state === 'ACKED'
}

/**
 * When one alarm stood, from its transitions in the order they were written. An alarm that came back before anybody acknowledged it has
 * several stretches in one row, so the row's own times only say when it first began and last ended.
 */
export function standingStretches(
  transitions: readonly { event: string; fromState: AlarmState | string; toState: AlarmState | string; atMs: number }[],
): Stretch[] {
  const stretches: Stretch[] = []
  for (const { event, fromState, toState, atMs } of transitions) {
    const [was, is] = [isStandingState(fromState), isStandingState(toState)]
    const current = stretches.at(-1)
    if (!was && is) stretches.push({ fromMs: atMs, toMs: undefined })
    else if (!current) continue
    else if (was && !is) current.toMs = atMs
    // It began earlier than was known when it was raised.
    else if (event === 'late-raise') current.fromMs = Math.min(current.fromMs, atMs)
  }
  return stretches
}
