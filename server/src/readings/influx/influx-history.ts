import { HistoryEngine, type HistoryRetention } from '../history/history-engine.ts'
import type { HistorySettings } from '../history/history-settings.ts'
import { HistoryUpkeep } from '../history/history-upkeep.ts'
import type { History, HistoryQuery, WriteAnswer } from '../reading-store.ts'
import type { DeviceScan } from '../scan.ts'
import { DeviceComputing } from './device-ahead.ts'
import type { HistoryAccess } from './history-access.ts'
import { HourMarks } from './hour-marks.ts'
import { InfluxRollupStorage } from './influx-rollup-storage.ts'

export interface InfluxHistoryDependencies {
  access: HistoryAccess
  settings: HistorySettings
  retention: HistoryRetention
  nowMs(): number
  /** Told when upkeep failed, as a whole or for one point; it is tried again by itself. */
  onMaintenanceFailure(error: unknown): void
}

/** The history of an InfluxDB of either generation: marks with every write, rolling up, charts. */
export class InfluxHistory {
  readonly #marks: HourMarks
  readonly #storage: InfluxRollupStorage
  readonly #engine: HistoryEngine
  readonly #upkeep: HistoryUpkeep

  constructor({ access, settings, retention, nowMs, onMaintenanceFailure }: InfluxHistoryDependencies) {
    this.#marks = new HourMarks({ rows: () => access.marks(), post: (lines) => access.post(lines), nowMs })
    this.#storage = new InfluxRollupStorage({ access, marks: this.#marks, settings, nowMs })
    this.#engine = new HistoryEngine({
      upkeep: this.#storage,
      computing: new DeviceComputing(access, this.#storage, settings),
      onPointFailure: (_point, error) => onMaintenanceFailure(error),
    })
    this.#upkeep = new HistoryUpkeep({ engine: this.#engine, retention, nowMs, onFailure: onMaintenanceFailure })
  }

  /** For `roomkeeper readings copy`. */
  get storage(): InfluxRollupStorage {
    return this.#storage
  }

  /** Reads the marks that a previous run left. Rejects when the database is away; may be called again. */
  async start({ readOnly }: { readOnly: boolean }): Promise<void> {
    await this.#storage.load({ prepare: !readOnly })
    if (!readOnly) this.#upkeep.start()
  }

  write(scans: readonly DeviceScan[], lines: string): Promise<WriteAnswer> {
    return this.#marks.write(scans, lines)
  }

  history(query: HistoryQuery): Promise<History> {
    return this.#engine.history(query)
  }

  /** Everything due, now. Rejects when the database is away: the marks stay. */
  maintain(): Promise<void> {
    return this.#upkeep.run()
  }

  stop(): Promise<void> {
    return this.#upkeep.stop()
  }
}
