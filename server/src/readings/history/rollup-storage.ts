import type { StoredReading, TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { BlockResolution } from './block.ts'

export interface StoredBlock {
  resolution: BlockResolution
  /** Key of the block: start of the UTC hour (1m) or UTC day (15m); for 1d 1 January of the year at 00:00 UTC, whatever the zone. */
  startMs: number
  bytes: Uint8Array
}

export interface PointBlock extends StoredBlock {
  point: PointHandle
}

/** A marked hour that has ended: of one point, or of all points of a device where a store marks devices. */
export interface DueHour {
  points: readonly PointHandle[]
  hourMs: number
  /** Changes with every write to the hour after it was handed out. */
  mark: number
}

export interface DueQuery {
  /** Hours that ended at this time or earlier. */
  endedByMs: number
  /**
   * Hours before `beforeMs`, whose readings may be gone, only if nothing was written to them since `sinceMs` (after a restart: since the
   * start): what comes late for one of them can be counted once only, so it has to be all there.
   */
  quiet: { beforeMs: number; sinceMs: number }
  /** Hours of these points are left out. */
  withoutPoints: ReadonlySet<number>
  /** At most so many hours of a point, or those of one device. */
  limit: number
}

/** What a step of rolling up has made: put as a whole. */
export interface RolledUp {
  due: readonly DueHour[]
  /** One per point, resolution and start. */
  blocks: readonly PointBlock[]
}

/** What history is read from. All methods reject when the store is away. */
export interface RollupReads {
  /** Starts of marked hours within a range, in any order. */
  dirtyHours(point: PointHandle, range: TimeRange): Promise<number[]>
  /** Blocks whose startMs is within the range, in any order. */
  readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]>
  /** In order of time, in chunks. */
  readRaw(point: PointHandle, range: TimeRange): AsyncIterable<StoredReading[]>
  /** The last reading that is not a text, at most withinMs before a time. */
  lastBefore(point: PointHandle, timeMs: number, withinMs: number): Promise<StoredReading | undefined>
  /** Raw readings before this time may be gone; 0 = none are. */
  rawSinceMs(): Promise<number>
  /** Blocks of minutes before this time may be gone; 0 = none are. */
  minuteSinceMs(): Promise<number>
}

/** Marks, blocks and what is deleted. All methods reject when the store is away. */
export interface RollupUpkeep {
  /** Oldest day first. */
  dueHours(query: DueQuery): Promise<DueHour[]>
  /**
   * Puts the blocks, then removes the marks unless the hour was written to since it was handed out. In one transaction where the store
   * has them; otherwise in this order, each step durable before the next.
   */
  rolledUp(step: RolledUp): Promise<void>
  /** Moves rawSinceMs forward first, then deletes, in small steps, the readings before it in hours that are not marked. */
  purgeRaw(beforeMs: number): Promise<void>
  purgeMinutes(beforeMs: number): Promise<void>
}

/** What a reading store must offer for history. Every write marks the hours of its points as dirty no later than it is visible. */
export interface RollupStorage extends RollupReads, RollupUpkeep {}
