import { join } from 'node:path'
import type { ReadingStoreConfig } from '../readings/config.ts'
import { readingStoreConfigSchema } from '../readings/config.ts'
import type { ServerConfig } from './settings.ts'

/** Where readings go: InfluxDB when its address is set, otherwise a file in the data folder. */
export function storeConfigOf(config: ServerConfig): ReadingStoreConfig {
  const kept = { retentionMs: daysToMs(config.keepRawDays), minuteRetentionMs: daysToMs(config.keepMinutesDays) }
  if (!config.influxUrl) return readingStoreConfigSchema.parse({ kind: 'embedded', path: join(config.dataDir, 'readings.db'), ...kept })
  const url = config.influxUrl
  if (config.influxVersion === 1) {
    const { influxDatabase: database, influxUsername: username, influxPassword: password } = config
    return readingStoreConfigSchema.parse({ kind: 'influx1', url, database, username, password, ...kept })
  }
  const { influxOrg: org, influxBucket: bucket, influxToken: token } = config
  return readingStoreConfigSchema.parse({ kind: 'influx2', url, org, bucket, token, ...kept })
}

/** 0 = for ever. */
function daysToMs(days: number): number | undefined {
  return days === 0 ? undefined : days * 86_400_000
}
