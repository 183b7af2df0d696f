import type { Quality, ReadingValue } from '@roomkeeper/shared/model'

/** The latest reading of a point. */
export interface LiveValue {
  pointId: number
  roomId: number
  /** Time at the device. */
  timeMs: number
  /** Server clock at receipt; staleness is measured from it, so that a wrong agent clock cannot hide a silence. */
  receivedAtMs: number
  value: ReadingValue
  quality: Quality
  reason: string | null
  /** Waits for the next push. */
  isChanged: boolean
}

/** A point is stale after this many of its intervals, and never sooner than 15 s. */
export const STALE_INTERVALS = 3
export const STALE_MIN_MS = 15_000

/** The latest value of every point. Written by ingest, read by the API and push. */
export class LiveValues {
  private readonly values = new Map<number, LiveValue>()
  private changed: LiveValue[] = []

  get(pointId: number): LiveValue | undefined {
    return this.values.get(pointId)
  }

  all(): IterableIterator<LiveValue> {
    return this.values.values()
  }

  /** Marks a value that was changed in place: ingest keeps one object per point, for an object per reading costs too much. */
  touch(value: LiveValue): void {
    if (value.isChanged) return
    value.isChanged = true
    this.changed.push(value)
    this.values.set(value.pointId, value)
  }

  /** The values changed since the last call. */
  drainChanged(): LiveValue[] {
    const drained = this.changed
    for (const value of drained) value.isChanged = false
    this.changed = []
    return drained
  }
}
