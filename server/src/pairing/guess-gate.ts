import { AttemptLimit, addressKey } from '../accounts/attempt-limit.ts'

/** Networks that may wait for their turn; each waits for one guess only. At 30 ms a guess the last of them waits 3 s. */
const MOST_WAITING = 100
/** Wrong codes a network may type before it is slowed down. */
const FREE_GUESSES = 5
const LONGEST_DELAY_MS = 10_000
const FORGET_AFTER_MS = 10 * 60_000

/** `retryAfterMs`: come again then. */
export type GuessAnswer<Result> = { retryAfterMs: number } | { result: Result | undefined }

/**
 * Lets guesses through one after the other, one at a time for each network, in the order they came. A network that guesses wrong is slowed
 * down and nobody else is: a stranger costs the others at most the time of one guess, and can lock nobody out.
 */
export class GuessGate {
  private readonly limit: AttemptLimit
  private readonly waiting = new Set<string>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(clock: { nowMs(): number }) {
    this.limit = new AttemptLimit({ clock, freeAttempts: FREE_GUESSES, maxDelayMs: LONGEST_DELAY_MS, forgetAfterMs: FORGET_AFTER_MS })
  }

  /** Runs `check` in its turn; `undefined` from it is a wrong guess. A rejection counts as none. */
  async guess<Result>(address: string, check: () => Promise<Result | undefined>): Promise<GuessAnswer<Result>> {
    const key = addressKey(address)
    if (this.waiting.has(key) || this.waiting.size >= MOST_WAITING) return { retryAfterMs: 1000 }
    const blockedMs = this.limit.begin(key)
    if (blockedMs > 0) return { retryAfterMs: blockedMs }
    this.waiting.add(key)
    const turn = this.last.then(check)
    this.last = turn.catch(() => undefined)
    try {
      const result = await turn
      if (result !== undefined) this.limit.succeeded(key)
      return { result }
    } catch (error) {
      this.limit.takeBack(key)
      throw error
    } finally {
      this.waiting.delete(key)
    }
  }
}
