import { queryOptions } from '@tanstack/react-query'
import { api, queries } from './api.ts'
import { connectionStore } from './connection.ts'
import { liveStore } from './live-store.ts'

/** All rooms; their leading values go into the live store with the connection they were asked on. */
export function roomsQuery() {
  return queryOptions({
    queryKey: queries.rooms.list.queryKey(),
    queryFn: async ({ signal }) => {
      const { epoch } = connectionStore.get()
      const rooms = await api.rooms.list(undefined, { signal })
      for (const room of rooms) liveStore.seed(room.leading, epoch)
      return rooms
    },
    refetchInterval: 15_000,
  })
}

/** One room with all devices and points; seeds the live store in the same way. */
export function roomQuery(roomId: number) {
  return queryOptions({
    queryKey: queries.rooms.get.queryKey({ input: { roomId } }),
    queryFn: async ({ signal }) => {
      const { epoch } = connectionStore.get()
      const room = await api.rooms.get({ roomId }, { signal })
      for (const device of room.deviceList) liveStore.seed(device.points, epoch)
      return room
    },
    refetchInterval: 15_000,
  })
}
