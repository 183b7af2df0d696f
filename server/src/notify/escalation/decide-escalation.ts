import type { EscalationPolicy } from '@roomkeeper/shared/http'

const MINUTE_MS = 60_000

/** Shown as the default until somebody sets another: those on duty at once, the room keepers after 10 min, the department head after 30 min. */
export const DEFAULT_POLICY: EscalationPolicy = {
  minPriority: 'high',
  tiers: [
    { afterMinutes: 0, who: { kind: 'on-duty' } },
    { afterMinutes: 10, who: { kind: 'roles', roles: ['room-keeper'] } },
    { afterMinutes: 30, who: { kind: 'roles', roles: ['department-head'] } },
  ],
  repeatMinutes: 30,
}

export interface EscalationState {
  startedAtMs: number
  /** Steps done so far: tiers first, then repetitions. */
  step: number
  nextAtMs: number
}

export interface EscalationDecision {
  /** Numbers of the tiers to tell now, 0 first. */
  tiers: number[]
  /** Tell everybody again. */
  isRepeat: boolean
  next: EscalationState
}

/** When the step is due, from the start. Steps beyond the tiers are repetitions and are counted from the last one. */
export function firstState(policy: EscalationPolicy, startedAtMs: number): EscalationState {
  const step = policy.tiers.filter(({ afterMinutes }) => afterMinutes === 0).length
  return { startedAtMs, step, nextAtMs: dueAtMs(policy, startedAtMs, step, startedAtMs) }
}

/**
 * What is due now; null: nothing yet. After a downtime all tiers that were missed are told at once, missed repetitions once. Never ends by
 * itself: only a person acknowledges.
 */
export function decideEscalation(policy: EscalationPolicy, state: EscalationState, nowMs: number): EscalationDecision | null {
  if (nowMs < state.nextAtMs) return null
  const tierCount = policy.tiers.length
  if (state.step >= tierCount) {
    const next = { ...state, step: state.step + 1, nextAtMs: nowMs + policy.repeatMinutes * MINUTE_MS }
    return { tiers: policy.tiers.map((_tier, index) => index), isRepeat: true, next }
  }
  // The first one is due by its own time, or because nobody else could be told.
  const tiers = [state.step]
  for (let step = state.step + 1; step < tierCount && dueAtMs(policy, state.startedAtMs, step, nowMs) <= nowMs; step += 1) tiers.push(step)
  const step = state.step + tiers.length
  return { tiers, isRepeat: false, next: { ...state, step, nextAtMs: dueAtMs(policy, state.startedAtMs, step, nowMs) } }
}

function dueAtMs(policy: EscalationPolicy, startedAtMs: number, step: number, nowMs: number): number {
  const tier = policy.tiers[step]
  return tier ? startedAtMs + tier.afterMinutes * MINUTE_MS : nowMs + policy.repeatMinutes * MINUTE_MS
}
