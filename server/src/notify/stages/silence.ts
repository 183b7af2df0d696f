import type { AlarmState } from '@roomkeeper/shared/model'
import { GO_ON, type StageAnswer, type Transition } from '../transition.ts'

/** ISA-18.2: shelved by an operator, suppressed by design, out of service. */
const SILENT_STATES: readonly AlarmState[] = ['SHLVD', 'DSUPR', 'OOSRV']

/** What somebody asked not to be told of. */
export function silence({ to }: Pick<Transition, 'to'>): StageAnswer {
  return SILENT_STATES.includes(to) ? { decision: 'silenced', detail: `alarm is ${to}` } : GO_ON
}
