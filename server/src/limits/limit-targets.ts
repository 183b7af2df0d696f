import type { LimitTarget } from '@roomkeeper/shared/http'
import { type LimitScope, type PointKind, pointKindInfo, type RoomClass } from '@roomkeeper/shared/model'
import { type Directory, subjectOf } from '../ingest/directory.ts'
import type { PointEntry } from '../ingest/entries.ts'
import { isOfTarget, type LimitSubject, type TargetKey } from './limit-registry.ts'

type Known = Pick<Directory, 'rooms' | 'devices' | 'points'>

/** A target as people see it. */
export interface NamedTarget {
  label: string
  labelEn: string
  kind: PointKind
  unit: string
}

/** The target's name in the database. */
export function keyOf(target: LimitTarget): TargetKey {
  switch (target.scope) {
    case 'point':
      return { scope: 'point', scopeKey: String(target.pointId), kind: '' }
    case 'device':
      return { scope: 'device', scopeKey: String(target.deviceId), kind: target.kind }
    case 'room':
      return { scope: 'room', scopeKey: String(target.roomId), kind: target.kind }
    case 'room-class':
      return { scope: 'room-class', scopeKey: target.roomClass, kind: target.kind }
    case 'kind':
      return { scope: 'kind', scopeKey: '', kind: target.kind }
  }
}

export function targetOf({ scope, scopeKey, kind }: TargetKey): LimitTarget {
  switch (scope) {
    case 'point':
      return { scope, pointId: Number(scopeKey) }
    case 'device':
      return { scope, deviceId: Number(scopeKey), kind }
    case 'room':
      return { scope, roomId: Number(scopeKey), kind }
    case 'room-class':
      return { scope, roomClass: scopeKey as RoomClass, kind }
    case 'kind':
      return { scope, kind }
  }
}

/** undefined: there is no such point, device or room. The kind is taken as it is: `kind` of a point's own set is the point's. */
export function nameTarget(known: Known, { scope, scopeKey, kind }: TargetKey): NamedTarget | undefined {
  const ofKind = { kind: kind as PointKind, unit: kind === '' ? '' : pointKindInfo(kind as PointKind).unit }
  if (scope === 'point') {
    const point = known.points.get(Number(scopeKey))
    if (!point || point.device.isDrill) return undefined
    return { ...pointLabel(point), kind: point.kind, unit: point.unit }
  }
  if (scope === 'device') {
    const device = known.devices.get(Number(scopeKey))
    return device && !device.isDrill ? { label: device.name, labelEn: device.nameEn || device.name, ...ofKind } : undefined
  }
  if (scope === 'room') {
    const room = known.rooms.get(Number(scopeKey))
    return room && { label: room.name, labelEn: room.name, ...ofKind }
  }
  return { label: '', labelEn: '', ...ofKind }
}

/** A point with the device it belongs to; one without a name is called by its kind. */
export function pointLabel(point: PointEntry): { label: string; labelEn: string } {
  const { zh, en } = pointKindInfo(point.kind)
  const { device } = point
  return {
    label: `${device.name} · ${point.name || zh}`,
    labelEn: `${device.nameEn || device.name} · ${point.nameEn || point.name || en}`,
  }
}

/** The points of a target that are in use, whatever else is set for them. */
export function pointsOfTarget(known: Known, target: TargetKey): PointEntry[] {
  return [...known.points.values()].filter(
    (point) => !point.device.retired && !point.device.isDrill && isOfTarget(subjectOf(point), target),
  )
}

/** A point as the target's next one would be: what holds where there is none yet. */
export function imaginedPoint(known: Known, target: TargetKey, kind: PointKind): LimitSubject {
  const device = target.scope === 'device' ? known.devices.get(Number(target.scopeKey)) : undefined
  const room = device?.room ?? (target.scope === 'room' ? known.rooms.get(Number(target.scopeKey)) : undefined)
  const roomClass = target.scope === 'room-class' ? (target.scopeKey as RoomClass) : (room?.class ?? 'computer-room')
  return { id: 0, key: '', kind, nominal: null, deviceId: device?.id ?? 0, roomId: room?.id ?? 0, roomClass }
}

/** How the audit trail names it. */
export function entityOf({ scope, scopeKey, kind }: TargetKey): string {
  const named: Record<Exclude<LimitScope, 'built-in'>, string> = {
    point: `point:${scopeKey}`,
    device: `device:${scopeKey}`,
    room: `room:${scopeKey}`,
    'room-class': `room-class:${scopeKey}`,
    kind: `kind:${kind}`,
  }
  return named[scope]
}
