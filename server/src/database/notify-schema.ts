import type { Generated } from 'kysely'

/** Tables of telling people (server/src/notify); the same conventions as the other tables. */
export interface NotifyTables {
  /** A way to tell people that is set up. Removed ones stay for the history. */
  channel: {
    id: Generated<number>
    kind: string
    label: string
    enabled: number
    minPriority: string
    /** Without secrets. */
    settingsJson: string
    revision: number
    changedAtMs: number
    removedAtMs: number | null
  }
  channelSecret: { channelId: number; name: string; value: string }
  contact: {
    id: Generated<number>
    accountId: number
    channelId: number
    address: string
    minPriority: string
    language: string
    enabled: number
  }
  /** One row per notice, recipient and channel. */
  outbox: {
    id: Generated<number>
    /** The same at every attempt. */
    noticeId: string
    /** The same transition is never queued twice for the same channel and person. */
    dedupeKey: string
    alarmId: number | null
    transitionId: number | null
    incidentId: number | null
    kind: string
    priority: string
    /** Rank of the priority: what is urgent goes first. */
    urgency: number
    channelId: number
    /** null: a place. */
    accountId: number | null
    personName: string
    address: string
    language: string
    tier: number
    title: string
    text: string
    /** The rest of the notice, as the channel gets it. */
    detailJson: string
    state: string
    /** The other side's words, or why it failed or was cancelled. */
    answer: string
    attempts: number
    createdAtMs: number
    nextAttemptAtMs: number
    deadlineAtMs: number
    /** Somebody is sending it until then; later it is anybody's again. */
    claimedUntilMs: number | null
    finishedAtMs: number | null
    /** Since then others are told in its place. */
    replacedAtMs: number | null
  }
  outboxAttempt: {
    id: Generated<number>
    outboxId: number
    startedAtMs: number
    /** null: under way, or cut short. */
    endedAtMs: number | null
    outcome: string
    text: string
  }
  noticeLater: {
    id: Generated<number>
    dedupeKey: string
    transitionId: number
    alarmId: number
    event: string
    why: string
    channelId: number
    accountId: number | null
    tier: number
    createdAtMs: number
    dueAtMs: number
    outboxId: number | null
  }
  /** Why somebody or nobody was told of a transition. */
  noticeDecision: { transitionId: number; decision: string; detail: string }
  /** Alarms that wait for an acknowledgement, and what comes next. */
  escalation: {
    alarmId: number
    /** The transition that began it. */
    transitionId: number
    startedAtMs: number
    /** Number of the next step: tiers first, then repetitions. */
    step: number
    nextAtMs: number
  }
  /** Versioned; the highest revision counts, none means the default. */
  escalationPolicy: { revision: Generated<number>; policyJson: string; author: string; reason: string; atMs: number }
  replyCode: { code: string; alarmId: number }
  shift: {
    id: Generated<number>
    accountId: number
    fromMs: number
    toMs: number
    note: string
    handoverText: string | null
    handoverBy: string | null
    handoverAtMs: number | null
    signedBy: string | null
    signedAtMs: number | null
  }
}
