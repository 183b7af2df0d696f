import { describe, expect, it } from 'vitest'
import { dateParts, deadlineOf, startOfDate } from './deadlines.ts'
import type { Deadline, RegisterDefinition } from './definition.ts'

const ZONE = 'Asia/Shanghai'
const HOUR_MS = 3_600_000
/** 2026-03-02 16:00 on the wall. */
const SINCE_MS = Date.UTC(2026, 2, 2, 8)

function dueOf(deadline: Deadline, fields: Record<string, unknown> = {}, zone = ZONE) {
  const state = { name: 'waiting', label: { zh: '', en: '' }, phase: 'open' as const, deadline }
  return deadlineOf({ states: [state] } as unknown as RegisterDefinition, 'waiting', fields, SINCE_MS, zone)
}

describe('the deadline of a record', () => {
  it('counts hours from when it came into the state; the head is told a day later', () => {
    expect(dueOf({ hours: 48, remindHours: 12, condition: 'overdue' })).toEqual({
      dueAtMs: SINCE_MS + 48 * HOUR_MS,
      remindAtMs: SINCE_MS + 36 * HOUR_MS,
      headAtMs: SINCE_MS + 72 * HOUR_MS,
    })
    expect(dueOf({ hours: 1, headAfterHours: 0, condition: 'overdue' })).toMatchObject({ remindAtMs: null, headAtMs: SINCE_MS + HOUR_MS })
  })

  it('counts a date to its end by the clock on the wall', () => {
    expect(dueOf({ field: 'until', condition: 'overdue' }, { until: '2026-03-05' }).dueAtMs).toBe(Date.UTC(2026, 2, 5, 16))
    // The last Sunday of March 2026 has 23 hours in Berlin.
    expect(dueOf({ field: 'until', condition: 'overdue' }, { until: '2026-03-29' }, 'Europe/Berlin').dueAtMs).toBe(
      Date.UTC(2026, 2, 29, 22),
    )
    expect(dueOf({ field: 'until', condition: 'overdue' }, { until: '2026-12-31' }).dueAtMs).toBe(Date.UTC(2026, 11, 31, 16))
  })

  it('is the earlier of the field and the hours', () => {
    const both = { field: 'until', hours: 10, condition: 'overdue' } as const
    expect(dueOf(both, { until: SINCE_MS + HOUR_MS }).dueAtMs).toBe(SINCE_MS + HOUR_MS)
    expect(dueOf(both, { until: SINCE_MS + 20 * HOUR_MS }).dueAtMs).toBe(SINCE_MS + 10 * HOUR_MS)
    expect(dueOf(both).dueAtMs).toBe(SINCE_MS + 10 * HOUR_MS)
  })

  it('is none where the field is empty, or the state has none', () => {
    const none = { dueAtMs: null, remindAtMs: null, headAtMs: null }
    expect(dueOf({ field: 'until', remindHours: 3, condition: 'overdue' })).toEqual(none)
    expect(deadlineOf({ states: [] } as unknown as RegisterDefinition, 'gone', {}, SINCE_MS, ZONE)).toEqual(none)
  })

  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', '0000-01-01', 20260101, null, ''])('knows no date %j', (value) => {
    expect(dateParts(value)).toBeUndefined()
    expect(startOfDate(value, ZONE)).toBeNull()
  })

  it('knows a leap day', () => {
    expect(dateParts('2028-02-29')).toEqual({ year: 2028, month: 2, day: 29 })
    expect(startOfDate('2028-02-29', ZONE, 1)).toBe(Date.UTC(2028, 1, 29, 16))
  })
})
