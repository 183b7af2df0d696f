import type { EscalationPolicy } from '@roomkeeper/shared/http'

export type Tier = EscalationPolicy['tiers'][number]

/** A tier as it is edited: what is not chosen yet is empty. */
export interface TierDraft {
  key: number
  afterMinutes: number | null
  kind: Tier['who']['kind']
  roles: Extract<Tier['who'], { kind: 'roles' }>['roles']
  accountIds: number[]
}

export function draftOf({ afterMinutes, who }: Tier, key: number): TierDraft {
  return {
    key,
    afterMinutes,
    kind: who.kind,
    roles: who.kind === 'roles' ? who.roles : [],
    accountIds: who.kind === 'accounts' ? who.accountIds : [],
  }
}

export type TierProblem = 'minutes' | 'who' | 'same-minute'

/** What keeps a tier from being saved, by its key. */
export function tierProblems(drafts: readonly TierDraft[]): ReadonlyMap<number, TierProblem> {
  const found = new Map<number, TierProblem>()
  for (const { key, afterMinutes, kind, roles, accountIds } of drafts) {
    if (afterMinutes === null) found.set(key, 'minutes')
    else if ((kind === 'roles' && roles.length === 0) || (kind === 'accounts' && accountIds.length === 0)) found.set(key, 'who')
    else if (drafts.some((other) => other.key < key && other.afterMinutes === afterMinutes)) found.set(key, 'same-minute')
  }
  return found
}

/** The tiers in the order of time. Only of drafts without problems. */
export function tiersOf(drafts: readonly TierDraft[]): Tier[] {
  return drafts
    .map(({ afterMinutes, kind, roles, accountIds }): Tier => {
      const who: Tier['who'] = kind === 'roles' ? { kind, roles } : kind === 'accounts' ? { kind, accountIds } : { kind }
      return { afterMinutes: afterMinutes ?? 0, who }
    })
    .sort((a, b) => a.afterMinutes - b.afterMinutes)
}
