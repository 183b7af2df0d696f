import type { BelievedClock } from './history/believed-clock.ts'
import type { HistorySettings } from './history/history-settings.ts'

/** What a reading store needs from the rest of the server. */
export interface ReadingStoreDependencies {
  nowMs(): number
  /** Told when background upkeep (rollups, purging) failed, as a whole or for one point; it is tried again by itself. */
  onMaintenanceFailure(error: unknown): void
  history: HistorySettings
  /** For programs beside the server: it alone rolls up and deletes. */
  isUpkeepOff?: boolean
  /** Where what is known of the clock is kept over restarts; without it the clock is believed at each start. */
  clockMemory?: ClockMemory
  /** Told once when the clock begins to be doubted, in words for people; old readings stay meanwhile. */
  onClockDoubt?(message: string): void
  /** Of a clock that nobody sets; `performance.now` by default. */
  monotonicMs?(): number
}

/** Rejects when the database is away. */
export interface ClockMemory {
  load(): Promise<BelievedClock | undefined>
  save(clock: BelievedClock): Promise<void>
}
