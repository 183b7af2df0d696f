import { z } from 'zod'

const url = z.url({ protocol: /^https?$/ }).describe('Base URL of InfluxDB, e.g. http://influxdb:8086 / InfluxDB 的地址')
const retentionMs = z
  .int()
  .min(3_600_000)
  .optional()
  .describe('How long raw readings are kept, milliseconds; not set = for ever / 原始读数保留时长（毫秒），不填则永久保留')
const minuteRetentionMs = z
  .int()
  .min(3_600_000)
  .optional()
  .describe('How long aggregates of a minute are kept, milliseconds; not set = for ever / 分钟统计保留时长（毫秒），不填则永久保留')
const requestTimeoutMs = z.int().min(100).default(10_000).describe('Longest wait for one answer / 单次请求超时')

/** Where readings are stored. The environment (ROOMKEEPER_INFLUX_*) is mapped onto this by the server's configuration. */
export const readingStoreConfigSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('influx1'),
    url,
    database: z.string().min(1).default('roomkeeper'),
    username: z.string().optional(),
    password: z.string().optional(),
    retentionMs,
    minuteRetentionMs,
    requestTimeoutMs,
  }),
  z.object({
    kind: z.literal('influx2'),
    url,
    org: z.string().min(1),
    bucket: z.string().min(1).default('roomkeeper'),
    token: z.string().min(1),
    retentionMs,
    minuteRetentionMs,
    requestTimeoutMs,
  }),
  z.object({
    kind: z.literal('embedded'),
    /** File of the store; its folder must exist. */
    path: z.string().min(1),
    retentionMs,
    minuteRetentionMs,
  }),
])
export type ReadingStoreConfig = z.infer<typeof readingStoreConfigSchema>
export type Influx1Config = Extract<ReadingStoreConfig, { kind: 'influx1' }>
export type Influx2Config = Extract<ReadingStoreConfig, { kind: 'influx2' }>
export type EmbeddedConfig = Extract<ReadingStoreConfig, { kind: 'embedded' }>
