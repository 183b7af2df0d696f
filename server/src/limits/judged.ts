import type { Limit, LimitCondition, ReadingValue } from '@roomkeeper/shared/model'
import { isStanding, type LimitState } from './limit-step.ts'
import { type VariantAt, variantAt } from './limit-variants.ts'
import type { LocalMinute } from './local-minute.ts'
import { rankOf, Severity, type Stage } from './severity.ts'

/** What a limit is compared with: the reading, its change per hour, the minutes until a level is reached, its tokens, its truth. */
type Measure = 'level' | 'rate' | 'minutes' | 'tokens' | 'truth'

const MEASURES: Readonly<Record<LimitCondition, { measure: Measure; sign: 1 | -1 }>> = {
  'low-low': { measure: 'level', sign: -1 },
  low: { measure: 'level', sign: -1 },
  high: { measure: 'level', sign: 1 },
  'high-high': { measure: 'level', sign: 1 },
  'rate-of-change': { measure: 'rate', sign: 1 },
  'time-to-limit': { measure: 'minutes', sign: -1 },
  'state-notice': { measure: 'tokens', sign: 1 },
  state: { measure: 'tokens', sign: 1 },
  'state-critical': { measure: 'tokens', sign: 1 },
  'door-opened': { measure: 'tokens', sign: 1 },
  // A machine that has been up for less than the limit was started again.
  restarted: { measure: 'level', sign: -1 },
  'sensor-suspect': { measure: 'truth', sign: 1 },
  // Judged by the clock (live/silence-watch.ts).
  'no-data': { measure: 'truth', sign: 1 },
}

/** Raised within a replay and not told yet; with the most severe stage it reached, for a limit that has any. */
export interface Untold extends Partial<Stage> {
  atMs: number
  value: ReadingValue
}

/** What a limit says, as numbers that the hot path compares; made once for each limit, whichever points share it. */
export interface Terms {
  readonly condition: LimitCondition
  readonly measure: Measure
  /** 1: over above the value; −1: over below it. */
  readonly sign: 1 | -1
  /** The measured value times `sign` above which it is over, and above which it stays over; Infinity while it is off. */
  readonly raiseAbove: number
  readonly clearAbove: number
  readonly onDelayMs: number
  readonly offDelayMs: number
  /** Its variant says: not at these times. */
  readonly isOff: boolean
}

/** One limit of one point with where it stands. There are tens of thousands of these. */
export interface Judged {
  /** As it was set. */
  readonly base: Limit
  /** As it is told now, by variant and step. */
  limit: Limit
  /** Of its present variant. */
  terms: Terms
  /** Only of a limit that has variants or steps, or whose alarm was told with another priority. */
  severity: Severity | undefined
  state: LimitState
  /** Tokens that are up, for state limits. */
  tokens: string
  /** Told as an excursion when it ends, or as `began-earlier` when the replay ends first. */
  untold: Untold | undefined
  /** True while every reading since the beginning or `restart` was over: the excursion may have begun before. */
  isUnbroken: boolean
  /** First reading since then that was not over; 0 = none yet. */
  firstNormalMs: number
  /** The last reading of the unbroken run, and the time of its first. */
  lastOver: { timeMs: number; value: ReadingValue; firstMs: number } | undefined
}

/** What is kept of one limit between runs of the server. */
export type JudgedSnapshot = LimitState & {
  tokens: string
  untold?: Untold
  /** Rank of the priority that was told. */
  told?: number
  reached?: number
  raisedAtMs?: number
  peak?: Severity['peak']
}

export function newJudged(base: Limit, kept: JudgedSnapshot | undefined): Judged | undefined {
  if (!base.enabled || base.condition === 'no-data') return undefined
  const judged: Judged = {
    base,
    limit: base,
    terms: termsOf(base),
    severity: hasStages(base) || wasToldOtherwise(base, kept) ? new Severity(base) : undefined,
    state: kept ? { phase: kept.phase, sinceMs: kept.sinceMs } : { phase: 'normal', sinceMs: 0 },
    tokens: kept?.tokens ?? '',
    untold: kept?.untold,
    isUnbroken: true,
    firstNormalMs: 0,
    lastOver: undefined,
  }
  if (judged.severity && kept) {
    const { severity } = judged
    severity.reached = (kept.reached ?? 0) & ((1 << (base.steps?.length ?? 0)) - 1)
    severity.raisedAtMs = kept.raisedAtMs ?? kept.sinceMs
    severity.toldRank = kept.told ?? severity.toldRank
    severity.peak = kept.peak
  }
  return judged
}

/** undefined: nothing to keep. */
export function snapshotOf({ state, tokens, untold, limit, severity }: Judged): JudgedSnapshot | undefined {
  if (state.phase === 'normal') return undefined
  return {
    ...state,
    tokens,
    ...(untold && { untold }),
    ...(isStanding(state) && { told: severity?.toldRank ?? rankOf(limit) }),
    ...(severity && { reached: severity.reached, raisedAtMs: severity.raisedAtMs }),
    ...(severity?.peak && { peak: severity.peak }),
  }
}

/** Takes up the variant that holds at `timeMs` and returns how long it does; the alarm's priority follows with the reading. */
export function takeVariant(judged: Judged, timeMs: number, localMinute: LocalMinute): VariantAt | undefined {
  const { base, severity } = judged
  if (!base.variants?.length || !severity) return undefined
  const found = variantAt(base.variants, timeMs, localMinute)
  severity.variant = found.index
  judged.limit = severity.told
  judged.terms = termsOf(severity.base)
  return found
}

/** The limit of something that is told of a stage of it. */
export function limitOf({ limit, severity }: Judged, { variant, step }: Partial<Stage>): Limit {
  return severity && variant !== undefined && step !== undefined ? severity.limitAt({ variant, step }) : limit
}

const known = new WeakMap<Limit, Terms>()

function termsOf(limit: Limit): Terms {
  const found = known.get(limit)
  if (found) return found
  const { condition } = limit
  const { measure, sign } = MEASURES[condition]
  const isOff = !limit.enabled
  const value = sign * (limit.value ?? 0)
  const terms: Terms = {
    condition,
    measure,
    sign,
    raiseAbove: isOff ? Infinity : value,
    clearAbove: isOff ? Infinity : value - limit.deadband,
    onDelayMs: limit.onDelayMs,
    // What is switched off has no reason to wait for its end.
    offDelayMs: isOff ? 0 : limit.offDelayMs,
    isOff,
  }
  known.set(limit, terms)
  return terms
}

function hasStages({ variants, steps }: Limit): boolean {
  return (variants?.length ?? 0) > 0 || (steps?.length ?? 0) > 0
}

/** Its priority was changed while its alarm stood: the alarm follows. */
function wasToldOtherwise(limit: Limit, kept: JudgedSnapshot | undefined): boolean {
  return kept?.told !== undefined && kept.told !== rankOf(limit)
}
