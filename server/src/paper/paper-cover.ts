import type { AlarmCondition } from '@roomkeeper/shared/model'
import { PAPER_EVENTS, type PaperEvent } from '@roomkeeper/shared/registers'

/** While it was in force; without an end it is still. */
export interface PaperSpan {
  fromMs: number
  toMs: number | null
}

/** A record (visit, change, work order …) that says that something was meant to happen. */
export interface PaperFact {
  recordId: number
  number: string
  roomId: number | null
  /** What it is about where that is one device; null: the room. */
  deviceId: number | null
  events: readonly PaperEvent[]
  /** In order of time; they do not touch. */
  spans: readonly PaperSpan[]
}

/** What is asked of an alarm. */
export interface PaperSubject {
  condition: AlarmCondition
  roomId: number | null
  deviceId: number | null
  /** When it happened, by the device's clock. */
  beganAtMs: number
  /** When the server learnt of it. */
  recordedAtMs: number
  active: boolean
  /** The record that covers it already. */
  recordId: number | null
}

export type PaperAnswer =
  | { is: 'covered'; paper: PaperFact }
  /** A door just opened: whoever came in may be about to check in. */
  | { is: 'awaited' }
  /** It had its paper and is over: nothing is left to keep silent. */
  | { is: 'settled' }
  | { is: 'missing' }

/**
 * People open the door and then show the code inside, and check out before they open it to leave. They get two minutes to check in before
 * anybody is told …
 */
export const PAPER_WAIT_MS = 2 * 60_000
/** … and the opening may lie another minute off, as far as an agent's clock may be wrong unnoticed (CLOCK_LIMIT_MS in live/silence-watch.ts). */
export const PAPER_MARGIN_MS = PAPER_WAIT_MS + 60_000

/**
 * Over in a moment, however long their alarm stands: a paper that ends later takes nothing back. The others go on, and need a paper for as
 * long.
 */
const MOMENTS: readonly PaperEvent[] = ['door-opened', 'restarted']
/** About the room, whichever device tells of it: a change to one server opens the door, and a device that is new belongs to no paper yet. */
const OF_THE_ROOM: readonly PaperEvent[] = ['door-opened', 'device-unknown']

export function isPaperEvent(condition: string): condition is PaperEvent {
  return (PAPER_EVENTS as readonly string[]).includes(condition)
}

/** Each occurrence is an alarm of its own: two openings of a door may have been covered by different papers, or one of them by none. */
export function isMoment(condition: string): boolean {
  return isPaperEvent(condition) && MOMENTS.includes(condition)
}

/** A door whose opening nobody has explained yet is not told at once. */
export function isAwaitable(condition: string): boolean {
  return condition === 'door-opened'
}

/**
 * Whether something has its paper. What has begun without one stays without: a paper made afterwards excuses nothing. Of several, the one
 * that covers it already, else the first.
 */
export function paperOf(subject: PaperSubject, papers: readonly PaperFact[], nowMs: number): PaperAnswer {
  if (!isPaperEvent(subject.condition)) return { is: 'missing' }
  const event = subject.condition
  const own = papers.filter((paper) => isAbout(paper, event, subject))
  const atBirth = own.filter((paper) => isInForce(paper, subject.beganAtMs))
  const valid = MOMENTS.includes(event)
    ? atBirth
    : subject.recordId !== null || atBirth.length > 0
      ? own.filter((paper) => isInForce(paper, nowMs, 0))
      : []
  const paper = valid.find(({ recordId }) => recordId === subject.recordId) ?? valid[0]
  if (paper) return !subject.active && subject.recordId === paper.recordId ? { is: 'settled' } : { is: 'covered', paper }
  return isAwaitable(event) && nowMs < awaitedUntilMs(subject) ? { is: 'awaited' } : { is: 'missing' }
}

/** The earlier of both clocks: a device's that runs ahead must not put the telling off. */
function awaitedUntilMs({ beganAtMs, recordedAtMs }: PaperSubject): number {
  return Math.min(beganAtMs, recordedAtMs) + PAPER_WAIT_MS
}

function isAbout(paper: PaperFact, event: PaperEvent, subject: PaperSubject): boolean {
  if (!paper.events.includes(event)) return false
  const isOfRoom = paper.roomId !== null && paper.roomId === subject.roomId
  if (OF_THE_ROOM.includes(event) || paper.deviceId === null) return isOfRoom
  return paper.deviceId === subject.deviceId
}

function isInForce({ spans }: PaperFact, atMs: number, marginMs = PAPER_MARGIN_MS): boolean {
  return spans.some(({ fromMs, toMs }) => atMs >= fromMs - marginMs && (toMs === null || atMs < toMs + marginMs))
}

/** A record's step, as far as its states tell when it was in force. */
export interface PaperStep {
  toState: string
  /** By the server's clock: a time that a browser claims would let people cover afterwards what was not covered. */
  atMs: number
}

/** When a record was in one of the covering states, and between its own beginning and end where it names them. */
export function spansOf(
  steps: readonly PaperStep[],
  states: readonly string[],
  { fromMs, untilMs }: { fromMs: number | null; untilMs: number | null },
): PaperSpan[] {
  const spans: PaperSpan[] = []
  let since: number | null = null
  for (const { toState, atMs } of steps) {
    const isIn = states.includes(toState)
    if (isIn && since === null) since = atMs
    if (!isIn && since !== null) {
      spans.push({ fromMs: since, toMs: atMs })
      since = null
    }
  }
  if (since !== null) spans.push({ fromMs: since, toMs: null })
  return spans.flatMap((span) => {
    const begin = Math.max(span.fromMs, fromMs ?? span.fromMs)
    const end = span.toMs === null ? untilMs : Math.min(span.toMs, untilMs ?? span.toMs)
    return end !== null && end <= begin ? [] : [{ fromMs: begin, toMs: end }]
  })
}
