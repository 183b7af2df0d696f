import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '../hours.ts'
import { type BelievedClock, believeClock, DOUBT_MS, deletingTimeMs, doubtMessage } from './believed-clock.ts'

const NOW_MS = Date.UTC(2026, 4, 1)
const LEAP_MS = 120 * DAY_MS
const STEP_MS = HOUR_MS
const KNOWN: BelievedClock = { believedMs: NOW_MS, doubtedForMs: 0, newestReadingMs: NOW_MS }

/** The server runs for so long with a clock that is wrong by `offMs`, and readings whose times are wrong by as much. */
function run(clock: BelievedClock | undefined, fromMs: number, lengthMs: number, offMs: number): BelievedClock {
  let believed = clock
  for (let passedMs = 0; passedMs <= lengthMs; passedMs += STEP_MS) {
    const clockMs = fromMs + passedMs + offMs
    believed = believeClock(believed, { clockMs, elapsedMs: passedMs === 0 ? 0 : STEP_MS, newestReadingMs: clockMs })
  }
  return believed as BelievedClock
}

describe('believeClock', () => {
  it('follows a clock that goes right, also over a night off', () => {
    const evening = run(KNOWN, NOW_MS, 10 * DAY_MS, 0)
    const morning = run(evening, NOW_MS + 11 * DAY_MS, DAY_MS, 0)
    expect(morning).toEqual({ believedMs: NOW_MS + 12 * DAY_MS, doubtedForMs: 0, newestReadingMs: NOW_MS + 12 * DAY_MS })
    expect(doubtMessage(morning, NOW_MS + 12 * DAY_MS)).toBe('')
  })

  it('goes on with the time that passed when the clock leaps ahead, and its readings with it', () => {
    const leapt = run(run(KNOWN, NOW_MS, DAY_MS, 0), NOW_MS + DAY_MS, 3 * DAY_MS, LEAP_MS)
    expect(deletingTimeMs(leapt, NOW_MS + 4 * DAY_MS + LEAP_MS)).toBe(NOW_MS + 4 * DAY_MS)
    expect(doubtMessage(leapt, NOW_MS + 4 * DAY_MS + LEAP_MS)).toMatch(/快 120 天.*再运行 4 天.*120 days ahead of.*4 more days/)
    const back = run(leapt, NOW_MS + 4 * DAY_MS, DAY_MS, 0)
    expect(back).toEqual({ believedMs: NOW_MS + 5 * DAY_MS, doubtedForMs: 0, newestReadingMs: NOW_MS + 5 * DAY_MS })
  })

  it('doubts through restarts, and counts the running of all', () => {
    let clock = KNOWN
    for (let n = 0; n < 6; n++) clock = run(clock, NOW_MS + n * DAY_MS, DAY_MS, LEAP_MS)
    expect(clock.doubtedForMs).toBeGreaterThanOrEqual(6 * DAY_MS)
    expect(clock.believedMs).toBe(NOW_MS + 6 * DAY_MS)
    expect(run(clock, NOW_MS + 6 * DAY_MS, DAY_MS, LEAP_MS).believedMs).toBe(NOW_MS + 7 * DAY_MS + LEAP_MS)
  })

  it('after a month off nothing is deleted for a week of running, then as ever', () => {
    const onMs = NOW_MS + 30 * DAY_MS
    const soon = run(KNOWN, onMs, 6 * DAY_MS, 0)
    expect(deletingTimeMs(soon, onMs + 6 * DAY_MS)).toBe(NOW_MS + 6 * DAY_MS)
    const later = run(soon, onMs + 6 * DAY_MS, 2 * DAY_MS, 0)
    expect(deletingTimeMs(later, onMs + 8 * DAY_MS)).toBe(onMs + 8 * DAY_MS)
  })

  it('a clock set back deletes by itself at once, and is believed after a week', () => {
    const backMs = NOW_MS - 40 * DAY_MS
    const first = run(KNOWN, backMs, DAY_MS, 0)
    expect(deletingTimeMs(first, backMs + DAY_MS)).toBe(backMs + DAY_MS)
    expect(doubtMessage(first, backMs + DAY_MS)).toMatch(/慢 40 天.*40 days behind/)
    expect(run(first, backMs + DAY_MS, 7 * DAY_MS, 0).believedMs).toBe(backMs + 8 * DAY_MS)
  })

  it('without a newer reading nothing more is deleted, and an agent ahead of time is no evidence', () => {
    const silent = believeClock(KNOWN, { clockMs: NOW_MS + DAY_MS, elapsedMs: DAY_MS, newestReadingMs: undefined })
    expect(deletingTimeMs(silent, NOW_MS + DAY_MS)).toBe(NOW_MS + HOUR_MS)
    const ahead = believeClock(KNOWN, { clockMs: NOW_MS + DAY_MS, elapsedMs: DAY_MS, newestReadingMs: NOW_MS + 900 * DAY_MS })
    expect(ahead.newestReadingMs).toBe(NOW_MS + DAY_MS)
    const fresh = believeClock(undefined, { clockMs: NOW_MS, elapsedMs: 0, newestReadingMs: undefined })
    expect(deletingTimeMs(fresh, NOW_MS)).toBeUndefined()
  })

  it('whatever the clock does for less than a week, nothing is deleted early', () => {
    const part = fc.record({
      runsMs: fc.integer({ min: 0, max: 30 }).map((hours) => hours * HOUR_MS),
      offMs: fc.constantFrom(0, 0, 2 * DAY_MS, 30 * DAY_MS, 4000 * DAY_MS, -3 * DAY_MS),
    })
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        let [clock, trueMs] = [KNOWN, NOW_MS]
        for (const { runsMs, offMs } of parts) {
          clock = run(clock, trueMs, runsMs, offMs)
          trueMs += runsMs
          // 5 × 30 h < DOUBT_MS
          expect(deletingTimeMs(clock, trueMs + offMs) ?? 0).toBeLessThanOrEqual(trueMs)
        }
        expect(trueMs - NOW_MS).toBeLessThan(DOUBT_MS)
      }),
    )
  })
})
