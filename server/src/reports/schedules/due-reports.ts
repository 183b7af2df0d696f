import type { ReportKind } from '@roomkeeper/shared/http'
import { instantOf, wallTimeOf } from '@roomkeeper/shared/wall-clock'
import { type ReportSpan, spanAt, spanBefore } from '../period/period-of.ts'

/** When a report is due: `at` (HH:MM) by the hospital's clock on the first day after its period. */
export interface ReportPlan {
  kind: ReportKind
  at: string
  /** IANA name. */
  timeZone: string
}

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

/** The last report whose time has come. */
export function latestReport(plan: ReportPlan, nowMs: number): DueReport {
  let one = dueOf(plan, spanBefore(spanAt(plan.kind, nowMs, plan.timeZone), plan.timeZone))
  while (one.dueAtMs > nowMs) one = dueOf(plan, spanBefore(one.span, plan.timeZone))
  return one
}

function dueOf({ at, timeZone }: ReportPlan, span: ReportSpan): DueReport {
  const { year, month, day } = wallTimeOf(span.toMs, timeZone)
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  return { span, dueAtMs: instantOf({ year, month, day, hour, minute }, timeZone) }
}
