import type { Generated } from 'kysely'

/** Tables of reports by mail (server/src/reports/schedules). */
export interface ReportTables {
  /** Removed ones stay for their runs. */
  reportSchedule: {
    id: Generated<number>
    kind: string
    /** null: the whole hospital. */
    roomId: number | null
    language: string
    formatsJson: string
    accountIdsJson: string
    addressesJson: string
    /** HH:MM by the hospital's clock. */
    at: string
    /** The day of sending (server/src/reports/schedules/due-reports.ts); 1 where the kind has no use for it. */
    weekday: number
    dayOfMonth: number
    month: number
    enabled: number
    /** Every due time up to here was seen to. */
    doneUntilMs: number
    revision: number
    changedBy: string
    changedAtMs: number
    removedAtMs: number | null
  }
  /** One report for one period. What was asked for is kept as it was then. */
  reportRun: {
    id: Generated<number>
    scheduleId: number
    kind: string
    period: string
    roomId: number | null
    roomName: string | null
    language: string
    formatsJson: string
    accountIdsJson: string
    addressesJson: string
    /** due, now */
    cause: string
    /** A test for one person says nothing about the schedule. */
    isTest: number
    startedBy: string | null
    dueAtMs: number | null
    /** The period of a run that was due, so that each is made once; null: a person wanted it. */
    dueKey: string | null
    createdAtMs: number
    /** waiting, made, failed, skipped */
    state: string
    /** Both languages. */
    reasonJson: string | null
    attempts: number
    nextAttemptAtMs: number
    madeAtMs: number | null
  }
  reportFile: {
    id: Generated<number>
    runId: number
    format: string
    name: string
    size: number
    sha256: string
    /** null: dropped because of its age. */
    data: Uint8Array | null
  }
  /** To whom a run went. `state`, `answer` and `attempts` follow the outbox, whose rows are dropped one day. */
  reportDelivery: {
    id: Generated<number>
    runId: number
    accountId: number | null
    name: string
    address: string
    /** null: it was never queued, `answer` says why. */
    outboxId: number | null
    state: string
    answer: string
    attempts: number
    finishedAtMs: number | null
  }
}
