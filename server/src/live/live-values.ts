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
}

/** A point is stale after this many of its intervals, and never sooner than 15 s. */
export const STALE_INTERVALS = 3
export const STALE_MIN_MS = 15_000

/** The latest value of every point. Written by ingest, read by the API and push. */
export class LiveValues {
  private readonly values = new Map<number, LiveValue>()
  private readonly changed = new Set<LiveValue>()

  get(pointId: number): LiveValue | undefined {
    return this.values.get(pointId)
  }

  all(): IterableIterator<LiveValue> {
    return this.values.values()
  }

  /** Replaces the point's value; marks it for the next push. */
  set(value: LiveValue): void {
    this.values.set(value.pointId, value)
    this.changed.add(value)
  }

  /** Marks a value changed in place (ingest reuses the object of a point). */
  touch(value: LiveValue): void {
    this.changed.add(value)
  }

  /** The values changed since the last call. */
  drainChanged(): LiveValue[] {
    const drained = [...this.changed]
    this.changed.clear()
    return drained
  }
}
