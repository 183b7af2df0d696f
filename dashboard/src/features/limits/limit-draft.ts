import type { AlarmPriority, Limit, LimitCondition, LimitStep, LimitVariant, PointKindInfo } from '@roomkeeper/shared/model'

/** A limit while it is being edited: numbers may still be missing, and the value at which it clears stands for the deadband. */
export interface LimitDraft {
  key: number
  condition: LimitCondition
  /** In the point's unit; rate of change: unit per hour; time to limit: minutes. */
  value: number | null
  clear: number | null
  tokens: readonly string[]
  onDelaySeconds: number
  offDelaySeconds: number
  priority: AlarmPriority
  enabled: boolean
  latching: boolean
  variants: readonly VariantDraft[]
  steps: readonly StepDraft[]
}

/** What differs at certain times; null: as the limit itself, `clear` with the same deadband. */
export interface VariantDraft {
  key: number
  days: readonly number[]
  from: string
  to: string
  /** false: no alarm at these times. */
  enabled: boolean
  value: number | null
  clear: number | null
  onDelaySeconds: number | null
  priority: AlarmPriority | null
}

export interface StepDraft {
  key: number
  by: 'value' | 'duration'
  value: number | null
  afterMinutes: number | null
  priority: AlarmPriority
}

const LOW_SIDE: ReadonlySet<LimitCondition> = new Set<LimitCondition>(['low-low', 'low', 'time-to-limit'])
const THRESHOLDS: ReadonlySet<LimitCondition> = new Set<LimitCondition>([...LOW_SIDE, 'high', 'high-high', 'rate-of-change'])

/** Whether the condition compares with a value (and so clears at another). */
export function isThreshold(condition: LimitCondition): boolean {
  return THRESHOLDS.has(condition)
}
/** Whether the alarm is raised below the value, and clears above. */
export function isLowSide(condition: LimitCondition): boolean {
  return LOW_SIDE.has(condition)
}

/** 27 − 26.9 is 0.1 and not 0.10000000000000142. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

/** The value at which the alarm clears again. */
export function clearOf(condition: LimitCondition, value: number, deadband: number): number {
  return rounded(isLowSide(condition) ? value + deadband : value - deadband)
}

/** The deadband between raising and clearing; negative when the clear value lies on the wrong side. */
export function deadbandOf(condition: LimitCondition, value: number, clear: number): number {
  return rounded(isLowSide(condition) ? clear - value : value - clear)
}

/** Another raise value takes the clear value along, so that the deadband stays what it was. */
export function withValue<Draft extends { value: number | null; clear: number | null }>(draft: Draft, value: number | null): Draft {
  if (value === null || draft.value === null || draft.clear === null) return { ...draft, value }
  return { ...draft, value, clear: rounded(draft.clear + value - draft.value) }
}

export function draftOf(limit: Limit, key: number): LimitDraft {
  const { condition, deadband } = limit
  const value = limit.value ?? null
  return {
    key,
    condition,
    value,
    clear: isThreshold(condition) && value !== null ? clearOf(condition, value, deadband) : null,
    tokens: limit.tokens ?? [],
    onDelaySeconds: limit.onDelayMs / 1000,
    offDelaySeconds: limit.offDelayMs / 1000,
    priority: limit.priority,
    enabled: limit.enabled,
    latching: limit.latching ?? false,
    variants: (limit.variants ?? []).map((variant, at) => variantDraftOf(limit, variant, at)),
    steps: (limit.steps ?? []).map((step, at) => ({
      key: at,
      by: step.afterMs === undefined ? 'value' : 'duration',
      value: step.value ?? null,
      afterMinutes: step.afterMs === undefined ? null : step.afterMs / 60_000,
      priority: step.priority,
    })),
  }
}

function variantDraftOf({ condition, value: usual }: Limit, variant: LimitVariant, key: number): VariantDraft {
  const value = variant.value ?? null
  const raise = value ?? usual
  return {
    key,
    days: variant.days,
    from: variant.from,
    to: variant.to,
    enabled: variant.enabled ?? true,
    value,
    clear: variant.deadband === undefined || raise === undefined ? null : clearOf(condition, raise, variant.deadband),
    onDelaySeconds: variant.onDelayMs === undefined ? null : variant.onDelayMs / 1000,
    priority: variant.priority ?? null,
  }
}

/** The limit as it is sent. Only of drafts without problems (limit-problems.ts). */
export function limitOf(draft: LimitDraft): Limit {
  const { condition, value, clear } = draft
  return {
    condition,
    ...(value === null ? {} : { value }),
    ...(condition.startsWith('state') ? { tokens: [...draft.tokens] } : {}),
    deadband: isThreshold(condition) && value !== null && clear !== null ? Math.max(0, deadbandOf(condition, value, clear)) : 0,
    onDelayMs: Math.round(draft.onDelaySeconds * 1000),
    offDelayMs: Math.round(draft.offDelaySeconds * 1000),
    priority: draft.priority,
    enabled: draft.enabled,
    ...(draft.latching ? { latching: true } : {}),
    ...(draft.variants.length > 0 ? { variants: draft.variants.map((variant) => variantOf(draft, variant)) } : {}),
    ...(draft.steps.length > 0 ? { steps: draft.steps.map(stepOf) } : {}),
  }
}

function variantOf({ condition, value: usual }: LimitDraft, draft: VariantDraft): LimitVariant {
  const { days, from, to, enabled, value, clear, onDelaySeconds, priority } = draft
  const times = { days: [...days].sort(), from, to }
  if (!enabled) return { ...times, enabled: false }
  const raise = value ?? usual
  return {
    ...times,
    ...(value === null ? {} : { value }),
    ...(raise === null || clear === null ? {} : { deadband: Math.max(0, deadbandOf(condition, raise, clear)) }),
    ...(onDelaySeconds === null ? {} : { onDelayMs: Math.round(onDelaySeconds * 1000) }),
    ...(priority === null ? {} : { priority }),
  }
}

function stepOf({ by, value, afterMinutes, priority }: StepDraft): LimitStep {
  if (by === 'value') return { ...(value === null ? {} : { value }), priority }
  return { ...(afterMinutes === null ? {} : { afterMs: Math.round(afterMinutes * 60_000) }), priority }
}

/** The conditions that make sense for a kind of value and are not there yet, in the order people look for them. */
export function conditionsFor(valueType: PointKindInfo['valueType'], used: readonly LimitCondition[]): LimitCondition[] {
  const own: LimitCondition[] =
    valueType === 'number'
      ? ['high', 'high-high', 'low', 'low-low', 'rate-of-change', 'time-to-limit']
      : ['state-notice', 'state', 'state-critical']
  return [...own, 'no-data' as const, 'sensor-suspect' as const].filter((condition) => !used.includes(condition))
}

export function newDraft(condition: LimitCondition, key: number): LimitDraft {
  return {
    key,
    condition,
    value: null,
    clear: null,
    tokens: [],
    onDelaySeconds: 0,
    offDelaySeconds: 0,
    priority: 'medium',
    enabled: true,
    latching: false,
    variants: [],
    steps: [],
  }
}

/** A key that none of the rows has. */
export function nextKey(rows: readonly { key: number }[]): number {
  return Math.max(-1, ...rows.map(({ key }) => key)) + 1
}

/** From the lowest value up: low-low, low, high, high-high, then the rest as they stand. */
export function inOrder(drafts: readonly LimitDraft[]): LimitDraft[] {
  const order: readonly LimitCondition[] = ['low-low', 'low', 'high', 'high-high', 'rate-of-change', 'time-to-limit']
  const rank = ({ condition }: LimitDraft) => (order.includes(condition) ? order.indexOf(condition) : order.length)
  return [...drafts].sort((a, b) => rank(a) - rank(b))
}
