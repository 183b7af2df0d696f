import type { Limit } from '@roomkeeper/shared/model'
import { variantAt, withVariant } from './limit-variants.ts'
import type { LocalMinute } from './local-minute.ts'

/** Of a value: lower steps, then upper ones. */
type Level = 'low-low' | 'low' | 'high' | 'high-high'

/** What a value must lie in, ends included; an end without a limit is infinite. */
export interface Band {
  low: number
  high: number
}

const OPEN: Band = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** The level limits in force at a time, by day or night as it is then; each level once. What is off, or has no level, is left out. */
export function levelsAt(limits: readonly Limit[], timeMs: number, localMinute: LocalMinute): Partial<Record<Level, number>> {
  const levels: Partial<Record<Level, number>> = {}
  for (const whole of limits) {
    const { condition } = whole
    if (condition !== 'low-low' && condition !== 'low' && condition !== 'high' && condition !== 'high-high') continue
    const limit = whole.variants?.length ? withVariant(whole, variantAt(whole.variants, timeMs, localMinute).index) : whole
    if (limit.enabled && limit.value !== undefined) levels[condition] ??= limit.value
  }
  return levels
}

/**
 * The band of the first steps: with a warning and a severe step set, a value is out of its limits from the warning on. Undefined: none is
 * set, so nothing can be in or out of it.
 */
export function bandAt(limits: readonly Limit[], timeMs: number, localMinute: LocalMinute): Band | undefined {
  const levels = levelsAt(limits, timeMs, localMinute)
  const low = Math.max(levels.low ?? OPEN.low, levels['low-low'] ?? OPEN.low)
  const high = Math.min(levels.high ?? OPEN.high, levels['high-high'] ?? OPEN.high)
  return low === OPEN.low && high === OPEN.high ? undefined : { low, high }
}

/** `bandAt` of limits that are asked many times; those without day and night are looked through once. */
export function bandsOver(limits: readonly Limit[], localMinute: LocalMinute): (timeMs: number) => Band | undefined {
  if (!isConstant(limits)) return (timeMs) => bandAt(limits, timeMs, localMinute)
  const always = bandAt(limits, 0, localMinute)
  return () => always
}

/** Whether the band is the same at every time. */
export function isConstant(limits: readonly Limit[]): boolean {
  return !limits.some(({ variants }) => variants !== undefined && variants.length > 0)
}
