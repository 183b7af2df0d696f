import { latestWallTime } from '../schedules/recurring-time.ts'
import type { WatchState } from './watch-state.ts'
import type { WatchdogConfig } from './watchdog-config.ts'

/** What people are to be told. */
export type WatchNews =
  | { kind: 'silent'; sinceMs: number; isRepeat: boolean }
  | { kind: 'back'; sinceMs: number }
  | { kind: 'ill'; parts: { name: string; message: string; sinceMs: number }[] }
  | { kind: 'well'; names: string[] }
  | { kind: 'weekly'; isSilent: boolean; lastHeartbeatMs: number | null }

type Rules = Pick<WatchdogConfig, 'silentAfterMinutes' | 'illAfterMinutes' | 'repeatMinutes' | 'weekly' | 'timeZone'>

const MINUTE_MS = 60_000

/** A heartbeat was heard; `parts` as the server says they are. */
export function hear(state: WatchState, parts: Readonly<Record<string, { ok: boolean; message: string }>>, nowMs: number): WatchState {
  const ill: WatchState['ill'] = {}
  for (const [name, { ok, message }] of Object.entries(parts)) if (!ok) ill[name] = { sinceMs: state.ill[name]?.sinceMs ?? nowMs, message }
  const silent = state.silent && { ...state.silent, isHeardAgain: true }
  return { ...state, lastHeartbeatMs: nowMs, ill, silent }
}

/** What is to be told now, and the state after that. `startedAtMs`: the watchdog's own start, from which it counts too. */
export function decideWatch(state: WatchState, rules: Rules, startedAtMs: number, nowMs: number): { state: WatchState; news: WatchNews[] } {
  const steps = [decideSilence, decideIllness, decideWeekly]
  const news: WatchNews[] = []
  let next = state
  for (const step of steps) {
    const answer = step(next, rules, startedAtMs, nowMs)
    next = answer.state
    news.push(...answer.news)
  }
  return { state: next, news }
}

type Step = (state: WatchState, rules: Rules, startedAtMs: number, nowMs: number) => { state: WatchState; news: WatchNews[] }

const decideSilence: Step = (state, { silentAfterMinutes, repeatMinutes }, startedAtMs, nowMs) => {
  const { silent, lastHeartbeatMs } = state
  // A clock that was set back must not make it wait for the time that was already.
  const heardMs = Math.min(nowMs, Math.max(lastHeartbeatMs ?? 0, startedAtMs))
  if (silent === null) {
    if (nowMs - heardMs <= silentAfterMinutes * MINUTE_MS) return { state, news: [] }
    const sinceMs = lastHeartbeatMs === null ? heardMs : Math.min(nowMs, lastHeartbeatMs)
    return {
      state: { ...state, silent: { sinceMs, toldAtMs: nowMs, isHeardAgain: false } },
      news: [{ kind: 'silent', sinceMs, isRepeat: false }],
    }
  }
  if (silent.isHeardAgain) return { state: { ...state, silent: null }, news: [{ kind: 'back', sinceMs: silent.sinceMs }] }
  if (nowMs - silent.toldAtMs < repeatMinutes * MINUTE_MS && silent.toldAtMs <= nowMs) return { state, news: [] }
  return {
    state: { ...state, silent: { ...silent, toldAtMs: nowMs } },
    news: [{ kind: 'silent', sinceMs: silent.sinceMs, isRepeat: true }],
  }
}

/** Only while heartbeats come: of a server that is silent nobody knows how its parts are. */
const decideIllness: Step = (state, { illAfterMinutes, repeatMinutes }, _startedAtMs, nowMs) => {
  if (state.silent !== null) return { state, news: [] }
  const { illTold } = state
  const parts = Object.entries(state.ill)
    .map(([name, part]) => ({ name, ...part }))
    .filter(({ sinceMs }) => nowMs - sinceMs > illAfterMinutes * MINUTE_MS)
  const names = parts.map(({ name }) => name)
  if (parts.length === 0) {
    if (illTold === null || illTold.names.some((name) => state.ill[name])) return { state, news: [] }
    return { state: { ...state, illTold: null }, news: [{ kind: 'well', names: illTold.names }] }
  }
  const isNews = illTold === null || names.some((name) => !illTold.names.includes(name))
  if (!isNews && nowMs - illTold.toldAtMs < repeatMinutes * MINUTE_MS) return { state, news: [] }
  return { state: { ...state, illTold: { names, toldAtMs: nowMs } }, news: [{ kind: 'ill', parts }] }
}

const decideWeekly: Step = (state, { weekly, timeZone }, _startedAtMs, nowMs) => {
  if (weekly === null) return { state, news: [] }
  const { weeklyDoneMs, lastHeartbeatMs, silent } = state
  if (weeklyDoneMs === null || weeklyDoneMs > nowMs) return { state: { ...state, weeklyDoneMs: nowMs }, news: [] }
  const slotMs = latestWallTime({ days: [weekly.day], at: weekly.at, timeZone }, nowMs)
  if (slotMs <= weeklyDoneMs) return { state, news: [] }
  return { state: { ...state, weeklyDoneMs: nowMs }, news: [{ kind: 'weekly', isSilent: silent !== null, lastHeartbeatMs }] }
}
