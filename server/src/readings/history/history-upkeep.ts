import type { DeviceScan } from '../scan.ts'
import type { ReadingStoreDependencies } from '../store-dependencies.ts'
import { ClockGuard } from './clock-guard.ts'
import type { HistoryEngine, HistoryRetention } from './history-engine.ts'

const INTERVAL_MS = 30_000
/** Pause between steps, so that writes and questions come in between. */
const PAUSE_MS = 5

export interface HistoryUpkeepDependencies {
  engine: HistoryEngine
  retention: HistoryRetention
  /** A run that failed is told; the next one is half a minute later. */
  store: Omit<ReadingStoreDependencies, 'history' | 'isUpkeepOff'>
}

/** Rolls up what is due and deletes what is too old, every half minute. */
export class HistoryUpkeep {
  readonly #dependencies: HistoryUpkeepDependencies
  readonly #guard: ClockGuard
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(dependencies: HistoryUpkeepDependencies) {
    this.#dependencies = dependencies
    this.#guard = new ClockGuard(dependencies.store)
  }

  /** Readings are deleted by the newest of these, among others. */
  noteStored(scans: readonly DeviceScan[]): void {
    this.#guard.noteStored(scans)
  }

  /** What keeps old readings from being deleted; '' = nothing. */
  get message(): string {
    return this.#guard.message
  }

  start(): void {
    this.#stopped = false
    this.#timer ??= setInterval(() => {
      this.run().catch((error: unknown) => this.#dependencies.store.onMaintenanceFailure(error))
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
    const { engine, retention, store } = this.#dependencies
    while (!this.#stopped && (await engine.rollUp(store.nowMs()))) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    if (this.#stopped || (retention.rawMs === undefined && retention.minuteMs === undefined)) return
    const byMs = await this.#guard.deletingTimeMs()
    if (byMs !== undefined) await engine.purge(store.nowMs(), retention, byMs)
  }

  /** Waits for the step under way. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#running?.catch(() => undefined)
  }
}
