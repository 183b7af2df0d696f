import type { PointKind } from '@roomkeeper/shared/model'

/**
 * The greatest change that can be true within 30 s, per kind. A room without cooling at 5 kW a rack heats by about 15 °C in 3 minutes
 * (Opengate test), 2.5 °C in 30 s: twice that is the limit for air. Kinds that may step (voltage, load, power) are not listed.
 */
const MAX_CHANGE: Partial<Record<PointKind, number>> = {
  temperature: 5,
  'battery-temperature': 5,
  humidity: 30,
}
const WINDOW_MS = 30_000
/** A change that stays for so many scans is believed after all: a probe may have been moved, a fire is real. */
export const SCANS_TO_BELIEVE = 3

/** What the step remembers of one point. */
export interface JumpMemory {
  /** The last believed value. */
  value: number
  atMs: number
  /** Scans in a row that were too far above (+1) or below (−1) it. */
  streak: number
  direction: 1 | -1
}

/**
 * Decides whether a value is too far from the last believed one. Values that stay on the same side are believed at the third scan, also
 * when they go on changing, so that a fire is never hidden for longer than two scans.
 * @param atMs monotonic time, ms
 */
export function judgeJump(
  kind: PointKind,
  memory: JumpMemory | undefined,
  value: number,
  atMs: number,
): { isImpossible: boolean; memory: JumpMemory } {
  const believed = { isImpossible: false, memory: { value, atMs, streak: 0, direction: 1 as const } }
  const maxChange = MAX_CHANGE[kind]
  if (maxChange === undefined || memory === undefined) return believed
  const allowed = maxChange * Math.max(1, (atMs - memory.atMs) / WINDOW_MS)
  const change = value - memory.value
  if (Math.abs(change) <= allowed) return believed
  const direction = change > 0 ? 1 : -1
  const streak = direction === memory.direction ? memory.streak + 1 : 1
  return streak >= SCANS_TO_BELIEVE ? believed : { isImpossible: true, memory: { ...memory, streak, direction } }
}
