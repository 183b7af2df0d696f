import type { Alarm } from '@roomkeeper/shared/http'
import { isUnacknowledged } from '../alarms/alarm-order.ts'

/** A person silenced these alarms for a moment. */
export interface Mute {
  untilMs: number
  alarmIds: readonly number[]
}

/** One press of the button silences for this long at most; then it sounds again until someone acknowledges. */
export const MUTE_MS = 120_000

export type Sound =
  | { state: 'quiet' }
  /** There is something to sound for, but this person is not on duty. */
  | { state: 'off-duty'; count: number }
  | { state: 'muted'; count: number; untilMs: number }
  | { state: 'sounding'; count: number; isCritical: boolean }

/** Priorities that sound; lower ones wait in the list. */
const SOUNDING: ReadonlySet<string> = new Set(['high', 'critical'])

/**
 * Whether this screen must sound now. A returned alarm that nobody acknowledged still sounds: the sound says
 * "look", not "it is hot now". A new alarm breaks a mute that was meant for others.
 */
export function soundDecision(input: {
  alarms: readonly Pick<Alarm, 'id' | 'state' | 'priority'>[]
  isOnDuty: boolean
  mute: Mute | null
  nowMs: number
}): Sound {
  const loud = input.alarms.filter((alarm) => isUnacknowledged(alarm) && SOUNDING.has(alarm.priority))
  const count = loud.length
  if (count === 0) return { state: 'quiet' }
  if (!input.isOnDuty) return { state: 'off-duty', count }
  const { mute } = input
  const isMuted = mute !== null && input.nowMs < mute.untilMs && loud.every(({ id }) => mute.alarmIds.includes(id))
  if (isMuted) return { state: 'muted', count, untilMs: mute.untilMs }
  return { state: 'sounding', count, isCritical: loud.some(({ priority }) => priority === 'critical') }
}
