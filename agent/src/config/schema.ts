import { SCAN_INTERVAL_MS } from '@roomkeeper/shared/model'
import { TOPIC_NAME } from '@roomkeeper/shared/sparkplug'
import { z } from 'zod'

/** A name that becomes a level of an MQTT topic. */
const topicName = z.string().regex(TOPIC_NAME, '1–64 characters without "+", "#", "/" or control characters')

const displayName = z
  .union([z.string().min(1).max(100), z.strictObject({ zh: z.string().min(1).max(100), en: z.string().min(1).max(100).optional() })])
  .transform((name) => (typeof name === 'string' ? { zh: name, en: name } : { zh: name.zh, en: name.en ?? name.zh }))
  .describe('Display name: one text, or {zh, en}.')

const mqttSchema = z.strictObject({
  url: z
    .string()
    .regex(/^(mqtts?|tcp|ssl|wss?):\/\/.+/, 'a URL such as mqtt://host:1883 or mqtts://host:8883')
    .describe('The broker.'),
  username: z.string().optional().describe('Normally the name of the node.'),
  password: z.string().optional().describe('Better given by passwordFile or ROOMKEEPER_AGENT_MQTT_PASSWORD.'),
  passwordFile: z.string().optional().describe('A file whose first line is the password.'),
  ca: z.string().optional().describe('PEM file of the authority that signed the broker’s certificate.'),
  clientId: z.string().min(1).max(128).optional().describe('MQTT client id; default the username.'),
})

const logSchema = z.strictObject({
  maxMegabytes: z
    .number()
    .min(1)
    .max(1_000_000)
    .default(1024)
    .describe('Size of the reading log; from 80% the oldest usual readings are thinned, beyond it the oldest are lost. Default 1024 MB.'),
  maxAgeDays: z
    .number()
    .min(0.01)
    .max(3650)
    .default(60)
    .describe('Readings older than this are dropped also when nobody took them. Default 60.'),
})

/** The whole of agent.yaml except what is inside `devices`. */
export const agentSchema = z.strictObject({
  site: topicName.describe('院区: the Sparkplug group.'),
  node: topicName.describe('This agent: the Sparkplug edge node id, unique in the site.'),
  mqtt: mqttSchema,
  primaryHost: topicName.default('roomkeeper').describe('Sparkplug host id of the server; readings are kept until it is online.'),
  server: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Address of the server’s page, set by pairing: doctor compares the clock with it.'),
  dataDir: z.string().min(1).describe('Folder of the reading log, relative to this file.'),
  profilesDir: z.string().min(1).optional().describe('Folder with your own device profiles, relative to this file.'),
  log: logSchema.prefault({}),
  devices: z.array(z.unknown()).default([]),
})

const overrideSchema = z
  .strictObject({
    name: displayName.optional(),
    low: z.number().optional().describe('A lower value cannot be true.'),
    high: z.number().optional().describe('A higher value cannot be true.'),
    ignore: z.boolean().default(false).describe('Leaves the point out.'),
  })
  .refine((override) => override.low === undefined || override.high === undefined || override.low < override.high, 'low must be below high')

/** The keys of every device, whatever its driver. A driver's own options may not use these names. */
export const deviceShape = {
  id: topicName.describe('Unique in this file; part of the topic and of the history: do not change it.'),
  driver: z.string(),
  name: displayName.optional(),
  room: z.string().min(1).max(64).optional().describe('The room this device is proposed for.'),
  intervalMs: z
    .number()
    .int()
    .min(SCAN_INTERVAL_MS.min)
    .max(SCAN_INTERVAL_MS.max)
    .default(SCAN_INTERVAL_MS.default)
    .describe('Time between two scans, ms. Default 10000.'),
  timeoutMs: z.number().int().min(50).max(300_000).default(5000).describe('Longest wait for one answer, ms. Default 5000.'),
  overrides: z.record(z.string(), overrideSchema).default({}).describe('Corrections to points, by key.'),
}
export const deviceSchema = z.object(deviceShape)

export type PointOverride = z.output<typeof overrideSchema>

/** A device whose configuration is complete: `options` were checked by its driver. */
export interface DeviceConfig extends z.output<typeof deviceSchema> {
  options: unknown
}

export interface AgentConfig extends Omit<z.output<typeof agentSchema>, 'devices' | 'mqtt'> {
  mqtt: Omit<z.output<typeof mqttSchema>, 'ca' | 'passwordFile'> & { ca?: string }
  devices: DeviceConfig[]
  /** Devices that cannot run as they are written. The others do. */
  invalidDevices: { id: string; message: string }[]
}
