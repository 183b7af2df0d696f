import type { Hold } from '@roomkeeper/shared/http'

/** A hold begins in the same moment as the transition that it causes, give or take the server's clock step. */
const SAME_MOMENT_MS = 5000

/**
 * Until when an alarm went silent by a transition: the end of the hold that the same person made for the same reason (null: no end). The end
 * is the hold's present one, also when it was changed later. Undefined when no such hold is known any more.
 */
export function silentUntil(
  transition: { event: string; person: string | null; note: string | null; atMs: number },
  holds: readonly Pick<Hold, 'kind' | 'by' | 'reason' | 'fromMs' | 'untilMs' | 'endedAtMs'>[],
): number | null | undefined {
  const kind = transition.event === 'shelve' ? 'shelve' : transition.event === 'out-of-service' ? 'out-of-service' : undefined
  return holds
    .filter(
      (hold) =>
        hold.kind === kind &&
        hold.by === transition.person &&
        hold.reason === transition.note &&
        hold.fromMs <= transition.atMs + SAME_MOMENT_MS &&
        (hold.endedAtMs === null || hold.endedAtMs >= transition.atMs),
    )
    .sort((a, b) => b.fromMs - a.fromMs)[0]?.untilMs
}
