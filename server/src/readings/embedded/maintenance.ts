import type { DatabaseSync } from 'node:sqlite'
import { HOUR_MS } from '../buckets.ts'
import type { BatchWriting } from './batch-writing.ts'

/** An hour is rolled up this long after its end, so that readings on their way do not make it dirty again at once. */
const GRACE_MS = 60_000
/** Hours of a series per transaction: some ten milliseconds, so that a write never waits long behind it. */
const HOURS_PER_STEP = 100
const ROWS_PER_PURGE = 5000

const aggregate = (widthMs: number): string =>
  `SELECT series, time / ${widthMs} * ${widthMs} AS bucket, min(value), avg(value), max(value), count(value), count(bad)
   FROM reading WHERE series = ? AND time >= ? AND time < ? GROUP BY series, bucket`

/** Brings some dirty hours' rollups up to date. Returns whether more are due. */
export function rollUpSome(database: DatabaseSync, batches: BatchWriting, nowMs: number): boolean {
  const due = batches.dueHours(nowMs - GRACE_MS, HOURS_PER_STEP)
  if (due.length === 0) return false
  const fiveMinutes = database.prepare(`INSERT OR REPLACE INTO rollup_5m ${aggregate(300_000)}`)
  const hours = database.prepare(`INSERT OR REPLACE INTO rollup_1h ${aggregate(HOUR_MS)}`)
  const clean = database.prepare('DELETE FROM dirty_hour WHERE series = ? AND hour = ?')
  database.exec('BEGIN IMMEDIATE')
  try {
    for (const { series, hour } of due) {
      fiveMinutes.run(series, hour, hour + HOUR_MS)
      hours.run(series, hour, hour + HOUR_MS)
      clean.run(series, hour)
    }
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
  for (const { series, hour } of due) batches.forget(series, hour)
  return due.length === HOURS_PER_STEP
}

/** Deletes raw readings older than a time from the next series after `afterSeries`; rollups stay. Returns where to go on, or undefined at the end. */
export function purgeSome(database: DatabaseSync, beforeMs: number, afterSeries: number): number | undefined {
  const row = database.prepare('SELECT min(series) AS series FROM reading WHERE series > ?').get(afterSeries)
  if (row === undefined || row.series === null) return undefined
  const series = Number(row.series)
  // Only whole hours that are rolled up: history must not lose what it has not aggregated yet.
  const dirty = database.prepare('SELECT min(hour) AS hour FROM dirty_hour WHERE series = ?').get(series)?.hour ?? null
  const limitMs = dirty === null ? beforeMs : Math.min(beforeMs, Number(dirty))
  const cut = database
    .prepare('SELECT time FROM reading WHERE series = ? AND time < ? ORDER BY time LIMIT 1 OFFSET ?')
    .get(series, limitMs, ROWS_PER_PURGE)
  database.prepare('DELETE FROM reading WHERE series = ? AND time < ?').run(series, cut === undefined ? limitMs : Number(cut.time))
  return cut === undefined ? series : series - 1
}
