import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import type { AlarmPriority } from '@roomkeeper/shared/model'
import { loadSchedules } from '../schedules/load-schedules.ts'
import { MACHINE_ZONE } from '../schedules/working-days.ts'
import { leadingPoints } from './leading-points.ts'
import { loadDevices, type PointRowsDeps, STANDING_STATES } from './point-rows.ts'

export interface RoomOverviewsDeps extends PointRowsDeps {
  /** IANA name; default: the machine's. */
  timeZone?: string
}

/** Rooms with their state, worst first (most severe alarm, then site and name), or the one room asked for. */
export async function loadOverviews(deps: RoomOverviewsDeps, roomId?: number): Promise<{ overview: RoomOverview; devices: Device[] }[]> {
  let roomQuery = deps.db.selectFrom('room').select(['id', 'site', 'name', 'class'])
  if (roomId !== undefined) roomQuery = roomQuery.where('id', '=', roomId)
  const rooms = await roomQuery.execute()
  if (rooms.length === 0) return []
  const devicesOf = Map.groupBy(await loadDevices(deps, { roomId }), (device) => device.roomId)
  const alarmsOf = Map.groupBy(
    await deps.db.selectFrom('alarm').select(['roomId', 'priority', 'state']).where('state', '<>', 'NORM').where('drill', '=', 0).execute(),
    (alarm) => alarm.roomId,
  )
  const incidentsOf = Map.groupBy(
    await deps.db.selectFrom('incident').select(['roomId']).where('state', '=', 'open').execute(),
    (incident) => incident.roomId,
  )
  const timeZone = deps.timeZone ?? MACHINE_ZONE
  const schedules = await loadSchedules(deps.db, { nowMs: deps.clock.nowMs(), timeZone, register: 'inspection' })
  return rooms
    .map((room) => {
      const devices = devicesOf.get(room.id) ?? []
      const points = devices.flatMap((device) => device.points)
      const overview: RoomOverview = {
        ...room,
        class: room.class as RoomOverview['class'],
        devices: devices.length,
        devicesOffline: devices.filter((device) => !device.online).length,
        points: points.length,
        pointsStale: points.filter((point) => point.quality === 'stale').length,
        pointsBad: points.filter((point) => point.quality === 'bad').length,
        alarms: countAlarms(alarmsOf.get(room.id) ?? []),
        openIncidents: incidentsOf.get(room.id)?.length ?? 0,
        inspectionDueAtMs: schedules.find((schedule) => schedule.roomId === room.id)?.dueAtMs ?? null,
        leading: leadingPoints(points),
      }
      return { overview, devices }
    })
    .sort((a, b) => worstFirst(a.overview, b.overview))
}

/** Per priority: alarms whose condition stands. Unacknowledged: also those that returned to normal before anyone acknowledged them. */
function countAlarms(alarms: readonly { priority: string; state: string }[]): RoomOverview['alarms'] {
  const counts = { low: 0, medium: 0, high: 0, critical: 0, unacknowledged: 0 }
  for (const alarm of alarms) {
    if ((STANDING_STATES as readonly string[]).includes(alarm.state)) counts[alarm.priority as AlarmPriority] += 1
    if (alarm.state === 'UNACK' || alarm.state === 'RTNUN') counts.unacknowledged += 1
  }
  return counts
}

function worstFirst(a: RoomOverview, b: RoomOverview): number {
  return rankOf(b) - rankOf(a) || a.site.localeCompare(b.site, 'zh') || a.name.localeCompare(b.name, 'zh') || a.id - b.id
}

function rankOf({ alarms }: RoomOverview): number {
  if (alarms.critical > 0) return 4
  if (alarms.high > 0) return 3
  if (alarms.medium > 0) return 2
  return alarms.low > 0 ? 1 : 0
}
