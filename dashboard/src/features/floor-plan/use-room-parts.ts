import type { Device } from '@roomkeeper/shared/http'
import { useMemo } from 'react'
import { type PointOfRoom, pointsById } from './placed.ts'

/** The devices and points of a room by their ids. */
export interface RoomParts {
  devices: ReadonlyMap<number, Device>
  points: ReadonlyMap<number, PointOfRoom>
}

export function useRoomParts(deviceList: readonly Device[]): RoomParts {
  return useMemo(
    () => ({ devices: new Map(deviceList.map((device) => [device.id, device])), points: pointsById(deviceList) }),
    [deviceList],
  )
}
