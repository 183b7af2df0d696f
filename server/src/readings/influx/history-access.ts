import type { BlockResolution } from '../history/block.ts'
import type { StoredReading, TimeRange, WriteAnswer } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { DeviceTags } from './device-tags.ts'

/** A row of marks: the hour is marked while the two differ; see hour-marks.ts. */
export interface MarkRow {
  tags: DeviceTags
  hourMs: number
  marked: number | undefined
  done: number | undefined
}

export interface BlockRow {
  startMs: number
  /** Base64. */
  text: string
}

/**
 * What the history needs of an InfluxDB, in its own query language: InfluxQL for 1.x, Flux for 2.x. Everything but `post` rejects with
 * StoreUnavailableError when the database is away or refuses.
 */
export interface HistoryAccess {
  /** Line protocol in milliseconds. */
  post(lines: string): Promise<WriteAnswer>
  marks(): Promise<MarkRow[]>
  /** undefined: this database has never been prepared for history. */
  keptSince(): Promise<{ rawSinceMs: number; minuteSinceMs: number } | undefined>
  /** By point, each of which has an entry. */
  blocks(points: readonly PointHandle[], resolution: BlockResolution, range: TimeRange): Promise<Map<PointHandle, BlockRow[]>>
  /** Every reading of one point in order of time. */
  stream(point: PointHandle, range: TimeRange): AsyncIterable<StoredReading[]>
  /** Numbers and bad readings of points of one device in order of time, by point, each of which has an entry. */
  numbersOfDevice(points: readonly PointHandle[], range: TimeRange): Promise<Map<PointHandle, StoredReading[]>>
  /** Of readings that came from an agent. */
  firstReadingMs(): Promise<number | undefined>
  /** Hours in which a device has readings. */
  hoursWithReadings(range: TimeRange): Promise<{ tags: DeviceTags; hourMs: number }[]>
  /** Of those before a time: looking through all takes the database a second. */
  firstMinuteBlockMs(beforeMs: number): Promise<number | undefined>
  /** `device`: of this one only. */
  deleteReadings(range: TimeRange, device?: DeviceTags): Promise<void>
  deleteMinuteBlocks(range: TimeRange): Promise<void>
  deleteMarks(range: TimeRange): Promise<void>
  /** What earlier versions kept and nothing reads any more. */
  dropOutdated(): Promise<void>
}
