import type { Limit } from '@roomkeeper/shared/model'
import { variantAt, withVariant } from '../../limits/limit-variants.ts'
import type { LocalMinute } from '../../limits/local-minute.ts'

/** What a value must lie in, ends included; an end without a limit is infinite. */
export interface Band {
  low: number
  high: number
}

const OPEN: Band = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }

/** The narrowest band that the level limits in force at a time leave; undefined: none is set, so nothing can be in or out of it. */
export function bandAt(limits: readonly Limit[], timeMs: number, localMinute: LocalMinute): Band | undefined {
  const band = { ...OPEN }
  for (const whole of limits) {
    const limit = whole.variants?.length ? withVariant(whole, variantAt(whole.variants, timeMs, localMinute).index) : whole
    if (!limit.enabled || limit.value === undefined) continue
    if (limit.condition === 'low' || limit.condition === 'low-low') band.low = Math.max(band.low, limit.value)
    if (limit.condition === 'high' || limit.condition === 'high-high') band.high = Math.min(band.high, limit.value)
  }
  return band.low === OPEN.low && band.high === OPEN.high ? undefined : band
}

/** Whether the band is the same at every time. */
export function isConstant(limits: readonly Limit[]): boolean {
  return !limits.some(({ variants }) => variants !== undefined && variants.length > 0)
}
