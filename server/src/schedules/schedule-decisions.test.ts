import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { decideSchedules, type ScheduleState } from './schedule-decisions.ts'
import { dueAtMs } from './schedule-due.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const START_MS = Date.UTC(2026, 0, 1, 8)

type Schedule = ScheduleState['schedules'][number]

function state(schedule: Partial<Schedule> = {}): ScheduleState {
  const defaults = { id: 3, roomId: 5, everyDays: 7, startsAtMs: START_MS, lastDoneAtMs: null, countsFromMs: null, alarm: null }
  return { roomsWithoutSchedule: [], schedules: [{ ...defaults, ...schedule }] }
}

describe('decideSchedules', () => {
  it('raises at the due time and not a moment before', () => {
    expect(decideSchedules(state(), START_MS + 7 * DAY_MS - 1)).toEqual([])
    expect(decideSchedules(state(), START_MS + 7 * DAY_MS)).toEqual([
      { action: 'raise', scheduleId: 3, roomId: 5, atMs: START_MS + 7 * DAY_MS, reason: 'overdue' },
    ])
  })

  it('counts from the last inspection, once there was one', () => {
    const done = state({ lastDoneAtMs: START_MS + 3 * DAY_MS, everyDays: 2 })
    expect(decideSchedules(done, START_MS + 5 * DAY_MS - 1)).toEqual([])
    expect(decideSchedules(done, START_MS + 5 * DAY_MS)).toMatchObject([{ action: 'raise', atMs: START_MS + 5 * DAY_MS }])
  })

  it('catches up with 30 days of downtime by one alarm, with the time it became due', () => {
    const nowMs = START_MS + 37 * DAY_MS
    expect(decideSchedules(state(), nowMs)).toEqual([
      { action: 'raise', scheduleId: 3, roomId: 5, atMs: START_MS + 7 * DAY_MS, reason: 'overdue' },
    ])
    const raised = { standing: true, lastEventAtMs: START_MS + 7 * DAY_MS }
    expect(decideSchedules(state({ alarm: raised }), nowMs)).toEqual([])
  })

  it('never waits longer than the outer limit, whatever is stored', () => {
    expect(dueAtMs({ everyDays: 30, startsAtMs: START_MS, lastDoneAtMs: null, countsFromMs: null })).toBe(START_MS + 7 * DAY_MS)
  })

  it('clears once it is done, even if nothing else did', () => {
    const alarm = { standing: true, lastEventAtMs: START_MS + 7 * DAY_MS }
    const doneAtMs = START_MS + 9 * DAY_MS
    expect(decideSchedules(state({ alarm, lastDoneAtMs: doneAtMs }), doneAtMs + 60_000)).toEqual([
      { action: 'clear', scheduleId: 3, roomId: 5, atMs: doneAtMs + 60_000, reason: 'inspection-done' },
    ])
  })

  it('clears when the interval was made longer, and raises again with a time of its own when it is made shorter', () => {
    const raisedAtMs = START_MS + 2 * DAY_MS
    const nowMs = START_MS + 3 * DAY_MS
    const standing = { standing: true, lastEventAtMs: raisedAtMs }
    expect(decideSchedules(state({ alarm: standing }), nowMs)).toMatchObject([{ action: 'clear', atMs: nowMs, reason: 'due-later-now' }])
    const cleared = { standing: false, lastEventAtMs: nowMs }
    expect(decideSchedules(state({ alarm: cleared, everyDays: 2 }), nowMs + 1000)).toMatchObject([{ action: 'raise', atMs: nowMs + 1000 }])
  })

  it('gives a room without a schedule one', () => {
    expect(decideSchedules({ roomsWithoutSchedule: [{ roomId: 8 }], schedules: [] }, START_MS)).toEqual([
      { action: 'create', roomId: 8, reason: 'room-without-schedule' },
    ])
  })
})

describe('a clock that was wrong', () => {
  it('counts from now when the last inspection lies in the future, so that the next is due within 7 days', () => {
    const nowMs = START_MS
    const ahead = state({ lastDoneAtMs: START_MS + 365 * DAY_MS })
    expect(decideSchedules(ahead, nowMs)).toEqual([{ action: 'count-from-now', scheduleId: 3, reason: 'clock-set-back' }])
    const corrected = state({ lastDoneAtMs: START_MS + 365 * DAY_MS, countsFromMs: nowMs })
    expect(decideSchedules(corrected, nowMs + 60_000)).toEqual([])
    expect(decideSchedules(corrected, nowMs + 7 * DAY_MS)).toMatchObject([{ action: 'raise', atMs: nowMs + 7 * DAY_MS }])
  })

  it('clears an alarm raised by a clock that ran ahead, with a time after the raise', () => {
    const raisedAtMs = START_MS + 7 * DAY_MS
    const alarm = { standing: true, lastEventAtMs: raisedAtMs }
    expect(decideSchedules(state({ alarm }), START_MS + DAY_MS)).toEqual([
      { action: 'clear', scheduleId: 3, roomId: 5, atMs: raisedAtMs + 1, reason: 'due-later-now' },
    ])
  })

  it('does nothing for a correction of seconds', () => {
    const raisedAtMs = START_MS + 7 * DAY_MS
    const alarm = { standing: true, lastEventAtMs: raisedAtMs }
    expect(decideSchedules(state({ alarm }), raisedAtMs - 5000)).toEqual([])
    expect(decideSchedules(state({ lastDoneAtMs: START_MS + 10_000 }), START_MS)).toEqual([])
  })
})

describe('daylight saving', () => {
  it('moves nothing: the same instants in every time zone', () => {
    // Europe's change of 2026-03-29 01:00 UTC lies between start and due time.
    const script = `
      import { dueAtMs } from '${new URL('./schedule-due.ts', import.meta.url).href}'
      console.log(dueAtMs({ everyDays: 7, startsAtMs: Date.UTC(2026, 2, 25, 7), lastDoneAtMs: null, countsFromMs: null }))`
    const due = (zone: string): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TZ: zone }, encoding: 'utf8' }).trim()
    const expected = String(Date.UTC(2026, 3, 1, 7))
    expect([due('Europe/Berlin'), due('America/New_York'), due('Asia/Shanghai')]).toEqual([expected, expected, expected])
  })
})
