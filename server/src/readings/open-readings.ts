import type { Logger } from 'pino'
import type { ServerConfig } from '../config/settings.ts'
import { storeConfigOf } from '../config/store-config.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import { historySettingsOf } from '../ingest/history-settings.ts'
import { createReadingStore } from './create-reading-store.ts'
import type { ReadingStore } from './reading-store.ts'
import { startStore } from './start-store.ts'
import { storedClock } from './stored-clock.ts'

export interface ReadingsDependencies {
  config: ServerConfig
  db: Db
  log: Logger
  clock: { nowMs(): number }
  /** Loaded: history needs the limits of points. */
  directory: Directory
}

/** The readings store, after its first attempt to start. `stopStarting` ends further ones. */
export async function openReadings({ config, db, log, clock, directory }: ReadingsDependencies): Promise<{
  store: ReadingStore
  stopStarting(): void
}> {
  const { nowMs } = clock
  const store = createReadingStore(storeConfigOf(config), {
    nowMs,
    onMaintenanceFailure: (error) => log.warn({ module: 'readings', err: error }, 'upkeep of the readings store failed; it is tried again'),
    history: historySettingsOf({ db, nowMs, timeZone: config.timeZone, directory }),
    clockMemory: storedClock(db),
    onClockDoubt: (reason) => log.warn({ module: 'readings', reason }, 'the clock is doubted; old readings are not deleted by it'),
  })
  const starting = startStore(store, log)
  await starting.firstAttempt
  return { store, stopStarting: starting.stop }
}
