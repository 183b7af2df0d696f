/**
 * Rate of change over a sliding window. GB 50174 limits it per hour; judged over 15 minutes it is quick enough for a room without
 * cooling (5 K in the first 2 minutes at 5 kW per rack) and deaf to a door or the air conditioner's cycle.
 */
export const RATE_WINDOW_MS = 15 * 60_000
/** One sample a minute is kept: 16 numbers a point. */
const SAMPLE_EVERY_MS = 60_000

export class RateWindow {
  private readonly times: number[] = []
  private readonly values: number[] = []

  /**
   * Adds a reading; returns the largest change per hour (absolute) within the window, in the point's unit.
   * A window that is not full yet counts as a full one, so a few noisy readings after a start make no alarm.
   */
  push(timeMs: number, value: number): number {
    while (this.times.length > 0 && timeMs - (this.times[0] as number) > RATE_WINDOW_MS) {
      this.times.shift()
      this.values.shift()
    }
    let change = 0
    for (const old of this.values) change = Math.max(change, Math.abs(value - old))
    const lastMs = this.times.at(-1)
    if (lastMs === undefined || timeMs - lastMs >= SAMPLE_EVERY_MS) {
      this.times.push(timeMs)
      this.values.push(value)
    }
    return (change * 3_600_000) / RATE_WINDOW_MS
  }

  copy(): RateWindow {
    const copied = new RateWindow()
    copied.times.push(...this.times)
    copied.values.push(...this.values)
    return copied
  }
}
