import type { Device, Point } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority, type ReadingValue, upsTokens } from '@roomkeeper/shared/model'
import type { Freshness } from '../live/staleness.ts'

/**
 * What is told of a thing on the plan besides its alarm. missing: what the plan names is not in this room any more; unlinked: the plan names
 * nothing; unknown: no fresh reading says how it is.
 */
export type ItemSign = 'missing' | 'unlinked' | 'offline' | 'on-battery' | 'open' | 'unknown' | 'ok'

export interface ItemState {
  sign: ItemSign
  /** The highest of its alarms. */
  priority: AlarmPriority | null
}

/** The newest reading of a point, and how it may be shown. */
export type ReadNow = (point: Point) => { value: ReadingValue; freshness: Freshness }

/** UPS tokens (RFC 9271) that say that the load hangs on the battery. */
const ON_BATTERY: readonly string[] = ['OB', 'LB', 'FSD']

export function deviceState(deviceId: number | null, device: Device | undefined, read: ReadNow): ItemState {
  if (deviceId === null) return { sign: 'unlinked', priority: null }
  if (!device) return { sign: 'missing', priority: null }
  const priority = worstOf(device.points)
  if (!device.online) return { sign: 'offline', priority }
  const known = device.points.map((point) => ({ point, ...read(point) })).filter(({ freshness }) => freshness === 'fresh')
  if (known.length === 0) return { sign: 'unknown', priority }
  const status = known.find(({ point }) => point.kind === 'ups-status')?.value
  return { sign: upsTokens(status).some((token) => ON_BATTERY.includes(token)) ? 'on-battery' : 'ok', priority }
}

export function doorState(pointId: number | null, point: Point | undefined, read: ReadNow): ItemState {
  if (pointId === null) return { sign: 'unlinked', priority: null }
  if (!point) return { sign: 'missing', priority: null }
  const { value, freshness } = read(point)
  if (freshness !== 'fresh') return { sign: 'unknown', priority: point.alarm }
  return { sign: value === true || value === 1 ? 'open' : 'ok', priority: point.alarm }
}

function worstOf(points: readonly Point[]): AlarmPriority | null {
  return [...ALARM_PRIORITIES].reverse().find((priority) => points.some(({ alarm }) => alarm === priority)) ?? null
}

/** What a keeper wants to see of a device first. */
const TELLING_KINDS: readonly string[] = [
  'ups-status',
  'temperature',
  'battery-charge',
  'load',
  'leak',
  'smoke',
  'humidity',
  'power',
  'number',
]

/** The point whose trend opens for a device: its worst alarm, else the one that tells most. */
export function tellingPoint(device: Device): Point | undefined {
  const worst = worstOf(device.points)
  if (worst) return device.points.find(({ alarm }) => alarm === worst)
  const byKind = TELLING_KINDS.flatMap((kind) => device.points.find((point) => point.kind === kind) ?? [])
  return byKind[0] ?? device.points[0]
}
