import type { Band } from '../../limits/limit-band.ts'
import type { HistoryBucket, StoredReading, TimeRange } from '../../readings/reading-store.ts'

/** What the good readings of one point were in a stretch of time. */
export interface PointFigures {
  min: number
  max: number
  mean: number
  count: number
  /** Share of the readings in limits, 0…1; null: there were no limits. */
  inLimits: number | null
}

/** The band at a time; undefined: there are no limits then. */
export type BandOf = (timeMs: number) => Band | undefined

/** Buckets that a limit cuts through, and what their readings would say by the buckets alone. */
interface CutBucket extends TimeRange {
  count: number
  estimated: number
}

export interface Folded {
  figures: Omit<PointFigures, 'inLimits'> | null
  /** Readings that were judged, those of them in limits, and the buckets that have to be looked at more closely. */
  judged: number
  inside: number
  cut: CutBucket[]
}

/** Adds up buckets. One that lies wholly inside or outside of the limits is counted as such; one that a limit cuts through is handed back. */
export function foldBuckets(buckets: readonly HistoryBucket[], bucketMs: number, bandOf: BandOf): Folded {
  let figures: Folded['figures'] = null
  const folded = { judged: 0, inside: 0, cut: [] as CutBucket[] }
  for (const { timeMs, min, mean, max, count } of buckets) {
    if (count === 0 || min === null || mean === null || max === null) continue
    if (figures === null) figures = { min, max, mean, count }
    else {
      figures.count += count
      figures.mean += (mean - figures.mean) * (count / figures.count)
      figures.min = Math.min(figures.min, min)
      figures.max = Math.max(figures.max, max)
    }
    const band = bandOf(timeMs)
    const last = bandOf(timeMs + bucketMs - 1)
    const isOneBand = band?.low === last?.low && band?.high === last?.high
    if (isOneBand && band === undefined) continue
    if (isOneBand && band !== undefined && (max < band.low || min > band.high)) folded.judged += count
    else if (isOneBand && band !== undefined && min >= band.low && max <= band.high) {
      folded.judged += count
      folded.inside += count
    } else
      folded.cut.push({ fromMs: timeMs, toMs: timeMs + bucketMs, count, estimated: band === undefined ? 0 : partInside(min, max, band) })
  }
  return { figures, ...folded }
}

/** As if the readings lay evenly between lowest and highest. */
function partInside(min: number, max: number, band: Band): number {
  return max === min ? 1 : Math.max(0, Math.min(max, band.high) - Math.max(min, band.low)) / (max - min)
}

/** Readings counted one by one: how many had limits, and how many of them were inside. */
export function countInside(readings: readonly StoredReading[], bandOf: BandOf): { judged: number; inside: number } {
  const counted = { judged: 0, inside: 0 }
  for (const { timeMs, value, bad } of readings) {
    if (bad !== undefined || typeof value !== 'number') continue
    const band = bandOf(timeMs)
    if (band === undefined) continue
    counted.judged += 1
    if (value >= band.low && value <= band.high) counted.inside += 1
  }
  return counted
}

/** Neighbours as one stretch, within the range asked for: one question to the store instead of many. */
export function stretchesOf(cut: readonly CutBucket[], range: TimeRange): CutBucket[] {
  const stretches: CutBucket[] = []
  for (const bucket of cut) {
    const last = stretches.at(-1)
    const toMs = Math.min(bucket.toMs, range.toMs)
    if (last && last.toMs === bucket.fromMs) {
      last.estimated = (last.estimated * last.count + bucket.estimated * bucket.count) / (last.count + bucket.count)
      last.count += bucket.count
      last.toMs = toMs
    } else stretches.push({ ...bucket, fromMs: Math.max(bucket.fromMs, range.fromMs), toMs })
  }
  return stretches
}
