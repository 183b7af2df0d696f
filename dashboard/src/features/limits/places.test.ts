import type { Device, Point, Room } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { concernsRoom, entriesOf, kindsOf, onlyRoomId, type Places } from './places.ts'

const entry = (roomId: number, roomClass: Room['class'], deviceId: number, pointId: number, kind: string) => ({
  room: { id: roomId, site: 'a', name: 'r', class: roomClass },
  device: { id: deviceId } as Device,
  point: { id: pointId, kind } as Point,
})
const places: Places = {
  rooms: [],
  entries: [
    entry(1, 'computer-room', 10, 100, 'temperature'),
    entry(1, 'computer-room', 10, 101, 'humidity'),
    entry(1, 'computer-room', 11, 102, 'temperature'),
    entry(2, 'auxiliary', 12, 103, 'temperature'),
  ],
}
const ids = (target: Parameters<typeof entriesOf>[0]) => entriesOf(target, places).map(({ point }) => point.id)

describe('points of a target', () => {
  it('are those of its kind in its place', () => {
    expect(ids({ scope: 'kind', kind: 'temperature' })).toEqual([100, 102, 103])
    expect(ids({ scope: 'room-class', roomClass: 'auxiliary', kind: 'temperature' })).toEqual([103])
    expect(ids({ scope: 'room', roomId: 1, kind: 'temperature' })).toEqual([100, 102])
    expect(ids({ scope: 'device', deviceId: 10, kind: 'humidity' })).toEqual([101])
    expect(ids({ scope: 'point', pointId: 103 })).toEqual([103])
  })

  it('decide which rooms a set concerns', () => {
    expect(concernsRoom({ target: { scope: 'kind', kind: 'humidity' } }, 1, places)).toBe(true)
    expect(concernsRoom({ target: { scope: 'kind', kind: 'humidity' } }, 2, places)).toBe(false)
    expect(concernsRoom({ target: { scope: 'room', roomId: 2, kind: 'leak' } }, 2, places)).toBe(true)
  })

  it('choose the room by themselves where there is only one', () => {
    const room = { id: 4, site: 'a', name: 'r', class: 'auxiliary' } as const
    expect(onlyRoomId({ rooms: [room] })).toBe(4)
    expect(onlyRoomId({ rooms: [room, { ...room, id: 5 }] })).toBeUndefined()
  })

  it('have the kinds to choose from', () => {
    expect(kindsOf(places.entries)).toEqual(['temperature', 'humidity'])
  })
})
