/** What became of one notice to one person through one channel. */
export const NOTICE_STATES = [
  /** Waiting for its turn, or for the next attempt. */
  'pending',
  /** The other side has taken it; `answer` holds its words. */
  'sent',
  /** Refused for good, or the time was over: someone else is told in its place. */
  'failed',
  /** No longer needed before it was sent: acknowledged, cleared, or the channel was switched off. */
  'cancelled',
] as const
export type NoticeState = (typeof NOTICE_STATES)[number]

/** Why a notice was written. */
export const NOTICE_KINDS = [
  'raise',
  'clear',
  're-alarm',
  'escalation',
  'drill',
  'test',
  'all-clear',
  'system',
  'assignment',
  /** To named people, of no alarm: what is due, what waits for them. */
  'reminder',
  /** A report, with its files. */
  'report',
  'heartbeat',
] as const
export type NoticeKind = (typeof NOTICE_KINDS)[number]

/** Why nobody (or somebody) was told of a transition; kept with the transition and shown. */
export const NOTICE_DECISIONS = [
  'told',
  /** Below what anyone wants to be told of. */
  'below-priority',
  /** Folded under another alarm (its device is offline, its incident was told a moment ago). */
  'grouped',
  /** Its room or device is in a maintenance window, or it is shelved. */
  'silenced',
  /** Nobody on duty has a contact: an alarm of its own. */
  'nobody',
  /** No channel is set up at all. */
  'no-channel',
] as const
export type NoticeDecision = (typeof NOTICE_DECISIONS)[number]
