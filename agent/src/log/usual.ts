import type { Reading, ScanRecord } from './scan-record.ts'

/** Numbers remembered of one point; when there are more, every second one is forgotten. */
const SAMPLES = 512
/** A point with more different texts than this has no states: it counts, or tells the time. */
const MAX_STATES = 32
/** A record stands for the time since the one before it, but for no more than this: what an outage was like nobody knows. */
const MAX_WEIGHT_MS = 15 * 60_000
/** How far beyond the middle half of its values, in widths of that half, a number is unusual. */
const FAR_WIDTHS = 2
/** The middle half counts as at least so wide, relative to the value: the last digit of a steady value is no event. */
const LEAST_RELATIVE_WIDTH = 0.01

interface Sample {
  value: number
  weight: number
}

/** How one point behaved over a stretch of time. */
class UsualPoint {
  readonly #states = new Map<string, number>()
  #samples: Sample[] = []
  #stride = 1
  #seen = 0
  #fences: { low: number; high: number } | undefined
  #usualState: string | undefined

  add(reading: Reading, weight: number): void {
    const state = stateOf(reading)
    if (this.#states.size <= MAX_STATES) this.#states.set(state, (this.#states.get(state) ?? 0) + weight)
    if (typeof reading.value !== 'number' || reading.quality === 'bad' || this.#seen++ % this.#stride !== 0) return
    this.#samples.push({ value: reading.value, weight })
    if (this.#samples.length < SAMPLES) return
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0)
    this.#stride *= 2
  }

  /** To be called once, after everything was added. */
  settle(): void {
    this.#usualState = [...this.#states].reduce((most, entry) => (entry[1] > most[1] ? entry : most), ['', -1] as [string, number])[0]
    const samples = this.#samples.sort((a, b) => a.value - b.value)
    if (samples.length === 0) return
    const [first, middle, third] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share)) as [number, number, number]
    const width = Math.max(third - first, Math.abs(middle) * LEAST_RELATIVE_WIDTH)
    this.#fences = { low: first - FAR_WIDTHS * width, high: third + FAR_WIDTHS * width }
    this.#samples = []
  }

  hasStates(): boolean {
    return this.#states.size <= MAX_STATES
  }

  isUnusual(reading: Reading): boolean {
    if (this.hasStates() && stateOf(reading) !== this.#usualState) return true
    if (typeof reading.value !== 'number' || reading.quality === 'bad' || this.#fences === undefined) return false
    return reading.value < this.#fences.low || reading.value > this.#fences.high
  }
}

/**
 * How every point mostly was over a stretch of the log. The agent knows no limits, so an alarm record is one that differs from that: a
 * number far from the middle half of its values; a text, contact or quality other than the most frequent one. Records count by the time
 * they stand for, so that a stretch thinned before is judged as it was.
 */
export class Usual {
  readonly #points = new Map<string, Map<string, UsualPoint>>()
  readonly #lastMs = new Map<string, number>()

  add(scan: ScanRecord): void {
    const sinceMs = scan.timeMs - (this.#lastMs.get(scan.device) ?? scan.timeMs)
    this.#lastMs.set(scan.device, scan.timeMs)
    const weight = Math.min(MAX_WEIGHT_MS, Math.max(1, sinceMs))
    const points = this.#points.get(scan.device) ?? new Map<string, UsualPoint>()
    this.#points.set(scan.device, points)
    for (const reading of scan.readings) {
      const point = points.get(reading.key) ?? new UsualPoint()
      points.set(reading.key, point)
      point.add(reading, weight)
    }
  }

  /** To be called once, after everything was added. */
  settle(): void {
    for (const points of this.#points.values()) for (const point of points.values()) point.settle()
  }

  isUnusual(scan: ScanRecord): boolean {
    const points = this.#points.get(scan.device)
    return scan.readings.some((reading) => points?.get(reading.key)?.isUnusual(reading) ?? true)
  }

  /** Texts, contacts and qualities of a scan in one string: where it changes, something happened. */
  statesOf(scan: ScanRecord): string {
    const points = this.#points.get(scan.device)
    return scan.readings
      .map((reading) => (points?.get(reading.key)?.hasStates() ? `${reading.key}=${stateOf(reading)}` : reading.key))
      .join('\n')
  }
}

function stateOf({ value, quality, reason }: Reading): string {
  if (quality === 'bad') return `bad ${reason ?? ''}`
  return typeof value === 'number' ? 'number' : `${typeof value} ${value}`
}

/** Of samples sorted by value, by weight. */
function quantile(samples: readonly Sample[], share: number): number {
  const total = samples.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  for (const { value, weight } of samples) {
    below += weight
    if (below >= total * share) return value
  }
  return (samples.at(-1) as Sample).value
}
