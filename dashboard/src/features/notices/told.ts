import type { Notice } from '@roomkeeper/shared/http'

/** One thing that happened, or will, in telling people of an alarm. */
export interface ToldLine {
  key: string
  atMs: number
  what: 'sent' | 'failed' | 'unknown' | 'running' | 'waiting' | 'cancelled'
  notice: Notice
  /** The other side's words, or why it failed. */
  text: string
}

/** Every attempt of every notice in the order of time; after them what is still to come. */
export function toldLines(notices: readonly Notice[]): ToldLine[] {
  const lines = notices.flatMap((notice): ToldLine[] => {
    const attempts = notice.attempts.map(
      (attempt, index): ToldLine => ({
        key: `${notice.id} ${index}`,
        atMs: attempt.endedAtMs ?? attempt.startedAtMs,
        what: attempt.endedAtMs === null && notice.state === 'pending' ? 'running' : attempt.outcome,
        notice,
        text: attempt.text,
      }),
    )
    const end = { key: `${notice.id} end`, notice }
    if (notice.state === 'pending' && !attempts.some(({ what }) => what === 'running'))
      return [...attempts, { ...end, what: 'waiting', atMs: notice.nextAttemptAtMs ?? notice.createdAtMs, text: '' }]
    const atMs = notice.finishedAtMs ?? notice.createdAtMs
    if (notice.state === 'cancelled') return [...attempts, { ...end, what: 'cancelled', atMs, text: notice.answer }]
    // A notice may end without an attempt of its own, e.g. when its time was over before its turn.
    if (notice.state === 'failed' && attempts.at(-1)?.what !== 'failed')
      return [...attempts, { ...end, what: 'failed', atMs, text: notice.answer }]
    if (notice.state === 'sent' && !attempts.some(({ what }) => what === 'sent'))
      return [...attempts, { ...end, what: 'sent', atMs, text: notice.answer }]
    return attempts
  })
  return lines.sort((a, b) => Number(a.what === 'waiting') - Number(b.what === 'waiting') || a.atMs - b.atMs)
}

export interface ToldSummary {
  /** Different persons whom at least one notice reached. */
  people: number
  /** Channels without a person behind them that took one. */
  places: number
  failed: number
  pending: number
}

/** Who has been reached so far. Cleared and drill notices reach nobody with an alarm, so they are left out. */
export function summaryOf(notices: readonly Notice[]): ToldSummary {
  const relevant = notices.filter(({ kind }) => kind === 'raise' || kind === 're-alarm' || kind === 'escalation')
  const sent = relevant.filter(({ state }) => state === 'sent')
  return {
    people: new Set(sent.flatMap(({ person }) => (person ? [person.accountId] : []))).size,
    places: new Set(sent.flatMap(({ person, channel }) => (person ? [] : [channel.id]))).size,
    failed: relevant.filter(({ state }) => state === 'failed').length,
    pending: relevant.filter(({ state }) => state === 'pending').length,
  }
}
