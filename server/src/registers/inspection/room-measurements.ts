import { POINT_KINDS, type PointKind } from '@roomkeeper/shared/model'
import type { SheetMeasurement, Words } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import { isMainsVoltage } from '../../api/leading-points.ts'
import { latestReading } from '../../api/point-rows.ts'
import type { PointEntry } from '../../ingest/entries.ts'
import { bandsOver } from '../../limits/limit-band.ts'
import type { LocalMinute } from '../../limits/local-minute.ts'
import type { LiveValue } from '../../live/live-values.ts'
import type { ReadingStore, TimeRange } from '../../readings/reading-store.ts'
import { type BandOf, countInside, foldBuckets, type PointFigures, stretchesOf } from './point-figures.ts'

export interface MeasuringDeps {
  readings: Pick<ReadingStore, 'history' | 'raw'>
  directory: { points: ReadonlyMap<number, PointEntry> }
  live: { get(pointId: number): LiveValue | undefined }
  localMinute: LocalMinute
  log: Logger
}

/** Kinds of the sheet, in its order. The first three are asked for by the regulation (E1) and always shown. */
const KINDS: readonly { kind: PointKind; label?: Words }[] = [
  { kind: 'temperature' },
  { kind: 'humidity' },
  { kind: 'voltage', label: { zh: '市电电压', en: 'Mains voltage' } },
  { kind: 'dew-point' },
  { kind: 'load' },
  { kind: 'battery-charge' },
  { kind: 'battery-runtime' },
  { kind: 'battery-temperature' },
]
const ALWAYS = 3
/** A week in buckets of 10 min. */
const MAX_BUCKETS = 1010
/** Readings of one point that are looked at one by one where a limit cuts through its buckets; the rest is estimated from the buckets. */
const MAX_CLOSE_READINGS = 20_000
const MAX_STRETCHES = 200
/** A room of 200 sensors does not ask the store 200 things at once. */
const AT_ONCE = 4
/** Longer than this nobody stands at the door and waits for figures. */
const PATIENCE_MS = 8000

export const STORE_AWAY: Words = {
  zh: '历史数据暂时读不到，数值稍后自动补上；可以照常填写',
  en: 'The readings store is away; figures follow by themselves. The sheet can be filled in all the same',
}
const NO_SENSOR: Words = { zh: '机房没有这类传感器', en: 'The room has no such sensor' }
const NO_READINGS: Words = { zh: '期间没有有效读数', en: 'No good readings in this time' }

/** Points of a room that are there and stay there; of voltages only what comes from the mains. */
export function pointsOfKind(deps: Pick<MeasuringDeps, 'directory'>, roomId: number, kind: string): PointEntry[] {
  return [...deps.directory.points.values()].filter(
    (point) =>
      point.kind === kind &&
      point.device.room.id === roomId &&
      !point.device.retired &&
      !point.device.isDrill &&
      (kind !== 'voltage' || isMainsVoltage(point)),
  )
}

/** Good numbers that points say now. */
export function latestNumbers(deps: Pick<MeasuringDeps, 'live'>, points: readonly PointEntry[], nowMs: number): number[] {
  return points.flatMap((point) => {
    const { value, quality } = latestReading(deps.live.get(point.id), point.intervalMs, point.device.online, nowMs)
    return quality === 'good' && typeof value === 'number' ? [value] : []
  })
}

/** Kinds that the sheet of a room speaks of, each with its points. */
function kindsOf(deps: Pick<MeasuringDeps, 'directory'>, roomId: number) {
  return KINDS.map((one) => ({ ...one, points: pointsOfKind(deps, roomId, one.kind) })).filter(
    ({ points }, index) => index < ALWAYS || points.length > 0,
  )
}

/** Figures of the points that the sheet of a room speaks of, since a time. Rejects when the store is away or too slow. */
export async function roomFigures(deps: MeasuringDeps, roomId: number, range: TimeRange): Promise<ReadonlyMap<number, PointFigures>> {
  const points = kindsOf(deps, roomId).flatMap((kind) => kind.points)
  return await withPatience(figuresOfAll(deps, points, range))
}

/**
 * What the sensors of a room say, per kind: now, and lowest, highest, mean and share of the time in limits. Each sensor counts the same in
 * mean and share. Without figures (the store is away) they stay empty and say why.
 */
export function measurementsOf(
  deps: MeasuringDeps,
  roomId: number,
  found: ReadonlyMap<number, PointFigures> | undefined,
  nowMs: number,
): SheetMeasurement[] {
  return kindsOf(deps, roomId).map(({ kind, label, points }): SheetMeasurement => {
    const info = POINT_KINDS[kind]
    const figures = points.flatMap((point) => found?.get(point.id) ?? [])
    const shares = figures.flatMap(({ inLimits }) => inLimits ?? [])
    const reason = points.length === 0 ? NO_SENSOR : found === undefined ? STORE_AWAY : figures.length === 0 ? NO_READINGS : undefined
    return {
      kind,
      label: label ?? { zh: info.zh, en: info.en },
      unit: points[0]?.unit ?? info.unit,
      latest: rounded(meanOf(latestNumbers(deps, points, nowMs))),
      min: rounded(least(figures.map(({ min }) => min))),
      max: rounded(most(figures.map(({ max }) => max))),
      mean: rounded(meanOf(figures.map(({ mean }) => mean))),
      inLimits: rounded(meanOf(shares), 4),
      points: points.length,
      ...(reason ? { reason } : {}),
    }
  })
}

async function figuresOfAll(deps: MeasuringDeps, points: readonly PointEntry[], range: TimeRange): Promise<Map<number, PointFigures>> {
  const found = new Map<number, PointFigures>()
  if (range.toMs <= range.fromMs) return found
  const waiting = [...points]
  const work = async (): Promise<void> => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      const figures = await figuresOf(deps, point, range)
      if (figures) found.set(point.id, figures)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work)).catch((error: unknown) => {
    waiting.length = 0
    throw error
  })
  return found
}

async function figuresOf(deps: MeasuringDeps, point: PointEntry, range: TimeRange): Promise<PointFigures | null> {
  const { limits } = point
  const bandOf: BandOf = bandsOver(limits, deps.localMinute)
  const { buckets, bucketMs } = await deps.readings.history({ point, ...range, maxBuckets: MAX_BUCKETS })
  const { figures, cut, ...sum } = foldBuckets(buckets, bucketMs, bandOf)
  if (figures === null) return null
  let left = MAX_CLOSE_READINGS
  for (const [index, { fromMs, toMs, count, estimated }] of stretchesOf(cut, range).entries()) {
    if (index >= MAX_STRETCHES || count > left) {
      sum.judged += count
      sum.inside += estimated * count
      continue
    }
    left -= count
    // A bad reading is no reading, but takes a row.
    const counted = countInside(await deps.readings.raw({ point, fromMs, toMs, limit: MAX_CLOSE_READINGS }), bandOf)
    sum.judged += counted.judged
    sum.inside += counted.inside
  }
  return { ...figures, inLimits: sum.judged === 0 ? null : sum.inside / sum.judged }
}

async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
  })
  return Promise.race([work, tooLong]).finally(() => clearTimeout(timer))
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
function least(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.min(...values)
}
function most(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values)
}

/** Two decimals are more than the sensors resolve. */
function rounded(value: number | null, decimals = 2): number | null {
  return value === null ? null : Math.round(value * 10 ** decimals) / 10 ** decimals
}
