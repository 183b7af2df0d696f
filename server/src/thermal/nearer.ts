import type { ThermalRunning, UpsLeft } from '@roomkeeper/shared/http'

/** Closer together than this neither is first: a battery's end is not known to the minute either. */
const EQUAL_MS = 60_000

/**
 * Which limit comes first: heat counts as nearer only when its whole interval lies before the battery's end, and the other way round; a side
 * that is unknown is never taken for far away. `heat` is null while the cooling runs, `ups` undefined while mains are present; of several the one
 * that ends first.
 *
 * heat, ups: that one. either: they lie closer together than is known, prepare for both. neither: no limit comes into sight. unknown: nobody can say.
 */
export function nearerLimit(heat: ThermalRunning['forecast'], ups: Pick<UpsLeft, 'emptyAtMs'> | undefined): ThermalRunning['nearer'] {
  const isUpsUnknown = ups?.emptyAtMs === null
  if (heat === null || heat.kind === 'never') return ups === undefined ? 'neither' : isUpsUnknown ? 'unknown' : 'ups'
  if (heat.kind === 'unknown' || isUpsUnknown) return 'unknown'
  const emptyAtMs = ups?.emptyAtMs ?? Number.POSITIVE_INFINITY
  if (heat.latestMs < emptyAtMs - EQUAL_MS) return 'heat'
  if (heat.earliestMs > emptyAtMs + EQUAL_MS) return 'ups'
  return 'either'
}
