import { z } from 'zod'
import { ALARM_PRIORITIES, POINT_KIND_NAMES, QUALITIES, ROOM_CLASS_NAMES } from '../model/index.ts'
import { id, route, shortText, timeMs } from './contract-base.ts'

export const readingValueSchema = z.union([z.number(), z.boolean(), z.string(), z.null()])

const englishName = z.string().describe('Display name in English as the agent gives it; empty = none, `name` counts in every language')

export const pointSchema = z.object({
  id,
  deviceId: id,
  /** Metric name on the device. */
  key: z.string(),
  name: z.string().describe('Display name; empty = the name of its kind'),
  nameEn: englishName,
  kind: z.enum(POINT_KIND_NAMES),
  unit: z.string(),
  intervalMs: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  isWritable: z.boolean().describe('An output (relay, beacon) that may be switched'),
  /** Latest reading. `null` time: none yet. */
  timeMs: timeMs.nullable(),
  value: readingValueSchema,
  quality: z.enum(QUALITIES),
  reason: z.string().nullable(),
  /** Highest priority of its active alarms. */
  alarm: z.enum(ALARM_PRIORITIES).nullable(),
  /** The correction that its agent applies: shown value = read value + offset. */
  calibration: z.object({ offset: z.number(), atMs: timeMs, by: z.string() }).nullable(),
})
export type Point = z.output<typeof pointSchema>

export const deviceSchema = z.object({
  id,
  /** Sparkplug path: site/node/device. */
  path: z.string(),
  name: z.string(),
  nameEn: englishName,
  maker: z.string(),
  model: z.string(),
  roomId: id,
  online: z.boolean(),
  bornAtMs: timeMs.nullable(),
  /** No person has confirmed its name and room. */
  isNew: z.boolean(),
  /** The alarm that stands for the silence of the whole device; it suppresses the no-data alarms of its points by design (ISA-18.2). */
  outage: z.object({ condition: z.enum(['device-offline', 'node-offline']), sinceMs: timeMs }).nullable(),
  points: z.array(pointSchema),
})
export type Device = z.output<typeof deviceSchema>

export const roomSchema = z.object({
  id,
  site: z.string(),
  name: z.string(),
  class: z.enum(ROOM_CLASS_NAMES),
})
export type Room = z.output<typeof roomSchema>

/** One tile of the overview. */
export const roomOverviewSchema = roomSchema.extend({
  devices: z.number(),
  devicesOffline: z.number(),
  points: z.number(),
  pointsStale: z.number(),
  pointsBad: z.number(),
  alarms: z.object({ low: z.number(), medium: z.number(), high: z.number(), critical: z.number(), unacknowledged: z.number() }),
  openIncidents: z.number(),
  inspectionDueAtMs: timeMs.nullable(),
  /** The room's leading points (temperature, humidity, input voltage, UPS status …), most important first. */
  leading: z.array(pointSchema),
})
export type RoomOverview = z.output<typeof roomOverviewSchema>

const roomBody = z.object({ site: shortText, name: shortText, class: z.enum(ROOM_CLASS_NAMES) })

export const rooms = {
  list: route
    .route({ method: 'GET', path: '/rooms', tags: ['rooms'], summary: 'All rooms with their state' })
    .meta({ permission: 'readings.read' })
    .output(z.array(roomOverviewSchema)),
  get: route
    .route({ method: 'GET', path: '/rooms/{roomId}', tags: ['rooms'], summary: 'One room with its devices, points and latest readings' })
    .meta({ permission: 'readings.read' })
    .input(z.object({ roomId: id }))
    .output(roomOverviewSchema.extend({ deviceList: z.array(deviceSchema) })),
  create: route
    .route({ method: 'POST', path: '/rooms', tags: ['rooms'], summary: 'Add a room' })
    .meta({ permission: 'rooms.write' })
    .input(roomBody)
    .output(roomSchema),
  update: route
    .route({ method: 'PUT', path: '/rooms/{roomId}', tags: ['rooms'], summary: 'Rename a room or change its class' })
    .meta({ permission: 'rooms.write' })
    .input(roomBody.partial().extend({ roomId: id }))
    .output(roomSchema),
}
