import type { Alarm } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { byUrgency, isUnacknowledged } from './alarm-order.ts'

const alarm = (over: Partial<Alarm>) => ({ state: 'ACKED', priority: 'low', raisedAtMs: 0, ...over }) as Alarm

describe('order of the alarm list', () => {
  it('puts unacknowledged first, then severity, then the newest', () => {
    const ackedCritical = alarm({ id: 1, priority: 'critical' })
    const unackLow = alarm({ id: 2, state: 'UNACK' })
    const returnedHigh = alarm({ id: 3, state: 'RTNUN', priority: 'high' })
    const unackHighNewer = alarm({ id: 4, state: 'UNACK', priority: 'high', raisedAtMs: 5 })
    expect([ackedCritical, unackLow, returnedHigh, unackHighNewer].sort(byUrgency).map(({ id }) => id)).toEqual([4, 3, 2, 1])
  })
  it('counts a returned alarm as unacknowledged until someone has seen it', () => {
    expect(isUnacknowledged({ state: 'RTNUN' })).toBe(true)
    expect(isUnacknowledged({ state: 'ACKED' })).toBe(false)
  })
})
