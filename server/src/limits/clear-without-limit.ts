import { type AlarmPriority, LIMIT_CONDITIONS } from '@roomkeeper/shared/model'
import type { AlarmStore } from '../alarms/alarm-store.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Db } from '../database/schema.ts'
import type { PointEntry } from '../ingest/entries.ts'

export interface ClearWithoutLimitDeps {
  db: Db
  clock: { nowMs(): number }
  alarms: Pick<AlarmStore, 'submit' | 'flush'>
}

/** An alarm whose limit is gone has nothing left that could clear it: it clears now, and still waits for an acknowledgement. */
export async function clearWithoutLimit({ db, clock, alarms }: ClearWithoutLimitDeps, points: readonly PointEntry[]): Promise<void> {
  await alarms.flush()
  const byId = new Map(points.map((point) => [point.id, point]))
  const standing = await db.selectFrom('alarm').selectAll().where('source', '=', 'point').where('active', '=', 1).execute()
  for (const { sourceId, condition: name, priority, lastEventAtMs, roomId, deviceId } of standing) {
    const point = byId.get(sourceId)
    const condition = LIMIT_CONDITIONS.find((one) => one === name)
    if (!point || !condition || point.limits.some((limit) => limit.enabled && limit.condition === condition)) continue
    alarms.submit({
      kind: 'clear',
      signal: ownSignal({
        ...{ source: 'point', sourceId, condition, priority: priority as AlarmPriority },
        ...{ atMs: Math.max(clock.nowMs(), lastEventAtMs), roomId, deviceId, pointId: sourceId },
      }),
    })
  }
  await alarms.flush()
}
