import type { StoredReading } from '../reading-store.ts'
import { emptySlot, type Slot } from './slot.ts'

export const MINUTE_MS = 60_000
export const QUARTER_MS = 15 * MINUTE_MS
/** No reading holds longer than this, so an hour's readings reach at most one quarter into the next hour. */
export const MAX_HOLD_MS = 15 * MINUTE_MS

/** Limits in force from a time until the next change; null = none. A side that is null is open. */
export interface BandChange {
  fromMs: number
  band: { low: number | null; high: number | null } | null
}

interface HoldOptions {
  /** How long a good reading holds when no other follows; capped at MAX_HOLD_MS. */
  holdMs: number
  /** In order of time; before the first there are no limits. */
  bands: readonly BandChange[]
}

/**
 * Aggregates readings, given in order of time, over neighbouring windows. A good number holds until the point's next reading, good or
 * bad, and for holdMs at most; holds are cut at the windows' edges and where the limits change. Texts are passed over.
 */
export class SlotWindows {
  readonly #edges: readonly number[]
  readonly #slots: Slot[]
  readonly #sums: Float64Array
  readonly #scaledSums: Float64Array
  readonly #holdMs: number
  readonly #bands: readonly BandChange[]
  #window = 0
  #bandIndex = -1
  #pending: StoredReading | undefined

  /** `edges`: ascending; window i is [edges[i], edges[i + 1]). */
  constructor(edges: readonly number[], { holdMs, bands }: HoldOptions) {
    this.#edges = edges
    this.#slots = Array.from({ length: Math.max(0, edges.length - 1) }, emptySlot)
    this.#sums = new Float64Array(this.#slots.length)
    this.#scaledSums = new Float64Array(this.#slots.length)
    this.#holdMs = Math.min(holdMs, MAX_HOLD_MS)
    this.#bands = bands
  }

  /** Readings before the first edge only hold into the windows. Of readings with the same time the last one counts. */
  add(reading: StoredReading): void {
    if (reading.bad === undefined && typeof reading.value === 'string') return
    if (this.#pending !== undefined && reading.timeMs > this.#pending.timeMs) this.#count(this.#pending, reading.timeMs)
    this.#pending = reading
  }

  /** One slot per window. */
  finish(): Slot[] {
    if (this.#pending !== undefined) this.#count(this.#pending, Number.POSITIVE_INFINITY)
    this.#pending = undefined
    this.#slots.forEach((slot, index) => {
      if (slot.count === 0 || slot.min === null || slot.max === null) return
      const sum = this.#sums[index] as number
      // Only sums of huge numbers overflow; scaled by a power of two they do not, and lose nothing.
      const mean = Number.isFinite(sum) ? sum / slot.count : ((this.#scaledSums[index] as number) / slot.count) * SCALE
      slot.mean = Math.min(slot.max, Math.max(slot.min, mean))
    })
    return this.#slots
  }

  #count(reading: StoredReading, nextMs: number): void {
    const { timeMs } = reading
    const value = numberOf(reading)
    this.#moveTo(timeMs)
    const inside = timeMs >= (this.#edges[0] ?? Number.POSITIVE_INFINITY)
    const slot = this.#slots[this.#window]
    if (inside && slot !== undefined) {
      if (value === undefined) slot.badCount++
      else {
        slot.count++
        slot.min = slot.min === null ? value : Math.min(slot.min, value)
        slot.max = slot.max === null ? value : Math.max(slot.max, value)
        this.#sums[this.#window] = (this.#sums[this.#window] as number) + value
        this.#scaledSums[this.#window] = (this.#scaledSums[this.#window] as number) + value / SCALE
      }
    }
    if (value !== undefined) this.#hold(value, timeMs, Math.min(nextMs, timeMs + this.#holdMs))
  }

  #hold(value: number, timeMs: number, holdToMs: number): void {
    let fromMs = Math.max(timeMs, this.#edges[0] ?? 0)
    const toMs = Math.min(holdToMs, this.#edges.at(-1) ?? 0)
    while (fromMs < toMs) {
      this.#moveTo(fromMs)
      const slot = this.#slots[this.#window]
      if (slot === undefined) return
      while ((this.#bands[this.#bandIndex + 1]?.fromMs ?? Number.POSITIVE_INFINITY) <= fromMs) this.#bandIndex++
      const band = this.#bands[this.#bandIndex]?.band ?? null
      const bandToMs = this.#bands[this.#bandIndex + 1]?.fromMs ?? Number.POSITIVE_INFINITY
      const partToMs = Math.min(toMs, this.#edges[this.#window + 1] as number, bandToMs)
      const partMs = partToMs - fromMs
      slot.goodMs += partMs
      if (band !== null) {
        slot.limitedMs += partMs
        if ((band.low === null || value >= band.low) && (band.high === null || value <= band.high)) slot.insideMs += partMs
      }
      fromMs = partToMs
    }
  }

  #moveTo(timeMs: number): void {
    while (this.#window < this.#slots.length && timeMs >= (this.#edges[this.#window + 1] as number)) this.#window++
  }
}

const SCALE = 2 ** 40

/** undefined = bad: also what a number field cannot hold. */
function numberOf({ value, bad }: StoredReading): number | undefined {
  if (bad !== undefined) return undefined
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function minuteEdges(fromMs: number, toMs: number): number[] {
  return Array.from({ length: Math.round((toMs - fromMs) / MINUTE_MS) + 1 }, (_, index) => fromMs + index * MINUTE_MS)
}
