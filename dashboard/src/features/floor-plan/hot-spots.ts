/** A temperature that is used for the map. */
export interface SpotReading {
  pointId: number
  celsius: number
  /** Its own high limit in force. */
  high: number | null
}

export interface HotSpot {
  pointId: number
  celsius: number
  /** Above the mean of all temperatures on the plan, K. */
  aboveMean: number
  reason: 'limit' | 'mean'
}

/** So much above the mean is a place where air does not come or comes round (a choice of this product). */
export const HOT_KELVIN = 5
/** The mean of fewer says nothing. */
const MIN_READINGS = 3

export function meanOf(readings: readonly SpotReading[]): number | undefined {
  return readings.length === 0 ? undefined : readings.reduce((sum, { celsius }) => sum + celsius, 0) / readings.length
}

/** Where it is too hot: at or above its high limit, or far above the room's mean. Those above a limit first, then the hottest. */
export function hotSpots(readings: readonly SpotReading[]): HotSpot[] {
  const mean = meanOf(readings)
  if (mean === undefined) return []
  return readings
    .flatMap(({ pointId, celsius, high }): HotSpot[] => {
      const aboveMean = celsius - mean
      if (high !== null && celsius >= high) return [{ pointId, celsius, aboveMean, reason: 'limit' }]
      return readings.length >= MIN_READINGS && aboveMean >= HOT_KELVIN ? [{ pointId, celsius, aboveMean, reason: 'mean' }] : []
    })
    .sort((a, b) => Number(b.reason === 'limit') - Number(a.reason === 'limit') || b.celsius - a.celsius || a.pointId - b.pointId)
}
