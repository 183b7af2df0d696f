import type { Device, LimitSet, LimitTarget, Point, Room } from '@roomkeeper/shared/http'

/** Everything that limits can be for: rooms, their devices and points. */
export interface Places {
  rooms: readonly Room[]
  entries: readonly { room: Room; device: Device; point: Point }[]
}

/** The points that a target is for, whether something more specific is set for them or not. */
export function entriesOf(target: LimitTarget, { entries }: Places): Places['entries'] {
  return entries.filter((entry) => isFor(target, entry))
}

function isFor(target: LimitTarget, { room, device, point }: Places['entries'][number]): boolean {
  if (target.scope === 'point') return point.id === target.pointId
  if (point.kind !== target.kind) return false
  if (target.scope === 'device') return device.id === target.deviceId
  if (target.scope === 'room') return room.id === target.roomId
  return target.scope === 'kind' || room.class === target.roomClass
}

/** Whether a set of limits is for a point of this room, and so of interest to who looks at the room. */
export function concernsRoom({ target }: Pick<LimitSet, 'target'>, roomId: number, places: Places): boolean {
  return entriesOf(target, places).some(({ room }) => room.id === roomId) || (target.scope === 'room' && target.roomId === roomId)
}

/** The kinds of the points a person may choose from, in the order in which they first appear. */
export function kindsOf(entries: Places['entries']): string[] {
  return [...new Set(entries.map(({ point }) => point.kind))]
}

/** Where there is one room only, nobody has to choose it. */
export function onlyRoomId({ rooms }: Pick<Places, 'rooms'>): number | undefined {
  return rooms.length === 1 ? rooms[0]?.id : undefined
}
