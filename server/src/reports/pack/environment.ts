import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PointKind } from '@roomkeeper/shared/model'
import type { PointEntry } from '../../ingest/entries.ts'
import { type Band, bandsOver } from '../../limits/limit-band.ts'
import { localMinuteOf } from '../../limits/local-minute.ts'
import { HOUR_MS } from '../../readings/hours.ts'
import type { HistoryBucket, ReadingStore } from '../../readings/reading-store.ts'
import { monthsOf, type Period } from './period.ts'

/** What E1 asks to be watched, and what GB 50174 limits besides; other kinds are in the history pages. */
const KINDS: readonly PointKind[] = ['temperature', 'humidity', 'dew-point', 'voltage', 'line-to-line-voltage']
/** Hours without any reading from which a stretch is named. */
const GAP_HOURS = 2

export type EnvironmentPoint = Pick<PointEntry, 'id' | 'key' | 'deviceId' | 'kind' | 'unit' | 'limits'> & {
  device: Pick<PointEntry['device'], 'id' | 'site' | 'node' | 'device' | 'nodeId' | 'name' | 'retired' | 'isDrill' | 'bornAtMs'> & {
    room: { id: number; name: string }
  }
}

/** One kind of reading of a room in a month. Shares are of the hours that have readings. */
export interface MonthFigures {
  roomName: string
  kind: PointKind
  unit: string
  month: string
  min: number | null
  mean: number | null
  max: number | null
  /** Hours in which no good reading of any point left its limits; null: no limits, or no readings. */
  inLimits: number | null
  /** Hours with readings, of all hours of the month that are over. */
  covered: number
}

/** A stretch in which a room had no good reading of a kind at all. */
export interface ReadingGap {
  roomName: string
  kind: PointKind
  fromMs: number
  toMs: number
}

export interface Environment {
  months: MonthFigures[]
  gaps: ReadingGap[]
  points: number
  /** Why there are no figures: the readings store did not answer. */
  problem?: string
}

interface HourFold {
  min: number
  max: number
  sum: number
  count: number
  out: boolean
}

/** Asks the store for hours, month by month and point by point: each answer is small, and the store's own thread does the work. */
export async function loadEnvironment(
  store: Pick<ReadingStore, 'history'>,
  points: readonly EnvironmentPoint[],
  period: Period,
  { nowMs, timeZone, onShare }: { nowMs: number; timeZone: string; onShare?(share: number): void },
): Promise<Environment> {
  const watched = points.filter(({ kind, device }) => KINDS.includes(kind) && !device.retired && !device.isDrill)
  const groups = Map.groupBy(watched, ({ kind, device }) => `${device.room.id} ${kind}`)
  const untilMs = Math.min(period.toMs, nowMs)
  const months = monthsOf({ fromMs: period.fromMs, toMs: Math.max(period.fromMs, untilMs) }, timeZone)
  const answer: Environment = { months: [], gaps: [], points: watched.length }
  const localMinute = localMinuteOf(timeZone)
  let done = 0
  for (const own of groups.values()) {
    const [first] = own
    if (!first) continue
    const about = { roomName: first.device.room.name, kind: first.kind }
    const bornMs = Math.min(...own.map(({ device }) => device.bornAtMs))
    const empty = new EmptyHours(Math.max(period.fromMs, bornMs))
    for (const month of months) {
      const hours = new Map<number, HourFold>()
      let hasLimits = false
      for (const point of own) {
        const bandOf = bandsOver(point.limits, localMinute)
        try {
          const { buckets, bucketMs } = await store.history({ point, fromMs: month.fromMs, toMs: month.toMs, maxBuckets: 800 })
          for (const bucket of buckets) {
            const band = bandOf(bucket.timeMs)
            hasLimits ||= band !== undefined
            fold(hours, bucket, bucketMs, band)
          }
        } catch (error) {
          return { ...answer, problem: (error as Error).message }
        }
        onShare?.(++done / (watched.length * months.length))
      }
      empty.month(hours)
      // Before its first device a room has nothing to show, and nothing is missing.
      if (hours.size === 0 && month.toMs <= bornMs) continue
      const present = { ...month, fromMs: Math.max(month.fromMs, Math.min(bornMs, month.toMs)) }
      answer.months.push({
        ...about,
        unit: first.unit,
        month: month.label,
        ...figuresOf(hours, present, hasLimits),
      })
      await nextTurn()
    }
    for (const gap of empty.end(untilMs)) answer.gaps.push({ ...about, ...gap })
  }
  return answer
}

function fold(hours: Map<number, HourFold>, bucket: HistoryBucket, bucketMs: number, band: Band | undefined): void {
  const { min, mean, max, count, timeMs } = bucket
  if (min === null || mean === null || max === null || count === 0) return
  const isOut = band !== undefined && (min < band.low || max > band.high)
  // A month fits into hours; a store with wider buckets counts for all of its hours.
  for (let atMs = timeMs; atMs < timeMs + Math.max(bucketMs, 1); atMs += HOUR_MS) {
    const hour = Math.floor(atMs / HOUR_MS)
    const known = hours.get(hour) ?? { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY, sum: 0, count: 0, out: false }
    known.min = Math.min(known.min, min)
    known.max = Math.max(known.max, max)
    known.sum += mean * count
    known.count += count
    known.out ||= isOut
    hours.set(hour, known)
  }
}

function figuresOf(hours: ReadonlyMap<number, HourFold>, month: Period, hasLimits: boolean) {
  const total = Math.max(1, Math.ceil((month.toMs - month.fromMs) / HOUR_MS))
  if (hours.size === 0) return { min: null, mean: null, max: null, inLimits: null, covered: 0 }
  let [min, max, sum, count, out] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0]
  for (const hour of hours.values()) {
    min = Math.min(min, hour.min)
    max = Math.max(max, hour.max)
    sum += hour.sum
    count += hour.count
    if (hour.out) out++
  }
  return { min, mean: sum / count, max, inLimits: hasLimits ? 1 - out / hours.size : null, covered: Math.min(1, hours.size / total) }
}

/** Finds runs of hours without readings across months. */
class EmptyHours {
  readonly #gaps: { fromMs: number; toMs: number }[] = []
  #nextMs: number

  constructor(fromMs: number) {
    this.#nextMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS
  }

  month(hours: ReadonlyMap<number, HourFold>): void {
    for (const hour of [...hours.keys()].sort((one, other) => one - other)) {
      const atMs = hour * HOUR_MS
      if (atMs < this.#nextMs) continue
      this.#put(atMs)
      this.#nextMs = atMs + HOUR_MS
    }
  }

  #put(untilMs: number): void {
    if (untilMs - this.#nextMs >= GAP_HOURS * HOUR_MS) this.#gaps.push({ fromMs: this.#nextMs, toMs: untilMs })
  }

  end(untilMs: number): { fromMs: number; toMs: number }[] {
    this.#put(untilMs)
    return this.#gaps
  }
}
