import type { Point, PointLevels } from '@roomkeeper/shared/http'
import { useSyncExternalStore } from 'react'
import { subscribeSecond } from '../../client/clock.ts'
import { freshnessNow, latestOf } from '../live/use-point-look.ts'
import type { MapKind } from './heat-scale.ts'
import type { SpotReading } from './hot-spots.ts'
import type { ReadNow } from './item-state.ts'
import type { PlacedProbe } from './placed.ts'

/** From the live store; nothing is asked of the server. */
export const readNow: ReadNow = (point) => {
  const entry = latestOf(point)
  return { value: entry.value, freshness: freshnessNow(point, entry) }
}

/** A value that the map may use: fresh, good, a number. */
export function usableValue(point: Point): number | undefined {
  const { value, quality } = latestOf(point)
  return typeof value === 'number' && quality === 'good' && readNow(point).freshness === 'fresh' ? value : undefined
}

/** Temperatures that may be used now, with their limits. */
export function spotReadings(probes: readonly PlacedProbe[], levels: ReadonlyMap<number, PointLevels>): SpotReading[] {
  return readingsOf('temperature', probes, levels)
}

export function readingsOf(kind: MapKind, probes: readonly PlacedProbe[], levels: ReadonlyMap<number, PointLevels>): SpotReading[] {
  return probes.flatMap(({ of }) => {
    const point = of[kind]?.point
    const value = point && usableValue(point)
    return point && value !== undefined ? [{ pointId: point.id, celsius: value, high: levels.get(point.id)?.high ?? null }] : []
  })
}

/** What `read` says, looked at once a second; renders only when it says something else. */
export function useEachSecond(read: () => string): string {
  return useSyncExternalStore(subscribeSecond, read)
}
