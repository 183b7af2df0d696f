import type { AlarmCondition, AlarmEvent, AlarmPriority, AlarmSource, AlarmState, ReadingValue } from '@roomkeeper/shared/model'

/** A condition that became true or stopped being true. `atMs` is its own time (at the device), not when we learnt of it. */
export interface AlarmSignal {
  source: AlarmSource
  sourceId: number
  condition: AlarmCondition
  priority: AlarmPriority
  atMs: number
  value: ReadingValue
  /** The limit crossed: a number, or the tokens. */
  limit: ReadingValue
  /** From a replay: the excursion was learnt of afterwards. */
  late: boolean
  roomId: number | null
  deviceId: number | null
  pointId: number | null
  /** A person has to reset it after it has cleared. */
  latching?: boolean
  /** Raised by a drill's test reading. */
  drill?: boolean
}

/**
 * What happened to an alarm.
 * raise, clear: now. re-alarm, step-down: it stands and has become more or less severe, `signal.priority` is the new one. excursion: began
 * and ended within a stretch learnt of afterwards. began-earlier: the alarm that stands began at `atMs` already.
 */
export type AlarmChange =
  | { kind: 'raise' | 'clear' | 're-alarm' | 'step-down' | 'began-earlier'; signal: AlarmSignal }
  | { kind: 'excursion'; signal: AlarmSignal; endedAtMs: number }

/** Told to listeners after the transition is durable. */
export interface AlarmTransitionNotice {
  transitionId: number
  alarmId: number
  incidentId: number | null
  /** The incident was opened by this very transition. */
  incidentOpened: boolean
  roomId: number | null
  priority: AlarmPriority
  state: AlarmState
  event: AlarmEvent
  /** Raised by a drill's test reading. */
  drill: boolean
}
