/**
 * One line for everything the node publishes: the log gives offsets in one order, and a host that sees them in another takes it for a
 * loss and asks for a replay. A death waits in the same line, so that it never overtakes the last scan.
 */
export class DeliveryLine {
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #movedMs = 0
  readonly #monotonicMs: () => number

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs
  }

  /** How long something waits in it without anything leaving it, ms. */
  get stalledMs(): number {
    return this.#waiting === 0 ? 0 : this.#monotonicMs() - this.#movedMs
  }

  /** Runs `deliver` with the result of `ready`, after everything that was added before. `ready` must not reject. */
  add<Result>(ready: Promise<Result>, deliver: (result: Result) => void): void {
    if (this.#waiting === 0) this.#movedMs = this.#monotonicMs()
    this.#waiting += 1
    this.#last = Promise.all([ready, this.#last]).then(([result]) => {
      this.#waiting -= 1
      this.#movedMs = this.#monotonicMs()
      deliver(result)
    })
  }

  /** Resolves when everything added so far was delivered. */
  idle(): Promise<void> {
    return this.#last
  }
}
