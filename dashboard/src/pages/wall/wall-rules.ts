import type { Alarm } from '@roomkeeper/shared/http'
import { isUnacknowledged, priorityRank } from '../../features/alarms/alarm-order.ts'

const DEFAULT_SECONDS = 15
/** The shortest is for trying it out; the longest keeps a typing error from standing still for a day. */
const SECONDS_RANGE = { min: 0.05, max: 3600 }

export type WallMode = 'day' | 'night' | 'auto'
export interface WallSettings {
  seconds: number
  /** Empty: all rooms. */
  roomIds: number[]
  mode: WallMode
}

/** What the address asks for: `?seconds=`, `?rooms=1,2`, `?mode=day|night|auto`. What makes no sense counts as not given. */
export function wallSettings(params: URLSearchParams): WallSettings {
  const seconds = Number(params.get('seconds') ?? Number.NaN)
  const mode = params.get('mode')
  return {
    seconds: seconds > 0 ? Math.min(Math.max(seconds, SECONDS_RANGE.min), SECONDS_RANGE.max) : DEFAULT_SECONDS,
    roomIds: (params.get('rooms') ?? '')
      .split(',')
      .map(Number)
      .filter((id) => Number.isInteger(id) && id > 0),
    mode: mode === 'day' || mode === 'night' ? mode : 'auto',
  }
}

const NIGHT_FROM_HOUR = 20
const NIGHT_TO_HOUR = 7

/** `hour` of the wall clock, 0–23. */
export function isNight(mode: WallMode, hour: number): boolean {
  return mode === 'auto' ? hour >= NIGHT_FROM_HOUR || hour < NIGHT_TO_HOUR : mode === 'night'
}

const RELOAD_HOUR = 4

/** A newer version is taken in the hour when least is looked at, and never while an alarm stands or nobody knows whether one does. */
export function mayReload(input: { hour: number; alarms: number; isLive: boolean; hasNewVersion: boolean }): boolean {
  return input.hour === RELOAD_HOUR && input.alarms === 0 && input.isLive && input.hasNewVersion
}

type Waiting = Pick<Alarm, 'state' | 'priority' | 'drill' | 'raisedAtMs'>

/** Unacknowledged before the others, what is real before a drill, then the more severe: only a few are shown. Of these the one that has waited longest first. */
export function mostUrgentFirst(a: Waiting, b: Waiting): number {
  return (
    Number(isUnacknowledged(b)) - Number(isUnacknowledged(a)) ||
    Number(a.drill) - Number(b.drill) ||
    priorityRank(b.priority) - priorityRank(a.priority) ||
    a.raisedAtMs - b.raisedAtMs
  )
}

/** Rooms are read every 15 s; answers older than this are no longer the present. */
const ANSWER_LIMIT_MS = 45_000

/** Both by the browser's own clock. */
export function isAnswerOld(answeredAtMs: number, nowMs: number): boolean {
  return answeredAtMs > 0 && nowMs - answeredAtMs > ANSWER_LIMIT_MS
}
