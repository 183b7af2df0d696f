import { describe, expect, it } from 'vitest'
import { type DeadlineAlarm, type DeadlineFacts, decideDeadlines } from './deadline-decisions.ts'

const HOUR_MS = 3_600_000
const DUE_MS = Date.UTC(2026, 2, 2, 8)
const VISIT: DeadlineFacts = {
  recordId: 7,
  roomId: 5,
  dueAtMs: DUE_MS,
  remindAtMs: DUE_MS - HOUR_MS,
  remindedAtMs: null,
  headAtMs: DUE_MS + 24 * HOUR_MS,
  headToldAtMs: null,
  condition: 'overstay',
  priority: 'high',
}
const raised: DeadlineAlarm = { recordId: 7, condition: 'overstay', roomId: 5, standing: true, lastEventAtMs: DUE_MS }
const decide = (record: Partial<DeadlineFacts> | null, alarms: DeadlineAlarm[], nowMs: number) =>
  decideDeadlines({ records: record === null ? [] : [{ ...VISIT, ...record }], alarms }, nowMs)

describe('decideDeadlines', () => {
  it('reminds once, raises at the deadline, and tells the department head once', () => {
    expect(decide({}, [], DUE_MS - HOUR_MS - 1)).toEqual([])
    expect(decide({}, [], DUE_MS - HOUR_MS)).toEqual([{ action: 'remind', recordId: 7, dueAtMs: DUE_MS, reason: 'due-soon' }])
    expect(decide({ remindedAtMs: 1 }, [], DUE_MS - 1)).toEqual([])
    expect(decide({}, [], DUE_MS)).toEqual([
      {
        action: 'raise',
        recordId: 7,
        roomId: 5,
        condition: 'overstay',
        priority: 'high',
        atMs: DUE_MS,
        reason: 'not-moved-on-in-time',
      },
    ])
    expect(decide({}, [raised], DUE_MS + HOUR_MS)).toEqual([])
    const head = { action: 'tell-head', recordId: 7, dueAtMs: DUE_MS, reason: 'overdue-for-long' }
    expect(decide({}, [raised], DUE_MS + 24 * HOUR_MS)).toEqual([head])
    expect(decide({ headToldAtMs: 1 }, [raised], DUE_MS + 48 * HOUR_MS)).toEqual([])
  })

  it('clears when the record has moved on, or has a later deadline', () => {
    const nowMs = DUE_MS + HOUR_MS
    expect(decide(null, [raised], nowMs)).toMatchObject([{ action: 'clear', atMs: nowMs, reason: 'moved-on' }])
    expect(decide({ dueAtMs: nowMs + 60_000, remindAtMs: null }, [raised], nowMs)).toMatchObject([
      { action: 'clear', reason: 'due-later-now' },
    ])
    expect(decide(null, [{ ...raised, standing: false }], nowMs)).toEqual([])
  })

  it('of another kind in the next state is an alarm of its own', () => {
    expect(decide({ condition: 'overdue' }, [raised], DUE_MS + 1)).toMatchObject([
      { action: 'clear', condition: 'overstay', reason: 'moved-on' },
      { action: 'raise', condition: 'overdue' },
    ])
  })

  it('raises again with a time of its own, and clears after the raise when the clock was set back', () => {
    const cleared = { ...raised, standing: false, lastEventAtMs: DUE_MS + HOUR_MS }
    expect(decide({}, [cleared], DUE_MS + 2 * HOUR_MS)).toMatchObject([{ action: 'raise', atMs: DUE_MS + 2 * HOUR_MS }])
    expect(decide({}, [raised], DUE_MS - 5000)).toMatchObject([{ action: 'remind' }])
    expect(decide({ remindAtMs: null }, [raised], DUE_MS - 30 * HOUR_MS)).toMatchObject([{ action: 'clear', atMs: DUE_MS + 1 }])
  })
})
