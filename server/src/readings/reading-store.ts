import type { BadReason, ReadingValue } from '@roomkeeper/shared/model'
import type { Slot } from './history/slot.ts'
import type { DeviceScan, PointHandle } from './scan.ts'

/**
 * What became of one write.
 * - stored: every reading of the batch is durable.
 * - retry: the store cannot take anything now (away, overloaded, wrong credentials); the batch is not at fault.
 * - too-large: the request was too big; half of it may pass.
 * - rejected: the store refused the batch or a part of it; the rest may already be stored, which is harmless as writes are idempotent.
 * - server-error: the store failed on this batch; it may be an outage or a batch it cannot digest.
 */
export type WriteAnswer =
  | { kind: 'stored' }
  | { kind: 'retry'; reason: string; retryAfterMs?: number }
  | { kind: 'too-large' }
  | { kind: 'rejected'; reason: string }
  | { kind: 'server-error'; reason: string }

/** ready: usable. retryable: away, try again. configuration: a person must change a setting; trying again changes nothing until then. */
export type StartAnswer = { kind: 'ready'; version: string } | { kind: 'retryable' | 'configuration'; reason: string }

export interface StoreHealth {
  state: 'ok' | 'failing' | 'stopped'
  message: string
}

/** Half-open: fromMs ≤ time < toMs. */
export interface TimeRange {
  fromMs: number
  toMs: number
}

export interface HistoryQuery extends TimeRange {
  point: PointHandle
  /** Upper bound of buckets to return; widths are rounded up to round numbers, so it is usually fewer. */
  maxBuckets: number
}

/** Aggregate of one bucket's readings; without good ones min, mean and max are null. */
export interface HistoryBucket extends Slot {
  /** Start of the bucket; the first may begin before the range asked for. Widths of several hours and days are counted from local midnight. */
  timeMs: number
}

export interface History {
  bucketMs: number
  /** In order of time, without empty buckets. */
  buckets: HistoryBucket[]
}

export interface StoredReading {
  timeMs: number
  /** Booleans come back as 0/1. A bad reading carries its raw value. */
  value: ReadingValue
  /** undefined = good. */
  bad?: BadReason
}

export interface RawQuery extends TimeRange {
  point: PointHandle
  limit: number
}

/** A device's node and log, as far as stores know them. */
export interface NodeHandle {
  site: string
  node: string
  nodeId: number
}

/** Inclusive. */
export interface OffsetRange {
  first: number
  last: number
}

/** Readings of all points over time. Implementations: influx1, influx2, embedded; one contract suite (tests/kit/readings-contract.ts). */
export interface ReadingStore {
  readonly kind: 'influx1' | 'influx2' | 'embedded'
  /** Creates what is missing and allowed to be created, checks version and credentials. May be called again after a failure. */
  start(): Promise<StartAnswer>
  /** Only reads, beside the server that writes: nothing is created, probed or kept up. */
  startReading(): Promise<StartAnswer>
  /** Never throws; same scans again overwrite themselves. Scans without points store nothing. */
  write(scans: readonly DeviceScan[]): Promise<WriteAnswer>
  /**
   * Writes one harmless value of the store's own, the same way as readings: answers whether writing works at all, so that a batch
   * that fails beside a working probe is itself at fault. Never throws.
   */
  probe(): Promise<WriteAnswer>
  /** Min/mean/max per bucket of the good numbers. Throws StoreUnavailableError. */
  history(query: HistoryQuery): Promise<History>
  /** The first `limit` readings of a range in order of time: good, bad and text. Throws StoreUnavailableError. */
  raw(query: RawQuery): Promise<StoredReading[]>
  /** Every reading of a range in order of time, in chunks: for exports of any length. */
  stream(query: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]>
  /**
   * The texts of a range in order of time, without repetitions; starts with the last text before the range, if there is one.
   * At most `limit`.
   */
  textChanges(query: RawQuery): Promise<StoredReading[]>
  /** Which log offsets of a node are stored, as ranges without overlap. For checks (doctor, tests), not for the hot path. */
  storedOffsets(node: NodeHandle, epoch: string): Promise<OffsetRange[]>
  /** As of the last answer or attempt; does no I/O. */
  health(): StoreHealth
  stop(): Promise<void>
}

/** A query could not be answered: the store is away or refused. The caller shows it; nothing is lost. */
export class StoreUnavailableError extends Error {
  override readonly name = 'StoreUnavailableError'
}
