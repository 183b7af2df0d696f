/** ISA-18.2 / IEC 62682 alarm states. */
export const ALARM_STATES = ['NORM', 'UNACK', 'ACKED', 'RTNUN', 'SHLVD', 'DSUPR', 'OOSRV'] as const
export type AlarmState = (typeof ALARM_STATES)[number]

export const ALARM_PRIORITIES = ['low', 'medium', 'high', 'critical'] as const
export type AlarmPriority = (typeof ALARM_PRIORITIES)[number]

/** One limit on a point. `level` limits compare numbers, `state` looks for tokens or a contact, `rate` is per hour, `no-data` counts intervals. */
export const LIMIT_CONDITIONS = [
  'low-low',
  'low',
  'high',
  'high-high',
  'rate-of-change',
  'time-to-limit',
  'state-notice',
  'state',
  'state-critical',
  'no-data',
  'sensor-suspect',
  /** A door was opened; silent while a visit or work covers it. */
  'door-opened',
  /** A machine's time since its start went back: it was started again. */
  'restarted',
] as const
export type LimitCondition = (typeof LIMIT_CONDITIONS)[number]

/** What raised the alarm: the limit's kind for points, the event for everything else. */
export const ALARM_CONDITIONS = [
  ...LIMIT_CONDITIONS,
  'device-offline',
  'node-offline',
  'clock-wrong',
  /** Of a schedule or a record with a deadline. */
  'overdue',
  /** Of a visit: its people should have left. */
  'overstay',
  /** A device was born that nobody knows. */
  'device-unknown',
  'log-loss',
  'log-filling',
  'log-unavailable',
  /** Of a channel: what it was given could not be delivered. */
  'channel-failing',
  /** Of the roster: nobody who is on duty can be reached. */
  'no-one-on-duty',
  /** Of the weekly drill: nobody acknowledged it in time, or it never came through. */
  'drill-failed',
  /** Of a report schedule: what was due could not be made, or nobody could be sent it. */
  'report-failed',
] as const
export type AlarmCondition = (typeof ALARM_CONDITIONS)[number]

/** What an alarm is about. `sourceId` is the id of that thing in the database. */
export const ALARM_SOURCES = [
  'point',
  'combination',
  'device',
  'node',
  'schedule',
  'record',
  'channel',
  'roster',
  'drill',
  'report',
] as const
export type AlarmSource = (typeof ALARM_SOURCES)[number]

/**
 * raise, clear, acknowledge: the life of ISA-18.2; re-alarm: it became more severe; step-down: less severe, and still standing; late-*: an
 * excursion learnt of afterwards. shelve, suppress, out-of-service: it went silent, by a person or by design; release: it is no longer.
 */
export const ALARM_EVENTS = [
  'raise',
  'clear',
  'acknowledge',
  're-alarm',
  'step-down',
  'late-raise',
  'late-clear',
  'shelve',
  'suppress',
  'out-of-service',
  'release',
] as const
export type AlarmEvent = (typeof ALARM_EVENTS)[number]

/** ISA-18.2: shelved by an operator, suppressed by design, out of service. The alarm goes on underneath; nobody is told. */
export const SILENT_STATES = ['SHLVD', 'DSUPR', 'OOSRV'] as const satisfies readonly AlarmState[]

/** What a hold silences: one alarm (of one limit), everything of a point, a device or a room. */
export const HOLD_SCOPES = ['alarm', 'point', 'device', 'room'] as const
export type HoldScope = (typeof HOLD_SCOPES)[number]

/** shelve: an operator, for a limited time. out-of-service: for work on the thing, with or without an end. */
export const HOLD_KINDS = ['shelve', 'out-of-service'] as const
export type HoldKind = (typeof HOLD_KINDS)[number]

/** Hours for which an alarm may be shelved at once; the more urgent, the sooner somebody looks again. */
export const SHELVE_MAX_HOURS: Readonly<Record<AlarmPriority, number>> = { low: 168, medium: 72, high: 24, critical: 4 }
