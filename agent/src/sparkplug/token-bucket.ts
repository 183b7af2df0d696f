import { setTimeout as delay } from 'node:timers/promises'

/** Paces the replay: on average `perSecond` tokens, at most a tenth of a second's worth at once so that live data never waits long. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #nowMs: () => number
  #tokens: number
  #atMs: number

  /** @param nowMs a monotonic clock, ms */
  constructor(perSecond: number, nowMs: () => number) {
    this.#perSecond = perSecond
    this.#nowMs = nowMs
    this.#tokens = perSecond / 10
    this.#atMs = nowMs()
  }

  /** Waits until `count` tokens may be spent. Rejects with the signal's reason when it is aborted. */
  async take(count: number, signal: AbortSignal): Promise<void> {
    this.#fill()
    while (this.#tokens <= 0) {
      await delay(Math.max(5, (-this.#tokens / this.#perSecond) * 1000), undefined, { signal })
      this.#fill()
    }
    // Spending into debt lets a scan that is larger than the bucket pass.
    this.#tokens -= count
  }

  #fill(): void {
    const nowMs = this.#nowMs()
    this.#tokens = Math.min(this.#perSecond / 10, this.#tokens + ((nowMs - this.#atMs) / 1000) * this.#perSecond)
    this.#atMs = nowMs
  }
}
