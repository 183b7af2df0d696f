import { isTimeZone } from '@roomkeeper/shared/wall-clock'
import { z } from 'zod'

/** One setting: its key in roomkeeper.yaml, its environment variable, its check and default, and a sentence, in one place. */
export interface Setting {
  env: string
  schema: z.ZodType
  about: { zh: string; en: string }
  /** The default is this machine's own; in words, for the documents. */
  machineDefault?: { zh: string; en: string }
}

const port = z.coerce.number().int().min(0).max(65_535)
/** A hundred years: longer is a slip. */
const days = z.coerce.number().int().min(0).max(36_500)
const flag = z
  .union([z.boolean(), z.enum(['0', '1', 'true', 'false'])])
  .transform((value) => value === true || value === '1' || value === 'true')
const list = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(',').map((part) => part.trim()))])
  .transform((parts) => parts.filter((part) => part !== ''))

/** Every setting of the server. Environment variables win over roomkeeper.yaml. */
export const SETTINGS = {
  httpHost: {
    env: 'ROOMKEEPER_HTTP_HOST',
    schema: z.string().default('0.0.0.0'),
    about: { zh: '网页与接口监听的地址', en: 'Address the dashboard and API listen on' },
  },
  httpPort: {
    env: 'ROOMKEEPER_HTTP_PORT',
    schema: port.default(8080),
    about: { zh: '网页与接口的端口', en: 'Port of the dashboard and API' },
  },
  dataDir: {
    env: 'ROOMKEEPER_DATA_DIR',
    schema: z.string().min(1).default('data'),
    about: { zh: '数据目录', en: 'Folder of the databases' },
  },
  databaseUrl: {
    env: 'ROOMKEEPER_DATABASE_URL',
    schema: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'postgres://user:password@host/database')
      .optional(),
    about: { zh: 'PostgreSQL 地址；不填则用数据目录里的 SQLite', en: 'PostgreSQL; unset: SQLite in the data folder' },
  },
  mqttUrl: {
    env: 'ROOMKEEPER_MQTT_URL',
    schema: z
      .string()
      .regex(/^mqtts?:\/\//, 'mqtt://user:password@host:1883 or mqtts://…')
      .optional(),
    about: { zh: '外部 MQTT 服务器；不填则用内置的', en: 'Outside MQTT broker; unset: the embedded one' },
  },
  mqttHost: {
    env: 'ROOMKEEPER_MQTT_HOST',
    schema: z.string().default('0.0.0.0'),
    about: { zh: '内置 MQTT 监听的地址', en: 'Address the embedded broker listens on' },
  },
  mqttPort: {
    env: 'ROOMKEEPER_MQTT_PORT',
    schema: port.default(1883),
    about: { zh: '内置 MQTT 的端口', en: 'Port of the embedded broker' },
  },
  mqttAgentUrl: {
    env: 'ROOMKEEPER_MQTT_AGENT_URL',
    schema: z
      .string()
      .regex(/^mqtts?:\/\/[^/@]+$/, 'mqtt://host:1883 or mqtts://host:8883, without a password')
      .optional(),
    about: {
      zh: '采集器连接 MQTT 服务器的地址，配对时交给采集器；不填则与服务器同一主机',
      en: 'Address by which agents reach the broker, handed over at pairing; unset: the host of the server, or of the outside broker',
    },
  },
  mqttCa: {
    env: 'ROOMKEEPER_MQTT_CA',
    schema: z.string().min(1).optional(),
    about: {
      zh: '签发 MQTT 服务器证书的机构证书（PEM 文件），配对时交给采集器，服务器连接时也用它',
      en: "PEM file of the authority that signed the broker's certificate: for the server itself, and handed to agents at pairing",
    },
  },
  hostId: {
    env: 'ROOMKEEPER_HOST_ID',
    schema: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, '1–64 letters, digits, _ -')
      .default('roomkeeper'),
    about: { zh: 'Sparkplug 主机名', en: "Sparkplug host id; the agents' primaryHost" },
  },
  influxUrl: {
    env: 'ROOMKEEPER_INFLUX_URL',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: { zh: 'InfluxDB 地址；不填则用内置存储', en: 'InfluxDB; unset: the embedded store' },
  },
  influxVersion: {
    env: 'ROOMKEEPER_INFLUX_VERSION',
    schema: z.coerce
      .number()
      .pipe(z.union([z.literal(1), z.literal(2)]))
      .default(2),
    about: { zh: 'InfluxDB 版本：1 或 2', en: 'InfluxDB generation: 1 or 2' },
  },
  influxDatabase: {
    env: 'ROOMKEEPER_INFLUX_DATABASE',
    schema: z.string().default('roomkeeper'),
    about: { zh: 'InfluxDB 1.x 的数据库', en: 'Database (1.x)' },
  },
  influxOrg: {
    env: 'ROOMKEEPER_INFLUX_ORG',
    schema: z.string().default('hospital'),
    about: { zh: 'InfluxDB 2.x 的组织', en: 'Organisation (2.x)' },
  },
  influxBucket: {
    env: 'ROOMKEEPER_INFLUX_BUCKET',
    schema: z.string().default('roomkeeper'),
    about: { zh: 'InfluxDB 2.x 的存储桶', en: 'Bucket (2.x)' },
  },
  influxToken: {
    env: 'ROOMKEEPER_INFLUX_TOKEN',
    schema: z.string().optional(),
    about: { zh: 'InfluxDB 2.x 的令牌', en: 'Token (2.x)' },
  },
  influxUsername: {
    env: 'ROOMKEEPER_INFLUX_USERNAME',
    schema: z.string().optional(),
    about: { zh: 'InfluxDB 1.x 的用户名', en: 'User name (1.x)' },
  },
  influxPassword: {
    env: 'ROOMKEEPER_INFLUX_PASSWORD',
    schema: z.string().optional(),
    about: { zh: 'InfluxDB 1.x 的密码', en: 'Password (1.x)' },
  },
  keepRawDays: {
    env: 'ROOMKEEPER_KEEP_RAW_DAYS',
    schema: days.default(90),
    about: {
      zh: '原始读数保留的天数，0 为永久；15 分钟和每日统计永久保留',
      en: 'Days for which raw readings are kept, 0: for ever; aggregates of 15 minutes and of days are kept for ever',
    },
  },
  keepMinutesDays: {
    env: 'ROOMKEEPER_KEEP_MINUTES_DAYS',
    schema: days.default(730),
    about: { zh: '每分钟统计保留的天数，0 为永久', en: 'Days for which aggregates of a minute are kept, 0: for ever' },
  },
  adminPassword: {
    env: 'ROOMKEEPER_ADMIN_PASSWORD',
    schema: z.string().optional(),
    about: {
      zh: '首次启动时管理员的密码；不填则随机生成并显示一次',
      en: 'Password of admin at the first start; unset: made and printed once',
    },
  },
  agentCredentials: {
    env: 'ROOMKEEPER_AGENT_CREDENTIALS',
    schema: z.string().optional(),
    about: {
      zh: '预置采集器凭证的文件，每行“院区 节点 密码”',
      en: 'File of credentials for agents set up together with the server, lines of "site node password"',
    },
  },
  publicUrl: {
    env: 'ROOMKEEPER_PUBLIC_URL',
    schema: z.url({ protocol: /^https?$/ }).optional(),
    about: {
      zh: '浏览器访问本服务器的地址，写入通知中的链接；不填则取第一个允许的来源',
      en: 'Address at which browsers reach this server, for links in notices; unset: the first allowed origin',
    },
  },
  timeZone: {
    env: 'ROOMKEEPER_TIME_ZONE',
    schema: z.string().refine(isTimeZone, 'an IANA name, e.g. Asia/Shanghai').default(Intl.DateTimeFormat().resolvedOptions().timeZone),
    about: {
      zh: '医院的时区：日夜限值、演练、每日报平安按它计时',
      en: "The hospital's time zone: limits by day and night, drills and the daily all-clear go by it",
    },
    machineDefault: { zh: '本机时区', en: "the machine's" },
  },
  allowedOrigins: {
    env: 'ROOMKEEPER_ALLOWED_ORIGINS',
    schema: list.default([]),
    about: { zh: '允许写入的其他来源，逗号分隔', en: 'Other origins that may write, separated by commas' },
  },
  trustProxy: {
    env: 'ROOMKEEPER_TRUST_PROXY',
    schema: flag.default(false),
    about: { zh: '位于反向代理之后', en: 'Behind a reverse proxy' },
  },
  demo: {
    env: 'ROOMKEEPER_DEMO',
    schema: flag.default(true),
    about: { zh: 'npm start 时带一个模拟机房', en: 'npm start brings a simulated room' },
  },
  logLevel: {
    env: 'ROOMKEEPER_LOG_LEVEL',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),
    about: { zh: '日志级别', en: 'Log level' },
  },
} as const satisfies Record<string, Setting>

export type ServerConfig = { [Key in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[Key]['schema']> }
