import type { Limit } from '@roomkeeper/shared/model'
import type { NuisanceKind } from './nuisances.ts'
import { quantile } from './nuisances.ts'

export interface Proposal {
  now: Limit
  proposed: Limit
  why: { zh: string; en: string }
}

export interface ProposalFacts {
  /** Kind of the point. */
  pointKind: string
  kinds: readonly NuisanceKind[]
  /** How long it held each time, ms. */
  lengthsMs: readonly number[]
  /** From each clear to the next raise, ms. */
  gapsMs: readonly number[]
}

/** Delays that people set; what is computed is rounded up to the next. */
const STEPS_S = [5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900]
const MAX_MS = 15 * 60_000
/** Nine of ten of what troubled people would not have. */
const PART = 0.9
/** Never made slower by a proposal: water and fire. */
const NEVER = new Set(['leak', 'smoke'])
/** These fire at once (a room at 5 kW per rack shut down 3 min 9 s after its cooling stopped, Opengate): only their end may be delayed. */
const AT_ONCE = new Set(['ups-status', 'cooling-fault', 'voltage', 'line-to-line-voltage', 'battery-charge', 'battery-runtime'])
const AT_ONCE_CONDITIONS = new Set(['rate-of-change', 'time-to-limit', 'high-high', 'low-low'])
/** The same test: a warming room must be told well before three minutes are over. */
const MAX_TEMPERATURE_MS = 120_000

/**
 * Longer delays that would have kept most of the nuisances from coming; never another limit value. null: nothing sensible. What the person
 * sees is how long the alarm stood; the condition itself held for that plus the present on-delay, minus the present off-delay.
 */
export function proposeLimit(limit: Limit, facts: ProposalFacts): Proposal | null {
  if (limit.priority === 'critical' || NEVER.has(facts.pointKind)) return null
  const onDelayMs = longerOnDelay(limit, facts)
  const offDelayMs = longerOffDelay(limit, facts)
  if (onDelayMs === null && offDelayMs === null) return null
  const proposed = { ...limit, ...(onDelayMs && { onDelayMs: onDelayMs.toMs }), ...(offDelayMs && { offDelayMs: offDelayMs.toMs }) }
  const zh: string[] = []
  const en: string[] = []
  if (onDelayMs) {
    const { count, observedMs, neededMs, toMs } = onDelayMs
    const sum = `${seconds(observedMs)} + ${seconds(limit.onDelayMs)} − ${seconds(limit.offDelayMs)} = ${seconds(neededMs)}`
    zh.push(
      `${count} 次告警中十分之九在 ${seconds(observedMs)} 内自行恢复；越限持续 ${sum}，产生延时由 ${seconds(limit.onDelayMs)} 改为 ${seconds(toMs)}`,
    )
    en.push(
      `nine of ten of ${count} alarms were over within ${seconds(observedMs)}; the condition held for ${sum}: on-delay ${seconds(limit.onDelayMs)} → ${seconds(toMs)}`,
    )
  }
  if (offDelayMs) {
    const { count, observedMs, neededMs, toMs } = offDelayMs
    const sum = `${seconds(observedMs)} + ${seconds(limit.offDelayMs)} − ${seconds(limit.onDelayMs)} = ${seconds(neededMs)}`
    zh.push(
      `${count} 次恢复后十分之九在 ${seconds(observedMs)} 内再次告警；正常只持续 ${sum}，恢复延时由 ${seconds(limit.offDelayMs)} 改为 ${seconds(toMs)}`,
    )
    en.push(
      `nine of ten of ${count} returns were followed by the next alarm within ${seconds(observedMs)}; it was normal for ${sum} only: off-delay ${seconds(limit.offDelayMs)} → ${seconds(toMs)}`,
    )
  }
  return { now: limit, proposed, why: { zh: zh.join('。'), en: en.join('. ') } }
}

interface Longer {
  count: number
  observedMs: number
  neededMs: number
  toMs: number
}

function longerOnDelay(limit: Limit, { kinds, pointKind, lengthsMs }: ProposalFacts): Longer | null {
  if (!kinds.includes('fleeting') || AT_ONCE.has(pointKind) || AT_ONCE_CONDITIONS.has(limit.condition)) return null
  const maxMs = pointKind === 'temperature' ? MAX_TEMPERATURE_MS : MAX_MS
  return longer(lengthsMs, limit.onDelayMs, limit.onDelayMs - limit.offDelayMs, maxMs)
}

function longerOffDelay(limit: Limit, { kinds, gapsMs }: ProposalFacts): Longer | null {
  if (!kinds.includes('chattering') && !kinds.includes('frequent')) return null
  // Longer gaps are other events.
  const short = gapsMs.filter((gapMs) => gapMs <= MAX_MS)
  return short.length < 3 ? null : longer(short, limit.offDelayMs, limit.offDelayMs - limit.onDelayMs, MAX_MS)
}

function longer(observed: readonly number[], nowMs: number, correctionMs: number, maxMs: number): Longer | null {
  const observedMs = quantile(observed, PART)
  if (observedMs === null) return null
  const neededMs = Math.max(0, observedMs + correctionMs)
  const step = STEPS_S.find((one) => one * 1000 > neededMs)
  if (step === undefined || step * 1000 > maxMs || step * 1000 <= nowMs) return null
  return { count: observed.length, observedMs, neededMs, toMs: step * 1000 }
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`
}
