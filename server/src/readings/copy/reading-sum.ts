import type { StoredReading } from '../reading-store.ts'

/** Count of readings and a sum over their times and contents, in any order: equal readings give equal sums. */
export interface ReadingSum {
  count: number
  /** Unsigned 32 bits; sums of parts add up. */
  hash: number
}

const scratch = new DataView(new ArrayBuffer(16))

export function addReadings(sum: ReadingSum, readings: readonly StoredReading[]): void {
  let { hash } = sum
  for (const reading of readings) hash = (hash + hashOf(reading)) >>> 0
  sum.hash = hash
  sum.count += readings.length
}

function hashOf({ timeMs, value, bad }: StoredReading): number {
  scratch.setFloat64(0, timeMs)
  let hash = mix(mix(FNV_BASIS, scratch.getUint32(0)), scratch.getUint32(4))
  if (bad === undefined && typeof value !== 'string') {
    // Booleans are stored as numbers, -0 as 0 by some stores.
    scratch.setFloat64(8, Number(value) + 0)
    hash = mix(mix(hash, scratch.getUint32(8)), scratch.getUint32(12))
  } else {
    const text = `${bad ?? ''} ${value}`
    for (let index = 0; index < text.length; index++) hash = mix(hash, text.charCodeAt(index))
  }
  return mix(hash, hash >>> 15)
}

const FNV_BASIS = 0x811c9dc5

function mix(hash: number, word: number): number {
  return Math.imul(hash ^ word, 0x01000193) >>> 0
}
