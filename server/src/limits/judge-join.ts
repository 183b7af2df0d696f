import type { Judged } from './judged.ts'
import { limitOf } from './judged.ts'
import { isStanding } from './limit-step.ts'
import type { JudgeSink } from './point-judge.ts'
import { rankOf } from './severity.ts'

/**
 * The replay has reached the first live reading after `restart`: `before` has folded the stretch between, `judged` the live readings. An
 * excursion that was going on at its end either went on into the live readings, or ended at the first normal one.
 */
export function joinJudged(judged: Judged, before: Judged, sink: JudgeSink): void {
  if (before.state.phase === 'normal') clearedWhileMissed(judged, before, sink)
  else if (!isStanding(before.state)) resumePending(judged, before, sink)
  else if (judged.isUnbroken) goOn(judged, before, sink)
  else {
    tellExcursion(before, judged.firstNormalMs, sink)
    resumeClearing(judged, before)
  }
}

/** An excursion that was learnt of afterwards, at its worst. */
export function tellExcursion(judged: Judged, endedAtMs: number, sink: JudgeSink): void {
  const { untold } = judged
  if (untold) sink({ limit: limitOf(judged, untold), kind: 'excursion', atMs: untold.atMs, value: untold.value, endedAtMs })
  judged.untold = undefined
}

/** It stood at the end of the missed stretch, and every live reading since was over. */
function goOn(judged: Judged, before: Judged, sink: JudgeSink): void {
  const { untold } = before
  const stood = isStanding(judged.state)
  if (untold) sink({ limit: limitOf(before, untold), kind: 'began-earlier', atMs: untold.atMs, value: untold.value })
  if (stood) tellPeak(judged, before, sink)
  if (judged.lastOver === undefined) judged.state = { ...before.state }
  else if (!stood) judged.state = { phase: 'active', sinceMs: before.state.sinceMs }
  const [severity, past] = [judged.severity, before.severity]
  if (!severity || !past) return
  if (!stood || judged.lastOver === undefined) severity.reached = past.reached
  if (!stood) severity.toldRank = untold ? rankOf(limitOf(before, untold)) : past.toldRank
  severity.beginAgain(past.raisedAtMs)
  judged.limit = severity.told
}

/** The alarm that stands was more severe in the missed stretch than anybody was told; the next reading tells how it is now. */
function tellPeak(judged: Judged, before: Judged, sink: JudgeSink): void {
  const [severity, past] = [judged.severity, before.severity]
  const peak = before.untold ?? past?.peak
  if (!severity || !past || !peak) return
  const limit = limitOf(before, peak)
  if (rankOf(limit) <= severity.toldRank) return
  severity.toldRank = rankOf(limit)
  sink({ limit, kind: 're-alarm', atMs: peak.atMs, value: peak.value })
}

/** The on-delay ran through the missed stretch into the live readings, and may have been over before they became normal. */
function resumePending(judged: Judged, before: Judged, sink: JudgeSink): void {
  const { lastOver, severity } = judged
  const atMs = before.state.sinceMs + judged.terms.onDelayMs
  if (lastOver === undefined || lastOver.timeMs < atMs) {
    if (judged.isUnbroken && !isStanding(judged.state)) judged.state = { phase: 'raising', sinceMs: before.state.sinceMs }
    return
  }
  const raised = severity?.raisedAt(atMs, lastOver.value, lastOver.timeMs, judged.terms.sign)
  const limit = raised?.told ?? judged.limit
  if (!judged.isUnbroken) sink({ limit, kind: 'excursion', atMs, value: lastOver.value, endedAtMs: judged.firstNormalMs })
  else if (isStanding(judged.state)) {
    sink({ limit: judged.limit, kind: 'began-earlier', atMs, value: lastOver.value })
    if (severity) severity.raisedAtMs = Math.min(severity.raisedAtMs, atMs)
  } else {
    judged.state = { phase: 'active', sinceMs: atMs }
    judged.severity = raised
    judged.limit = limit
    sink({ limit, kind: 'raise', atMs, value: lastOver.value })
  }
}

/** The alarm stood before the missed stretch and ended in it; live readings have not shown it again. */
function clearedWhileMissed(judged: Judged, before: Judged, sink: JudgeSink): void {
  const { state, isUnbroken, lastOver, firstNormalMs, severity } = judged
  const atMs = before.state.sinceMs
  // It had ended and is here again: what counts from its beginning counts anew.
  if (isUnbroken && lastOver && isStanding(state)) severity?.beginAgain(lastOver.firstMs + judged.terms.onDelayMs)
  const onlyNormal = isUnbroken || (state.phase === 'clearing' && state.sinceMs === firstNormalMs)
  if (!isStanding(state) || lastOver !== undefined || !onlyNormal || atMs === 0) return
  tellPeak(judged, before, sink)
  judged.state = { phase: 'normal', sinceMs: atMs }
  sink({ limit: judged.limit, kind: 'clear', atMs, value: null })
}

/** The off-delay began in the missed stretch and goes on. */
function resumeClearing(judged: Judged, before: Judged): void {
  const { state } = judged
  if (before.state.phase === 'clearing' && state.phase === 'clearing' && state.sinceMs === judged.firstNormalMs)
    state.sinceMs = before.state.sinceMs
}
