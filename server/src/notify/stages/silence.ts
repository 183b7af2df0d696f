import type { AlarmState } from '@roomkeeper/shared/model'
import { GO_ON, type StageAnswer, type Transition } from '../transition.ts'

/** Why nobody is told, by the silent states of ISA-18.2. */
const WORDS: Partial<Record<AlarmState, string>> = {
  SHLVD: '已搁置，不再通知 / shelved: nobody is told',
  DSUPR:
    '由设计抑制（其原因已通知，或有单据、正等待签到） / suppressed by design: its cause is told, or a record covers it or is waited for',
  OOSRV: '已停用（维护中），不再通知 / out of service: nobody is told',
}

/** undefined: the state is not silent. */
export function silentWords(state: string): string | undefined {
  return WORDS[state as AlarmState]
}

/** What somebody asked not to be told of. The end of what people were told of is told all the same: nobody is left hanging. */
export function silence({ event, to }: Pick<Transition, 'event' | 'to'>): StageAnswer {
  const words = silentWords(to)
  return words === undefined || event === 'clear' ? GO_ON : { decision: 'silenced', detail: words }
}
