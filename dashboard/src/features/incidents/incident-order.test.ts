import type { Incident } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { byIncidentUrgency, nextToShow } from './incident-order.ts'

const incident = (id: number, priority: string, openedAtMs: number) => ({ id, priority, openedAtMs }) as Incident

describe('incident queue', () => {
  const open = [incident(1, 'high', 10), incident(2, 'critical', 20), incident(3, 'high', 5)].sort(byIncidentUrgency)
  it('opens the most severe first, then the oldest', () => {
    expect(open.map(({ id }) => id)).toEqual([2, 3, 1])
    expect(nextToShow(open, new Set(), null)?.id).toBe(2)
  })
  it('passes over what was put off and what is open as a page', () => {
    expect(nextToShow(open, new Set([2]), null)?.id).toBe(3)
    expect(nextToShow(open, new Set([2]), 3)?.id).toBe(1)
    expect(nextToShow(open, new Set([1, 2, 3]), null)).toBeUndefined()
  })
})
