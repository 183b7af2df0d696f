import { isMoment } from '../../paper/paper-cover.ts'
import { GO_ON, type StageAnswer, type Transition } from '../transition.ts'

/**
 * What is nobody's news. Alarms under an offline device or agent never come here: the judge does not raise them (live/silence-watch.ts).
 */
export function inhibit({
  event,
  from,
  to,
  alarm,
}: Pick<Transition, 'event' | 'from' | 'to'> & { alarm?: { condition: string } }): StageAnswer {
  if (event === 'acknowledge') return { decision: 'not-needed', detail: 'acknowledged: what was still to be told is cancelled' }
  // The excursion was over when it was learnt of: one notice tells beginning and end.
  if (event === 'late-clear') return { decision: 'not-needed', detail: 'told together with its beginning' }
  if (event === 'late-raise' && from === to) return { decision: 'not-needed', detail: 'only its beginning was put right' }
  if (event === 'step-down') return { decision: 'not-needed', detail: 'less severe than what was told' }
  // A door opened and shut while its paper was awaited: it never came.
  if (event === 'release' && to === 'RTNUN' && isMoment(alarm?.condition ?? '')) return GO_ON
  if (event === 'release' && to !== 'UNACK') return { decision: 'not-needed', detail: 'it does not stand any more' }
  return GO_ON
}
