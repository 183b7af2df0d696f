import type { DeviceScan } from '../readings/scan.ts'

/** A scan on its way into the store. */
export interface TrackedScan extends DeviceScan {
  isStored: boolean
}

/**
 * Records taken but not stored yet. Live records and a replay arrive interleaved but each in order of offset, so the oldest one not
 * stored is at the head of one of two queues.
 */
export class CommitQueue {
  private readonly live = new ScanFifo()
  private readonly replay = new ScanFifo()

  push(scan: TrackedScan): void {
    if (scan.isHistorical) this.replay.push(scan)
    else this.live.push(scan)
  }

  /**
   * The highest offset up to which everything is stored, given that everything below `next` was taken. `committed` receives each
   * scan that leaves the queues.
   */
  committable(next: number, committed: (scan: TrackedScan) => void): number {
    const oldest = Math.min(this.live.oldestWaiting(committed), this.replay.oldestWaiting(committed))
    return Math.min(next, oldest) - 1
  }

  clear(): void {
    this.live.clear()
    this.replay.clear()
  }
}

/** A queue that drops its stored head; an index instead of `shift`, which costs the whole array's length each time. */
class ScanFifo {
  private scans: TrackedScan[] = []
  private head = 0

  push(scan: TrackedScan): void {
    this.scans.push(scan)
  }

  oldestWaiting(committed: (scan: TrackedScan) => void): number {
    while (this.head < this.scans.length && (this.scans[this.head] as TrackedScan).isStored)
      committed(this.scans[this.head++] as TrackedScan)
    if (this.head > 1024 && this.head * 2 > this.scans.length) {
      this.scans = this.scans.slice(this.head)
      this.head = 0
    }
    return this.scans[this.head]?.offset ?? Number.POSITIVE_INFINITY
  }

  clear(): void {
    this.scans = []
    this.head = 0
  }
}
