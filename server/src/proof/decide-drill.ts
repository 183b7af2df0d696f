export interface Reason {
  zh: string
  en: string
}

/** What is known of a drill that is going on. */
export interface DrillFacts {
  startedAtMs: number
  failsAfterMs: number
  /** When the alarm was written; null: there is none. */
  raisedAtMs: number | null
  acknowledged: { atMs: number; person: string } | null
  notices: { sent: number; failed: number; pending: number }
  /** Why the test reading could not be sent, or what a channel said last. */
  trouble: string
}

export type DrillDecision = { state: 'running' } | { state: 'passed'; atMs: number } | { state: 'failed'; reason: Reason }

/** Reading, broker, judge and alarm take milliseconds; this is for a broker that has to be connected to first. */
export const ALARM_WITHIN_MS = 60_000

/** What has become of a drill. Only a person's acknowledgement passes it, and only when not every channel failed. */
export function decideDrill(facts: DrillFacts, nowMs: number): DrillDecision {
  const { startedAtMs, failsAfterMs, raisedAtMs, acknowledged, notices } = facts
  // Somebody at a browser saw it; whoever is not there would not have been told.
  if (acknowledged !== null && notices.sent === 0 && notices.failed > 0)
    return failed('有人在浏览器中确认，但没有任何通道送出通知', 'acknowledged in a browser, but no channel took a notice', facts)
  if (acknowledged !== null) return { state: 'passed', atMs: acknowledged.atMs }
  const waitedMs = nowMs - startedAtMs
  if (raisedAtMs === null)
    return waitedMs < ALARM_WITHIN_MS
      ? { state: 'running' }
      : failed('测试读数发出后没有产生告警', 'no alarm came of the test reading', facts)
  if (waitedMs < failsAfterMs) return { state: 'running' }
  const minutes = Math.round(failsAfterMs / 60_000)
  return notices.sent === 0
    ? failed('没有任何通道送出通知', 'no channel took a notice', facts)
    : failed(`${minutes} 分钟内无人确认`, `nobody acknowledged within ${minutes} min`, facts)
}

function failed(zh: string, en: string, { trouble }: DrillFacts): DrillDecision {
  const rest = trouble === '' ? '' : `：${trouble}`
  return { state: 'failed', reason: { zh: `${zh}${rest}`, en: trouble === '' ? en : `${en}: ${trouble}` } }
}

/** Why a drill by plan cannot be held. */
export const NOBODY_ON_DUTY: Reason = {
  zh: '没有值班人员，演练无法进行',
  en: 'nobody is on duty: the drill could not be held',
}
