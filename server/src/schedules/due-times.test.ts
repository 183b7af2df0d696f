import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { describe, expect, it } from 'vitest'
import { cronProblem } from './cron-times.ts'
import { type DueRules, dueAtMs, dueTimesAfter, type ScheduleTimes } from './due-times.ts'
import { broughtForward, workingDaysOf } from './working-days.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const SHANGHAI = 'Asia/Shanghai'
const BERLIN = 'Europe/Berlin'

const at = (text: string, timeZone = SHANGHAI): number => {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = text.split(/[- :]/).map(Number)
  return instantOf({ year, month, day, hour, minute }, timeZone)
}
const shown = (ms: number, timeZone = SHANGHAI): string => {
  const { year, month, day, hour, minute } = wallTimeOf(ms, timeZone)
  return new Date(Date.UTC(year, month - 1, day, hour, minute)).toISOString().slice(0, 16).replace('T', ' ')
}
const WEEKLY: DueRules = { cadence: { kind: 'interval', everyDays: 7 }, outerDays: 7, avoidHolidays: false }
const cron = (expression: string, rules: Partial<DueRules> = {}): DueRules => ({
  cadence: { kind: 'cron', expression },
  outerDays: 400,
  avoidHolidays: false,
  ...rules,
})
const doneAt = (rules: DueRules, text: string, timeZone = SHANGHAI): ScheduleTimes => ({
  ...rules,
  startsAtMs: 0,
  lastDoneAtMs: at(text, timeZone),
  countsFromMs: null,
})
const noHolidays = workingDaysOf([], SHANGHAI)
/** 2026: National Day Thursday 1 to Wednesday 7 October; Saturday 10 October is worked for it. */
const october = workingDaysOf(
  [...[1, 2, 3, 4, 5, 6, 7].map((day) => ({ date: `2026-10-0${day}`, working: false })), { date: '2026-10-10', working: true }],
  SHANGHAI,
)

describe('an interval', () => {
  it('counts from the last time, and never beyond the outer limit', () => {
    expect(shown(dueAtMs(doneAt(WEEKLY, '2026-03-02 09:30'), noHolidays))).toBe('2026-03-09 09:30')
    const wide: DueRules = { ...WEEKLY, cadence: { kind: 'interval', everyDays: 30 } }
    expect(shown(dueAtMs(doneAt(wide, '2026-03-02 09:30'), noHolidays))).toBe('2026-03-09 09:30')
  })

  it('is 168 hours a week, whatever the clock on the wall does', () => {
    const days = workingDaysOf([], BERLIN)
    // Europe leaps on 2026-03-29.
    const due = dueAtMs(doneAt(WEEKLY, '2026-03-25 08:00', BERLIN), days)
    expect([due - at('2026-03-25 08:00', BERLIN), shown(due, BERLIN)]).toEqual([7 * DAY_MS, '2026-04-01 09:00'])
  })
})

describe('holidays', () => {
  it('are weekends and the days listed; a worked weekend is none', () => {
    expect(['2026-10-01', '2026-10-08', '2026-10-10', '2026-10-11'].map(october.isDayOff)).toEqual([true, false, false, true])
    expect(shown(broughtForward(at('2026-10-05 16:00'), october))).toBe('2026-09-30 16:00')
    expect(shown(broughtForward(at('2026-10-10 16:00'), october))).toBe('2026-10-10 16:00')
    expect(shown(broughtForward(at('2026-10-11 16:00'), october))).toBe('2026-10-10 16:00')
  })

  it('bring a due time forward, never later, and only where it is asked for', () => {
    const times = doneAt(WEEKLY, '2026-09-28 16:00')
    expect(shown(dueAtMs(times, october))).toBe('2026-10-05 16:00')
    expect(shown(dueAtMs({ ...times, avoidHolidays: true }, october))).toBe('2026-09-30 16:00')
  })

  it('leave it where nothing is gained by it: the outer limit holds', () => {
    const times = { ...doneAt(WEEKLY, '2026-09-30 16:00'), avoidHolidays: true }
    expect(shown(dueAtMs(times, october))).toBe('2026-10-07 16:00')
  })

  it('never lead to more than the outer limit between two times, over years of any rule', () => {
    for (const rules of [WEEKLY, cron('0 9 * * 1', { outerDays: 7 }), cron('30 16 1,15 * *', { outerDays: 14 })]) {
      const fromMs = at('2026-01-05 09:00')
      const found = dueTimesAfter({ ...rules, avoidHolidays: true }, october, fromMs, fromMs + 800 * DAY_MS)
      expect(found.length).toBeGreaterThan(50)
      const gaps = found.map((dueMs, index) => dueMs - (found[index - 1] ?? fromMs))
      expect(Math.max(...gaps)).toBeLessThanOrEqual(rules.outerDays * DAY_MS)
      expect(Math.min(...gaps)).toBeGreaterThan(0)
    }
  })
})

describe('a cron expression', () => {
  it('goes by the clock on the wall of the zone, not of this machine', () => {
    expect(shown(dueAtMs(doneAt(cron('0 9 * * 1'), '2026-03-02 09:00'), noHolidays))).toBe('2026-03-09 09:00')
    expect(shown(dueAtMs(doneAt(cron('0 9 * * 1'), '2026-03-02 09:00', BERLIN), workingDaysOf([], BERLIN)), BERLIN)).toBe(
      '2026-03-09 09:00',
    )
  })

  it('is held by the outer limit where it is rarer', () => {
    expect(shown(dueAtMs(doneAt(cron('0 9 1 * *', { outerDays: 7 }), '2026-03-02 09:00'), noHolidays))).toBe('2026-03-09 09:00')
  })

  it('takes what is done a little early for its time, and what is late for the one that passed', () => {
    const mondays = cron('0 17 * * 1')
    expect(shown(dueAtMs(doneAt(mondays, '2026-03-09 09:00'), noHolidays))).toBe('2026-03-16 17:00')
    expect(shown(dueAtMs(doneAt(mondays, '2026-03-10 09:00'), noHolidays))).toBe('2026-03-16 17:00')
    expect(shown(dueAtMs(doneAt(mondays, '2026-03-12 09:00'), noHolidays))).toBe('2026-03-16 17:00')
  })

  it('counts the first time after its start, however near', () => {
    const times = { ...cron('0 17 * * 1'), startsAtMs: at('2026-03-09 16:00'), lastDoneAtMs: null, countsFromMs: null }
    expect(shown(dueAtMs(times, noHolidays))).toBe('2026-03-09 17:00')
  })

  it('brought forward before a holiday is not asked for twice', () => {
    const mondays = cron('0 17 * * 1', { avoidHolidays: true })
    expect(shown(dueAtMs(doneAt(mondays, '2026-09-28 17:00'), october))).toBe('2026-09-30 17:00')
    expect(shown(dueAtMs(doneAt(mondays, '2026-09-30 15:00'), october))).toBe('2026-10-12 17:00')
  })

  it.each([
    // Berlin leaps from 02:00 to 03:00 on 29 March 2026, and shows 02:00 to 03:00 twice on 25 October.
    [BERLIN, '30 2 * * *', '2026-03-28 02:30', ['2026-03-29 03:00', '2026-03-30 02:30']],
    [BERLIN, '0 9 * * *', '2026-03-28 09:00', ['2026-03-29 09:00', '2026-03-30 09:00']],
    [BERLIN, '30 2 * * *', '2026-10-24 02:30', ['2026-10-25 02:30', '2026-10-26 02:30']],
    ['America/New_York', '0 9 * * 1', '2026-03-02 09:00', ['2026-03-09 09:00', '2026-03-16 09:00']],
  ])('over the change of the clock in %s: %s after %s', (timeZone, expression, from, wanted) => {
    const days = workingDaysOf([], timeZone)
    const found = dueTimesAfter(cron(expression), days, at(from, timeZone), at(from, timeZone) + 20 * DAY_MS, wanted.length)
    expect(found.map((dueMs) => shown(dueMs, timeZone))).toEqual(wanted)
  })

  it('is refused with a reason when it cannot be read, never comes, or comes all the time', () => {
    const problem = (expression: string) => cronProblem(expression, SHANGHAI, at('2026-03-02 09:00'))
    expect(problem('0 9 * * 1')).toBeUndefined()
    expect(problem('0 9 * *')?.en).toMatch(/five parts/)
    expect(problem('0 25 * * 1')?.zh).toMatch(/五段/)
    expect(problem('0 9 30 2 *')?.en).toBe('this time never comes')
    expect(problem('*/30 * * * *')?.en).toBe('once an hour at most')
  })
})
