import type { HistorySlots } from '../history/history-reading.ts'
import type { BandChange } from '../history/minute-slots.ts'
import type { DueQuery, StoredBlock } from '../history/rollup-storage.ts'
import type { OffsetRange, StoredReading } from '../reading-store.ts'
import type { BatchColumns } from './batch-columns.ts'
import type { MarkedHour, SeriesBlock } from './maintenance.ts'
import type { SeriesRange } from './queries.ts'

/** What the writing worker is asked and answers. */
export interface WriterRequests {
  open: { ask: { path: string }; answer: undefined }
  write: { ask: BatchColumns; answer: undefined }
  probe: { ask: { nowMs: number }; answer: undefined }
  beginTurn: { ask: { nowMs: number; endedByMs: number }; answer: number }
  put: { ask: { blocks: SeriesBlock[]; marks: MarkedHour[] }; answer: undefined }
  moveKept: { ask: { kind: 'raw' | 'minutes'; beforeMs: number }; answer: undefined }
  purge: { ask: { kind: 'raw' | 'minutes'; beforeMs: number; afterSeries: number }; answer: { nextSeries: number | undefined } }
  close: { ask: undefined; answer: undefined }
}

/** What a worker cannot look up itself: from the main thread's database. */
export interface SeriesSettings {
  series: number
  holdMs: number
  bands: readonly BandChange[]
}

export type SeriesOutcome = { series: number; blocks: StoredBlock[] } | { series: number; error: string }

/** What a reading worker is asked and answers. */
export interface ReaderRequests {
  open: { ask: { path: string }; answer: { rawSinceMs: number } }
  history: { ask: SeriesRange & SeriesSettings & { maxBuckets: number; zone: string }; answer: HistorySlots }
  due: { ask: DueQuery & { turn: number }; answer: MarkedHour[] }
  blocksOf: { ask: { zone: string; points: (SeriesSettings & { hours: readonly number[] })[] }; answer: SeriesOutcome[] }
  raw: { ask: SeriesRange & { limit: number }; answer: StoredReading[] }
  lastTextBefore: { ask: SeriesRange; answer: StoredReading | undefined }
  storedOffsets: { ask: { node: number; epoch: string }; answer: OffsetRange[] }
  close: { ask: undefined; answer: undefined }
}

export type Requests<R> = { [K in keyof R]: { ask: unknown; answer: unknown } }

export interface RequestMessage {
  id: number
  kind: string
  ask: unknown
}

/** `code` is SQLite's result code when the failure is its own (node:sqlite `errcode`). */
export type ReplyMessage = { id: number; answer: unknown } | { id: number; error: { message: string; code: number | undefined } }
