import type { AlarmEvent, AlarmPriority, AlarmState, NoticeDecision } from '@roomkeeper/shared/model'
import { ALARM_PRIORITIES } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import type { Database } from '../database/schema.ts'

/** One transition of an alarm, as it was just written. */
export interface Transition {
  id: number
  event: AlarmEvent
  from: AlarmState
  to: AlarmState
  /** When it happened, by the device's clock. */
  atMs: number
  /** Who acknowledged. */
  person: string | null
  /** As it is after the transition. */
  alarm: Selectable<Database['alarm']>
}

/** `not-needed`: nothing to tell (an acknowledgement, the end of what nobody was told of). The contract has null for it. */
export type Decision = NoticeDecision | 'not-needed'

/** A stage's word: go on, or stop with a reason. */
export type StageAnswer = { decision: 'go-on' } | { decision: Exclude<Decision, 'told'>; detail: string }

export const GO_ON: StageAnswer = { decision: 'go-on' }

/** low = 0 … critical = 3. */
export function rankOf(priority: string): number {
  return ALARM_PRIORITIES.indexOf(priority as AlarmPriority)
}
