import type { DatabaseSync } from 'node:sqlite'
import type { BlockResolution } from '../history/block.ts'
import { RESOLUTION_MINUTES } from './schema.ts'

const ROWS_PER_DELETE = 1000
/** A step of purging ends after this long. */
const PURGE_STEP_MS = 4

export interface SeriesBlock {
  series: number
  resolution: BlockResolution
  startMs: number
  bytes: Uint8Array
}

export interface MarkedHour {
  series: number
  hourMs: number
  mark: number
}

/** Puts blocks, then removes those of these marks that did not change. */
export function putBlocks(database: DatabaseSync, blocks: readonly SeriesBlock[], marks: readonly MarkedHour[]): void {
  const put = database.prepare(
    'INSERT INTO block (series, resolution, start, bytes) VALUES (?, ?, ?, ?) ' +
      'ON CONFLICT (series, resolution, start) DO UPDATE SET bytes = excluded.bytes',
  )
  const clean = database.prepare('DELETE FROM dirty_hour WHERE series = ? AND hour = ? AND mark = ?')
  inTransaction(database, () => {
    for (const { series, resolution, startMs, bytes } of blocks) put.run(series, RESOLUTION_MINUTES[resolution], startMs, bytes)
    for (const { series, hourMs, mark } of marks) clean.run(series, hourMs, mark)
  })
}

/** From now on readings, or minutes, before this time may be gone. */
export function moveKept(database: DatabaseSync, kind: 'raw' | 'minutes', beforeMs: number): void {
  const column = kind === 'raw' ? 'raw_since' : 'minute_since'
  database.prepare(`UPDATE kept SET ${column} = max(${column}, ?)`).run(beforeMs)
}

/** Deletes for a few milliseconds, from the next series after `afterSeries` on. Returns where to go on, or undefined at the end. */
export function purgeSome(database: DatabaseSync, kind: 'raw' | 'minutes', beforeMs: number, afterSeries: number): number | undefined {
  const deleteSome = kind === 'raw' ? deleteReadings : deleteMinutes
  const nextSeries = database.prepare(`SELECT min(series) AS series FROM ${kind === 'raw' ? 'reading' : 'block'} WHERE series > ?`)
  const startedMs = performance.now()
  let after = afterSeries
  return inTransaction(database, () => {
    do {
      const series = nextSeries.get(after)?.series ?? null
      if (series === null) return undefined
      after = deleteSome(database, Number(series), beforeMs) < ROWS_PER_DELETE ? Number(series) : Number(series) - 1
    } while (performance.now() - startedMs < PURGE_STEP_MS)
    return after
  })
}

function deleteReadings(database: DatabaseSync, series: number, beforeMs: number): number {
  // Only what is rolled up: history must not lose what it has not aggregated yet. What is later than a marked hour goes when that is clean.
  const dirty = database.prepare('SELECT min(hour) AS hour FROM dirty_hour WHERE series = ?').get(series)?.hour ?? null
  const limitMs = dirty === null ? beforeMs : Math.min(beforeMs, Number(dirty))
  const cut = database
    .prepare('SELECT time FROM reading WHERE series = ? AND time < ? ORDER BY time LIMIT 1 OFFSET ?')
    .get(series, limitMs, ROWS_PER_DELETE)?.time
  return Number(database.prepare('DELETE FROM reading WHERE series = ? AND time < ?').run(series, cut ?? limitMs).changes)
}

function deleteMinutes(database: DatabaseSync, series: number, beforeMs: number): number {
  const { '1m': minutes } = RESOLUTION_MINUTES
  const cut = database
    .prepare('SELECT start FROM block WHERE series = ? AND resolution = ? AND start < ? ORDER BY start LIMIT 1 OFFSET ?')
    .get(series, minutes, beforeMs, ROWS_PER_DELETE)?.start
  const remove = database.prepare('DELETE FROM block WHERE series = ? AND resolution = ? AND start < ?')
  return Number(remove.run(series, minutes, cut ?? beforeMs).changes)
}

function inTransaction<T>(database: DatabaseSync, act: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const answer = act()
    database.exec('COMMIT')
    return answer
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}
