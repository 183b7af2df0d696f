import type { DatabaseSync } from 'node:sqlite'
import { HOUR_MS, hourOf } from '../hours.ts'
import { rangesOf } from '../offset-ranges.ts'
import type { OffsetRange } from '../reading-store.ts'
import type { BatchColumns } from './batch-columns.ts'

/** Writes batches, each in one transaction, and marks the hours they touch. */
export class BatchWriting {
  readonly #database: DatabaseSync
  readonly #insert
  readonly #mark
  /** What new marks carry: hours marked in an earlier turn may have been handed out for rolling up. */
  #turn: number
  /** Hours marked in this turn, or not ended when it began, so that a mark is written once per hour and not per reading. */
  readonly #marked = new Map<number, Set<number>>()
  /** Hour last marked per series: live readings nearly always hit it. */
  readonly #lastHour = new Map<number, number>()

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#insert = database.prepare(
      'INSERT INTO reading (series, time, value, text, bad) VALUES (?, ?, ?, ?, ?) ' +
        'ON CONFLICT (series, time) DO UPDATE SET value = excluded.value, text = excluded.text, bad = excluded.bad',
    )
    this.#mark = database.prepare(
      'INSERT INTO dirty_hour (series, hour, mark) VALUES (?, ?, ?) ON CONFLICT (series, hour) DO UPDATE SET mark = excluded.mark',
    )
    this.#turn = Number(database.prepare('SELECT coalesce(max(mark), 0) AS mark FROM dirty_hour').get()?.mark) + 1
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
        const hour = hourOf(time)
        if (this.#lastHour.get(series) !== hour) {
          if (this.#marked.get(series)?.has(hour) !== true) {
            this.#mark.run(series, hour, this.#turn)
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

  /**
   * A new turn of rolling up: hours that ended by then are marked anew by the next write, so those whose mark is smaller than the answer
   * can be handed out. A turn is about the time it began.
   */
  beginTurn(nowMs: number, endedByMs: number): number {
    this.#turn = Math.max(this.#turn + 1, Math.trunc(nowMs))
    for (const [series, hours] of this.#marked) {
      for (const hour of hours) if (hour + HOUR_MS <= endedByMs) hours.delete(hour)
      if (hours.size === 0) this.#marked.delete(series)
    }
    for (const [series, hour] of this.#lastHour) if (hour + HOUR_MS <= endedByMs) this.#lastHour.delete(series)
    return this.#turn
  }

  #remember(series: number, hour: number): void {
    const hours = this.#marked.get(series)
    if (hours === undefined) this.#marked.set(series, new Set([hour]))
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
