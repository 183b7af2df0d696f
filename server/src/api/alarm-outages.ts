import type { Alarm } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import type { LiveValue } from '../live/live-values.ts'

export interface AlarmOutagesDeps {
  db: Db
  directory: Pick<Directory, 'devices'>
  live: { get(pointId: number): LiveValue | undefined }
}

/** Alarms of points that stand although nobody knows their value, and what an offline alarm suppresses by design while it stands (ISA-18.2). */
export async function withOutages(deps: AlarmOutagesDeps, alarms: Alarm[]): Promise<Alarm[]> {
  const rows = await deps.db
    .selectFrom('alarm')
    .select(['condition', 'sourceId', 'raisedAtMs'])
    .where('condition', 'in', ['device-offline', 'node-offline'])
    .where('active', '=', 1)
    .execute()
  const folded = await foldedUnder(deps.db, alarms)
  if (rows.length === 0 && folded.size === 0) return alarms
  const standing = new Map(rows.map((row) => [`${row.condition} ${row.sourceId}`, row.raisedAtMs]))
  return alarms.map((alarm) =>
    alarm.active || folded.has(alarm.id)
      ? { ...alarm, valueUnknown: valueUnknown(deps, alarm, standing), suppresses: suppresses(deps, alarm, folded.get(alarm.id) ?? 0) }
      : alarm,
  )
}

/** How many alarms are folded under each as their cause. */
async function foldedUnder(db: Db, alarms: readonly Alarm[]): Promise<ReadonlyMap<number, number>> {
  const ids = alarms.map(({ id }) => id)
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('alarm')
    .select(['causeId', db.fn.countAll<number>().as('count')])
    .where('causeId', 'in', ids)
    .where('state', '=', 'DSUPR')
    .groupBy('causeId')
    .execute()
  return new Map(rows.map(({ causeId, count }) => [causeId ?? 0, Number(count)]))
}

function valueUnknown({ directory, live }: AlarmOutagesDeps, alarm: Alarm, standing: ReadonlyMap<string, number>): Alarm['valueUnknown'] {
  if (!alarm.active || alarm.pointId === null || alarm.condition === 'no-data') return null
  const device = directory.devices.get(alarm.deviceId ?? 0)
  for (const [cause, id] of [
    ['node-offline', device?.nodeId],
    ['device-offline', device?.id],
  ] as const) {
    const raisedAtMs = standing.get(`${cause} ${id}`)
    // Known until the last reading; after a restart of the server that is not in memory, and the alarm's own time is the best there is.
    if (raisedAtMs !== undefined) return { cause, sinceMs: live.get(alarm.pointId)?.timeMs || raisedAtMs }
  }
  return null
}

function suppresses({ directory }: AlarmOutagesDeps, alarm: Alarm, folded: number): Alarm['suppresses'] {
  const all = [...directory.devices.values()].filter(({ retired }) => !retired)
  if (alarm.condition === 'device-offline') {
    const device = all.find(({ id }) => id === alarm.sourceId)
    return device && alarm.active ? { devices: 0, points: device.points.size, alarms: 0 } : null
  }
  if (folded > 0) return { devices: 0, points: 0, alarms: folded }
  if (alarm.condition !== 'node-offline' || !alarm.active) return null
  const below = all.filter(({ nodeId }) => nodeId === alarm.sourceId)
  return { devices: below.length, points: below.reduce((sum, { points }) => sum + points.size, 0), alarms: 0 }
}
