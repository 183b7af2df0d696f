import dayjs from 'dayjs'
import type { TimeRange } from '../../features/charts/time-marks.ts'
import type { NamedPoint } from './HistoryPage.tsx'

const HOUR_MS = 3_600_000
export const RANGES_MS = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS, '365d': 8760 * HOUR_MS } as const
export type RangeName = keyof typeof RANGES_MS
export const RANGE_NAMES = Object.keys(RANGES_MS) as RangeName[]

export type HistoryRange = { name: RangeName } | { name: 'custom'; fromMs: number; toMs: number }

/** The range an address asks for; the last 24 hours unless it names another. */
export function rangeOf(search: URLSearchParams): HistoryRange {
  const fromMs = Number(search.get('from'))
  const toMs = Number(search.get('to'))
  if (fromMs > 0 && toMs > fromMs) return { name: 'custom', fromMs, toMs }
  return { name: RANGE_NAMES.find((name) => name === search.get('range')) ?? '24h' }
}

export function parseIds(text: string): number[] {
  return [...new Set(text.split(',').map(Number))].filter((id) => Number.isInteger(id) && id > 0)
}

export function groupByUnit(points: readonly NamedPoint[]): { unit: string; points: NamedPoint[] }[] {
  const groups = new Map<string, NamedPoint[]>()
  for (const named of points) {
    const group = groups.get(named.point.unit)
    if (group) group.push(named)
    else groups.set(named.point.unit, [named])
  }
  return [...groups].map(([unit, members]) => ({ unit, points: members }))
}

export const COMPARISONS = ['none', 'day', 'week', 'year'] as const
export type Comparison = (typeof COMPARISONS)[number]

export function comparisonOf(search: URLSearchParams): Comparison {
  return COMPARISONS.find((name) => name === search.get('compare')) ?? 'none'
}

/** The same time one day, week or calendar year before; `shiftMs` later it lies on the range. */
export function earlierRange({ fromMs, toMs }: TimeRange, by: Exclude<Comparison, 'none'>): TimeRange & { shiftMs: number } {
  const shiftMs = fromMs - dayjs(fromMs).subtract(1, by).valueOf()
  return { fromMs: fromMs - shiftMs, toMs: toMs - shiftMs, shiftMs }
}

const SHORTEST_MS = 30_000
const LONGEST_MS = 20 * 365 * 24 * HOUR_MS
/** 2000-01-01; the server takes nothing earlier. */
const EARLIEST_MS = 946_684_800_000

/** What can be shown of a range that was asked for: not beyond now, not shorter than half a minute, within the years that are kept. */
export function showableRange({ fromMs, toMs }: TimeRange, nowMs: number): TimeRange {
  const lengthMs = Math.min(Math.max(toMs - fromMs, SHORTEST_MS), LONGEST_MS, nowMs - EARLIEST_MS)
  const endMs = Math.min(Math.max(toMs, EARLIEST_MS + lengthMs), nowMs)
  return { fromMs: Math.floor(endMs - lengthMs), toMs: Math.floor(endMs) }
}

/** The page's address with some of its parts set, or taken out where they are empty. */
export function patchedSearch(search: URLSearchParams, patch: Record<string, string | undefined>): URLSearchParams {
  const next = new URLSearchParams(search)
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) next.delete(key)
    else next.set(key, value)
  }
  return next
}

const OPENING_KINDS = ['temperature', 'humidity']
const MOST_OPENING = 8
/** What is shown before anything is chosen: temperature and humidity of each room, as on the overview. */
export function openingPoints(rooms: readonly { leading: readonly { id: number; kind: string }[] }[]): number[] {
  const leading = rooms.flatMap((room) => OPENING_KINDS.flatMap((kind) => room.leading.find((point) => point.kind === kind)?.id ?? []))
  return leading.slice(0, MOST_OPENING)
}

const STEP = ' › '
/** What labels like `room › device › point` have in common at their beginning, and what is left of each. */
export function sharedPlace(labels: readonly string[]): { place: string; names: string[] } {
  const parts = labels.map((label) => label.split(STEP))
  const [first = []] = parts
  let shared = 0
  // The last part is the point's own name, also where there is but one.
  while (shared < first.length - 1 && parts.every((each) => shared < each.length - 1 && each[shared] === first[shared])) shared++
  return { place: first.slice(0, shared).join(STEP), names: parts.map((each) => each.slice(shared).join(STEP)) }
}
