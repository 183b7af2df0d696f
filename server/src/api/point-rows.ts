import type { Device, Point } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority, isPointKind } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'
import { type LiveValue, STALE_INTERVALS, STALE_MIN_MS } from '../live/live-values.ts'

export interface PointRowsDeps {
  db: Db
  live: { get(pointId: number): LiveValue | undefined }
  /** Which devices are there now; the database only knows which there are. */
  directory: { devices: ReadonlyMap<number, { online: boolean }> }
  clock: { nowMs(): number }
}

/** States in which the condition itself stands. */
export const STANDING_STATES = ['UNACK', 'ACKED'] as const

/** Devices with points and latest readings, in a stable order (name, then id). */
export async function loadDevices(deps: PointRowsDeps, filter: { roomId?: number; deviceId?: number } = {}): Promise<Device[]> {
  let deviceQuery = deps.db
    .selectFrom('device')
    .innerJoin('edgeNode', 'edgeNode.id', 'device.nodeId')
    .selectAll('device')
    .select(['edgeNode.site', 'edgeNode.node'])
  let pointQuery = deps.db.selectFrom('point').innerJoin('device', 'device.id', 'point.deviceId').selectAll('point')
  if (filter.roomId !== undefined) {
    deviceQuery = deviceQuery.where('device.roomId', '=', filter.roomId)
    pointQuery = pointQuery.where('device.roomId', '=', filter.roomId)
  }
  if (filter.deviceId !== undefined) {
    deviceQuery = deviceQuery.where('device.id', '=', filter.deviceId)
    pointQuery = pointQuery.where('device.id', '=', filter.deviceId)
  }
  const devices = await deviceQuery.execute()
  const points = await pointQuery.orderBy('point.id').execute()
  const alarmOf = await standingPriorities(deps.db)
  const pointsOf = Map.groupBy(points, (point) => point.deviceId)
  const nowMs = deps.clock.nowMs()
  return devices
    .map((device) => ({ ...device, isOnline: deps.directory.devices.get(device.id)?.online ?? false }))
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
        ...latestReading(deps.live.get(point.id), point.intervalMs, device.isOnline, nowMs),
        alarm: alarmOf.get(point.id) ?? null,
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

/** Highest priority of the alarms that stand, per point. */
async function standingPriorities(db: Db): Promise<Map<number, AlarmPriority>> {
  const rows = await db
    .selectFrom('alarm')
    .select(['pointId', 'priority'])
    .where('state', 'in', STANDING_STATES)
    .where('pointId', 'is not', null)
    .execute()
  const highest = new Map<number, AlarmPriority>()
  for (const row of rows) {
    if (row.pointId === null) continue
    const priority = row.priority as AlarmPriority
    if (severityOf(priority) > severityOf(highest.get(row.pointId) ?? null)) highest.set(row.pointId, priority)
  }
  return highest
}

/** 0 = none, then low to critical. */
export function severityOf(priority: AlarmPriority | null): number {
  return priority === null ? 0 : ALARM_PRIORITIES.indexOf(priority) + 1
}
