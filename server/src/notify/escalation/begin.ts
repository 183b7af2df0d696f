import type { EscalationPolicy } from '@roomkeeper/shared/http'
import type { Db } from '../../database/schema.ts'
import { rankOf, type Transition } from '../transition.ts'
import { firstState } from './decide-escalation.ts'

/** Starts the wait for an acknowledgement. `atOnce`: nobody on duty could be told, so the next tier does not wait. */
export async function beginEscalation(
  transaction: Db,
  { id, from, to, alarm }: Transition,
  { policy, atOnce }: { policy: EscalationPolicy; atOnce: boolean },
  nowMs: number,
): Promise<void> {
  if (to !== 'UNACK' || rankOf(alarm.priority) < rankOf(policy.minPriority)) return
  const first = firstState(policy, nowMs)
  const state = { transitionId: id, startedAtMs: nowMs, step: first.step, nextAtMs: atOnce ? nowMs : first.nextAtMs }
  await transaction
    .insertInto('escalation')
    .values({ alarmId: alarm.id, ...state })
    // It became more severe while nobody had acknowledged: the wait goes on.
    .onConflict((conflict) => (from === 'UNACK' ? conflict.column('alarmId').doNothing() : conflict.column('alarmId').doUpdateSet(state)))
    .execute()
}
