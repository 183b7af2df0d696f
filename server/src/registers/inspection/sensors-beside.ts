import type { ChecklistItem, ChecklistValue, SheetBeside } from '@roomkeeper/shared/registers'
import type { PointEntry } from '../../ingest/entries.ts'
import { latestNumbers, type MeasuringDeps, pointsOfKind } from './room-measurements.ts'

/** An answer that is at most this old is compared with what the sensors say now. */
const NOW_MS = 5 * 60_000
/** How far from the time of an answer a stored reading may lie: sensors are read every few seconds to minutes. */
const NEAR_MS = 10 * 60_000

interface Asked {
  roomId: number
  items: readonly ChecklistItem[]
  answers: ChecklistValue
  /** As it stood: what was said at a time in the past does not change any more. */
  before: Readonly<Record<string, SheetBeside>>
}

/** What the sensors say beside the items that they see; for one that was answered earlier (a phone without connection), what they said then. */
export async function sensorsBeside(
  deps: MeasuringDeps,
  { roomId, items, answers, before }: Asked,
  nowMs: number,
): Promise<Record<string, SheetBeside>> {
  const beside: Record<string, SheetBeside> = {}
  for (const { key, measured, deviceId } of items) {
    if (measured?.kind === undefined) continue
    const saidAtMs = answers[key]?.atMs ?? nowMs
    const isNow = nowMs - saidAtMs <= NOW_MS
    const atMs = isNow ? nowMs : saidAtMs
    const known = before[key]
    if (!isNow && known?.atMs === atMs) {
      beside[key] = known
      continue
    }
    const points = pointsOfKind(deps, roomId, measured.kind).filter((point) => deviceId === undefined || point.deviceId === deviceId)
    const values = isNow ? latestNumbers(deps, points, nowMs) : await numbersAt(deps, points, atMs)
    if (values.length === 0) continue
    beside[key] = {
      value: tenth(values.reduce((sum, value) => sum + value, 0) / values.length),
      low: tenth(Math.min(...values)),
      high: tenth(Math.max(...values)),
      unit: points[0]?.unit ?? measured.unit,
      atMs,
      sensors: values.length,
    }
  }
  return beside
}

/** The good number of each point that is nearest to a time. */
async function numbersAt(deps: MeasuringDeps, points: readonly PointEntry[], atMs: number): Promise<number[]> {
  const found = await Promise.all(
    points.map(async (point) => {
      const range = { fromMs: atMs - NEAR_MS, toMs: atMs + NEAR_MS }
      const { buckets } = await deps.readings.history({ point, ...range, maxBuckets: (2 * NEAR_MS) / 60_000 + 1 })
      const good = buckets.flatMap(({ timeMs, mean }) => (mean === null ? [] : [{ distanceMs: Math.abs(timeMs - atMs), mean }]))
      return good.sort((a, b) => a.distanceMs - b.distanceMs)[0]?.mean
    }),
  ).catch((error: unknown) => {
    deps.log.warn({ module: 'inspections', err: error }, 'what the sensors said when an item was answered could not be read')
    return []
  })
  return found.flatMap((value) => value ?? [])
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10
}
