import type { Inspection, InspectionItem } from '@roomkeeper/shared/http'
import type { Logger } from 'pino'
import { isMainsVoltage } from '../api/leading-points.ts'
import { loadDevices, type PointRowsDeps } from '../api/point-rows.ts'
import type { ReadingStore } from '../readings/reading-store.ts'
import type { PointHandle } from '../readings/scan.ts'

export interface RoomMeasurementsDeps extends PointRowsDeps {
  readings: Pick<ReadingStore, 'history'>
  directory: PointRowsDeps['directory'] & { points: ReadonlyMap<number, PointHandle> }
  log: Logger
}

type Measured = Inspection['measured']

const MEASURED_KINDS = { temperature: 'temperature', humidity: 'humidity', voltage: 'voltage' } as const satisfies Partial<
  Record<InspectionItem, string>
>
/** Min and max of a week do not need fine buckets: the store keeps them whatever the width. */
const MAX_BUCKETS = 200

/**
 * What the sensors of a room say for the inspection sheet: the latest good value (the mean of several sensors), and the lowest and
 * highest since `fromMs`. A store that is away leaves min and max empty; the sheet can still be filled in.
 */
export async function measureRoom(deps: RoomMeasurementsDeps, roomId: number, fromMs: number): Promise<Measured> {
  const points = (await loadDevices(deps, { roomId })).flatMap((device) => device.points)
  const nowMs = deps.clock.nowMs()
  const measured: Measured = {}
  for (const [item, kind] of Object.entries(MEASURED_KINDS) as [keyof typeof MEASURED_KINDS, string][]) {
    const ofKind = points.filter((point) => point.kind === kind && (kind !== 'voltage' || isMainsVoltage(point)))
    const latest = ofKind.flatMap(({ quality, value }) => (quality === 'good' && typeof value === 'number' ? [value] : []))
    const extremes = await Promise.all(ofKind.map((point) => extremesOf(deps, point.id, fromMs, nowMs)))
    const mins = extremes.flatMap(({ min }) => (min === null ? [] : [min]))
    const maxs = extremes.flatMap(({ max }) => (max === null ? [] : [max]))
    measured[item] = {
      latest: latest.length === 0 ? null : round(latest.reduce((sum, value) => sum + value, 0) / latest.length),
      min: mins.length === 0 ? null : round(Math.min(...mins)),
      max: maxs.length === 0 ? null : round(Math.max(...maxs)),
    }
  }
  return measured
}

async function extremesOf(deps: RoomMeasurementsDeps, pointId: number, fromMs: number, toMs: number) {
  const none = { min: null, max: null }
  const point = deps.directory.points.get(pointId)
  if (!point || toMs <= fromMs) return none
  try {
    const { buckets } = await deps.readings.history({ point, fromMs, toMs, maxBuckets: MAX_BUCKETS })
    const mins = buckets.flatMap(({ min }) => (min === null ? [] : [min]))
    const maxs = buckets.flatMap(({ max }) => (max === null ? [] : [max]))
    return mins.length === 0 ? none : { min: Math.min(...mins), max: Math.max(...maxs) }
  } catch (error) {
    deps.log.warn({ module: 'inspections', pointId, err: error }, 'The readings since the last inspection could not be read')
    return none
  }
}

/** Two decimals are more than the sensors resolve. */
function round(value: number): number {
  return Math.round(value * 100) / 100
}
