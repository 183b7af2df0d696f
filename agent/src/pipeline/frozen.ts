import { POINT_KINDS, type PointKind, type PointKindInfo } from '@roomkeeper/shared/model'
import type { PointDescription } from '../drivers/driver.ts'

/**
 * Kinds whose sensors see the noise of what they measure: air moves, mains sag and swell. Battery temperature creeps and UPSes make their
 * own output voltage, so stillness proves nothing there.
 */
const NOISY_KINDS: readonly PointKind[] = ['temperature', 'humidity']
const IS_INPUT = /^input\b(?!.*bypass)/
/** Two hours of stillness are common in a good room (a 0.5 °C sensor in a well-held one); six with fine noise before them are not. */
const LEAST_STILL_MS = 6 * 3_600_000
/** A sensor that changed every n scans on average stands still for 50 n by chance with probability (1 − 1/n)^50n < e⁻⁵⁰. */
const STILL_RHYTHMS = 50
/** … if its changes are independent. They are not quite, so its own longest stillness counts too. */
const STILL_LONGEST = 4
/** Below this the rhythm is not known. A day has the room's day and night in it. */
const LEARN_CHANGES = 200
const LEARN_MS = 24 * 3_600_000
/**
 * This part of its changes must be wider than its resolution. Where noise is narrower than a step, the value flips while it lies on the
 * border of two steps and stands still in between, for hours and quite healthy.
 */
const WIDE_CHANGES = 0.25
/**
 * Such a sensor is believed to be frozen only when its digit is finer than what the air of a room does in hours of cooling, and a week of
 * it has shown how long it stands still. A coarser one is never called frozen.
 */
const FINE_STEP: Partial<Record<PointKind, number>> = { temperature: 0.1, humidity: 0.5, voltage: 0.5 }
const LEARN_NARROW_MS = 7 * LEARN_MS
const STILL_LONGEST_NARROW = 10
/** A gap between scans counts for no more: nobody looked. */
const LONGEST_GAP_MS = 600_000

/** What the step remembers of one point. In memory only: a restarted agent learns anew, and calls nothing frozen for a day. */
export interface StillnessMemory {
  value: number
  atMs: number
  /** Time and scans since the last change. */
  stillMs: number
  stillScans: number
  longestMs: number
  learntMs: number
  scans: number
  changes: number
  wideChanges: number
  /** The smallest change ever seen: the sensor's resolution, as far as known. */
  resolution: number
}

/** Whether a point's sensor shows noise at all, so that stillness can mean something. Points that report by themselves have no rhythm. */
export function mayFreeze({ kind, key, reportsWithinMs }: PointDescription): boolean {
  if (reportsWithinMs !== undefined) return false
  return NOISY_KINDS.includes(kind) || (kind === 'voltage' && IS_INPUT.test(key))
}

/**
 * Decides whether a value has stood still for so long that its sensor must be dead. `memory` is changed in place, since every reading
 * passes here. Released by the first change.
 * @param atMs monotonic time, ms
 */
export function isFrozen(memory: StillnessMemory, value: number, atMs: number, kind: PointKind): boolean {
  const gapMs = Math.min(LONGEST_GAP_MS, Math.max(0, atMs - memory.atMs))
  memory.atMs = atMs
  memory.scans += 1
  memory.learntMs += gapMs
  const change = Math.abs(value - memory.value)
  if (change > 0) {
    noteChange(memory, change)
    memory.value = value
    return false
  }
  memory.stillMs += gapMs
  memory.stillScans += 1
  return memory.stillMs >= LEAST_STILL_MS && isBeyondChance(memory, kind) && !isAtEnd(value, kind)
}

export function newStillness(value: number, atMs: number): StillnessMemory {
  return {
    value,
    atMs,
    stillMs: 0,
    stillScans: 0,
    longestMs: 0,
    learntMs: 0,
    scans: 0,
    changes: 0,
    wideChanges: 0,
    resolution: Number.POSITIVE_INFINITY,
  }
}

function noteChange(memory: StillnessMemory, change: number): void {
  memory.changes += 1
  // A finer step than known: what was counted as wide was so by a wrong measure.
  if (change < memory.resolution * 0.99) {
    memory.wideChanges = 0
    memory.changes = 1
    memory.scans = 1
    memory.resolution = change
  } else if (change > 1.5 * memory.resolution) memory.wideChanges += 1
  memory.longestMs = Math.max(memory.longestMs, memory.stillMs)
  memory.stillMs = 0
  memory.stillScans = 0
}

function isBeyondChance(memory: StillnessMemory, kind: PointKind): boolean {
  const { changes, wideChanges, learntMs, stillMs, stillScans, scans, longestMs, resolution } = memory
  const scansPerChange = (scans - stillScans) / changes
  if (changes < LEARN_CHANGES || stillScans < STILL_RHYTHMS * scansPerChange) return false
  const learnedForMs = learntMs - stillMs
  if (wideChanges >= WIDE_CHANGES * changes) return learnedForMs >= LEARN_MS && stillMs >= STILL_LONGEST * longestMs
  const isFine = resolution <= (FINE_STEP[kind] ?? 0) * 1.01
  return isFine && learnedForMs >= LEARN_NARROW_MS && stillMs >= STILL_LONGEST_NARROW * longestMs
}

/** Nothing moves at the end of what can be measured: saturated air is 100 %, a dead line 0 V, and both are true. */
function isAtEnd(value: number, kind: PointKind): boolean {
  const { range }: PointKindInfo = POINT_KINDS[kind]
  return range !== undefined && (value <= range.low || value >= range.high)
}
