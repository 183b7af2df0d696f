import { seededRandom } from '../kit/random.ts'

/** Readings above this are over the limit; an excursion's readings are `FIRST_EXCURSION_VALUE` + its number, so each tells which it belongs to. */
export const LIMIT = 900
const FIRST_EXCURSION_VALUE = 1000

const SHORTEST_MS = 1000
const LONGEST_MS = 6000
const REST_MS = { least: 3000, most: 12_000 }

interface Excursion {
  fromMs: number
  toMs: number
}

/** When the alarm point of one device leaves its limits: random times that the seed repeats, from `startMs` until `end` is called. */
export class ExcursionSchedule {
  private readonly random
  private readonly planned: Excursion[] = []
  private endMs = Number.POSITIVE_INFINITY

  constructor(seed: number, startMs: number) {
    this.random = seededRandom(seed)
    this.plan(startMs)
  }

  /** No excursion begins after this; one that is going on ends by itself. */
  end(atMs: number): void {
    this.endMs = atMs
  }

  /** The register's value at a time, UTC ms. Times must not go back by more than one excursion. */
  valueAt(timeMs: number): number {
    while ((this.planned.at(-1) as Excursion).toMs < timeMs) this.plan((this.planned.at(-1) as Excursion).toMs)
    for (let number = this.planned.length - 1; number >= 0; number--) {
      const { fromMs, toMs } = this.planned[number] as Excursion
      if (timeMs >= fromMs && timeMs < toMs && fromMs <= this.endMs) return FIRST_EXCURSION_VALUE + number
      if (timeMs >= toMs) break
    }
    return Math.floor(timeMs / 100) % 500
  }

  private plan(afterMs: number): void {
    const fromMs = afterMs + this.random.between(REST_MS.least, REST_MS.most)
    this.planned.push({ fromMs, toMs: fromMs + this.random.between(SHORTEST_MS, LONGEST_MS) })
  }
}

/** The number of the excursion a value belongs to. */
export function excursionOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > LIMIT ? value - FIRST_EXCURSION_VALUE : undefined
}
