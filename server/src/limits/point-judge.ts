import type { Limit, LimitCondition, ReadingValue } from '@roomkeeper/shared/model'
import { isStanding, type LimitState, stepLimit } from './limit-step.ts'
import { RateWindow } from './rate-window.ts'

/**
 * An event of one limit of one point. raise, clear: now. re-alarm: the alarm stands and became more severe (a further token of a
 * state). excursion: began and ended within a replayed stretch. began-earlier: the alarm that stands began in the replayed stretch.
 */
export type JudgeEvent = { limit: Limit; atMs: number; value: ReadingValue } & (
  | { kind: 'raise' | 'clear' | 're-alarm' | 'began-earlier' }
  | { kind: 'excursion'; endedAtMs: number }
)

export type JudgeSink = (event: JudgeEvent) => void

interface Judged {
  limit: Limit
  state: LimitState
  rate: RateWindow | undefined
  /** Tokens that are up, for state limits. */
  tokens: string
  /** Raised within a replay and not told yet: told as an excursion when it ends, or as `began-earlier` when the replay ends first. */
  untold: { atMs: number; value: ReadingValue } | undefined
  /** True while every reading since the beginning or `restart` was over: the excursion may have begun before. */
  isUnbroken: boolean
  /** First reading since then that was not over; 0 = none yet. */
  firstNormalMs: number
  /** The last reading of the unbroken run. */
  lastOver: { timeMs: number; value: ReadingValue } | undefined
}

/** What is kept of a judge between runs of the server, per limit condition. */
export type JudgeSnapshot = Partial<Record<LimitCondition, LimitState & { tokens: string; untold?: { atMs: number; value: ReadingValue } }>>

/**
 * The limits of one point, folded over its readings. No I/O, no clock: the same readings give the same events. A bad reading is
 * judged by `sensor-suspect` alone; it neither raises nor clears anything else. `no-data` is judged by the clock (live/staleness.ts).
 *
 * A live judge tells at once. While a missed stretch is replayed, a fork of the judge folds it in `historical` mode, which tells an
 * excursion only when it is over; `joinHistory` brings the two together.
 */
export class PointJudge {
  private readonly judged: Judged[]
  private readonly suspect: Judged | undefined
  private readonly isHistorical: boolean
  /** No reading was judged yet. */
  private isFresh = true
  /** Set when something changed that a snapshot would show. */
  isDirty = false

  constructor(limits: readonly Limit[], snapshot: JudgeSnapshot = {}, mode: 'live' | 'historical' = 'live') {
    const active = limits.filter((limit) => limit.enabled && limit.condition !== 'no-data')
    const all = active.map((limit) => newJudged(limit, snapshot))
    this.suspect = all.find((judged) => judged.limit.condition === 'sensor-suspect')
    this.judged = all.filter((judged) => judged !== this.suspect)
    this.isHistorical = mode === 'historical'
  }

  /** Judges a good reading. Events go to `sink` in order. */
  good(value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    if (this.isFresh) this.begin(timeMs)
    if (this.suspect) this.step(this.suspect, false, value, timeMs, sink)
    for (const judged of this.judged) {
      if (typeof judged.limit.value === 'number') {
        if (typeof value !== 'number') continue
        // What a rate of change is judged by, and shown with, is the change per hour.
        const judgedValue = judged.rate ? Math.round(judged.rate.push(timeMs, value) * 10) / 10 : value
        this.step(judged, isOverLevel(judged, judgedValue), judgedValue, timeMs, sink)
      } else this.goodState(judged, value, timeMs, sink)
    }
  }

  /** Judges a reading that cannot be true. */
  bad(value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    if (this.isFresh) this.begin(timeMs)
    if (this.suspect) this.step(this.suspect, true, value, timeMs, sink)
  }

  /**
   * While readings wait for the store, a snapshot is newer than the position it is kept with. A replay from there folds what the snapshot
   * already knows: what stands by it since later than the replay's beginning does not stand yet.
   */
  private begin(timeMs: number): void {
    this.isFresh = false
    if (!this.isHistorical) return
    for (const judged of this.all()) {
      if (judged.state.sinceMs <= timeMs) continue
      judged.state = { phase: 'normal', sinceMs: 0 }
      judged.untold = undefined
    }
  }

  private goodState(judged: Judged, value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    const tokens = presentTokens(judged.limit.tokens ?? [], value)
    const wasStanding = isStanding(judged.state)
    const before = judged.tokens
    judged.tokens = tokens
    this.step(judged, tokens !== '', value, timeMs, sink)
    if (wasStanding && isStanding(judged.state) && hasFurther(tokens, before)) {
      this.isDirty = true
      if (!this.isHistorical) sink({ limit: judged.limit, kind: 're-alarm', atMs: timeMs, value })
    }
  }

  private step(judged: Judged, isOver: boolean, value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    if (judged.isUnbroken) noteRun(judged, isOver, value, timeMs)
    const phase = judged.state.phase
    if (phase === 'normal' && !isOver) return
    const event = stepLimit(judged.state, isOver, timeMs, judged.limit)
    if (judged.state.phase !== phase) this.isDirty = true
    if (!event) return
    if (!this.isHistorical) sink({ limit: judged.limit, kind: event.kind, atMs: event.atMs, value })
    else if (event.kind === 'raise') judged.untold = { atMs: event.atMs, value }
    else tellExcursion(judged, event.atMs, sink)
  }

  snapshot(): JudgeSnapshot {
    const snapshot: JudgeSnapshot = {}
    for (const { limit, state, tokens, untold } of this.all()) {
      if (state.phase !== 'normal') snapshot[limit.condition] = { ...state, tokens, ...(untold && { untold }) }
    }
    return snapshot
  }

  /** A copy to fold a missed stretch with, while this one goes on with live readings. */
  forkHistory(): PointJudge {
    const limits = this.all().map((judged) => judged.limit)
    const fork = new PointJudge(limits, this.snapshot(), 'historical')
    for (const judged of fork.all())
      judged.rate =
        this.all()
          .find(({ limit }) => limit === judged.limit)
          ?.rate?.copy() ?? judged.rate
    fork.isDirty = this.isDirty
    return fork
  }

  /**
   * After a start: which alarms stand is known from the database, while a snapshot may be some readings older. What stands there stands
   * here, so that a normal reading clears it; what does not stand there can be raised. `standing`: the value each was raised with.
   */
  alignWith(standing: ReadonlyMap<string, { raisedAtMs: number; value: ReadingValue }>): void {
    for (const judged of this.all()) {
      const alarm = standing.get(judged.limit.condition)
      judged.untold = undefined
      if (isStanding(judged.state) === (alarm !== undefined)) continue
      this.isDirty = true
      judged.state = alarm ? { phase: 'active', sinceMs: alarm.raisedAtMs } : { phase: 'normal', sinceMs: 0 }
      judged.tokens = alarm ? presentTokens(judged.limit.tokens ?? [], alarm.value) : ''
    }
  }

  /**
   * Begins anew after a stretch that was not seen: what stands goes on standing (only a reading may clear it), what was pending
   * begins again; the replay of the stretch gives the pending time back (`joinHistory`).
   */
  restart(): void {
    for (const judged of this.all()) {
      judged.isUnbroken = true
      judged.firstNormalMs = 0
      judged.lastOver = undefined
      if (judged.state.phase === 'raising' || judged.untold) judged.state.phase = 'normal'
      if (judged.state.phase === 'clearing') judged.state.phase = 'active'
      judged.untold = undefined
    }
  }

  /**
   * The replay has reached the first live reading after `restart`; `history` has folded the stretch between. An excursion that was
   * going on at its end either went on into the live readings, or ended at the first normal one.
   */
  joinHistory(history: PointJudge, sink: JudgeSink): void {
    const past = new Map(history.all().map((judged) => [judged.limit.condition, judged]))
    // Until now the history's state was the one kept; from now on this judge's is.
    this.isDirty ||= history.isDirty
    for (const judged of this.all()) {
      const before = past.get(judged.limit.condition)
      if (!before) continue
      if (before.state.phase !== 'normal' || isStanding(judged.state)) this.isDirty = true
      if (before.state.phase === 'normal') clearedWhileMissed(judged, before, sink)
      else if (!isStanding(before.state)) resumePending(judged, before, sink)
      else if (!judged.isUnbroken) {
        tellExcursion(before, judged.firstNormalMs, sink)
        resumeClearing(judged, before)
      } else {
        if (before.untold) sink({ limit: judged.limit, kind: 'began-earlier', ...before.untold })
        if (judged.lastOver === undefined) judged.state = { ...before.state }
        else if (!isStanding(judged.state)) judged.state = { phase: 'active', sinceMs: before.state.sinceMs }
      }
    }
  }

  private all(): Judged[] {
    return this.suspect ? [...this.judged, this.suspect] : this.judged
  }
}

function tellExcursion(judged: Judged, endedAtMs: number, sink: JudgeSink): void {
  if (judged.untold) sink({ limit: judged.limit, kind: 'excursion', ...judged.untold, endedAtMs })
  judged.untold = undefined
}

/** The on-delay ran through the missed stretch into the live readings, and may have been over before they became normal. */
function resumePending(judged: Judged, before: Judged, sink: JudgeSink): void {
  const { limit, lastOver } = judged
  const atMs = before.state.sinceMs + limit.onDelayMs
  const isDue = lastOver !== undefined && lastOver.timeMs >= atMs
  if (!judged.isUnbroken) {
    if (isDue) sink({ limit, kind: 'excursion', atMs, value: lastOver.value, endedAtMs: judged.firstNormalMs })
  } else if (isStanding(judged.state)) {
    if (isDue) sink({ limit, kind: 'began-earlier', atMs, value: lastOver.value })
  } else if (isDue) {
    judged.state = { phase: 'active', sinceMs: atMs }
    sink({ limit, kind: 'raise', atMs, value: lastOver.value })
  } else judged.state = { phase: 'raising', sinceMs: before.state.sinceMs }
}

/** The alarm stood before the missed stretch and ended in it; live readings have not shown it again. */
function clearedWhileMissed(judged: Judged, before: Judged, sink: JudgeSink): void {
  const { state, isUnbroken, lastOver, firstNormalMs } = judged
  const atMs = before.state.sinceMs
  const onlyNormal = isUnbroken || (state.phase === 'clearing' && state.sinceMs === firstNormalMs)
  if (!isStanding(state) || lastOver !== undefined || !onlyNormal || atMs === 0) return
  judged.state = { phase: 'normal', sinceMs: atMs }
  sink({ limit: judged.limit, kind: 'clear', atMs, value: null })
}

/** The off-delay began in the missed stretch and goes on. */
function resumeClearing(judged: Judged, before: Judged): void {
  const { state } = judged
  if (before.state.phase === 'clearing' && state.phase === 'clearing' && state.sinceMs === judged.firstNormalMs)
    state.sinceMs = before.state.sinceMs
}

function noteRun(judged: Judged, isOver: boolean, value: ReadingValue, timeMs: number): void {
  if (isOver) {
    judged.lastOver = { timeMs, value }
    return
  }
  judged.isUnbroken = false
  judged.firstNormalMs = timeMs
}

function newJudged(limit: Limit, snapshot: JudgeSnapshot): Judged {
  const kept = snapshot[limit.condition]
  return {
    limit,
    state: kept ? { phase: kept.phase, sinceMs: kept.sinceMs } : { phase: 'normal', sinceMs: 0 },
    rate: limit.condition === 'rate-of-change' ? new RateWindow() : undefined,
    tokens: kept?.tokens ?? '',
    untold: kept?.untold,
    isUnbroken: true,
    firstNormalMs: 0,
    lastOver: undefined,
  }
}

/** With the deadband once the alarm stands: raise and clear have their own values. */
function isOverLevel(judged: Judged, value: number): boolean {
  const limit = judged.limit.value as number
  const deadband = isStanding(judged.state) ? judged.limit.deadband : 0
  switch (judged.limit.condition) {
    case 'high':
    case 'high-high':
    case 'rate-of-change':
      return value > limit - deadband
    case 'low':
    case 'low-low':
      return value < limit + deadband
    default:
      return false
  }
}

/** The limit's tokens that the value carries, in the limit's order: a contact as "true"/"false", a status as its tokens. */
function presentTokens(wanted: readonly string[], value: ReadingValue): string {
  if (value === null) return ''
  const present = typeof value === 'string' ? value.split(' ') : [String(value)]
  return wanted.filter((token) => present.includes(token)).join(' ')
}

function hasFurther(tokens: string, before: string): boolean {
  const known = before.split(' ')
  return tokens !== '' && tokens.split(' ').some((token) => !known.includes(token))
}
