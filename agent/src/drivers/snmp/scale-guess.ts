import type { Measure } from './profile.ts'
import { numberOf, type SnmpValue } from './values.ts'

/** An object of the device whose scale is to be settled. */
export interface Guessed {
  key: string
  /** What stands for {row} in the key. */
  row?: string
  raw: SnmpValue
  measure: Measure
  /** What the row itself says of its scale. */
  factor: number
}

/** A product of volts and amperes below this tells nothing: at almost no load both are rounded to anything. */
const LEAST_PRODUCT = 50
/** True power is 0.3 to 1 of the apparent power; a little more where volts and amperes were read a moment later. */
const POWER_FACTORS = { low: 0.3, high: 1.3 }

/**
 * The factor of each object that has a `guess`, by what the device shows right now. All rows of a table get the same one; an object that
 * tells nothing (0 V during a power cut) gets that of the others of its kind, and if there is none the first.
 */
export function guessFactors<Found extends Guessed>(found: readonly Found[]): Map<Found, number> {
  const byMeasure = Map.groupBy(
    found.filter(({ measure }) => measure.guess !== undefined),
    ({ measure }) => measure,
  )
  const decided = new Map<Measure, number>()
  for (const [measure, rows] of byMeasure) {
    const [low, high] = measure.guess?.between ?? [0, 0]
    const factor = bestFactor(rows, (row, factor) => {
      const value = scaled(row) * factor
      if (value === 0 || isSentinel(row.raw, measure) || !(value >= low)) return 0
      return value <= high ? 1 : -1
    })
    if (factor !== undefined) decided.set(measure, factor)
  }
  const alike = (one: Measure, other: Measure): boolean =>
    one.kind === other.kind && one.scale === other.scale && JSON.stringify(one.guess) === JSON.stringify(other.guess)
  const factors = new Map<Found, number>()
  for (const [measure, rows] of byMeasure) {
    if (measure.guess?.product !== undefined) continue
    const ofOthers = [...decided].find(([other]) => alike(measure, other))?.[1]
    for (const row of rows) factors.set(row, decided.get(measure) ?? ofOthers ?? firstFactor(measure))
  }
  for (const [measure, rows] of byMeasure) {
    const { product } = measure.guess ?? {}
    if (product === undefined) continue
    const factor = bestFactor(rows, (row, factor) => {
      const expected = product.reduce((value, key) => value * shownAt(key.replace('{row}', row.row ?? ''), found, factors), 1)
      const ratio = (scaled(row) * factor) / expected
      return expected >= LEAST_PRODUCT && ratio >= POWER_FACTORS.low && ratio <= POWER_FACTORS.high ? 1 : 0
    })
    for (const row of rows) factors.set(row, factor ?? firstFactor(measure))
  }
  return factors
}

/**
 * The factor by which most rows fit (1), less those that it makes impossibly high (-1): 690 V could be a little mains or a lot, 2310 V is
 * none. Rows that fit by no factor are garbage and tell nothing. Undefined when nothing tells.
 */
function bestFactor<Row extends Guessed>(rows: readonly Row[], judge: (row: Row, factor: number) => number): number | undefined {
  const factors = rows[0]?.measure.guess?.factors ?? []
  const telling = rows.filter((row) => factors.some((factor) => judge(row, factor) > 0))
  let best: { factor: number; score: number } | undefined
  for (const factor of factors) {
    const score = telling.reduce((sum, row) => sum + judge(row, factor), 0)
    if (score > (best?.score ?? 0)) best = { factor, score }
  }
  return best?.factor
}

function shownAt<Found extends Guessed>(key: string, found: readonly Found[], factors: ReadonlyMap<Found, number>): number {
  const object = found.find((candidate) => candidate.key === key && !isSentinel(candidate.raw, candidate.measure))
  return object === undefined ? Number.NaN : scaled(object) * (factors.get(object) ?? 1)
}

function firstFactor({ guess }: Measure): number {
  return guess?.factors[0] ?? 1
}

function scaled({ raw, measure, factor }: Guessed): number {
  return numberOf(raw) * measure.scale * factor
}

/** The largest and smallest numbers of 32 bits: no device measures them, and many send them for "not known". */
const EXTREMES = new Set([2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1])

/** Does this raw value stand for "no reading"? */
export function isSentinel(raw: SnmpValue, { sentinels }: Pick<Measure, 'sentinels'>): boolean {
  const value = numberOf(raw)
  return EXTREMES.has(value) || sentinels.includes(value)
}
