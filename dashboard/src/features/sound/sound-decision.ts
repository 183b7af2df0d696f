import type { Alarm } from '@roomkeeper/shared/http'
import { isLoud, priorityRank } from '../alarms/alarm-order.ts'

type Sounding = Pick<Alarm, 'id' | 'state' | 'priority' | 'drill'>

/** A person silenced these alarms for a moment, as severe as they were then. */
export interface Mute {
  untilMs: number
  /** Alarm id → rank of its priority. */
  ranks: ReadonlyMap<number, number>
}

/** One press of the button silences for this long at most; then it sounds again until someone acknowledges. */
export const MUTE_MS = 120_000

/** Which sound: a drill has its own, but only while no real alarm sounds. */
export type Tone = 'high' | 'critical' | 'drill'

export type Sound =
  | { state: 'quiet' }
  /** There is something to sound for, but this person is not on duty. */
  | { state: 'off-duty'; count: number }
  | { state: 'muted'; count: number; untilMs: number }
  | { state: 'sounding'; count: number; tone: Tone }

/** Silences what sounds now. What is acknowledged or silent is not part of it: if it comes back, it is heard. */
export function muteOf(alarms: readonly Sounding[], nowMs: number): Mute {
  return { untilMs: nowMs + MUTE_MS, ranks: new Map(alarms.filter(isLoud).map(({ id, priority }) => [id, priorityRank(priority)])) }
}

function toneOf(loud: readonly Sounding[]): Tone {
  const real = loud.filter(({ drill }) => !drill)
  if (real.length === 0) return 'drill'
  return real.some(({ priority }) => priority === 'critical') ? 'critical' : 'high'
}

/**
 * Whether this screen must sound now. A returned alarm that nobody acknowledged still sounds: the sound says "look", not "it is hot now".
 * A shelved, suppressed or out-of-service alarm is silent, and sounds again when it is released and still stands. A new alarm, or one that
 * became more severe, breaks a mute that was meant for what was there before.
 */
export function soundDecision(input: { alarms: readonly Sounding[]; isOnDuty: boolean; mute: Mute | null; nowMs: number }): Sound {
  const loud = input.alarms.filter(isLoud)
  const count = loud.length
  if (count === 0) return { state: 'quiet' }
  if (!input.isOnDuty) return { state: 'off-duty', count }
  const { mute } = input
  const isMuted =
    mute !== null &&
    input.nowMs < mute.untilMs &&
    loud.every(({ id, priority }) => priorityRank(priority) <= (mute.ranks.get(id) ?? Number.NEGATIVE_INFINITY))
  if (isMuted) return { state: 'muted', count, untilMs: mute.untilMs }
  return { state: 'sounding', count, tone: toneOf(loud) }
}
