import type { Device, Point } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority, isPointKind } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { settingsOf } from '../devices/settings-rows.ts'
import { type LiveValue, STALE_INTERVALS, STALE_MIN_MS } from '../live/live-values.ts'
import { DRILL_NODE } from '../proof/drill-device.ts'

export interface PointRowsDeps {
  db: Db
  live: { get(pointId: number): LiveValue | undefined }
  /** Which devices are there now; the database only knows which there are. */
  directory: { devices: ReadonlyMap<number, { online: boolean }> }
  clock: { nowMs(): number }
}

/** The condition stands, and people are told of it; in a silent state it may stand as well (`alarm.active`). */
export const STANDING_STATES = ['UNACK', 'ACKED'] as const

/** Devices with points and latest readings, in a stable order (name, then id). */
export async function loadDevices(deps: PointRowsDeps, filter: { roomId?: number; deviceId?: number } = {}): Promise<Device[]> {
  let deviceQuery = deps.db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .selectAll('device')
    .select(['edgeNode.site', 'edgeNode.node'])
    // What a drill brings is shown as a drill only.
    .where('edgeNode.node', '<>', DRILL_NODE)
  let pointQuery = deps.db.selectFrom('point').innerJoin('device', 'device.id', 'point.deviceId').selectAll('point')
  if (filter.roomId !== undefined) {
    deviceQuery = deviceQuery.where('device.roomId', '=', filter.roomId)
    pointQuery = pointQuery.where('device.roomId', '=', filter.roomId)
  }
  // A retired device is seen only by who asks for it.
  if (filter.deviceId === undefined) {
    deviceQuery = deviceQuery.where('device.retiredAtMs', 'is', null)
    pointQuery = pointQuery.where('device.retiredAtMs', 'is', null)
  }
  if (filter.deviceId !== undefined) {
    deviceQuery = deviceQuery.where('device.id', '=', filter.deviceId)
    pointQuery = pointQuery.where('device.id', '=', filter.deviceId)
  }
  const devices = await deviceQuery.execute()
  const points = await pointQuery.orderBy('point.id').execute()
  const { alarmOf, outageOf } = await standingAlarms(deps.db)
  const pointsOf = Map.groupBy(points, (point) => point.deviceId)
  const nowMs = deps.clock.nowMs()
  return devices
    .map((device) => ({
      ...device,
      isOnline: deps.directory.devices.get(device.id)?.online ?? false,
      calibrations: settingsOf(device.heldSettingsJson).calibrations,
    }))
    .map((device) => ({
      id: device.id,
      path: `${device.site}/${device.node}/${device.device}`,
      name: device.name,
      nameEn: device.nameEn,
      maker: device.maker,
      model: device.model,
      roomId: device.roomId,
      online: device.isOnline,
      bornAtMs: device.bornAtMs,
      isNew: device.commissionedAtMs === null,
      outage: outageOf(device),
      points: (pointsOf.get(device.id) ?? []).map((point) => ({
        id: point.id,
        deviceId: point.deviceId,
        key: point.key,
        name: point.name,
        nameEn: point.nameEn,
        // A kind that a newer agent sent is shown as a plain number.
        kind: isPointKind(point.kind) ? point.kind : ('number' as const),
        unit: point.unit,
        intervalMs: point.intervalMs,
        low: point.low,
        high: point.high,
        isWritable: point.isWritable === 1,
        ...latestReading(deps.live.get(point.id), point.intervalMs, device.isOnline, nowMs),
        alarm: alarmOf.get(point.id) ?? null,
        calibration: device.calibrations[point.key] ?? null,
      })),
    }))
    .sort((a, b) => a.name.localeCompare(b.name, 'zh') || a.id - b.id)
}

/** No value looks fresh that is not: silence longer than three intervals and a device that is away both make it stale. */
export function latestReading(
  live: LiveValue | undefined,
  intervalMs: number,
  online: boolean,
  nowMs: number,
): Pick<Point, 'timeMs' | 'value' | 'quality' | 'reason'> {
  // Ingest makes the object before the first reading.
  if (!live || live.timeMs === 0) return { timeMs: null, value: null, quality: 'stale', reason: null }
  const isSilent = nowMs - live.receivedAtMs > Math.max(STALE_INTERVALS * intervalMs, STALE_MIN_MS)
  return { timeMs: live.timeMs, value: live.value, quality: isSilent || !online ? 'stale' : live.quality, reason: live.reason }
}

export type Outage = NonNullable<Device['outage']>

/** What stands: per point the highest priority, per device the alarm for the silence of it or of its agent. */
async function standingAlarms(db: Db): Promise<{
  alarmOf: ReadonlyMap<number, AlarmPriority>
  outageOf(device: { id: number; nodeId: number }): Outage | null
}> {
  const rows = await db
    .selectFrom('alarm')
    .select(['pointId', 'priority', 'condition', 'sourceId', 'raisedAtMs', 'state'])
    .where('active', '=', 1)
    .execute()
  const alarmOf = new Map<number, AlarmPriority>()
  const outages = new Map<string, Outage>()
  for (const { pointId, condition, sourceId, raisedAtMs, state, ...row } of rows) {
    if (condition === 'device-offline' || condition === 'node-offline')
      outages.set(`${condition} ${sourceId}`, { condition, sinceMs: raisedAtMs })
    // A silence is a fact whether anybody is told of it or not; a shelved limit colours nothing.
    if (pointId === null || !(STANDING_STATES as readonly string[]).includes(state)) continue
    const priority = row.priority as AlarmPriority
    if (severityOf(priority) > severityOf(alarmOf.get(pointId) ?? null)) alarmOf.set(pointId, priority)
  }
  return { alarmOf, outageOf: ({ id, nodeId }) => outages.get(`node-offline ${nodeId}`) ?? outages.get(`device-offline ${id}`) ?? null }
}

/** 0 = none, then low to critical. */
export function severityOf(priority: AlarmPriority | null): number {
  return priority === null ? 0 : ALARM_PRIORITIES.indexOf(priority) + 1
}
