import { setImmediate, setTimeout } from 'node:timers/promises'

/** Longest work at a stretch. What comes on top (a page of readings that arrives) keeps the whole below 20 ms. */
const SLICE_MS = 8
/** The event loop had this much else to do: whoever is in a hurry goes first. */
const BUSY_MS = 5
const LONGEST_PAUSE_MS = 100

/** Long work in short slices, so that ingest and browsers do not notice it: the busier they are, the longer it waits. */
export class TimeSlices {
  #beganMs = performance.now()

  /** Whether it is time to `pause`. */
  get isOver(): boolean {
    return performance.now() - this.#beganMs >= SLICE_MS
  }

  async pause(): Promise<void> {
    const fromMs = performance.now()
    await setImmediate()
    const busyMs = performance.now() - fromMs
    if (busyMs > BUSY_MS) await setTimeout(Math.min(LONGEST_PAUSE_MS, 2 * busyMs))
    this.#beganMs = performance.now()
  }
}
