import type { AlarmState } from '@roomkeeper/shared/model'
import { type PaperFact, paperOf } from '../../paper/paper-cover.ts'
import { DRILL_POINT } from '../../proof/drill-device.ts'
import { canFold, type PowerFacts } from './suppression-rules.ts'

/** What is known of an alarm when it is decided whether it is silent. */
export interface SilenceSubject extends PowerFacts {
  /** 0 for one that is just being raised. */
  alarmId: number
  source: string
  sourceId: number
  state: AlarmState
  active: boolean
  roomId: number | null
  deviceId: number | null
  pointId: number | null
  /** When its condition began, by the device's clock. */
  beganAtMs: number
  /** When the server learnt of it. */
  recordedAtMs: number
  /** The cause under which it is folded already. */
  causeId: number | null
  /** The record that is its paper already. */
  recordId: number | null
}

export interface HoldFact {
  id: number
  kind: string
  scope: string
  scopeId: number
  source: string | null
  sourceId: number | null
  condition: string | null
  by: string
  reason: string
}

/** A maintenance window that is open now. */
export interface WindowFact {
  id: number
  scope: string
  scopeId: number
  title: string
}

/** An alarm that tells of a mains failure. */
export interface CauseFact {
  alarmId: number
  roomId: number
  beganAtMs: number
  /** When it stopped telling of it (cleared, or silent itself), by the server's clock; null: it stands and is told of. */
  goneAtMs: number | null
}

export interface SilenceFacts {
  holds: readonly HoldFact[]
  windows: readonly WindowFact[]
  causes: readonly CauseFact[]
  /** Records that may be the paper of what needs one. */
  papers: readonly PaperFact[]
}

export interface Silence {
  state: 'SHLVD' | 'DSUPR' | 'OOSRV'
  event: 'shelve' | 'suppress' | 'out-of-service'
  holdId: number | null
  windowId: number | null
  causeId: number | null
  /** The record that covers it. */
  recordId: number | null
  why: 'out-of-service' | 'maintenance-window' | 'shelved' | 'consequence-of-mains-loss' | 'covered-by-paper' | 'awaiting-paper'
  /** Who asked for it, and their words; null for what the design does. */
  person: string | null
  note: string | null
}

/** A consequence may be noticed before its cause: devices are read at different times. */
const BEFORE_CAUSE_MS = 2 * 60_000
/** After the mains are back everything gets this long to come back by itself before it is told. */
export const AFTER_CAUSE_MS = 60_000

/**
 * What keeps an alarm silent now, and why; null: nothing. Decided from what is stored and the time alone, so the answer is the same after a
 * restart and however often it is asked. Work on the thing goes before shelving, and both before what the design suppresses.
 */
export function wantedSilence(subject: SilenceSubject, facts: SilenceFacts, nowMs: number): Silence | null {
  // It returned to normal and waits for a person: there is nothing left to silence.
  if (subject.state === 'RTNUN') return null
  const hold = facts.holds.find((one) => one.kind === 'out-of-service' && covers(one, subject))
  if (hold) return byHold(hold, 'OOSRV', 'out-of-service', 'out-of-service')
  const window = facts.windows.find((one) => covers(one, subject))
  if (window) {
    const none = { holdId: null, causeId: null, recordId: null, person: null }
    return { ...none, state: 'OOSRV', event: 'out-of-service', windowId: window.id, why: 'maintenance-window', note: window.title }
  }
  const shelf = facts.holds.find((one) => one.kind === 'shelve' && covers(one, subject))
  if (shelf) return byHold(shelf, 'SHLVD', 'shelve', 'shelved')
  const byDesign = { state: 'DSUPR', event: 'suppress', holdId: null, windowId: null, causeId: null, recordId: null, person: null } as const
  const cause = causeOf(subject, facts.causes, nowMs)
  if (cause) return { ...byDesign, causeId: cause.alarmId, why: 'consequence-of-mains-loss', note: null }
  // Somebody has taken it in hand already.
  if (subject.state === 'ACKED') return null
  const answer = paperOf(subject, facts.papers, nowMs)
  if (answer.is === 'awaited') return { ...byDesign, why: 'awaiting-paper', note: null }
  if (answer.is !== 'covered') return null
  return { ...byDesign, recordId: answer.paper.recordId, why: 'covered-by-paper', note: answer.paper.number }
}

function byHold({ id, by, reason }: HoldFact, state: Silence['state'], event: Silence['event'], why: Silence['why']): Silence {
  return { state, event, why, holdId: id, windowId: null, causeId: null, recordId: null, person: by, note: reason }
}

/** A device covers its points and its own silence; a room covers all in it. */
function covers(one: Pick<HoldFact, 'scope' | 'scopeId'> & Partial<HoldFact>, subject: SilenceSubject): boolean {
  switch (one.scope) {
    case 'alarm':
      return one.source === subject.source && one.sourceId === subject.sourceId && one.condition === subject.condition
    case 'point':
      return one.scopeId === subject.pointId
    case 'device':
      return one.scopeId === subject.deviceId
    default:
      // A drill is only nominally in a room: work there must not hide whether alarms arrive.
      return one.scopeId === subject.roomId && subject.key !== DRILL_POINT
  }
}

/** The earliest standing cause in its room; one that is folded stays so for a moment after its cause has gone. */
function causeOf(subject: SilenceSubject, causes: readonly CauseFact[], nowMs: number): CauseFact | undefined {
  // Somebody has taken it in hand already: silence would only make it come back as news.
  if (subject.state === 'ACKED' || !canFold(subject)) return undefined
  const isFolded = subject.state === 'DSUPR'
  let earliest: CauseFact | undefined
  for (const cause of causes) {
    if (cause.roomId !== subject.roomId) continue
    if (cause.goneAtMs !== null && !(isFolded && cause.alarmId === subject.causeId && isWithinGrace(cause.goneAtMs, nowMs))) continue
    if (!isFolded && subject.beganAtMs < cause.beganAtMs - BEFORE_CAUSE_MS) continue
    if (earliest === undefined || isEarlier(cause, earliest)) earliest = cause
  }
  // It is the first itself.
  return earliest?.alarmId === subject.alarmId ? undefined : earliest
}

/** A clock that was set back ends the grace: better told early than late. */
function isWithinGrace(goneAtMs: number, nowMs: number): boolean {
  return nowMs >= goneAtMs && nowMs - goneAtMs < AFTER_CAUSE_MS
}

/** Of one that stands and one that is gone, the one that stands. */
function isEarlier(a: CauseFact, b: CauseFact): boolean {
  if ((a.goneAtMs === null) !== (b.goneAtMs === null)) return a.goneAtMs === null
  return a.beganAtMs - b.beganAtMs < 0 || (a.beganAtMs === b.beganAtMs && a.alarmId < b.alarmId)
}
