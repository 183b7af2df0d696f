import { type DeviceSettings, parseDeviceSettings } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'

/** What `device.heldSettingsJson` says for an agent whose births name no settings at all. */
export const UNSUPPORTED = ''

export type SettingsChangeKind = 'interval' | 'calibration' | 'calibration-removed' | 'found'

/** A further version of a device's settings. */
export interface NewSettings {
  settings: DeviceSettings
  change: SettingsChangeKind
  pointKey: string | null
  reference: string
  reason: string
  author: string
}

/** The newest settings that people gave a device; undefined when nobody ever did. */
export async function newestSettings(
  db: Db,
  deviceId: number,
): Promise<{ settings: DeviceSettings; version: number; atMs: number } | undefined> {
  const row = await db
    .selectFrom('deviceSettings')
    .selectAll()
    .where('deviceId', '=', deviceId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row && { settings: settingsOf(row.settingsJson), version: row.version, atMs: row.atMs }
}

/** Adds a version; the earlier ones stay as they are. Inside the transaction of the change it belongs to. */
export async function addSettings(transaction: Db, deviceId: number, next: NewSettings, nowMs: number): Promise<number> {
  const version = ((await newestSettings(transaction, deviceId))?.version ?? 0) + 1
  const { settings, ...about } = next
  await transaction
    .insertInto('deviceSettings')
    .values({ deviceId, version, settingsJson: canonicalSettings(settings), ...about, atMs: nowMs })
    .execute()
  return version
}

/** Settings kept in the database; they were checked when they were written. */
export function settingsOf(json: string | null): DeviceSettings {
  return parseDeviceSettings(json) ?? { calibrations: {} }
}

/** One text for equal settings, whatever order their keys came in. */
export function canonicalSettings({ intervalMs, calibrations }: DeviceSettings): string {
  const sorted = Object.fromEntries(
    Object.keys(calibrations)
      .sort()
      .flatMap((key) => {
        const calibration = calibrations[key]
        return calibration ? [[key, { offset: calibration.offset, atMs: calibration.atMs, by: calibration.by }]] : []
      }),
  )
  return JSON.stringify({ ...(intervalMs === undefined ? {} : { intervalMs }), calibrations: sorted })
}

/** Whether the agent has what people set. `held`: as `device.heldSettingsJson`; null before its first birth of this version. */
export function settingsState(wanted: string | undefined, held: string | null): 'none' | 'confirmed' | 'waiting' | 'unsupported' {
  if (wanted === undefined) return 'none'
  if (held === UNSUPPORTED) return 'unsupported'
  return held === wanted ? 'confirmed' : 'waiting'
}
