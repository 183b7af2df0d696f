import type { AlarmCondition, AlarmPriority, AlarmSource } from '@roomkeeper/shared/model'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Db } from '../database/schema.ts'
import type { DeviceEntry } from '../ingest/entries.ts'
import type { SilenceWatch } from '../live/silence-watch.ts'

export interface RetireDependencies {
  db: Db
  clock: { nowMs(): number }
  alarms: Pick<AlarmStore, 'submit' | 'flush'>
  silence: Pick<SilenceWatch, 'forget'>
}

/**
 * After a device was taken out of use: nothing is left that could clear its alarms, so they clear now (what nobody has acknowledged still
 * waits for that). Should it be born again, its limits are judged as those of a device without alarms.
 */
export async function clearRetired({ db, clock, alarms, silence }: RetireDependencies, device: DeviceEntry): Promise<void> {
  silence.forget(device)
  await alarms.flush()
  const standing = await db.selectFrom('alarm').selectAll().where('deviceId', '=', device.id).where('active', '=', 1).execute()
  for (const { source, sourceId, condition, priority, lastEventAtMs, roomId, deviceId, pointId } of standing) {
    const of = { source: source as AlarmSource, condition: condition as AlarmCondition, priority: priority as AlarmPriority }
    const atMs = Math.max(clock.nowMs(), lastEventAtMs)
    alarms.submit({ kind: 'clear', signal: ownSignal({ ...of, sourceId, atMs, roomId, deviceId, pointId }) })
  }
  await alarms.flush()
  for (const point of device.points.values()) point.judge.alignWith(new Map())
}
