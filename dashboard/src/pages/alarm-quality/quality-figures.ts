import type { AlarmQuality } from '@roomkeeper/shared/http'
import type { Limit } from '@roomkeeper/shared/model'

/** ISA-18.2: about these shares of the annunciated alarms; high and critical together are the top. */
export const TARGET_SHARES = { low: 0.8, medium: 0.15, top: 0.05 } as const
export type ShareName = keyof typeof TARGET_SHARES

export interface PriorityShare {
  name: ShareName
  count: number
  /** 0 … 1; null without any alarm. */
  share: number | null
  target: number
  /** Urgent ones are so many that they are no longer urgent; only with enough alarms to tell. */
  isTooMany: boolean
}

/** Fewer alarms than this say nothing about shares. */
export const ENOUGH_ALARMS = 20

export function priorityShares(byPriority: AlarmQuality['byPriority']): PriorityShare[] {
  const counts: Record<ShareName, number> = {
    low: byPriority.low,
    medium: byPriority.medium,
    top: byPriority.high + byPriority.critical,
  }
  const all = counts.low + counts.medium + counts.top
  return (['low', 'medium', 'top'] as const).map((name) => {
    const share = all === 0 ? null : counts[name] / all
    const target = TARGET_SHARES[name]
    // Twice the share that is meant; of the low ones there can hardly be too many.
    return { name, count: counts[name], share, target, isTooMany: name !== 'low' && all >= ENOUGH_ALARMS && (share ?? 0) > 2 * target }
  })
}

export type LoadVerdict = 'none' | 'good' | 'much' | 'too-much'

/** ISA-18.2: below the acceptable number an operator can look at each; at twice as many not. */
export function loadVerdict(perOperatorHour: number, acceptable: number): LoadVerdict {
  if (perOperatorHour === 0) return 'none'
  if (perOperatorHour < acceptable) return 'good'
  return perOperatorHour < 2 * acceptable ? 'much' : 'too-much'
}

const COMPARED = ['value', 'deadband', 'onDelayMs', 'offDelayMs', 'priority', 'latching', 'enabled'] as const
export type ComparedField = (typeof COMPARED)[number]

export interface ProposedChange {
  field: ComparedField
  from: Limit[ComparedField]
  to: Limit[ComparedField]
}

/** What a proposal would change of a limit. */
export function proposedChanges(now: Limit, proposed: Limit): ProposedChange[] {
  return COMPARED.filter((field) => now[field] !== proposed[field]).map((field) => ({ field, from: now[field], to: proposed[field] }))
}
