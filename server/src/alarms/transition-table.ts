import type { AlarmState } from '@roomkeeper/shared/model'

/** ISA-18.2 / IEC 62682: from → to, for what the plant and the operator do. A missing entry means: nothing changes. */
const TABLE: Record<'raise' | 'clear' | 'acknowledge' | 're-alarm', Partial<Record<AlarmState, AlarmState>>> = {
  raise: { NORM: 'UNACK', RTNUN: 'UNACK' },
  clear: { UNACK: 'RTNUN', ACKED: 'NORM' },
  acknowledge: { UNACK: 'ACKED', RTNUN: 'NORM' },
  're-alarm': { ACKED: 'UNACK', UNACK: 'UNACK' },
}

/** The state after the event, or undefined when the event changes nothing in this state. */
export function nextState(from: AlarmState, event: keyof typeof TABLE): AlarmState | undefined {
  return TABLE[event][from]
}
