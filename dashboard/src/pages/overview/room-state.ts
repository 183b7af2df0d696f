import type { RoomOverview } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'

/**
 * What a room's tile says first. `quiet` is only said when values are coming and none is in alarm: silence because
 * nothing is measured, because all is stale, or because this screen is cut off are different words.
 */
export type RoomState = AlarmPriority | 'returned' | 'cut-off' | 'no-data' | 'stale' | 'partly-stale' | 'quiet'

export function roomState(room: RoomOverview, isConnectionLost: boolean): RoomState {
  const worst = worstPriority(room)
  if (worst) return worst
  if (isConnectionLost) return 'cut-off'
  // All has returned to normal, but nobody has looked yet: not quiet.
  if (room.alarms.unacknowledged > 0) return 'returned'
  if (room.points === 0) return 'no-data'
  if (room.pointsStale >= room.points) return 'stale'
  return room.pointsStale > 0 || room.devicesOffline > 0 || room.pointsBad > 0 ? 'partly-stale' : 'quiet'
}

export function worstPriority(room: Pick<RoomOverview, 'alarms'>): AlarmPriority | undefined {
  return [...ALARM_PRIORITIES].reverse().find((priority) => room.alarms[priority] > 0)
}

const ORDER: readonly RoomState[] = [
  'critical',
  'high',
  'medium',
  'low',
  'returned',
  'stale',
  'partly-stale',
  'cut-off',
  'no-data',
  'quiet',
]

/** Critical first; unacknowledged before acknowledged of the same priority; then by name, so that tiles do not dance. */
export function byRoomUrgency(a: RoomOverview, b: RoomOverview): number {
  return (
    ORDER.indexOf(roomState(a, false)) - ORDER.indexOf(roomState(b, false)) ||
    Number(b.alarms.unacknowledged > 0) - Number(a.alarms.unacknowledged > 0) ||
    a.name.localeCompare(b.name, 'zh')
  )
}
