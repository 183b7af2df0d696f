import type { LimitTarget } from '@roomkeeper/shared/http'
import { ROOM_CLASS_NAMES } from '@roomkeeper/shared/model'

/** A target as part of an address: `kind:temperature`, `room-class:auxiliary:humidity`, `room:3:temperature`, `device:7:load`, `point:12`. */
export function targetKey(target: LimitTarget): string {
  switch (target.scope) {
    case 'point':
      return `point:${target.pointId}`
    case 'device':
      return `device:${target.deviceId}:${target.kind}`
    case 'room':
      return `room:${target.roomId}:${target.kind}`
    case 'room-class':
      return `room-class:${target.roomClass}:${target.kind}`
    case 'kind':
      return `kind:${target.kind}`
  }
}

/** The target of an address; undefined for anything that is none. */
export function parseTargetKey(key: string): LimitTarget | undefined {
  const [scope, first = '', kind = ''] = key.split(':')
  const id = Number(first)
  const isId = Number.isInteger(id) && id > 0
  if (scope === 'point') return isId ? { scope, pointId: id } : undefined
  if (scope === 'kind') return first ? { scope, kind: first } : undefined
  if (!kind) return undefined
  if (scope === 'device') return isId ? { scope, deviceId: id, kind } : undefined
  if (scope === 'room') return isId ? { scope, roomId: id, kind } : undefined
  const roomClass = ROOM_CLASS_NAMES.find((name) => name === first)
  return scope === 'room-class' && roomClass ? { scope, roomClass, kind } : undefined
}
