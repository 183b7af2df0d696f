import type { Alarm } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { byUrgency, isUnacknowledged, stillWaiting } from './alarm-order.ts'

const alarm = (over: Partial<Alarm>) => ({ state: 'ACKED', priority: 'low', drill: false, raisedAtMs: 0, ...over }) as Alarm

describe('order of the alarm list', () => {
  it('puts unacknowledged first, then severity, then the newest', () => {
    const ackedCritical = alarm({ id: 1, priority: 'critical' })
    const unackLow = alarm({ id: 2, state: 'UNACK' })
    const returnedHigh = alarm({ id: 3, state: 'RTNUN', priority: 'high' })
    const unackHighNewer = alarm({ id: 4, state: 'UNACK', priority: 'high', raisedAtMs: 5 })
    expect([ackedCritical, unackLow, returnedHigh, unackHighNewer].sort(byUrgency).map(({ id }) => id)).toEqual([4, 3, 2, 1])
  })
  it('puts the cause of others before what is as severe and newer', () => {
    const mains = alarm({ id: 1, state: 'UNACK', priority: 'high', suppresses: { alarms: 2, devices: 0, points: 0 } })
    const warm = alarm({ id: 2, state: 'UNACK', priority: 'high', raisedAtMs: 5 })
    const hot = alarm({ id: 3, state: 'UNACK', priority: 'critical' })
    expect([warm, mains, hot].sort(byUrgency).map(({ id }) => id)).toEqual([3, 1, 2])
  })
  it('puts a drill below every real alarm that waits, and above what is acknowledged', () => {
    const drill = alarm({ id: 1, state: 'UNACK', priority: 'critical', drill: true })
    const low = alarm({ id: 2, state: 'UNACK' })
    expect([drill, alarm({ id: 3 }), low].sort(byUrgency).map(({ id }) => id)).toEqual([2, 1, 3])
  })
  it('a note about alarms stands for those that still wait: not acknowledged by anybody, and not gone silent', () => {
    const open = [
      alarm({ id: 1, state: 'UNACK' }),
      alarm({ id: 2, state: 'ACKED' }),
      alarm({ id: 3, state: 'RTNUN' }),
      alarm({ id: 5, state: 'UNACK' }),
    ]
    // 4 was shelved: it is no longer on the open list. 5 was never told.
    expect(stillWaiting(new Set([1, 2, 3, 4]), open).map(({ id }) => id)).toEqual([1, 3])
    expect(stillWaiting(new Set([2, 4]), open)).toEqual([])
  })
  it('counts a returned alarm as unacknowledged until someone has seen it', () => {
    expect(isUnacknowledged({ state: 'RTNUN' })).toBe(true)
    expect(isUnacknowledged({ state: 'ACKED' })).toBe(false)
  })
})
