import type { Incident } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { byIncidentUrgency, nextToShow, putOffKey } from './incident-order.ts'

const me = { id: 7, onDuty: true }
const incident = (id: number, priority: string, openedAtMs: number, assignedTo?: number) => {
  const assignee = assignedTo === undefined ? null : { accountId: assignedTo, name: '', by: '', atMs: 50 }
  return { id, priority, openedAtMs, assignee } as Incident
}

describe('incident queue', () => {
  const open = [incident(1, 'high', 10), incident(2, 'critical', 20), incident(3, 'high', 5)].sort(byIncidentUrgency(me.id))
  it('opens the most severe first, then the oldest', () => {
    expect(open.map(({ id }) => id)).toEqual([2, 3, 1])
    expect(nextToShow(open, me, new Set(), null)?.id).toBe(2)
  })
  it('passes over what was put off and what is open as a page', () => {
    expect(nextToShow(open, me, new Set(['2']), null)?.id).toBe(3)
    expect(nextToShow(open, me, new Set(['2']), 3)?.id).toBe(1)
    expect(nextToShow(open, me, new Set(['1', '2', '3']), null)).toBeUndefined()
  })
  it('opens what is assigned to this person even off duty, and before others of its severity', () => {
    const mine = [...open, incident(4, 'high', 30, me.id)].sort(byIncidentUrgency(me.id))
    expect(mine.map(({ id }) => id)).toEqual([2, 4, 3, 1])
    expect(nextToShow(mine, { ...me, onDuty: false }, new Set(), null)?.id).toBe(4)
  })
  it('leaves what somebody else has', () => {
    expect(nextToShow([incident(5, 'critical', 1, 8)], me, new Set(), null)).toBeUndefined()
  })
  it('opens again what was put off before it was assigned', () => {
    const before = putOffKey(incident(1, 'high', 10), me.id)
    const assigned = incident(1, 'high', 10, me.id)
    expect(nextToShow([assigned], me, new Set([before]), null)?.id).toBe(1)
    expect(nextToShow([assigned], me, new Set([putOffKey(assigned, me.id)]), null)).toBeUndefined()
  })
})
