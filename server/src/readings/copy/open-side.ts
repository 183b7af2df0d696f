import { existsSync } from 'node:fs'
import type { ReadingStoreConfig } from '../config.ts'
import { EmbeddedStore } from '../embedded/embedded-store.ts'
import type { HistorySettings } from '../history/history-settings.ts'
import { Influx1Store } from '../influx1/influx1-store.ts'
import { Influx2Store } from '../influx2/influx2-store.ts'
import type { CopySource, CopyTarget } from './copy-readings.ts'
import { EmbeddedRollups } from './embedded-rollups.ts'
import { InfluxRollups } from './influx-rollups.ts'

export interface Problem {
  reason: string
  /** A person must change something; otherwise it may mend itself. */
  isConfiguration: boolean
}

interface Closing {
  close(): Promise<void>
}

/** Opens the store that is copied from; nothing in it is changed, as a server may run on it. */
export function openSource(config: ReadingStoreConfig): Promise<(CopySource & Closing) | Problem> {
  return open(config, 'read')
}

/** Opens the store that is copied to, and makes what is missing. */
export function openTarget(config: ReadingStoreConfig): Promise<(CopyTarget & Closing) | Problem> {
  return open(config, 'write')
}

async function open(config: ReadingStoreConfig, use: 'read' | 'write'): Promise<(CopyTarget & Closing) | Problem> {
  if (config.kind === 'embedded' && use === 'read' && !existsSync(config.path))
    return { reason: '没有这个文件 / there is no such file', isConfiguration: true }
  const store = storeOf(config)
  const started = use === 'read' ? await store.startReading() : await store.start()
  if (started.kind !== 'ready') {
    await store.stop()
    return { reason: started.reason, isConfiguration: started.kind === 'configuration' }
  }
  const rollups =
    config.kind === 'embedded' ? new EmbeddedRollups(config.path, use) : new InfluxRollups((store as Influx1Store | Influx2Store).rollups)
  return {
    store,
    rollups,
    close: async () => {
      rollups.close()
      await store.stop()
    },
  }
}

function storeOf(config: ReadingStoreConfig): EmbeddedStore | Influx1Store | Influx2Store {
  switch (config.kind) {
    case 'embedded':
      return new EmbeddedStore(config, DEPENDENCIES)
    case 'influx1':
      return new Influx1Store(config, DEPENDENCIES)
    case 'influx2':
      return new Influx2Store(config, DEPENDENCIES)
  }
}

/** No point is known, so nothing is rolled up here: the server does that, with its limits, when it runs on the copy. */
const NO_SETTINGS: HistorySettings = {
  zone: () => 'UTC',
  holdMs: () => 0,
  bandsOf: async () => [],
  pointById: () => undefined,
  pointsOfDevice: () => [],
}
const DEPENDENCIES = { nowMs: Date.now, onMaintenanceFailure: () => undefined, history: NO_SETTINGS, isUpkeepOff: true }
