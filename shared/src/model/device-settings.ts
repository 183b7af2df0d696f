import { z } from 'zod'

/** Time between two scans that people may set, ms; agent.yaml takes the same. */
export const SCAN_INTERVAL_MS = { min: 100, max: 86_400_000, default: 10_000 } as const

/** A correction found by comparing a point with a reference instrument: shown value = read value + offset, in the point's unit. */
export const calibrationSchema = z.strictObject({
  offset: z.number().min(-1000).max(1000),
  /** When it was compared, UTC ms. */
  atMs: z.number().int().nonnegative(),
  by: z.string().max(100),
})
export type Calibration = z.output<typeof calibrationSchema>

/**
 * What people set for one device on the server. It stands above agent.yaml. The agent obeys the last it was told, keeps it over restarts and
 * says it in every birth (`DEVICE_SETTINGS`), so that the server can repeat what did not arrive.
 */
export const deviceSettingsSchema = z.strictObject({
  intervalMs: z.number().int().min(SCAN_INTERVAL_MS.min).max(SCAN_INTERVAL_MS.max).optional(),
  /** By point key. */
  calibrations: z.record(z.string(), calibrationSchema).default({}),
})
export type DeviceSettings = z.output<typeof deviceSettingsSchema>

/** The settings in a birth or command; undefined when the text is none. */
export function parseDeviceSettings(text: unknown): DeviceSettings | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return deviceSettingsSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
