import { DAY_MS } from '../hours.ts'
import type { LocalDays } from './local-days.ts'

export type Resolution = 'raw' | '1m' | '15m' | '1d'

interface PlanInput {
  fromMs: number
  toMs: number
  /** 1 … 2000; more is cut to 2000. */
  maxBuckets: number
  /** Raw readings and minutes are complete from these times on. */
  rawSinceMs: number
  minuteSinceMs: number
  days: LocalDays
}

export interface HistoryPlan {
  /** Nominal width: days of 23 or 25 hours count as 24. */
  bucketMs: number
  resolution: Resolution
  /** Start of the bucket a time is in. */
  startOf(timeMs: number): number
  /** Start of the bucket after the one that starts at startMs. */
  after(startMs: number): number
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const MAX_BUCKETS = 2000
/** Whole weeks begin on Monday: 1970-01-05 was one. */
const MONDAY = 4
const FOUR_WEEKS = 28

const CLOCK_WIDTHS_MS = [
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
]
const DAY_WIDTHS = [1, 2, 7, 14, FOUR_WEEKS]

/** The narrowest round width that touches at most maxBuckets buckets and that what is still kept can answer. */
export function planHistory({ fromMs, toMs, maxBuckets, rawSinceMs, minuteSinceMs, days }: PlanInput): HistoryPlan {
  const most = Math.min(MAX_BUCKETS, Math.max(1, Math.floor(maxBuckets)))
  const narrowestMs = fromMs >= rawSinceMs ? SECOND : fromMs >= minuteSinceMs ? MINUTE : 15 * MINUTE
  const fits = (plan: HistoryPlan): boolean => {
    // Buckets of local time can be short beside a change of the clock, never by more than a day.
    if ((toMs - fromMs - 2 * DAY_MS) / plan.bucketMs > most) return false
    let count = 0
    for (let startMs = plan.startOf(fromMs); startMs < toMs; startMs = plan.after(startMs)) if (++count > most) return false
    return true
  }
  for (const widthMs of CLOCK_WIDTHS_MS) {
    if (widthMs < narrowestMs) continue
    const plan = clockPlan(widthMs, days)
    if (fits(plan)) return plan
  }
  for (const width of DAY_WIDTHS) {
    const plan = dayPlan(width, days)
    if (fits(plan)) return plan
  }
  let width = Math.max(2, Math.ceil((toMs - fromMs) / DAY_MS / most / FOUR_WEEKS)) * FOUR_WEEKS
  // Two ends in different buckets however wide: only where the range spans the first Monday of 1970.
  while (!fits(dayPlan(width, days)) && width * DAY_MS < 2 * Math.abs(toMs)) width += FOUR_WEEKS
  return dayPlan(width, days)
}

function clockPlan(widthMs: number, days: LocalDays): HistoryPlan {
  const resolution = widthMs < MINUTE ? 'raw' : widthMs < 15 * MINUTE ? '1m' : '15m'
  if (widthMs <= HOUR) {
    const startOf = (timeMs: number): number => Math.floor(timeMs / widthMs) * widthMs
    return { bucketMs: widthMs, resolution, startOf, after: (startMs) => startMs + widthMs }
  }
  // Several hours are counted from midnight, so that 6 h buckets are night, morning, afternoon, evening; a day's last one may be an hour off.
  const startOf = (timeMs: number): number => {
    const dayStartMs = days.startOf(days.dayOf(timeMs))
    return dayStartMs + Math.floor((timeMs - dayStartMs) / widthMs) * widthMs
  }
  const after = (startMs: number): number => Math.min(startMs + widthMs, days.startOf(days.dayOf(startMs) + 1))
  return { bucketMs: widthMs, resolution, startOf, after }
}

function dayPlan(width: number, days: LocalDays): HistoryPlan {
  const origin = width % 7 === 0 ? MONDAY : 0
  const firstDay = (timeMs: number): number => Math.floor((days.dayOf(timeMs) - origin) / width) * width + origin
  return {
    bucketMs: width * DAY_MS,
    resolution: '1d',
    startOf: (timeMs) => days.startOf(firstDay(timeMs)),
    after: (startMs) => days.startOf(firstDay(startMs) + width),
  }
}
