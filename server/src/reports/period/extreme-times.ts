import type { PeriodPoint, PeriodQuery } from './load-period.ts'
import type { Extreme, Tally } from './slot-fold.ts'

const MINUTE_MS = 60_000

/** The minute of the lowest and of the highest value, looked up inside their slots; the slot's beginning stays where minute values are not kept any more. */
export async function exactTimes(
  { store }: Pick<PeriodQuery, 'store'>,
  points: readonly PeriodPoint[],
  tally: Tally,
  slotMs: number,
): Promise<Tally> {
  const lookUp = async (extreme: Extreme | null, of: 'min' | 'max'): Promise<Extreme | null> => {
    const point = extreme && points.find(({ id }) => id === extreme.pointId)
    if (!point) return extreme
    const range = { fromMs: extreme.atMs, toMs: extreme.atMs + slotMs }
    const { buckets } = await store.history({ point, ...range, maxBuckets: Math.ceil(slotMs / MINUTE_MS) })
    const found = buckets.find((bucket) => bucket[of] === extreme.value)
    return found ? { ...extreme, atMs: Math.max(found.timeMs, extreme.atMs) } : extreme
  }
  return { ...tally, min: await lookUp(tally.min, 'min'), max: await lookUp(tally.max, 'max') }
}
