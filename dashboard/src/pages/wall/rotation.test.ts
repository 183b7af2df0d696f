import { describe, expect, it } from 'vitest'
import { FIRST_ROTATION, type Rotation, type RotationStep, rotate, slideOrder, urgentRooms } from './rotation.ts'

type WallAlarm = Extract<RotationStep, { type: 'facts' }>['alarms'][number]
const alarm = (id: number, roomId: number, about: Partial<WallAlarm> = {}): WallAlarm => ({
  id,
  roomId,
  state: 'UNACK',
  priority: 'high',
  drill: false,
  ...about,
})
const facts = (alarms: WallAlarm[], roomIds = [1, 2, 3]): RotationStep => ({ type: 'facts', roomIds, alarms })
const shown = ({ order, index }: Rotation) => order[index]

describe('the order of the wall', () => {
  it('is all rooms, then each', () => {
    expect(slideOrder([1, 2], [])).toEqual([null, 1, 2])
    expect(slideOrder([], [])).toEqual([null])
  })
  it('gives rooms with an urgent alarm every second screenful, in turn', () => {
    expect(slideOrder([1, 2, 3], [2])).toEqual([2, null, 2, 1, 2, 3])
    expect(slideOrder([1, 2], [2, 1])).toEqual([2, null, 1, null])
    expect(slideOrder([1], [1])).toEqual([1, null])
  })
  it('calls a room urgent for an unacknowledged high or critical alarm only, the worst room first', () => {
    const alarms = [
      alarm(1, 1, { priority: 'medium' }),
      alarm(2, 2),
      alarm(3, 3, { priority: 'critical', state: 'RTNUN' }),
      alarm(4, 1, { state: 'ACKED' }),
    ]
    expect(urgentRooms([1, 2, 3], alarms)).toEqual([3, 2])
  })
})

describe('the rotation of the wall', () => {
  const calm = rotate(FIRST_ROTATION, facts([]))

  it('goes round and back', () => {
    const next = rotate(calm, { type: 'next' })
    expect(shown(next)).toBe(1)
    expect(shown(rotate(calm, { type: 'previous' }))).toBe(3)
    expect(next.turn).toBe(calm.turn + 1)
  })
  it('shows the room of a new urgent alarm at once, and ends a pause for it', () => {
    const alarmed = rotate(rotate(calm, { type: 'pause' }), facts([alarm(7, 3)]))
    expect(shown(alarmed)).toBe(3)
    expect(alarmed.isPaused).toBe(false)
  })
  it('is not interrupted again by what it has shown, only when that becomes more severe', () => {
    const later = rotate(rotate(calm, facts([alarm(7, 3)])), { type: 'next' })
    expect(rotate(later, facts([alarm(7, 3)])).turn).toBe(later.turn)
    expect(shown(rotate(later, facts([alarm(7, 3, { priority: 'critical' })])))).toBe(3)
  })
  it('is not interrupted by a medium alarm, nor by one of a room that is not on this wall', () => {
    expect(rotate(calm, facts([alarm(8, 2, { priority: 'medium' }), alarm(9, 44)]))).toEqual(calm)
  })
  it('leaves the screenful in peace when an alarm is acknowledged or another room goes', () => {
    const third = rotate(rotate(calm, facts([alarm(7, 3)])), facts([]))
    expect(shown(third)).toBe(3)
    expect(third.loud.size).toBe(0)
    const fewer = rotate(third, facts([], [2, 3]))
    expect([shown(fewer), fewer.turn]).toEqual([3, third.turn])
    expect(shown(rotate(fewer, facts([], [2])))).toBeNull()
  })
})
