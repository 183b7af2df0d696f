import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { roomQuery, roomsQuery } from '../../client/room-queries.ts'
import type { Places } from './places.ts'

/** All rooms with their devices and points, as they come in. */
export function usePlaces(): Places & { isPending: boolean } {
  const rooms = useQuery(roomsQuery()).data
  const details = useQueries({ queries: (rooms ?? []).map(({ id }) => roomQuery(id)) })
  const isPending = rooms === undefined || details.some((query) => query.isPending)
  const stamp = details.map(({ dataUpdatedAt }) => dataUpdatedAt).join()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the queries' array is new at each render; their stamps say whether its data is
  return useMemo(
    () => ({
      rooms: rooms ?? [],
      entries: details.flatMap(({ data: room }) =>
        room ? room.deviceList.flatMap((device) => device.points.map((point) => ({ room, device, point }))) : [],
      ),
      isPending,
    }),
    [rooms, stamp, isPending],
  )
}
