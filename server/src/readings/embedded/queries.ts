import type { DatabaseSync } from 'node:sqlite'
import { parseBadText } from '../bad-text.ts'
import { type BucketPart, bucketWidthMs, floorTo, HOUR_MS, mergeBuckets } from '../buckets.ts'
import type { History, OffsetRange, StoredReading, TimeRange } from '../reading-store.ts'

export interface SeriesRange extends TimeRange {
  series: number
}

const FIVE_MINUTES_MS = 300_000

/** Min/mean/max buckets: whole clean hours from the rollups, the ends of the range and dirty hours from the readings. */
export function historyOf(database: DatabaseSync, query: SeriesRange & { maxBuckets: number }): History {
  const { fromMs, toMs } = query
  if (toMs <= fromMs) return { bucketMs: HOUR_MS, buckets: [] }
  const bucketMs = bucketWidthMs(fromMs, toMs, query.maxBuckets)
  // One snapshot, so that an hour being rolled up meanwhile counts once.
  database.exec('BEGIN')
  try {
    const parts = bucketMs < FIVE_MINUTES_MS ? rawParts(database, query, bucketMs) : rolledUpParts(database, query, bucketMs)
    return { bucketMs, buckets: mergeBuckets(parts, bucketMs) }
  } finally {
    database.exec('COMMIT')
  }
}

function rolledUpParts(database: DatabaseSync, range: SeriesRange, bucketMs: number): BucketPart[] {
  const { series, fromMs, toMs } = range
  const inner = { fromMs: floorTo(fromMs + HOUR_MS - 1, HOUR_MS), toMs: floorTo(toMs, HOUR_MS) }
  if (inner.fromMs >= inner.toMs) return rawParts(database, range, bucketMs)
  const dirty = new Set(
    database
      .prepare('SELECT hour FROM dirty_hour WHERE series = ? AND hour >= ? AND hour < ?')
      .all(series, inner.fromMs, inner.toMs)
      .map((row) => Number(row.hour)),
  )
  const table = bucketMs < HOUR_MS ? 'rollup_5m' : 'rollup_1h'
  const parts: BucketPart[] = []
  const rows = database
    .prepare(`SELECT time AS timeMs, min, mean, max, count, bad AS badCount FROM ${table} WHERE series = ? AND time >= ? AND time < ?`)
    .iterate(series, inner.fromMs, inner.toMs)
  for (const row of rows) {
    const part = row as unknown as BucketPart
    if (!dirty.has(floorTo(part.timeMs, HOUR_MS))) parts.push(part)
  }
  const rawRanges = [
    { fromMs, toMs: inner.fromMs },
    { fromMs: inner.toMs, toMs },
    ...[...dirty].map((hour) => ({ fromMs: hour, toMs: hour + HOUR_MS })),
  ]
  for (const rawRange of rawRanges) parts.push(...rawParts(database, { series, ...rawRange }, bucketMs))
  return parts
}

/** One query per bucket: each is a stretch of the B-tree, where one query with GROUP BY would sort all rows first. */
function rawParts(database: DatabaseSync, { series, fromMs, toMs }: SeriesRange, bucketMs: number): BucketPart[] {
  const aggregate = database.prepare(
    'SELECT min(value) AS min, avg(value) AS mean, max(value) AS max, count(value) AS count, count(bad) AS badCount ' +
      'FROM reading WHERE series = ? AND time >= ? AND time < ?',
  )
  const parts: BucketPart[] = []
  for (let bucketFromMs = floorTo(fromMs, bucketMs); bucketFromMs < toMs; bucketFromMs += bucketMs) {
    const row = aggregate.get(series, Math.max(fromMs, bucketFromMs), Math.min(toMs, bucketFromMs + bucketMs))
    parts.push({ ...(row as unknown as BucketPart), timeMs: bucketFromMs })
  }
  return parts
}

export function rawReadingsOf(database: DatabaseSync, { series, fromMs, toMs, limit }: SeriesRange & { limit: number }): StoredReading[] {
  if (toMs <= fromMs || limit <= 0) return []
  return database
    .prepare('SELECT time, value, text, bad FROM reading WHERE series = ? AND time >= ? AND time < ? ORDER BY time LIMIT ?')
    .all(series, fromMs, toMs, limit)
    .map((row) => {
      if (row.bad === null) return { timeMs: Number(row.time), value: (row.value ?? row.text) as number | string }
      const { reason, value } = parseBadText(String(row.bad))
      return { timeMs: Number(row.time), value, bad: reason }
    })
}

export function lastTextBeforeOf(database: DatabaseSync, { series, fromMs }: SeriesRange): StoredReading | undefined {
  const row = database
    .prepare('SELECT time, text FROM reading WHERE series = ? AND time < ? AND text IS NOT NULL ORDER BY time DESC LIMIT 1')
    .get(series, fromMs)
  return row === undefined ? undefined : { timeMs: Number(row.time), value: String(row.text) }
}

export function storedOffsetsOf(database: DatabaseSync, { node, epoch }: { node: number; epoch: string }): OffsetRange[] {
  return database
    .prepare('SELECT first, last FROM offset_range WHERE node = ? AND epoch = ? ORDER BY first')
    .all(node, epoch)
    .map((row) => ({ first: Number(row.first), last: Number(row.last) }))
}
