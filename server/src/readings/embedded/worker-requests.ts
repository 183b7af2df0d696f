import type { History, OffsetRange, StoredReading } from '../reading-store.ts'
import type { BatchColumns } from './batch-columns.ts'
import type { SeriesRange } from './queries.ts'

/** What the writing worker is asked and answers. */
export interface WriterRequests {
  open: { ask: { path: string }; answer: undefined }
  write: { ask: BatchColumns; answer: undefined }
  probe: { ask: { nowMs: number }; answer: undefined }
  rollUp: { ask: { nowMs: number }; answer: { more: boolean } }
  purge: { ask: { beforeMs: number; afterSeries: number }; answer: { nextSeries: number | undefined } }
  close: { ask: undefined; answer: undefined }
}

/** What the reading worker is asked and answers. */
export interface ReaderRequests {
  open: { ask: { path: string }; answer: undefined }
  history: { ask: SeriesRange & { maxBuckets: number }; answer: History }
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
