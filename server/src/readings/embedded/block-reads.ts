import type { DatabaseSync } from 'node:sqlite'
import { parseBadText } from '../bad-text.ts'
import type { BlockResolution } from '../history/block.ts'
import type { DueQuery, RollupReads, StoredBlock } from '../history/rollup-storage.ts'
import { DAY_MS, HOUR_MS } from '../hours.ts'
import type { StoredReading, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { MarkedHour } from './maintenance.ts'
import { RESOLUTION_MINUTES } from './schema.ts'

const READINGS_PER_CHUNK = 5000

/** What history is read from, of the worker's own connection. Points are known by their id only. */
export class BlockReads implements RollupReads {
  readonly #dirty
  readonly #blocks
  readonly #raw
  readonly #last
  readonly #kept
  readonly #due

  constructor(database: DatabaseSync) {
    this.#dirty = database.prepare('SELECT hour FROM dirty_hour WHERE series = ? AND hour >= ? AND hour < ?')
    this.#blocks = database.prepare('SELECT start, bytes FROM block WHERE series = ? AND resolution = ? AND start >= ? AND start < ?')
    const select =
      'SELECT time, value, bad FROM reading WHERE series = ? AND time >= ? AND time < ? AND (value IS NOT NULL OR bad IS NOT NULL)'
    this.#raw = database.prepare(`${select} ORDER BY time LIMIT ${READINGS_PER_CHUNK}`)
    this.#last = database.prepare(`${select} ORDER BY time DESC LIMIT 1`)
    this.#kept = database.prepare('SELECT raw_since, minute_since FROM kept')
    this.#due = database.prepare(
      `SELECT series, hour, mark FROM dirty_hour
       WHERE mark < :turn AND hour <= :lastHour AND (hour >= :quietBefore OR mark <= :quietSince OR mark > :aheadMs)
         AND series NOT IN (SELECT value FROM json_each(:without))
       ORDER BY hour / ${DAY_MS}, series, hour LIMIT :limit`,
    )
    // Rows as objects cost twice as much.
    for (const statement of [this.#raw, this.#last]) statement.setReturnArrays(true)
  }

  async dirtyHours(point: PointHandle, { fromMs, toMs }: TimeRange): Promise<number[]> {
    return this.#dirty.all(point.id, fromMs, toMs).map((row) => Number(row.hour))
  }

  async readBlocks(point: PointHandle, resolution: BlockResolution, { fromMs, toMs }: TimeRange): Promise<StoredBlock[]> {
    return this.#blocks
      .all(point.id, RESOLUTION_MINUTES[resolution], fromMs, toMs)
      .map((row) => ({ resolution, startMs: Number(row.start), bytes: row.bytes as Uint8Array }))
  }

  async *readRaw(point: PointHandle, range: TimeRange): AsyncGenerator<StoredReading[]> {
    let { fromMs } = range
    for (;;) {
      const rows = this.#raw.all(point.id, fromMs, range.toMs) as unknown as ReadingRow[]
      if (rows.length > 0) yield rows.map(toReading)
      const last = rows.at(-1)
      if (last === undefined || rows.length < READINGS_PER_CHUNK) return
      fromMs = last[0] + 1
    }
  }

  async lastBefore(point: PointHandle, timeMs: number, withinMs: number): Promise<StoredReading | undefined> {
    const row = this.#last.get(point.id, timeMs - withinMs, timeMs) as unknown as ReadingRow | undefined
    return row === undefined ? undefined : toReading(row)
  }

  async rawSinceMs(): Promise<number> {
    return Number(this.#kept.get()?.raw_since)
  }

  async minuteSinceMs(): Promise<number> {
    return Number(this.#kept.get()?.minute_since)
  }

  /** Hours marked before a turn of rolling up began (BatchWriting.beginTurn). A mark ahead of the clock says nothing of the last write. */
  due(turn: number, { endedByMs, quiet, withoutPoints, limit }: DueQuery): MarkedHour[] {
    const rows = this.#due.all({
      turn,
      lastHour: endedByMs - HOUR_MS,
      quietBefore: quiet.beforeMs,
      quietSince: quiet.sinceMs,
      aheadMs: endedByMs + HOUR_MS,
      without: JSON.stringify([...withoutPoints]),
      limit,
    })
    return rows.map((row) => ({ series: Number(row.series), hourMs: Number(row.hour), mark: Number(row.mark) }))
  }
}

type ReadingRow = [time: number, value: number | null, bad: string | null]

function toReading([timeMs, value, bad]: ReadingRow): StoredReading {
  if (bad === null) return { timeMs, value }
  return { timeMs, value: null, bad: parseBadText(bad).reason }
}
