import type { Device, Point } from '@roomkeeper/shared/http'
import type { PointKind } from '@roomkeeper/shared/model'
import { severityOf } from './point-rows.ts'

/** What a keeper looks at first. Regulation E1: temperature, humidity, voltage; then what ends the room soonest. */
const LEADING_KINDS: readonly PointKind[] = [
  'temperature',
  'humidity',
  'ups-status',
  'voltage',
  'battery-charge',
  'leak',
  'smoke',
  'cooling-fault',
  'door',
  'dew-point',
  'battery-runtime',
  'load',
]
/** Fits a tile; alarms beyond the list of kinds are added after these. */
const TILE_POINTS = 8

/** The worst point of each leading kind, in the order of kinds, then any other point in alarm, worst first. */
export function leadingPoints(points: readonly Point[]): Point[] {
  const ranked = [...points].sort(worstFirst)
  const leading = LEADING_KINDS.flatMap((kind) => {
    const ofKind = ranked.filter((point) => point.kind === kind && (kind !== 'voltage' || isMainsVoltage(point)))
    return ofKind.slice(0, 1)
  }).slice(0, TILE_POINTS)
  const others = ranked.filter((point) => point.alarm !== null && !leading.includes(point)).slice(0, TILE_POINTS - 4)
  return [...leading, ...others]
}

/** A voltage that comes from the mains rather than out of the UPS or its battery. */
export function isMainsVoltage(point: Pick<Point, 'key' | 'kind'>): boolean {
  return point.kind === 'voltage' && !/output|battery|out[._-]|rail|\bin\d+\b/i.test(point.key)
}

/** Devices as a tired person wants them: those in alarm, then those that are gone, then by what a keeper looks at first. */
export function devicesWorstFirst(devices: readonly Device[]): Device[] {
  const rank = (device: Device) => ({
    device,
    severity: Math.max(0, ...device.points.map(({ alarm }) => severityOf(alarm))),
    kind: Math.min(LEADING_KINDS.length, ...device.points.map(({ kind }) => LEADING_KINDS.indexOf(kind)).filter((index) => index >= 0)),
  })
  return devices
    .map(rank)
    .sort((a, b) => b.severity - a.severity || Number(a.device.online) - Number(b.device.online) || a.kind - b.kind)
    .map(({ device }) => device)
}

function worstFirst(a: Point, b: Point): number {
  return severityOf(b.alarm) - severityOf(a.alarm) || troubleOf(b) - troubleOf(a) || a.id - b.id
}

function troubleOf(point: Point): number {
  return point.quality === 'bad' ? 2 : point.quality === 'stale' ? 1 : 0
}
