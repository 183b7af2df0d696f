import { type AlarmEvent, type AlarmState, SILENT_STATES } from '@roomkeeper/shared/model'

/** What the row says beside its state. */
export interface Condition {
  /** It holds before the event. */
  active: boolean
  /** A person has to reset it after it has cleared. */
  latching: boolean
}

/** What happens now; the late events put the past right and are decided where they are written (apply-change.ts). */
export type LifeEvent = Exclude<AlarmEvent, 'late-raise' | 'late-clear'>

/**
 * ISA-18.2 / IEC 62682: from → to, for what the plant, the operator and the design do. A missing entry means: nothing changes. RTNUN is
 * never silenced: it waits for a person. In a silent state the condition goes on underneath, and the state stays.
 */
const TABLE: Record<LifeEvent, Partial<Record<AlarmState, AlarmState>>> = {
  raise: { NORM: 'UNACK', RTNUN: 'UNACK', SHLVD: 'SHLVD', DSUPR: 'DSUPR', OOSRV: 'OOSRV' },
  clear: { UNACK: 'RTNUN', ACKED: 'NORM', SHLVD: 'SHLVD', DSUPR: 'DSUPR', OOSRV: 'OOSRV' },
  acknowledge: { UNACK: 'ACKED', RTNUN: 'NORM' },
  're-alarm': { ACKED: 'UNACK', UNACK: 'UNACK', SHLVD: 'SHLVD', DSUPR: 'DSUPR', OOSRV: 'OOSRV' },
  'step-down': { ACKED: 'ACKED', UNACK: 'UNACK', SHLVD: 'SHLVD', DSUPR: 'DSUPR', OOSRV: 'OOSRV' },
  shelve: { UNACK: 'SHLVD', ACKED: 'SHLVD', DSUPR: 'SHLVD', OOSRV: 'SHLVD' },
  suppress: { UNACK: 'DSUPR', SHLVD: 'DSUPR', OOSRV: 'DSUPR' },
  'out-of-service': { UNACK: 'OOSRV', ACKED: 'OOSRV', SHLVD: 'OOSRV', DSUPR: 'OOSRV' },
  release: { SHLVD: 'UNACK', DSUPR: 'UNACK', OOSRV: 'UNACK' },
}

/** The state after the event, or undefined when the event changes nothing in this state. */
export function nextState(from: AlarmState, event: LifeEvent, condition: Partial<Condition> = {}): AlarmState | undefined {
  const { active = from === 'UNACK' || from === 'ACKED', latching = false } = condition
  const to = TABLE[event][from]
  if (to === undefined) return undefined
  if (isSilent(from) && event === 'raise' && active) return undefined
  if (isSilent(from) && ['clear', 're-alarm', 'step-down'].includes(event) && !active) return undefined
  // A latched alarm stays until it is reset, also when it was acknowledged, or cleared while it was silent.
  if (event === 'clear' && from === 'ACKED' && latching) return 'RTNUN'
  if (event === 'release' && !active) return latching ? 'RTNUN' : 'NORM'
  return to
}

export function isSilent(state: string): boolean {
  return (SILENT_STATES as readonly string[]).includes(state)
}
