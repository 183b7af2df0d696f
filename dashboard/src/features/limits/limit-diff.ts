import type { Limit, LimitCondition } from '@roomkeeper/shared/model'
import { clearOf, isThreshold } from './limit-draft.ts'

const FIELDS = ['value', 'clear', 'tokens', 'onDelay', 'offDelay', 'priority', 'enabled', 'latching', 'variants', 'steps'] as const
export type DiffField = (typeof FIELDS)[number]

/** What one condition of two sets of limits differs in. Nothing is listed that is the same. */
export interface LimitDiff {
  condition: LimitCondition
  change: 'added' | 'removed' | 'changed'
  before: Limit | undefined
  after: Limit | undefined
  fields: readonly DiffField[]
}

export function diffOf(before: readonly Limit[], after: readonly Limit[]): LimitDiff[] {
  const conditions = [...new Set([...before, ...after].map(({ condition }) => condition))]
  return conditions.flatMap((condition): LimitDiff[] => {
    const old = before.find((limit) => limit.condition === condition)
    const now = after.find((limit) => limit.condition === condition)
    if (!old) return [{ condition, change: 'added', before: undefined, after: now, fields: [] }]
    if (!now) return [{ condition, change: 'removed', before: old, after: undefined, fields: [] }]
    const fields = FIELDS.filter((field) => JSON.stringify(fieldOf(old, field)) !== JSON.stringify(fieldOf(now, field)))
    return fields.length > 0 ? [{ condition, change: 'changed', before: old, after: now, fields }] : []
  })
}

/** A field's comparable content; what was never set is the same as what is off or empty. */
function fieldOf(limit: Limit, field: DiffField): unknown {
  switch (field) {
    case 'value':
      return limit.value ?? null
    case 'clear':
      return isThreshold(limit.condition) && limit.value !== undefined ? clearOf(limit.condition, limit.value, limit.deadband) : null
    case 'tokens':
      return [...(limit.tokens ?? [])].sort()
    case 'onDelay':
      return limit.onDelayMs
    case 'offDelay':
      return limit.offDelayMs
    case 'latching':
      return limit.latching ?? false
    case 'variants':
      return (limit.variants ?? []).map(({ days, from, to, enabled = true, value, deadband, onDelayMs, priority }) => [
        [...days].sort(),
        from,
        to,
        enabled,
        value ?? null,
        deadband ?? null,
        onDelayMs ?? null,
        priority ?? null,
      ])
    case 'steps':
      return (limit.steps ?? []).map(({ value, afterMs, priority }) => [value ?? null, afterMs ?? null, priority])
    default:
      return limit[field]
  }
}
