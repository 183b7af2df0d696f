import type { Rehearsal } from '@roomkeeper/shared/http'

/**
 * What a person should look at before saving: `silent` — alarms of high priority would be lost; `noisy` — more than one alarm a day, or chatter
 * or floods, would come on top; else whether the draft raises more alarms, fewer or the same.
 */
export type Verdict = 'silent' | 'noisy' | 'more' | 'fewer' | 'same'

/** Alarms a day on top of today's that a person still gets done beside the work. */
const NOISY_PER_DAY = 1

export function verdictOf({ now, draft, gained, lost }: Pick<Rehearsal, 'now' | 'draft' | 'gained' | 'lost'>): Verdict {
  const isHigh = (priority: string) => priority === 'critical' || priority === 'high'
  if (lost.newest.some(({ priority }) => isHigh(priority))) return 'silent'
  if (draft.perDay - now.perDay > NOISY_PER_DAY || draft.chatter > now.chatter || draft.floods > now.floods) return 'noisy'
  if (gained.count === 0 && lost.count === 0) return 'same'
  return draft.alarms > now.alarms ? 'more' : draft.alarms < now.alarms ? 'fewer' : 'same'
}
