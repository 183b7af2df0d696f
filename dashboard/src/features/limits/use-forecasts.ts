import { useQuery } from '@tanstack/react-query'
import { queries } from '../../client/api.ts'

/** When a point reaches a limit if it goes on as it does. */
export interface Forecast {
  limit: number
  atMs: number
}
const NONE: ReadonlyMap<number, Forecast> = new Map()

/** The earliest forecast of each point of a room, asked again each half minute. An answer that does not come forecasts nothing. */
export function useForecasts(roomId: number): ReadonlyMap<number, Forecast> {
  const { data } = useQuery({
    ...queries.limits.forecasts.queryOptions({ input: { roomId } }),
    refetchInterval: 30_000,
    select: byPoint,
  })
  return data ?? NONE
}

function byPoint(rows: readonly (Forecast & { pointId: number })[]): ReadonlyMap<number, Forecast> {
  const earliest = new Map<number, Forecast>()
  for (const row of rows) {
    const known = earliest.get(row.pointId)
    if (!known || row.atMs < known.atMs) earliest.set(row.pointId, row)
  }
  return earliest
}
