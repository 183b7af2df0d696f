import type { RoomOverview } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { byRoomUrgency, roomState } from './room-state.ts'

function room(over: Partial<Omit<RoomOverview, 'alarms'>> & { alarms?: Partial<RoomOverview['alarms']> } = {}): RoomOverview {
  return {
    name: 'A',
    points: 10,
    pointsStale: 0,
    pointsBad: 0,
    devicesOffline: 0,
    ...over,
    alarms: { low: 0, medium: 0, high: 0, critical: 0, unacknowledged: 0, ...over.alarms },
  } as RoomOverview
}

describe('room state', () => {
  it('is quiet only when values come in and nothing is wrong', () => {
    expect(roomState(room(), false)).toBe('quiet')
    expect(roomState(room({ points: 0 }), false)).toBe('no-data')
    expect(roomState(room({ pointsStale: 10 }), false)).toBe('stale')
    expect(roomState(room({ pointsStale: 1 }), false)).toBe('partly-stale')
    expect(roomState(room(), true)).toBe('cut-off')
  })
  it('is not quiet while returned alarms wait for someone to look', () => {
    expect(roomState(room({ alarms: { unacknowledged: 3 } }), false)).toBe('returned')
  })
  it('is its worst alarm, also while cut off', () => {
    expect(roomState(room({ alarms: { low: 2, high: 1 } }), true)).toBe('high')
  })
  it('puts the critical room first and the quiet one last', () => {
    const rooms = [room({ name: 'quiet' }), room({ name: 'stale', pointsStale: 10 }), room({ name: 'critical', alarms: { critical: 1 } })]
    expect(rooms.sort(byRoomUrgency).map(({ name }) => name)).toEqual(['critical', 'stale', 'quiet'])
  })
})
