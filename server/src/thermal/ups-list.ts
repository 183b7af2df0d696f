import type { UpsTruth } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'
import { batteryReplacement } from './battery-replacement.ts'
import { type HistoryReadingStore, meanCelsius } from './battery-warmth.ts'
import type { UpsPoints } from './room-points.ts'
import { upsNow } from './room-signs.ts'
import { batteryOf, dischargesOf, ofPresentBattery } from './thermal-rows.ts'
import { learnRuntime, runtimeLeft } from './ups-truth.ts'

export interface UpsListDeps {
  db: Db
  clock: { nowMs(): number }
  readings: HistoryReadingStore
}

/** What a UPS promises, what it was measured to do, and when its battery is due. */
export async function upsTruth(deps: UpsListDeps, roomId: number, ups: UpsPoints): Promise<UpsTruth> {
  const { device } = ups
  const { sample } = upsNow(ups)
  const battery = await batteryOf(deps.db, device.id)
  const all = await dischargesOf(deps.db, device.id)
  const counting = ofPresentBattery(all, battery?.installedMs)
  const learned = learnRuntime(counting)
  const { runtimeSeconds: claimedSeconds, ...withoutClaim } = sample
  const left = runtimeLeft(learned, withoutClaim)
  const batteryCelsius = await meanCelsius(deps.readings, ups.batteryTemperature, deps.clock.nowMs())
  const due = batteryReplacement({
    discharges: counting,
    ...(battery?.nominalFullLoadMinutes ? { nominalFullLoadSeconds: battery.nominalFullLoadMinutes * 60 } : {}),
    ...(battery?.installedMs ? { installedMs: battery.installedMs } : {}),
    ...(batteryCelsius === null ? {} : { meanBatteryCelsius: batteryCelsius }),
  })
  return {
    deviceId: device.id,
    deviceName: device.name,
    deviceNameEn: device.nameEn,
    roomId,
    online: device.online,
    status: sample.status ?? null,
    chargePercent: sample.chargePercent ?? null,
    loadPercent: sample.loadPercent ?? null,
    claimedSeconds: claimedSeconds ?? null,
    learnedSeconds: 'seconds' in left ? left.seconds : null,
    claimRatio: learned?.claimRatio ?? null,
    spread: learned?.spread ?? null,
    measured: counting.length,
    discharges: all
      .map((discharge) => ({ ...discharge, isOfEarlierBattery: !counting.includes(discharge) }))
      .reverse()
      .slice(0, 50),
    battery: battery ? batteryFacts(battery) : null,
    replacement: 'unknown' in due ? null : { ...due, ...wholeTimes(due) },
    batteryCelsius,
  }
}

/** Before 1970 there is no time on the wire; a trend that is flat may reach for it. */
function wholeTimes({ dueMs, earliestMs, latestMs }: { dueMs: number; earliestMs: number; latestMs: number }) {
  const whole = (ms: number) => Math.min(8.64e15, Math.max(0, Math.round(ms)))
  return { dueMs: whole(dueMs), earliestMs: whole(earliestMs), latestMs: whole(latestMs) }
}

type BatteryRow = NonNullable<Awaited<ReturnType<typeof batteryOf>>>

export function batteryFacts({
  installedMs,
  nominalFullLoadMinutes,
  note,
  revision,
  by,
  atMs,
}: BatteryRow): NonNullable<UpsTruth['battery']> {
  return { installedMs, nominalFullLoadMinutes, note, revision, by, atMs }
}
