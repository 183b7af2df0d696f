import { z } from 'zod'
import { SCAN_INTERVAL_MS } from '../model/index.ts'
import { id, longText, route, shortText, timeMs } from './contract-base.ts'
import { deviceSchema } from './rooms.ts'

/** A device in a list of devices. */
export const deviceSummarySchema = deviceSchema.omit({ points: true, outage: true }).extend({
  roomName: z.string(),
  pointCount: z.number(),
  retired: z.object({ atMs: timeMs, by: z.string(), reason: z.string() }).nullable(),
})
export type DeviceSummary = z.output<typeof deviceSummarySchema>

/** A correction that is in force. */
export const pointCalibrationSchema = z.object({
  pointId: id.nullable().describe('null: the agent does not name this point any more'),
  key: z.string(),
  /** Shown value = read value + offset, in the point's unit. */
  offset: z.number(),
  atMs: timeMs,
  by: z.string(),
  reference: z.string(),
  isOutdated: z.boolean().describe('Older than 12 months (a default of this product)'),
})
export type PointCalibration = z.output<typeof pointCalibrationSchema>

/** One set of settings; none is ever overwritten. */
export const settingsChangeSchema = z.object({
  version: z.number(),
  change: z.enum(['interval', 'calibration', 'calibration-removed', 'found']),
  pointKey: z.string().nullable(),
  /** What this change set: interval in ms or offset; null = back to the agent's own. */
  value: z.number().nullable(),
  reference: z.string(),
  reason: z.string(),
  by: z.string(),
  atMs: timeMs,
})
export type SettingsChange = z.output<typeof settingsChangeSchema>

/**
 * confirmed: the agent has what people set · waiting: it was not told yet, or has not answered · unsupported: it is too old to take settings ·
 * none: nobody set anything.
 */
export const SETTINGS_STATES = ['none', 'confirmed', 'waiting', 'unsupported'] as const

export const deviceDetailSchema = z.object({
  device: deviceSchema,
  room: z.object({ id, site: z.string(), name: z.string() }),
  commissioned: z.object({ atMs: timeMs, by: z.string().nullable() }).nullable().describe('null: new, waits for a person'),
  retired: deviceSummarySchema.shape.retired,
  /** Sent back with every change; a change to an older one is refused. */
  revision: z.number(),
  changedBy: z.string().nullable(),
  changedAtMs: timeMs.nullable(),
  settings: z.object({
    state: z.enum(SETTINGS_STATES),
    /** null: the agent's own. */
    intervalMs: z.number().nullable(),
    /** As agent.yaml has it; null: not known. */
    ownIntervalMs: z.number().nullable(),
    setAtMs: timeMs.nullable(),
  }),
  calibrations: z.array(pointCalibrationSchema),
  history: z.array(settingsChangeSchema).describe('Newest first'),
})
export type DeviceDetail = z.output<typeof deviceDetailSchema>

const revision = z.number().int().min(0)
const names = { name: z.string().trim().max(100), nameEn: z.string().trim().max(100) }

export const devices = {
  list: route
    .route({
      method: 'GET',
      path: '/devices',
      tags: ['devices'],
      summary: 'Devices: new ones that wait for a name and room, all, or retired ones',
    })
    .meta({ permission: 'readings.read' })
    .input(z.object({ scope: z.enum(['new', 'all', 'retired']).default('all') }))
    .output(z.array(deviceSummarySchema)),
  get: route
    .route({ method: 'GET', path: '/devices/{deviceId}', tags: ['devices'], summary: 'One device with its settings and their history' })
    .meta({ permission: 'readings.read' })
    .input(z.object({ deviceId: id }))
    .output(deviceDetailSchema),
  update: route
    .route({
      method: 'PUT',
      path: '/devices/{deviceId}',
      tags: ['devices'],
      summary: 'Name a device and its points, place it in a room, set its scan interval; what is left out stays',
    })
    .meta({ permission: 'rooms.write' })
    .input(
      z.object({
        deviceId: id,
        revision,
        name: shortText.optional(),
        nameEn: names.nameEn.optional(),
        roomId: id.optional(),
        points: z
          .array(z.object({ pointId: id, ...names }))
          .max(2000)
          .default([])
          .describe('An empty name gives the naming back to the device'),
        intervalMs: z
          .number()
          .int()
          .min(SCAN_INTERVAL_MS.min)
          .max(SCAN_INTERVAL_MS.max)
          .nullable()
          .optional()
          .describe("null: back to the agent's own"),
        reason: longText.default(''),
        confirm: z.boolean().default(false).describe('The device is no longer new'),
      }),
    )
    .output(deviceDetailSchema),
  confirm: route
    .route({ method: 'POST', path: '/devices/confirm', tags: ['devices'], summary: 'Take new devices as their agents describe them' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ deviceIds: z.array(id).min(1).max(500) }))
    .output(z.array(deviceSummarySchema)),
  calibrate: route
    .route({
      method: 'PUT',
      path: '/points/{pointId}/calibration',
      tags: ['devices'],
      summary: 'Calibrate a point: by an offset, or by what a reference instrument shows now',
    })
    .meta({ permission: 'rooms.write' })
    .input(
      z.object({
        pointId: id,
        revision,
        correction: z.union([z.strictObject({ offset: z.number().min(-1000).max(1000) }), z.strictObject({ shows: z.number() })]),
        reference: longText.min(1).max(200).describe('The reference instrument and its certificate'),
        reason: longText.default(''),
        isConfirmed: z.boolean().default(false).describe('The correction is large, and it is meant'),
      }),
    )
    .output(deviceDetailSchema),
  removeCalibration: route
    .route({ method: 'DELETE', path: '/points/{pointId}/calibration', tags: ['devices'], summary: 'Show the point as it is read again' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ pointId: id, revision, reason: longText.min(1) }))
    .output(deviceDetailSchema),
  retire: route
    .route({
      method: 'POST',
      path: '/devices/{deviceId}/retire',
      tags: ['devices'],
      summary: 'Hide an offline device that is gone for good; its history stays, and it comes back when it is born again',
    })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ deviceId: id, revision, reason: longText.min(1) }))
    .output(deviceDetailSchema),
  restore: route
    .route({ method: 'POST', path: '/devices/{deviceId}/restore', tags: ['devices'], summary: 'Show a retired device again' })
    .meta({ permission: 'rooms.write' })
    .input(z.object({ deviceId: id, revision }))
    .output(deviceDetailSchema),
}
