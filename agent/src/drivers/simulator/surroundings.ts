import { drift, jitter } from './noise.ts'
import type { RoomParameters } from './options.ts'
import { humidityRatio } from './psychrometrics.ts'

/** What acts on the room from outside its own state: weather, and the work the racks are given. */

/** The air conditioner is larger than the heat it has to carry. */
const COOLING_RESERVE = 1.6
const OUTSIDE_MEAN_CELSIUS = 24
const OUTSIDE_SWING_KELVIN = 5
export const OUTSIDE_HUMIDITY_RATIO = humidityRatio(OUTSIDE_MEAN_CELSIUS, 60)

export function coolingCapacityWatts({ rackCount, rackWatts }: RoomParameters): number {
  return COOLING_RESERVE * Math.max(1000, rackCount * rackWatts)
}

/** What the racks ask for, W: the work of a day wanders by a few per cent. */
export function demandWatts({ seed, rackCount, rackWatts }: RoomParameters, modelSeconds: number): number {
  return rackCount * rackWatts * (1 + 0.03 * drift(seed, 'load', modelSeconds, 600) + 0.005 * jitter(seed, 'load', modelSeconds))
}

/** One rack's part of the load, W: racks differ by about a tenth. */
export function rackShare({ seed, rackCount }: RoomParameters, index: number, modelSeconds: number, loadWatts: number): number {
  const weight = (rack: number) => 1 + 0.1 * drift(seed, `rack-${rack}`, modelSeconds, 900)
  let sum = 0
  for (let rack = 0; rack < rackCount; rack++) sum += weight(rack)
  return (loadWatts * weight(index)) / sum
}

/** A day's wave, warmest at 15:00 in UTC+8. */
export function outsideCelsius(utcSeconds: number): number {
  const hour = (utcSeconds / 3600 + 8) % 24
  return OUTSIDE_MEAN_CELSIUS + OUTSIDE_SWING_KELVIN * Math.cos(((hour - 15) / 24) * 2 * Math.PI)
}
