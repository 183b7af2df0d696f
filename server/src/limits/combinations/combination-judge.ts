import type { Limit, ReadingValue } from '@roomkeeper/shared/model'
import { isStanding } from '../limit-step.ts'
import type { JudgeEvent, JudgeSnapshot, PointJudge } from '../point-judge.ts'
import type { CombinedNow } from './member-values.ts'

/** What is kept of a combination between runs of the server. */
export interface CombinationState {
  judge: JudgeSnapshot
  witnesses: readonly number[]
  /** The no-data alarm stands. */
  isSilent: boolean
}

export const FRESH_STATE: CombinationState = { judge: {}, witnesses: [], isSilent: false }

export interface CombinationLimits {
  limits: readonly Limit[]
  /** It may stay without a value for this long, as its slowest point may. */
  staleAfterMs: number
}

/** Makes a judge for one limit set; the snapshot is that of the judge before it. */
export type NewJudge = (limits: readonly Limit[], snapshot?: JudgeSnapshot) => PointJudge

/**
 * The limits of one combination, folded over its values. No I/O, no clock of its own. Without a value nothing is raised or cleared, and after
 * a while that is an alarm by itself (`no-data`): silence is never OK. Points that had a value while an alarm stood are its witnesses: while one
 * of them is missing, what is left may raise but not clear, for a sensor that vanishes resolves nothing.
 */
export class CombinationJudge {
  readonly #newJudge: NewJudge
  readonly #limits: CombinationLimits
  readonly #noData: Limit | undefined
  #judge: PointJudge
  #witnesses: Set<number>
  #fed: { timeMs: number; value: ReadingValue } | undefined
  #unjudgedMs = 0
  #isSilent: boolean

  constructor(limits: CombinationLimits, { judge, witnesses, isSilent }: CombinationState, newJudge: NewJudge) {
    this.#newJudge = newJudge
    this.#limits = limits
    this.#noData = limits.limits.find((limit) => limit.condition === 'no-data' && limit.enabled)
    this.#judge = newJudge(limits.limits, judge)
    this.#witnesses = new Set(witnesses)
    this.#isSilent = isSilent && this.#noData !== undefined
  }

  /** After a start: what stands in the database stands here (PointJudge.alignWith). */
  alignWith(standing: Parameters<PointJudge['alignWith']>[0]): void {
    this.#judge.alignWith(standing)
    this.#isSilent = standing.has('no-data')
    if (!this.#isStanding()) this.#witnesses.clear()
  }

  /** One look; `stepMs` since the last one. Returns what happened, in order. */
  step(now: CombinedNow, nowMs: number, stepMs: number): JudgeEvent[] {
    return [...this.#watchSilence(now, nowMs, stepMs), ...(now.value === null ? [] : this.#feed(now, now.value))]
  }

  state(): CombinationState {
    return { judge: this.#judge.snapshot(), witnesses: [...this.#witnesses], isSilent: this.#isSilent }
  }

  #watchSilence({ value }: CombinedNow, nowMs: number, stepMs: number): JudgeEvent[] {
    this.#unjudgedMs = value === null ? this.#unjudgedMs + stepMs : 0
    const limit = this.#noData
    if (!limit) return []
    const isSilent = value === null && (this.#isSilent || this.#unjudgedMs > this.#limits.staleAfterMs + limit.onDelayMs)
    if (isSilent === this.#isSilent) return []
    this.#isSilent = isSilent
    return [{ kind: isSilent ? 'raise' : 'clear', limit, atMs: nowMs, value: null }]
  }

  #feed({ timeMs, present }: CombinedNow, value: ReadingValue): JudgeEvent[] {
    // Nothing new was read: the judge knows it already.
    if (this.#fed?.timeMs === timeMs && this.#fed.value === value) return []
    const mayClear = [...this.#witnesses].every((pointId) => present.includes(pointId))
    const judge = mayClear ? this.#judge : this.#newJudge(this.#limits.limits, this.#judge.snapshot())
    const events: JudgeEvent[] = []
    judge.good(value, timeMs, (event) => events.push(event))
    if (!mayClear && events.some(({ kind }) => kind === 'clear' || kind === 'step-down')) return []
    this.#judge = judge
    this.#fed = { timeMs, value }
    if (!this.#isStanding()) this.#witnesses.clear()
    else for (const pointId of present) this.#witnesses.add(pointId)
    return events
  }

  #isStanding(): boolean {
    return Object.values(this.#judge.snapshot()).some(isStanding)
  }
}
