import type { DatabaseSync } from 'node:sqlite'
import { floorTo, HOUR_MS } from '../buckets.ts'
import { rangesOf } from '../offset-ranges.ts'
import type { OffsetRange } from '../reading-store.ts'
import type { BatchColumns } from './batch-columns.ts'

/** Writes batches, each in one transaction, and knows which hours are marked dirty in the database. */
export class BatchWriting {
  readonly #database: DatabaseSync
  readonly #insert
  readonly #mark
  /** Copy of the table dirty_hour, so that a mark is written once per hour and not per reading. */
  readonly #dirty = new Map<number, Set<number>>()
  /** Hour last marked per series: live readings nearly always hit it. */
  readonly #lastHour = new Map<number, number>()

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(
      'INSERT INTO reading (series, time, value, text, bad) VALUES (?, ?, ?, ?, ?) ' +
        'ON CONFLICT (series, time) DO UPDATE SET value = excluded.value, text = excluded.text, bad = excluded.bad',
    )
    this.#mark = database.prepare('INSERT OR IGNORE INTO dirty_hour (series, hour) VALUES (?, ?)')
    for (const row of database.prepare('SELECT series, hour FROM dirty_hour').iterate()) {
      this.#remember(Number(row.series), Number(row.hour))
    }
  }

  /** Durable when it returns; on an error nothing of the batch is stored. */
  write(batch: BatchColumns): void {
    const marked: [series: number, hour: number][] = []
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      let nextExtra = 0
      for (let row = 0; row < batch.series.length; row++) {
        const series = batch.series[row] as number
        const time = batch.times[row] as number
        const value = batch.values[row] as number
        const extra = batch.extras[nextExtra]
        if (extra !== undefined && extra[0] === row) {
          nextExtra++
          this.#insert.run(series, time, null, extra[1], extra[2])
        } else this.#insert.run(series, time, value, null, null)
        const hour = floorTo(time, HOUR_MS)
        if (this.#lastHour.get(series) !== hour) {
          if (this.#dirty.get(series)?.has(hour) !== true) {
            this.#mark.run(series, hour)
            marked.push([series, hour])
          }
          this.#lastHour.set(series, hour)
        }
      }
      this.#storeOffsets(batch)
      this.#database.exec('COMMIT')
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK')
      // The marks went with the transaction.
      this.#lastHour.clear()
      throw error
    }
    for (const [series, hour] of marked) this.#remember(series, hour)
  }

  /** Hours that ended before a time, at most `limit`. */
  dueHours(endedBeforeMs: number, limit: number): { series: number; hour: number }[] {
    const due: { series: number; hour: number }[] = []
    for (const [series, hours] of this.#dirty) {
      for (const hour of hours) {
        if (hour + HOUR_MS > endedBeforeMs) continue
        due.push({ series, hour })
        if (due.length >= limit) return due
      }
    }
    return due
  }

  /** To be called after the deletion of the mark is committed: the next reading of the hour marks it again. */
  forget(series: number, hour: number): void {
    const hours = this.#dirty.get(series)
    hours?.delete(hour)
    if (hours?.size === 0) this.#dirty.delete(series)
    if (this.#lastHour.get(series) === hour) this.#lastHour.delete(series)
  }

  #remember(series: number, hour: number): void {
    const hours = this.#dirty.get(series)
    if (hours === undefined) this.#dirty.set(series, new Set([hour]))
    else hours.add(hour)
  }

  #storeOffsets(batch: BatchColumns): void {
    const perLog = new Map<string, { node: number; epoch: string; offsets: number[] }>()
    for (const { node, epoch, offset } of batch.offsets) {
      const key = `${node} ${epoch}`
      const log = perLog.get(key)
      if (log === undefined) perLog.set(key, { node, epoch, offsets: [offset] })
      else log.offsets.push(offset)
    }
    for (const { node, epoch, offsets } of perLog.values()) {
      for (const range of rangesOf(offsets)) this.#mergeRange(node, epoch, range)
    }
  }

  /** Joins a range with those it overlaps or touches. */
  #mergeRange(node: number, epoch: string, { first, last }: OffsetRange): void {
    const touching = this.#database
      .prepare('SELECT first, last FROM offset_range WHERE node = ? AND epoch = ? AND first <= ? AND last >= ?')
      .all(node, epoch, last + 1, first - 1)
    const remove = this.#database.prepare('DELETE FROM offset_range WHERE node = ? AND epoch = ? AND first = ?')
    let [from, to] = [first, last]
    for (const row of touching) {
      from = Math.min(from, Number(row.first))
      to = Math.max(to, Number(row.last))
      remove.run(node, epoch, Number(row.first))
    }
    this.#database.prepare('INSERT INTO offset_range (node, epoch, first, last) VALUES (?, ?, ?, ?)').run(node, epoch, from, to)
  }
}
