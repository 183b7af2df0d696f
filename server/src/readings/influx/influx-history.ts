import type { Influx1Config, Influx2Config } from '../config.ts'
import { HistoryEngine } from '../history/history-engine.ts'
import { HistoryUpkeep } from '../history/history-upkeep.ts'
import type { History, HistoryQuery, StartAnswer, StoreHealth, WriteAnswer } from '../reading-store.ts'
import type { DeviceScan } from '../scan.ts'
import type { ReadingStoreDependencies } from '../store-dependencies.ts'
import { DeviceComputing } from './device-ahead.ts'
import type { HistoryAccess } from './history-access.ts'
import { HourMarks } from './hour-marks.ts'
import { InfluxRollupStorage } from './influx-rollup-storage.ts'

/** What an InfluxDB of either generation does beside its queries: marks with every write, rolling up, charts, and what is known of its health. */
export class InfluxHistory {
  readonly #dependencies: ReadingStoreDependencies
  readonly #marks: HourMarks
  readonly #storage: InfluxRollupStorage
  readonly #engine: HistoryEngine
  readonly #upkeep: HistoryUpkeep
  #health: StoreHealth = { state: 'failing', message: 'not started' }

  constructor(
    access: HistoryAccess,
    config: Pick<Influx1Config | Influx2Config, 'retentionMs' | 'minuteRetentionMs'>,
    dependencies: ReadingStoreDependencies,
  ) {
    const { history: settings, nowMs, onMaintenanceFailure } = dependencies
    this.#dependencies = dependencies
    this.#marks = new HourMarks({ rows: () => access.marks(), post: (lines) => access.post(lines), nowMs })
    this.#storage = new InfluxRollupStorage({ access, marks: this.#marks, settings, nowMs })
    this.#engine = new HistoryEngine({
      upkeep: this.#storage,
      computing: new DeviceComputing(access, this.#storage, settings),
      onPointFailure: (_point, error) => onMaintenanceFailure(error),
    })
    const retention = { rawMs: config.retentionMs, minuteMs: config.minuteRetentionMs }
    this.#upkeep = new HistoryUpkeep({ engine: this.#engine, retention, store: dependencies })
  }

  /** For `roomkeeper readings copy`. */
  get storage(): InfluxRollupStorage {
    return this.#storage
  }

  /** Reads the marks that a previous run left. Rejects when the database is away; may be called again. */
  async start({ readOnly }: { readOnly: boolean }): Promise<void> {
    const isKeptUp = !readOnly && this.#dependencies.isUpkeepOff !== true
    await this.#storage.load({ prepare: isKeptUp })
    if (isKeptUp) this.#upkeep.start()
  }

  /** Notes how the start ended. */
  started(answer: StartAnswer): StartAnswer {
    this.#health = answer.kind === 'ready' ? { state: 'ok', message: '' } : { state: 'failing', message: answer.reason }
    return answer
  }

  async write(scans: readonly DeviceScan[], lines: string): Promise<WriteAnswer> {
    const answer = this.noted(await this.#marks.write(scans, lines))
    if (answer.kind === 'stored') this.#upkeep.noteStored(scans)
    return answer
  }

  /** Notes what became of a write. */
  noted(answer: WriteAnswer): WriteAnswer {
    if (answer.kind === 'stored') this.#health = { state: 'ok', message: '' }
    else if (answer.kind === 'retry' || answer.kind === 'server-error') this.#health = { state: 'failing', message: answer.reason }
    return answer
  }

  health(): StoreHealth {
    return { ...this.#health, message: this.#health.message || this.#upkeep.message }
  }

  history(query: HistoryQuery): Promise<History> {
    return this.#engine.history(query)
  }

  /** Everything due, now. Rejects when the database is away: the marks stay. */
  maintain(): Promise<void> {
    return this.#upkeep.run()
  }

  async stop(): Promise<void> {
    await this.#upkeep.stop()
    this.#health = { state: 'stopped', message: '' }
  }
}
