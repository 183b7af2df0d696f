import type { HistoryEngine, HistoryRetention } from './history-engine.ts'

const INTERVAL_MS = 30_000
/** Pause between steps, so that writes and questions come in between. */
const PAUSE_MS = 5

export interface HistoryUpkeepDependencies {
  engine: HistoryEngine
  retention: HistoryRetention
  nowMs(): number
  /** Told when a run failed; the next one is half a minute later. */
  onFailure(error: unknown): void
}

/** Rolls up what is due and deletes what is too old, every half minute. */
export class HistoryUpkeep {
  readonly #dependencies: HistoryUpkeepDependencies
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(dependencies: HistoryUpkeepDependencies) {
    this.#dependencies = dependencies
  }

  start(): void {
    this.#stopped = false
    this.#timer ??= setInterval(() => {
      this.run().catch((error: unknown) => this.#dependencies.onFailure(error))
    }, INTERVAL_MS).unref()
  }

  /** Everything due, now; joins the run under way. Rejects when the store is away: nothing is lost, the marks stay. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<void> {
    const { engine, retention, nowMs } = this.#dependencies
    while (!this.#stopped && (await engine.rollUp(nowMs()))) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    if (!this.#stopped) await engine.purge(nowMs(), retention)
  }

  /** Waits for the step under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#running?.catch(() => undefined)
  }
}
