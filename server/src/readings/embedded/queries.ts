import type { DatabaseSync } from 'node:sqlite'
import { parseBadText } from '../bad-text.ts'
import type { OffsetRange, StoredReading, TimeRange } from '../reading-store.ts'

export interface SeriesRange extends TimeRange {
  series: number
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
