/** A stretch of time in which an alarm's condition held (raised and not cleared); `toMs` undefined: it holds still. */
export interface Stretch {
  fromMs: number
  toMs: number | undefined
}

/**
 * When one alarm's condition held, from its transitions in the order they were written. An alarm that came back before anybody
 * acknowledged it, or while it was silent, has several stretches in one row, so the row's own times only say when it first began and last
 * ended. Going silent and being released again begin and end nothing.
 */
export function standingStretches(transitions: readonly { event: string; fromState: string; toState: string; atMs: number }[]): Stretch[] {
  const stretches: Stretch[] = []
  for (const { event, fromState, toState, atMs } of transitions) {
    const current = stretches.at(-1)
    const isOpen = current !== undefined && current.toMs === undefined
    if (event === 'raise' || (event === 'late-raise' && fromState !== toState)) stretches.push({ fromMs: atMs, toMs: undefined })
    else if ((event === 'clear' || event === 'late-clear') && isOpen) current.toMs = atMs
    // It began earlier than was known when it was raised.
    else if (event === 'late-raise' && isOpen) current.fromMs = Math.min(current.fromMs, atMs)
  }
  return stretches
}
