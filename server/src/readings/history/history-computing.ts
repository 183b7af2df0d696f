import type { HistoryQuery } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import { type HistorySlots, keptFrom, readHistory } from './history-reading.ts'
import type { HistorySettings } from './history-settings.ts'
import { LocalDays } from './local-days.ts'
import { blocksOfHours } from './rolling-up.ts'
import type { RollupReads, StoredBlock } from './rollup-storage.ts'

export interface PointHours {
  point: PointHandle
  hours: readonly number[]
}

/** The blocks of a point's hours, or why they cannot be made. */
export type PointOutcome = { point: PointHandle; blocks: StoredBlock[] } | { point: PointHandle; error: Error }

/** Where history is computed: on the thread that asks, or in a worker. Rejects when the store is away. */
export interface HistoryComputing {
  history(query: HistoryQuery): Promise<HistorySlots>
  /** One outcome per point. */
  blocksOf(points: readonly PointHours[]): Promise<PointOutcome[]>
}

/** Computes on the thread that asks. */
export class LocalComputing implements HistoryComputing {
  readonly #reads: RollupReads
  readonly #settings: Pick<HistorySettings, 'holdMs' | 'bandsOf' | 'zone'>
  readonly #isAway: (error: unknown) => boolean
  #days: LocalDays | undefined

  /** `isAway`: whether an error says that the store is away, and not that something is wrong with one point. */
  constructor(reads: RollupReads, settings: Pick<HistorySettings, 'holdMs' | 'bandsOf' | 'zone'>, isAway: (error: unknown) => boolean) {
    this.#reads = reads
    this.#settings = settings
    this.#isAway = isAway
  }

  history(query: HistoryQuery): Promise<HistorySlots> {
    return readHistory({ reads: this.#reads, settings: this.#settings, days: this.#localDays() }, query)
  }

  async blocksOf(points: readonly PointHours[]): Promise<PointOutcome[]> {
    const { rawSinceMs: rawCompleteFromMs, minuteSinceMs } = await keptFrom(this.#reads)
    const rollingUp = { reads: this.#reads, settings: this.#settings, days: this.#localDays(), rawCompleteFromMs, minuteSinceMs }
    const outcomes: PointOutcome[] = []
    for (const { point, hours } of points) {
      try {
        outcomes.push({ point, blocks: await blocksOfHours(rollingUp, point, hours) })
      } catch (error) {
        if (this.#isAway(error)) throw error
        outcomes.push({ point, error: error instanceof Error ? error : new Error(String(error)) })
      }
    }
    return outcomes
  }

  #localDays(): LocalDays {
    const zone = this.#settings.zone()
    if (this.#days?.zone !== zone) this.#days = new LocalDays(zone)
    return this.#days
  }
}
