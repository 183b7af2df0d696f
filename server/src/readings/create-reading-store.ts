import type { ReadingStoreConfig } from './config.ts'
import { EmbeddedStore } from './embedded/embedded-store.ts'
import { Influx1Store } from './influx1/influx1-store.ts'
import { Influx2Store } from './influx2/influx2-store.ts'
import type { ReadingStore } from './reading-store.ts'
import type { ReadingStoreDependencies } from './store-dependencies.ts'

/** The store the configuration names; it does nothing until `start`. */
export function createReadingStore(config: ReadingStoreConfig, dependencies: ReadingStoreDependencies): ReadingStore {
  switch (config.kind) {
    case 'influx1':
      return new Influx1Store(config, dependencies)
    case 'influx2':
      return new Influx2Store(config, dependencies)
    case 'embedded':
      return new EmbeddedStore(config, dependencies)
  }
}
