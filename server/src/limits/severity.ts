import { ALARM_PRIORITIES, type Limit, type LimitStep, type ReadingValue } from '@roomkeeper/shared/model'
import { withVariant } from './limit-variants.ts'

/** What is told of a limit at one step of one of its variants. */
export interface Stage {
  variant: number
  step: number
}

/**
 * How severe a standing alarm is: of a limit with variants, with steps, or with a priority that was changed while its alarm stood.
 * Others need none of this.
 */
export class Severity {
  private readonly limit: Limit
  private readonly steps: readonly LimitStep[]
  /** [variant][step]: the limit as it is told, made once. */
  private readonly stages: readonly (readonly Limit[])[]
  variant = 0
  /** Steps that are reached, one bit each. */
  reached = 0
  /** When the alarm was raised; steps by time count from here. */
  raisedAtMs = 0
  /** Rank of the priority that was told last. */
  toldRank = 0
  /** A replay found that the alarm, told before it, was more severe in between. */
  peak: (Stage & { atMs: number; value: ReadingValue }) | undefined

  constructor(limit: Limit) {
    this.limit = limit
    this.steps = limit.steps ?? []
    const variants = Array.from({ length: (limit.variants?.length ?? 0) + 1 }, (_, index) => withVariant(limit, index))
    this.stages = variants.map((variant) => [variant, ...this.steps.map((step) => withStep(variant, step))])
    this.toldRank = rankOf(limit)
  }

  /** The limit as it is told at a stage; one that a changed limit does not have any more is the nearest. */
  limitAt({ variant, step }: Stage): Limit {
    const stages = this.stages[Math.min(variant, this.stages.length - 1)] as readonly Limit[]
    return stages[Math.min(step, stages.length - 1)] as Limit
  }

  /** The limit by its present variant, without any step. */
  get base(): Limit {
    return this.limitAt({ variant: this.variant, step: 0 })
  }

  get stage(): Stage {
    return { variant: this.variant, step: 32 - Math.clz32(this.reached) }
  }

  get told(): Limit {
    return this.limitAt(this.stage)
  }

  /**
   * Takes up a reading while the alarm stands. `sign`: 1 where larger values are worse, −1 where smaller ones are. Returns the time since
   * which the present stage holds: its own for a step by duration, that of the reading otherwise.
   */
  follow(value: ReadingValue, timeMs: number, sign: number): number {
    if (timeMs < this.raisedAtMs) this.raisedAtMs = timeMs
    const { deadband } = this.base
    let atMs = timeMs
    for (const [index, step] of this.steps.entries()) {
      const bit = 1 << index
      const was = (this.reached & bit) !== 0
      const is = was ? this.goesOn(step, value, sign, deadband) : this.begins(step, value, timeMs, sign)
      if (is === was) continue
      this.reached ^= bit
      atMs = is && step.afterMs !== undefined ? this.raisedAtMs + step.afterMs : timeMs
    }
    return atMs
  }

  /** As it would be, had the alarm been raised at `raisedAtMs` and this reading come after it; this one stays as it is. */
  raisedAt(raisedAtMs: number, value: ReadingValue, timeMs: number, sign: number): Severity {
    const raised = new Severity(this.limit)
    raised.variant = this.variant
    raised.raisedAtMs = raisedAtMs
    raised.follow(value, timeMs, sign)
    raised.toldRank = rankOf(raised.told)
    return raised
  }

  /** The alarm was raised at another time than was known; the next reading shows which steps by duration are reached. */
  beginAgain(raisedAtMs: number): void {
    this.raisedAtMs = raisedAtMs
    for (const [index, step] of this.steps.entries()) if (step.afterMs !== undefined) this.reached &= ~(1 << index)
  }

  /** The steps that have been told by an alarm of this rank, after a start. */
  alignWith(rank: number): void {
    this.toldRank = rank
    if (rankOf(this.told) === rank) return
    this.reached = 0
    for (const [index, step] of this.steps.entries()) if (rankOf(step) <= rank) this.reached |= 1 << index
  }

  private begins(step: LimitStep, value: ReadingValue, timeMs: number, sign: number): boolean {
    if (step.afterMs !== undefined) return timeMs - this.raisedAtMs >= step.afterMs
    return typeof value === 'number' && sign * value > sign * (step.value as number)
  }

  /** A step by duration holds until the alarm clears; one by value until the value is back by the deadband. */
  private goesOn(step: LimitStep, value: ReadingValue, sign: number, deadband: number): boolean {
    if (step.afterMs !== undefined) return true
    return typeof value === 'number' ? sign * value > sign * (step.value as number) - deadband : true
  }
}

/** A step never makes an alarm less severe than its limit is at these times. */
function withStep(limit: Limit, step: LimitStep): Limit {
  const priority = rankOf(step) > rankOf(limit) ? step.priority : limit.priority
  return { ...limit, priority, ...(step.value !== undefined && { value: step.value }) }
}

export function rankOf({ priority }: Pick<Limit, 'priority'>): number {
  return ALARM_PRIORITIES.indexOf(priority)
}
