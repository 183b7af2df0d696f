import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { decideSchedules, type ScheduleFacts, type ScheduleState } from './schedule-decisions.ts'
import { workingDaysOf } from './working-days.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
const START_MS = Date.UTC(2026, 0, 1, 8)
const DUE_MS = START_MS + WEEK_MS

const EVERY_7_DAYS: ScheduleFacts = {
  id: 3,
  register: 'inspection',
  roomId: 5,
  cadence: { kind: 'interval', everyDays: 7 },
  outerDays: 7,
  avoidHolidays: false,
  remindHours: 24,
  headAfterHours: 24,
  startsAtMs: START_MS,
  lastDoneAtMs: null,
  countsFromMs: null,
  remindedForMs: null,
  headToldForMs: null,
  isPaused: false,
  changedAtMs: START_MS,
  lastMissMs: null,
  alarm: null,
}
const everyDays = (days: number): Partial<ScheduleFacts> => ({ cadence: { kind: 'interval', everyDays: days } })

function state(...schedules: Partial<ScheduleFacts>[]): ScheduleState {
  const days = workingDaysOf([], 'Asia/Shanghai')
  return { lacking: [], schedules: schedules.map((schedule) => ({ ...EVERY_7_DAYS, ...schedule })), days }
}
const decide = (schedule: Partial<ScheduleFacts>, nowMs: number) => decideSchedules(state(schedule), nowMs)
const named = (schedule: Partial<ScheduleFacts>, nowMs: number) => decide(schedule, nowMs).map(({ action }) => action)

describe('decideSchedules', () => {
  it('makes what a register asks for', () => {
    const lacking = [{ register: 'inspection', roomId: 8 }]
    expect(decideSchedules({ ...state(), lacking }, START_MS)).toEqual([
      { action: 'create', register: 'inspection', roomId: 8, reason: 'asked-for-by-definition' },
    ])
  })

  it('reminds once for each due time, so many hours before', () => {
    const remindAtMs = DUE_MS - DAY_MS
    expect(decide({}, remindAtMs - 1)).toEqual([])
    expect(decide({}, remindAtMs)).toEqual([{ action: 'remind', scheduleId: 3, dueAtMs: DUE_MS, reason: 'due-soon' }])
    expect(decide({ remindedForMs: DUE_MS }, remindAtMs)).toEqual([])
    expect(named({ remindedForMs: DUE_MS - WEEK_MS }, DUE_MS - 1)).toEqual(['remind'])
    expect(decide({ remindHours: 0 }, DUE_MS - 1)).toEqual([])
  })

  it('raises at the due time and not a moment before, and writes the miss down', () => {
    expect(decide({ remindedForMs: DUE_MS }, DUE_MS - 1)).toEqual([])
    expect(decide({ remindedForMs: DUE_MS }, DUE_MS)).toEqual([
      { action: 'miss', scheduleId: 3, dueAtMs: DUE_MS, reason: 'not-done-in-time' },
      { action: 'raise', scheduleId: 3, roomId: 5, atMs: DUE_MS, reason: 'overdue' },
    ])
    const raised = { alarm: { standing: true, lastEventAtMs: DUE_MS }, lastMissMs: DUE_MS }
    expect(decide(raised, DUE_MS)).toEqual([])
  })

  it('tells the department head so many hours later, of each due time once', () => {
    const raised = { alarm: { standing: true, lastEventAtMs: DUE_MS }, lastMissMs: DUE_MS }
    expect(decide(raised, DUE_MS + DAY_MS - 1)).toEqual([])
    const tell = { action: 'tell-head', scheduleId: 3, dueAtMs: DUE_MS, reason: 'overdue-for-long' }
    expect(decide(raised, DUE_MS + DAY_MS)).toEqual([tell])
    expect(decide({ ...raised, headToldForMs: DUE_MS }, DUE_MS + WEEK_MS - 1)).toEqual([])
    const second = { ...raised, headToldForMs: DUE_MS, lastMissMs: DUE_MS + WEEK_MS }
    expect(decide(second, DUE_MS + WEEK_MS + DAY_MS)).toEqual([{ ...tell, dueAtMs: DUE_MS + WEEK_MS }])
  })

  it('catches up with 30 days of downtime at once: one alarm, four misses, the head told once', () => {
    const nowMs = START_MS + 37 * DAY_MS
    expect(decide({}, nowMs)).toMatchObject([
      ...[0, 1, 2, 3, 4].map((week) => ({ action: 'miss', dueAtMs: DUE_MS + week * WEEK_MS })),
      { action: 'raise', atMs: DUE_MS },
      { action: 'tell-head', dueAtMs: DUE_MS + 4 * WEEK_MS },
    ])
    const alarm = { standing: true, lastEventAtMs: DUE_MS }
    const caughtUp = { alarm, lastMissMs: DUE_MS + 4 * WEEK_MS, headToldForMs: DUE_MS + 4 * WEEK_MS }
    expect(decide(caughtUp, nowMs)).toEqual([])
  })

  it('clears once it is done, even if nothing else did', () => {
    const alarm = { standing: true, lastEventAtMs: DUE_MS }
    const doneAtMs = START_MS + 9 * DAY_MS
    expect(decide({ alarm, lastDoneAtMs: doneAtMs }, doneAtMs + 60_000)).toEqual([
      { action: 'clear', scheduleId: 3, roomId: 5, atMs: doneAtMs + 60_000, reason: 'done' },
    ])
  })

  it('is silent while it is paused', () => {
    expect(decide({ isPaused: true }, DUE_MS + DAY_MS)).toEqual([])
    const alarm = { standing: true, lastEventAtMs: DUE_MS }
    expect(decide({ isPaused: true, alarm }, DUE_MS + DAY_MS)).toMatchObject([{ action: 'clear', reason: 'paused' }])
  })
})

describe('a rule that is changed', () => {
  it('clears when the interval was made longer, and raises again with a time of its own when it is made shorter', () => {
    const raisedAtMs = START_MS + 2 * DAY_MS
    const nowMs = START_MS + 3 * DAY_MS
    const standing = { standing: true, lastEventAtMs: raisedAtMs }
    expect(decide({ alarm: standing }, nowMs)).toMatchObject([{ action: 'clear', atMs: nowMs, reason: 'due-later-now' }])
    const cleared = { standing: false, lastEventAtMs: nowMs }
    expect(decide({ alarm: cleared, ...everyDays(2), changedAtMs: nowMs }, nowMs + 1000)).toMatchObject([
      { action: 'raise', atMs: nowMs + 1000 },
    ])
  })

  it('makes nobody miss what was not due then, and gives the hours until the head is told from the change on', () => {
    const changedAtMs = START_MS + 6 * DAY_MS
    expect(named({ ...everyDays(2), changedAtMs }, changedAtMs)).toEqual(['raise'])
    const alarm = { standing: true, lastEventAtMs: START_MS + 2 * DAY_MS }
    expect(named({ ...everyDays(2), changedAtMs, alarm }, changedAtMs + DAY_MS)).toEqual(['tell-head'])
    expect(decide({ ...everyDays(2), changedAtMs, alarm, headToldForMs: START_MS + 6 * DAY_MS }, START_MS + 8 * DAY_MS)).toEqual([
      { action: 'miss', scheduleId: 3, dueAtMs: START_MS + 8 * DAY_MS, reason: 'not-done-in-time' },
    ])
  })
})

describe('a clock that was wrong', () => {
  it('counts from now when the last time lies in the future, so that the next is due within 7 days', () => {
    const ahead = { lastDoneAtMs: START_MS + 365 * DAY_MS }
    expect(decide(ahead, START_MS)).toEqual([{ action: 'count-from-now', scheduleId: 3, reason: 'clock-set-back' }])
    const corrected = { ...ahead, countsFromMs: START_MS }
    expect(decide(corrected, START_MS + 60_000)).toEqual([])
    expect(decide(corrected, DUE_MS)).toMatchObject([{ action: 'miss' }, { action: 'raise', atMs: DUE_MS }])
  })

  it('clears an alarm raised by a clock that ran ahead, with a time after the raise, and strikes out what it missed', () => {
    const alarm = { standing: true, lastEventAtMs: DUE_MS }
    expect(decide({ alarm, lastMissMs: DUE_MS }, START_MS + DAY_MS)).toEqual([
      { action: 'forget-misses', scheduleId: 3, reason: 'clock-set-back' },
      { action: 'clear', scheduleId: 3, roomId: 5, atMs: DUE_MS + 1, reason: 'due-later-now' },
    ])
  })

  it('does nothing for a correction of seconds', () => {
    const alarm = { standing: true, lastEventAtMs: DUE_MS }
    expect(decide({ alarm, lastMissMs: DUE_MS, remindedForMs: DUE_MS }, DUE_MS - 5000)).toEqual([])
    expect(decide({ lastDoneAtMs: START_MS + 10_000 }, START_MS)).toEqual([])
  })
})

describe('daylight saving', () => {
  it('moves no interval: the same instants on machines of every time zone', () => {
    // Europe's change of 2026-03-29 01:00 UTC lies between start and due time.
    const folder = new URL('.', import.meta.url).href
    const script = `
      import { dueAtMs } from '${folder}due-times.ts'
      import { MACHINE_ZONE, workingDaysOf } from '${folder}working-days.ts'
      const rules = { cadence: { kind: 'interval', everyDays: 7 }, outerDays: 7, avoidHolidays: false }
      const times = { ...rules, startsAtMs: Date.UTC(2026, 2, 25, 7), lastDoneAtMs: null, countsFromMs: null }
      console.log(dueAtMs(times, workingDaysOf([], MACHINE_ZONE)))`
    const due = (zone: string): string =>
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, TZ: zone }, encoding: 'utf8' }).trim()
    const expected = String(Date.UTC(2026, 3, 1, 7))
    expect([due('Europe/Berlin'), due('America/New_York'), due('Asia/Shanghai')]).toEqual([expected, expected, expected])
  })
})
