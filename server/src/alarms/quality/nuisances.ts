import { isAnnunciation } from '../flood-watch.ts'
import type { Stretch } from '../standing.ts'

/** One transition of the period, with what its alarm is. */
export interface QualityRow {
  alarmId: number
  source: string
  sourceId: number
  condition: string
  priority: string
  event: string
  fromState: string
  toState: string
  atMs: number
  recordedAtMs: number
}

/** What one alarm (of one limit) did in the period, whatever its rows. */
export interface AlarmHistory {
  source: string
  sourceId: number
  condition: string
  priority: string
  /** When it was raised, silent or not, by the device's clock. */
  raisesMs: number[]
  /** Times it held and has ended; whether somebody acknowledged it while it stood. */
  stretches: (Stretch & { acknowledged: boolean })[]
  lastAtMs: number
}

export type NuisanceKind = 'chattering' | 'fleeting' | 'stale' | 'frequent'

/** ISA-18.2: three times in a minute. */
const CHATTER_COUNT = 3
const MINUTE_MS = 60_000
/** Nobody walks to a machine room within a minute. */
const FLEETING_MS = 60_000
const FLEETING_COUNT = 3
/** Of fewer in the period nobody complains. */
const FREQUENT_COUNT = 5
const FREQUENT_TOP = 10

/** Transitions in the order they were written, gathered by alarm. */
export function historiesOf(rows: Iterable<QualityRow>): AlarmHistory[] {
  const found = new Map<string, AlarmHistory>()
  for (const row of rows) {
    const { source, sourceId, condition, priority, event, atMs } = row
    const key = `${source}/${sourceId}/${condition}`
    const history = found.get(key) ?? { source, sourceId, condition, priority, raisesMs: [], stretches: [], lastAtMs: atMs }
    found.set(key, history)
    history.priority = priority
    const current = history.stretches.at(-1)
    const isOpen = current !== undefined && current.toMs === undefined
    if (event === 'raise' || (event === 'late-raise' && row.fromState !== row.toState)) {
      history.raisesMs.push(atMs)
      history.lastAtMs = Math.max(history.lastAtMs, atMs)
      history.stretches.push({ fromMs: atMs, toMs: undefined, acknowledged: false })
    } else if ((event === 'clear' || event === 'late-clear') && isOpen) current.toMs = Math.max(atMs, current.fromMs)
    else if (event === 'acknowledge' && isOpen) current.acknowledged = true
  }
  return [...found.values()]
}

export function countAnnunciated(rows: Iterable<QualityRow>): Record<'low' | 'medium' | 'high' | 'critical', number> {
  const counts = { low: 0, medium: 0, high: 0, critical: 0 }
  for (const { event, toState, priority } of rows)
    if (isAnnunciation({ event, state: toState as 'UNACK', drill: false }) && priority in counts)
      counts[priority as keyof typeof counts] += 1
  return counts
}

/** The largest number of raises within a minute. */
export function mostInAMinute(raisesMs: readonly number[]): number {
  const times = [...raisesMs].sort((a, b) => a - b)
  let most = 0
  let first = 0
  for (const [last, atMs] of times.entries()) {
    while (atMs - (times[first] ?? atMs) >= MINUTE_MS) first += 1
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Lengths of the times it held that are over. */
export function lengthsOf({ stretches }: AlarmHistory): number[] {
  return stretches.flatMap(({ fromMs, toMs }) => (toMs === undefined ? [] : [toMs - fromMs]))
}

/** From each clear to the next raise. */
export function gapsOf({ stretches }: AlarmHistory): number[] {
  return stretches.flatMap(({ toMs }, index) => {
    const next = stretches[index + 1]
    return toMs === undefined || next === undefined || next.fromMs < toMs ? [] : [next.fromMs - toMs]
  })
}

/** The value below which this part of them lies (nearest rank); null of none. */
export function quantile(values: readonly number[], part: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}

/** Why each alarm that costs attention without need does so; the others are left out. `isStale`: it stands for more than a day. */
export function nuisancesOf(
  histories: readonly AlarmHistory[],
  isStale: (history: AlarmHistory) => boolean,
): { history: AlarmHistory; kinds: NuisanceKind[] }[] {
  const frequent = new Set(
    [...histories]
      .filter(({ raisesMs }) => raisesMs.length >= FREQUENT_COUNT)
      .sort((a, b) => b.raisesMs.length - a.raisesMs.length)
      .slice(0, FREQUENT_TOP),
  )
  return histories.flatMap((history) => {
    const kinds: NuisanceKind[] = []
    if (mostInAMinute(history.raisesMs) >= CHATTER_COUNT) kinds.push('chattering')
    if (isFleeting(history)) kinds.push('fleeting')
    if (isStale(history)) kinds.push('stale')
    if (frequent.has(history)) kinds.push('frequent')
    return kinds.length > 0 ? [{ history, kinds }] : []
  })
}

/** It was over before anybody could have acted, every time. */
function isFleeting(history: AlarmHistory): boolean {
  const lengths = lengthsOf(history)
  if (lengths.length < FLEETING_COUNT || history.stretches.some(({ acknowledged }) => acknowledged)) return false
  return (quantile(lengths, 0.5) ?? FLEETING_MS) < FLEETING_MS
}
