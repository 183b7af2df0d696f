import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decideWatch, hear, type WatchNews } from './decide-watch.ts'
import { EMPTY_STATE, type WatchState } from './watch-state.ts'
import { watchWords } from './watch-words.ts'

const MINUTE_MS = 60_000
/** A Monday, 08:00 UTC. */
const START_MS = Date.UTC(2026, 2, 2, 8)
const RULES = { silentAfterMinutes: 5, illAfterMinutes: 10, repeatMinutes: 60, weekly: { day: 1, at: '09:00' }, timeZone: 'UTC' }
const WELL = { database: { ok: true, message: '' } }
const ILL = { database: { ok: false, message: 'disk full' } }

/** A watchdog minute by minute; `beats` says what is heard in each. */
function watch(
  minutes: number,
  beats: (minute: number) => typeof WELL | undefined,
  rules: Partial<Parameters<typeof decideWatch>[1]> = {},
) {
  let state: WatchState = EMPTY_STATE
  const told: [number, WatchNews['kind']][] = []
  for (let minute = 0; minute <= minutes; minute += 1) {
    const nowMs = START_MS + minute * MINUTE_MS
    const beat = beats(minute)
    if (beat) state = hear(state, beat, nowMs)
    const decided = decideWatch(state, { ...RULES, ...rules }, START_MS, nowMs)
    state = decided.state
    for (const { kind } of decided.news) told.push([minute, kind])
  }
  return { told, state }
}

describe('the watchdog', () => {
  it('says nothing while heartbeats come, but for its weekly word', () => {
    expect(watch(8 * 24 * 60, () => WELL).told).toEqual([
      [60, 'weekly'],
      [60 + 7 * 24 * 60, 'weekly'],
    ])
  })

  it('counts from its own start, tells after the time, then hourly, and when it is over', () => {
    expect(watch(140, (minute) => (minute >= 130 ? WELL : undefined)).told).toEqual([
      [6, 'silent'],
      [60, 'weekly'],
      [66, 'silent'],
      [126, 'silent'],
      [130, 'back'],
    ])
  })

  it('tells what the server says itself is ill for long, and that it is well again', () => {
    const beats = (minute: number) => (minute >= 10 && minute < 90 ? ILL : WELL)
    expect(watch(100, beats).told).toEqual([
      [21, 'ill'],
      [60, 'weekly'],
      [81, 'ill'],
      [90, 'well'],
    ])
    expect(watch(50, (minute) => (minute % 9 === 0 ? WELL : ILL)).told).toEqual([])
  })

  it('does not tell again after a restart, and forgets nothing', () => {
    const { state } = watch(10, () => undefined)
    const restarted = JSON.parse(JSON.stringify(state)) as WatchState
    const atMs = START_MS + 11 * MINUTE_MS
    expect(decideWatch(restarted, RULES, atMs, atMs + MINUTE_MS).news).toEqual([])
    expect(decideWatch(hear(restarted, WELL, atMs + 1), RULES, atMs, atMs + 1).news).toEqual([{ kind: 'back', sinceMs: START_MS }])
  })

  it('is not put off by a clock that is set back', () => {
    const heard = hear(EMPTY_STATE, WELL, START_MS + 1e9)
    const back = decideWatch(heard, RULES, START_MS, START_MS)
    expect(back.news).toEqual([])
    const silent = watch(10, () => undefined).state
    expect(decideWatch(hear(silent, WELL, START_MS - 1e9), RULES, START_MS, START_MS - 1e9).news).toMatchObject([{ kind: 'back' }])
  })

  it('whatever comes: every silence is told in time, once an hour, and its end once', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 20, maxLength: 400 }), (heard) => {
        const { told } = watch(heard.length - 1, (minute) => (heard[minute] ? WELL : undefined), { weekly: null })
        let quiet = 0
        let isTold = false
        for (const [minute, isHeard] of heard.entries()) {
          const now = told.filter(([at]) => at === minute).map(([, kind]) => kind)
          quiet = isHeard ? 0 : minute === 0 ? 0 : quiet + 1
          if (isHeard) {
            expect(now.filter((kind) => kind === 'back')).toHaveLength(isTold ? 1 : 0)
            isTold = false
          } else if (quiet > 5 && !isTold) {
            expect(now).toContain('silent')
            isTold = true
          }
        }
      }),
      { numRuns: 50 },
    )
  })

  it('has words for everything, short enough for a title', () => {
    const all: WatchNews[] = [
      { kind: 'silent', sinceMs: START_MS, isRepeat: false },
      { kind: 'silent', sinceMs: START_MS, isRepeat: true },
      { kind: 'back', sinceMs: START_MS },
      { kind: 'ill', parts: [{ name: 'readings', message: 'away', sinceMs: START_MS }] },
      { kind: 'well', names: ['readings'] },
      { kind: 'weekly', isSilent: true, lastHeartbeatMs: null },
    ]
    for (const news of all)
      for (const language of ['zh', 'en'] as const) {
        const { title, text } = watchWords(news, '中心机房监控'.repeat(6), language, START_MS + 6 * MINUTE_MS, 'wrong signature')
        expect([...title].length).toBeLessThanOrEqual(60)
        expect(text).not.toMatch(/undefined|null|NaN/)
      }
  })
})
