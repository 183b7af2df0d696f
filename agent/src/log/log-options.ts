import type { open as openFile } from 'node:fs/promises'
import type { LogIdentity } from './log-identity.ts'
import type { DamagedBytes } from './segment-reader.ts'
import type { Segment } from './segments.ts'

export interface LogLoss {
  firstOffset: number
  lastOffset: number
  /** How many of them the host had not committed. */
  records: number
  why: 'size' | 'age'
}

export interface LogThinned {
  firstOffset: number
  lastOffset: number
  records: number
  kept: number
  /** Of usual records one in so many ms stays. */
  windowMs: number
}

export interface LogDamage extends DamagedBytes {
  segment: string
}

/** What the log tells its owner; none of these may throw. */
export interface LogEvents {
  /** Records that the host never committed are about to be deleted. Called before the deletion. */
  onLoss(loss: LogLoss): void
  /** A stretch is about to be thinned: `kept` of its `records` stay. Called before the old content is replaced. */
  onThinned?(thinned: LogThinned): void
  /** Damaged bytes were found; the records around them are kept. */
  onDamage(damage: LogDamage): void
  onWarning(message: string, error?: unknown): void
}

export interface ReadingLogOptions {
  folder: string
  /** Bytes of all segments together; beyond, the oldest segment goes. `thinOldest`, called before, makes room without that. */
  maxBytes: number
  /** Segments whose newest record is older go, ms. */
  maxAgeMs: number
  segmentBytes?: number
  clock: { nowMs(): number }
  events: LogEvents
  /** Opens segment files; tests put failing disks here. */
  open?: typeof openFile
}

/** The state `openReadingLog` finds in the folder. */
export interface LogStart {
  identity: LogIdentity
  committed: number
  segments: Segment[]
  nextOffset: number
  /** The newest record; where there is none, anything not above the last one the host committed. */
  lastRecordOffset: number
  unlock(): Promise<void>
  /** Damage already told, as `path:position`. */
  reportedDamage: Set<string>
}

/** Where a scan stands in the log. */
export interface LogPlace {
  offset: number
  /** The offset of the record before it: `offset - 1`, less where offsets were skipped. */
  previousOffset: number
}
