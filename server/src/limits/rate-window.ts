import { type Trend, trendOf } from './trend.ts'

/**
 * Rate of change over a sliding window. GB 50174 limits it per hour; judged over 15 minutes it is quick enough for a room without
 * cooling (5 K in the first 2 minutes at 5 kW per rack) and deaf to a door or the air conditioner's cycle.
 */
const RATE_WINDOW_MS = 15 * 60_000
/** One sample a minute is kept: 16 numbers a point. */
const SAMPLE_EVERY_MS = 60_000

/** The last quarter of an hour of one point, one sample a minute: for its rate of change, and where it is heading. */
export class RateWindow {
  private readonly times: number[] = []
  private readonly values: number[] = []
  private low = Infinity
  private high = -Infinity
  /** Between these times a reading changes nothing. */
  private sameFromMs = Infinity
  private sameUntilMs = -Infinity
  private fitted: { trend: Trend | undefined } | undefined

  /** Takes a reading; costs two comparisons, but once a minute. */
  push(timeMs: number, value: number): void {
    if (timeMs < this.sameUntilMs && timeMs >= this.sameFromMs) return
    const { times, values } = this
    // A clock that was set back would keep out every sample until it has caught up.
    if (timeMs < this.sameFromMs) {
      times.length = 0
      values.length = 0
    }
    while (times.length > 0 && timeMs - (times[0] as number) > RATE_WINDOW_MS) {
      times.shift()
      values.shift()
    }
    if (times.length === 0 || timeMs - (times[times.length - 1] as number) >= SAMPLE_EVERY_MS) {
      times.push(timeMs)
      values.push(value)
    }
    const newestMs = times[times.length - 1] as number
    this.sameFromMs = newestMs - SAMPLE_EVERY_MS
    this.sameUntilMs = Math.min(newestMs + SAMPLE_EVERY_MS, (times[0] as number) + RATE_WINDOW_MS + 1)
    this.low = Math.min(...values)
    this.high = Math.max(...values)
    this.fitted = undefined
  }

  /**
   * The largest change per hour (absolute) from a sample to this value, in the point's unit. A window that is not full yet counts as a
   * full one, so a few noisy readings after a start make no alarm.
   */
  ratePerHour(value: number): number {
    return (Math.max(0, this.high - value, value - this.low) * 3_600_000) / RATE_WINDOW_MS
  }

  /** Where the point is heading, if anywhere. */
  trend(): Trend | undefined {
    this.fitted ??= { trend: trendOf(this.times, this.values) }
    return this.fitted.trend
  }

  copy(): RateWindow {
    const copied = new RateWindow()
    copied.times.push(...this.times)
    copied.values.push(...this.values)
    copied.low = this.low
    copied.high = this.high
    copied.sameFromMs = this.sameFromMs
    copied.sameUntilMs = this.sameUntilMs
    return copied
  }
}
