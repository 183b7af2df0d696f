import type { HistoryBucket } from './reading-store.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
export const HOUR_MS = 60 * MINUTE
export const DAY_MS = 24 * HOUR_MS

/**
 * Bucket widths a person can name. Each of 5 min and more is a multiple of 5 min, each of 1 h and more one of 1 h: so rollups of
 * 5 min and 1 h always fit.
 */
const WIDTHS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR_MS),
  ...[1, 2, 7, 14, 28].map((n) => n * DAY_MS),
]

/** The narrowest round width with which a range touches at most maxBuckets buckets aligned to the epoch. */
export function bucketWidthMs(fromMs: number, toMs: number, maxBuckets: number): number {
  const touched = (widthMs: number): number => Math.floor((toMs - 1) / widthMs) - Math.floor(fromMs / widthMs) + 1
  for (const widthMs of WIDTHS_MS) if (touched(widthMs) <= maxBuckets) return widthMs
  // Longer than any named width: whole multiples of 28 days; one more when the ends straddle.
  const step = 28 * DAY_MS
  let widthMs = Math.ceil((toMs - fromMs) / Math.max(1, maxBuckets) / step) * step
  while (touched(widthMs) > maxBuckets && widthMs < toMs) widthMs += step
  return widthMs
}

export function floorTo(timeMs: number, widthMs: number): number {
  return Math.floor(timeMs / widthMs) * widthMs
}

/** A piece of a bucket: an aggregate over some of its readings. */
export interface BucketPart {
  timeMs: number
  min: number | null
  mean: number | null
  max: number | null
  count: number
  badCount: number
}

/** Merges parts (in any order, of any width that divides bucketMs) into buckets in order of time. */
export function mergeBuckets(parts: Iterable<BucketPart>, bucketMs: number): HistoryBucket[] {
  const buckets = new Map<number, HistoryBucket>()
  for (const part of parts) {
    if (part.count === 0 && part.badCount === 0) continue
    const timeMs = floorTo(part.timeMs, bucketMs)
    const bucket = buckets.get(timeMs)
    if (bucket === undefined) buckets.set(timeMs, { ...part, timeMs })
    else addPart(bucket, part)
  }
  return [...buckets.values()].sort((a, b) => a.timeMs - b.timeMs)
}

function addPart(bucket: HistoryBucket, part: BucketPart): void {
  bucket.badCount += part.badCount
  if (part.count === 0 || part.min === null || part.mean === null || part.max === null) return
  if (bucket.count === 0 || bucket.min === null || bucket.mean === null || bucket.max === null) {
    bucket.min = part.min
    bucket.mean = part.mean
    bucket.max = part.max
    bucket.count = part.count
    return
  }
  const count = bucket.count + part.count
  // Moving towards the part's mean by its share cannot overflow where a sum of products could.
  bucket.mean += (part.mean - bucket.mean) * (part.count / count)
  bucket.min = Math.min(bucket.min, part.min)
  bucket.max = Math.max(bucket.max, part.max)
  bucket.count = count
}
