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
  'state-notice',
  'state',
  'state-critical',
  'no-data',
  'sensor-suspect',
] as const
export type LimitCondition = (typeof LIMIT_CONDITIONS)[number]

/** What raised the alarm: the limit's kind for points, the event for everything else. */
export const ALARM_CONDITIONS = [
  ...LIMIT_CONDITIONS,
  'device-offline',
  'node-offline',
  'clock-wrong',
  'inspection-overdue',
  'log-loss',
  'log-filling',
  'log-unavailable',
  /** Of a channel: what it was given could not be delivered. */
  'channel-failing',
  /** Of the roster: nobody who is on duty can be reached. */
  'no-one-on-duty',
] as const
export type AlarmCondition = (typeof ALARM_CONDITIONS)[number]

/** What an alarm is about. `sourceId` is the id of that thing in the database. */
export const ALARM_SOURCES = ['point', 'device', 'node', 'inspection', 'channel', 'roster'] as const
export type AlarmSource = (typeof ALARM_SOURCES)[number]

/** raise, clear, acknowledge: the life of ISA-18.2; re-alarm: it became more severe; late-*: an excursion learnt of afterwards. */
export const ALARM_EVENTS = ['raise', 'clear', 'acknowledge', 're-alarm', 'late-raise', 'late-clear'] as const
export type AlarmEvent = (typeof ALARM_EVENTS)[number]
