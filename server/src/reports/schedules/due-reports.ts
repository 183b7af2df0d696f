import type { ReportKind } from '@roomkeeper/shared/http'
import { instantOf, type WallTime, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { type ReportSpan, spanAt, spanBefore } from '../period/period-of.ts'

/** When a report is due: `at` (HH:MM) by the hospital's clock on its day of the period after its own. */
export interface ReportPlan extends SendingDay {
  kind: ReportKind
  at: string
  /** IANA name. */
  timeZone: string
}

/** The parts that the kind has a use for; the others are 1. */
interface SendingDay {
  /** Weekly; ISO, 1 = Monday. */
  weekday: number
  /** Monthly and yearly; 31 is the last of the month. */
  dayOfMonth: number
  /** Yearly; 1 … 12. */
  month: number
}

type CalendarDay = Pick<WallTime, 'year' | 'month' | 'day'>

export interface DueReport {
  dueAtMs: number
  span: ReportSpan
}

/**
 * After a downtime each missed period gets its own report, but no more than the latest so many: a flood of mails about last month helps
 * nobody. Older ones are written down as skipped, and anyone can make them by hand.
 */
export const MOST_CAUGHT_UP = 3
/** Older than these are not even counted: eleven years of days. */
const MOST_COUNTED = 4000

export interface ReportDecision {
  /** To be made, oldest first. */
  due: DueReport[]
  /** Let go, latest first. */
  skipped: DueReport[]
  /** What the schedule has been seen to up to, from now on. */
  doneUntilMs: number
}

/**
 * What is due by now of a schedule that was seen to up to `doneUntilMs`. A clock that ran ahead and was set right is counted from now; a
 * period that was made meanwhile is not made again, because its run is stored.
 */
export function decideReports(plan: ReportPlan, doneUntilMs: number, nowMs: number): ReportDecision {
  if (doneUntilMs > nowMs) return { due: [], skipped: [], doneUntilMs: nowMs }
  const due: DueReport[] = []
  const skipped: DueReport[] = []
  let one = latestReport(plan, nowMs)
  const latestMs = one.dueAtMs
  for (; one.dueAtMs > doneUntilMs && skipped.length < MOST_COUNTED; one = dueOf(plan, spanBefore(one.span, plan.timeZone)))
    if (due.length < MOST_CAUGHT_UP) due.unshift(one)
    else skipped.push(one)
  return { due, skipped, doneUntilMs: Math.max(latestMs, doneUntilMs) }
}

/** The first report that is due after `afterMs`. */
export function nextReport(plan: ReportPlan, afterMs: number): DueReport {
  // The period that was over last may still wait for its hour.
  let one = dueOf(plan, spanBefore(spanAt(plan.kind, afterMs, plan.timeZone), plan.timeZone))
  while (one.dueAtMs <= afterMs) one = dueOf(plan, spanAt(plan.kind, one.span.toMs, plan.timeZone))
  return one
}

/** What the kind has no use for is 1, so that only what counts is kept and compared. */
export function sendingDayOf({ kind, weekday, dayOfMonth, month }: SendingDay & { kind: ReportKind }): SendingDay {
  const isLong = kind === 'monthly' || kind === 'yearly'
  return { weekday: kind === 'weekly' ? weekday : 1, dayOfMonth: isLong ? dayOfMonth : 1, month: kind === 'yearly' ? month : 1 }
}

/** The last report whose time has come. */
function latestReport(plan: ReportPlan, nowMs: number): DueReport {
  let one = dueOf(plan, spanBefore(spanAt(plan.kind, nowMs, plan.timeZone), plan.timeZone))
  while (one.dueAtMs > nowMs) one = dueOf(plan, spanBefore(one.span, plan.timeZone))
  return one
}

/** The day of sending is within the period that follows, so that a period is always over when its report is made, and no two share a day. */
function dueOf(plan: ReportPlan, span: ReportSpan): DueReport {
  const { at, timeZone } = plan
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return { span, dueAtMs: instantOf({ ...sendingDate(plan, wallTimeOf(span.toMs, timeZone)), hour, minute }, timeZone) }
}

/** `first` is the first day after the period. */
function sendingDate({ kind, weekday, dayOfMonth, month }: ReportPlan, first: CalendarDay): CalendarDay {
  if (kind === 'daily') return { year: first.year, month: first.month, day: first.day }
  if (kind === 'weekly') {
    const date = new Date(Date.UTC(first.year, first.month - 1, first.day + weekday - 1))
    return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  }
  const wanted = kind === 'yearly' ? month : first.month
  const lastDay = new Date(Date.UTC(first.year, wanted, 0)).getUTCDate()
  return { year: first.year, month: wanted, day: Math.min(dayOfMonth, lastDay) }
}
