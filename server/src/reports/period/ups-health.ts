import type { PointKind } from '@roomkeeper/shared/model'
import type { Db } from '../../database/schema.ts'
import { type BatteryReplacement, batteryReplacement } from '../../thermal/battery-replacement.ts'
import { batteryOf, dischargesOf, ofPresentBattery } from '../../thermal/thermal-rows.ts'
import { learnRuntime } from '../../thermal/ups-truth.ts'
import type { KindFigures, PeriodPoint } from './load-period.ts'
import { meanOf } from './slot-fold.ts'

/** One UPS as its own discharges up to the period's end show it. */
export interface UpsHealth {
  deviceName: string
  measured: number
  /** A full charge at rated power, s: measured, and as the UPS claims; null: nothing is known. */
  learnedSeconds: number | null
  claimedSeconds: number | null
  installedMs: number | null
  replacement: Extract<BatteryReplacement, { dueMs: number }> | null
}

const SIGNS: ReadonlySet<PointKind> = new Set<PointKind>(['ups-status', 'battery-charge', 'battery-runtime'])

/** The UPSes among the points' devices. */
export async function loadUpsHealth(
  db: Db,
  points: readonly PeriodPoint[],
  kinds: readonly KindFigures[],
  untilMs: number,
): Promise<UpsHealth[]> {
  const devices = new Map(points.filter(({ kind }) => SIGNS.has(kind as PointKind)).map(({ device }) => [device.id, device]))
  const warmth = kinds.find(({ kind }) => kind === 'battery-temperature')
  const meanCelsius = warmth ? meanOf(warmth.now) : null
  const found: UpsHealth[] = []
  for (const { id, name } of devices.values()) {
    const battery = await batteryOf(db, id)
    const discharges = ofPresentBattery(await dischargesOf(db, id), battery?.installedMs).filter(({ endMs }) => endMs <= untilMs)
    const learned = learnRuntime(discharges)
    const due = batteryReplacement({
      discharges,
      ...(battery?.nominalFullLoadMinutes ? { nominalFullLoadSeconds: battery.nominalFullLoadMinutes * 60 } : {}),
      ...(battery?.installedMs ? { installedMs: battery.installedMs } : {}),
      ...(meanCelsius === null ? {} : { meanBatteryCelsius: meanCelsius }),
    })
    found.push({
      deviceName: name,
      measured: discharges.length,
      learnedSeconds: learned?.fullLoadSeconds ?? null,
      claimedSeconds: learned?.claimRatio ? learned.fullLoadSeconds / learned.claimRatio : null,
      installedMs: battery?.installedMs ?? null,
      replacement: 'unknown' in due ? null : due,
    })
  }
  return found
}
