import type { Generated } from 'kysely'

/** Tables of the proof that alarms reach people (server/src/proof). Plans are in `setting`. */
export interface ProofTables {
  drill: {
    id: Generated<number>
    /** running, passed, failed */
    state: string
    /** null: by the schedule. */
    startedBy: string | null
    note: string
    startedAtMs: number
    endedAtMs: number | null
    alarmId: number | null
    /** Why it failed; both languages as JSON. */
    reasonJson: string | null
  }
}
