import type { AlarmCondition, AlarmPriority, AlarmSource } from '@roomkeeper/shared/model'
import type { AlarmStore } from '../alarms/alarm-store.ts'
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
  for (const alarm of standing)
    alarms.submit({
      kind: 'clear',
      signal: {
        source: alarm.source as AlarmSource,
        sourceId: alarm.sourceId,
        condition: alarm.condition as AlarmCondition,
        priority: alarm.priority as AlarmPriority,
        atMs: Math.max(clock.nowMs(), alarm.lastEventAtMs),
        value: null,
        limit: null,
        late: false,
        roomId: alarm.roomId,
        deviceId: alarm.deviceId,
        pointId: alarm.pointId,
      },
    })
  await alarms.flush()
  for (const point of device.points.values()) point.judge.alignWith(new Map())
}
