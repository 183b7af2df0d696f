import type { Limit, LimitCondition, ReadingValue } from '@roomkeeper/shared/model'
import { joinJudged, tellExcursion } from './judge-join.ts'
import { type Judged, type JudgedSnapshot, limitOf, newJudged, snapshotOf, type Terms, takeVariant } from './judged.ts'
import { isStanding, type LimitEvent, stepLimit } from './limit-step.ts'
import { type LocalMinute, systemLocalMinute } from './local-minute.ts'
import { RateWindow } from './rate-window.ts'
import { rankOf, Severity } from './severity.ts'
import { type Ahead, timeToLimit } from './trend.ts'

/**
 * An event of one limit of one point; `limit` is the limit as it is then, by variant and step. raise, clear: now. re-alarm: the alarm stands
 * and became more severe (a step, or a further token of a state). step-down: it stands and is less severe. excursion: began and ended within
 * a replayed stretch, told at its worst. began-earlier: the alarm that stands began in the replayed stretch.
 */
export type JudgeEvent = { limit: Limit; atMs: number; value: ReadingValue } & (
  | { kind: 'raise' | 'clear' | 're-alarm' | 'step-down' | 'began-earlier' }
  | { kind: 'excursion'; endedAtMs: number }
)

export type JudgeSink = (event: JudgeEvent) => void

/** What is kept of a judge between runs of the server, per limit condition. */
export type JudgeSnapshot = Partial<Record<LimitCondition, JudgedSnapshot>>

/** When a limit is reached, if the point goes on like this. */
export interface Forecast {
  condition: LimitCondition
  limit: number
  atMs: number
  /** Change per hour, in the point's unit. */
  perHour: number
}

type LevelAhead = Ahead & { judged: Judged }

/**
 * The limits of one point, folded over its readings. No I/O, no clock: the same readings give the same events. A bad reading is
 * judged by `sensor-suspect` alone; it neither raises nor clears anything else. `no-data` is judged by the clock (live/silence-watch.ts).
 *
 * A live judge tells at once. While a missed stretch is replayed, a fork of the judge folds it in `historical` mode, which tells an
 * excursion only when it is over; `joinHistory` brings the two together.
 */
export class PointJudge {
  private readonly judged: Judged[]
  private readonly suspect: Judged | undefined
  private readonly isHistorical: boolean
  private readonly localMinute: LocalMinute
  /** Of numbers with levels or rates: for these, and for the forecast. */
  private window: RateWindow | undefined
  /** What the point may be heading for. */
  private ahead: LevelAhead[] | undefined
  /** Between these times no variant of a limit changes; undefined: there are none. */
  private variants: { fromMs: number; untilMs: number } | undefined
  /** No reading was judged yet. */
  private isFresh = true
  /** Set when something changed that a snapshot would show. */
  isDirty = false

  /** `localMinute`: the hospital's clock, for limits by day and night. */
  constructor(
    limits: readonly Limit[],
    snapshot: JudgeSnapshot = {},
    mode: 'live' | 'historical' = 'live',
    localMinute: LocalMinute = systemLocalMinute,
  ) {
    const all = limits.flatMap((limit) => newJudged(limit, snapshot[limit.condition]) ?? [])
    this.suspect = all.find(({ terms }) => terms.measure === 'truth')
    this.judged = all.filter((judged) => judged !== this.suspect)
    this.isHistorical = mode === 'historical'
    this.localMinute = localMinute
    this.variants = all.some(({ base }) => base.variants?.length) ? { fromMs: Infinity, untilMs: -Infinity } : undefined
    this.window = this.judged.some(({ terms }) => terms.measure !== 'tokens') ? new RateWindow() : undefined
  }

  /** Judges a good reading. Events go to `sink` in order. */
  good(value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    this.arrive(timeMs)
    if (this.suspect) this.step(this.suspect, false, value, timeMs, sink)
    if (typeof value === 'number') this.window?.push(timeMs, value)
    for (const judged of this.judged) {
      const { terms } = judged
      if (terms.measure === 'tokens') this.goodState(judged, value, timeMs, sink)
      else if (typeof value === 'number') {
        const measured = terms.measure === 'level' ? value : this.measure(terms, value, timeMs)
        const bound = isStanding(judged.state) ? terms.clearAbove : terms.raiseAbove
        this.step(judged, measured !== null && terms.sign * measured > bound, measured, timeMs, sink)
      }
    }
  }

  /** Judges a reading that cannot be true. */
  bad(value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    this.arrive(timeMs)
    if (this.suspect) this.step(this.suspect, !this.suspect.terms.isOff, value, timeMs, sink)
  }

  /** The nearest level limit on the side that the point is heading to; undefined when it is not heading anywhere for certain. */
  forecast(nowMs: number): Forecast | undefined {
    const trend = this.window?.trend()
    const next = trend && timeToLimit(trend, nowMs, this.levels())
    return (
      next && { condition: next.limit.judged.terms.condition, limit: next.limit.value, atMs: next.atMs, perHour: trend.slope * 3_600_000 }
    )
  }

  /** What is judged, and shown, of a rate of change and of a time to limit: tenths of a unit per hour, of a minute. */
  private measure({ measure }: Terms, value: number, timeMs: number): number | null {
    if (!this.window) return null
    if (measure === 'rate') return Math.round(this.window.ratePerHour(value) * 10) / 10
    const trend = this.window.trend()
    const next = trend && timeToLimit(trend, timeMs, this.levels())
    return next ? Math.round(next.minutes * 10) / 10 : null
  }

  private arrive(timeMs: number): void {
    if (this.isFresh) this.begin(timeMs)
    const { variants } = this
    if (variants && (timeMs >= variants.untilMs || timeMs < variants.fromMs)) this.variants = this.takeVariants(timeMs)
  }

  private takeVariants(timeMs: number): { fromMs: number; untilMs: number } {
    const taken = this.all().flatMap((judged) => takeVariant(judged, timeMs, this.localMinute) ?? [])
    this.ahead = undefined
    return { fromMs: Math.max(...taken.map(({ fromMs }) => fromMs)), untilMs: Math.min(...taken.map(({ untilMs }) => untilMs)) }
  }

  /** Those whose alarm stands are no forecast any more; until then the warning stands for them, over their on-delay. */
  private levels(): readonly LevelAhead[] {
    this.ahead ??= aheadOf(this.judged)
    return this.ahead.filter(({ judged }) => !isStanding(judged.state))
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
    const tokens = judged.terms.isOff ? '' : presentTokens(judged.base.tokens ?? [], value)
    const wasStanding = isStanding(judged.state)
    const before = judged.tokens
    const limit = judged.limit
    judged.tokens = tokens
    this.step(judged, tokens !== '', value, timeMs, sink)
    if (!wasStanding || !isStanding(judged.state) || !hasFurther(tokens, before)) return
    this.isDirty = true
    const isTold = rankOf(judged.limit) > rankOf(limit)
    if (!this.isHistorical && !isTold) sink({ limit: judged.limit, kind: 're-alarm', atMs: timeMs, value })
  }

  private step(judged: Judged, isOver: boolean, value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    if (judged.isUnbroken) noteRun(judged, isOver, value, timeMs)
    const phase = judged.state.phase
    if (phase === 'normal' && !isOver) return
    const event = stepLimit(judged.state, isOver, timeMs, judged.terms)
    if (judged.state.phase !== phase) this.isDirty = true
    if (judged.severity) this.stepSeverity(judged, judged.severity, event, value, timeMs, sink)
    else if (event) this.tell(judged, event, value, sink)
  }

  private tell(judged: Judged, event: NonNullable<LimitEvent>, value: ReadingValue, sink: JudgeSink): void {
    const { limit, severity } = judged
    if (!this.isHistorical) sink({ limit, kind: event.kind, atMs: event.atMs, value })
    else if (event.kind === 'raise') judged.untold = { atMs: event.atMs, value, ...severity?.stage }
    else tellExcursion(judged, event.atMs, sink)
  }

  /** The priority of an alarm that stands follows its variant and steps. */
  private stepSeverity(judged: Judged, severity: Severity, event: LimitEvent, value: ReadingValue, timeMs: number, sink: JudgeSink): void {
    if (event?.kind === 'clear') {
      this.tell(judged, event, value, sink)
      severity.reached = 0
      judged.limit = severity.told
    }
    if (!isStanding(judged.state)) return
    if (event) {
      severity.reached = 0
      severity.raisedAtMs = event.atMs
    }
    const { reached } = severity
    const atMs = severity.follow(value, timeMs, judged.terms.sign)
    judged.limit = severity.told
    if (severity.reached !== reached) this.isDirty = true
    const rank = rankOf(judged.limit)
    if (event) {
      severity.toldRank = rank
      this.tell(judged, event, value, sink)
    } else if (this.isHistorical) noteWorst(judged, severity, { atMs, value })
    else if (rank !== severity.toldRank) {
      const kind = rank > severity.toldRank ? 're-alarm' : 'step-down'
      severity.toldRank = rank
      this.isDirty = true
      sink({ limit: judged.limit, kind, atMs, value })
    }
  }

  snapshot(): JudgeSnapshot {
    const snapshot: JudgeSnapshot = {}
    for (const judged of this.all()) {
      const kept = snapshotOf(judged)
      if (kept) snapshot[judged.terms.condition] = kept
    }
    return snapshot
  }

  /** A copy to fold a missed stretch with, while this one goes on with live readings. */
  forkHistory(): PointJudge {
    const limits = this.all().map(({ base }) => base)
    const fork = new PointJudge(limits, this.snapshot(), 'historical', this.localMinute)
    fork.window = this.window?.copy()
    fork.isDirty = this.isDirty
    return fork
  }

  /** The same judge under changed limits; one whose condition is there before and after goes on where it stands. */
  withLimits(limits: readonly Limit[]): PointJudge {
    const changed = new PointJudge(limits, this.snapshot(), this.isHistorical ? 'historical' : 'live', this.localMinute)
    const before = new Map(this.all().map((judged) => [judged.terms.condition, judged]))
    for (const judged of changed.all()) {
      const { isUnbroken, firstNormalMs, lastOver } = before.get(judged.terms.condition) ?? judged
      Object.assign(judged, { isUnbroken, firstNormalMs, lastOver })
    }
    if (changed.window && this.window) changed.window = this.window
    changed.isFresh = this.isFresh
    // A limit that is gone must go from what is kept, too.
    changed.isDirty = this.isDirty || this.all().some(({ state }) => state.phase !== 'normal')
    return changed
  }

  /**
   * After a start: which alarms stand is known from the database, while a snapshot may be some readings older. What stands there stands
   * here, so that a normal reading clears it; what does not stand there can be raised. `standing`: the value each was raised with, and the
   * priority that was told last.
   */
  alignWith(standing: ReadonlyMap<string, { raisedAtMs: number; value: ReadingValue; priority?: Limit['priority'] }>): void {
    for (const judged of this.all()) {
      const alarm = standing.get(judged.terms.condition)
      judged.untold = undefined
      if (isStanding(judged.state) !== (alarm !== undefined)) {
        this.isDirty = true
        judged.state = alarm ? { phase: 'active', sinceMs: alarm.raisedAtMs } : { phase: 'normal', sinceMs: 0 }
        judged.tokens = alarm ? presentTokens(judged.base.tokens ?? [], alarm.value) : ''
        if (alarm && judged.severity) judged.severity.raisedAtMs = alarm.raisedAtMs
      }
      if (!alarm?.priority) continue
      const rank = rankOf({ priority: alarm.priority })
      if (!judged.severity && rank !== rankOf(judged.limit)) judged.severity = new Severity(judged.base)
      judged.severity?.alignWith(rank)
      if (judged.severity) judged.limit = judged.severity.told
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

  /** The replay has reached the first live reading after `restart`; `history` has folded the stretch between (judge-join.ts). */
  joinHistory(history: PointJudge, sink: JudgeSink): void {
    const past = new Map(history.all().map((judged) => [judged.terms.condition, judged]))
    // Until now the history's state was the one kept; from now on this judge's is.
    this.isDirty ||= history.isDirty
    for (const judged of this.all()) {
      const before = past.get(judged.terms.condition)
      if (!before) continue
      if (before.state.phase !== 'normal' || isStanding(judged.state)) this.isDirty = true
      joinJudged(judged, before, sink)
    }
  }

  private all(): Judged[] {
    return this.suspect ? [...this.judged, this.suspect] : this.judged
  }
}

function noteRun(judged: Judged, isOver: boolean, value: ReadingValue, timeMs: number): void {
  if (isOver) {
    judged.lastOver = { timeMs, value, firstMs: judged.lastOver?.firstMs ?? timeMs }
    return
  }
  judged.isUnbroken = false
  judged.firstNormalMs = timeMs
}

/** A replay keeps the worst stage: of an excursion that is not told yet, and of an alarm that was told before the replay. */
function noteWorst(judged: Judged, severity: Severity, at: { atMs: number; value: ReadingValue }): void {
  const rank = rankOf(judged.limit)
  if (judged.untold) {
    if (rank > rankOf(limitOf(judged, judged.untold))) Object.assign(judged.untold, severity.stage)
  } else if (rank > Math.max(severity.toldRank, severity.peak ? rankOf(severity.limitAt(severity.peak)) : 0))
    severity.peak = { ...at, ...severity.stage }
}

function aheadOf(all: readonly Judged[]): LevelAhead[] {
  return all.flatMap((judged) => {
    const { measure, isOff, sign, raiseAbove } = judged.terms
    return measure === 'level' && !isOff
      ? [{ side: sign > 0 ? ('high' as const) : ('low' as const), value: sign * raiseAbove, judged }]
      : []
  })
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
