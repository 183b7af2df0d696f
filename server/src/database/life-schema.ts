import type { Generated } from 'kysely'

/** Tables of what keeps alarms silent (server/src/alarms/holds); the same conventions as the other tables. */
export interface LifeTables {
  /** Shelved by an operator, or taken out of service. Ended ones stay. */
  alarmHold: {
    id: Generated<number>
    /** shelve, out-of-service */
    kind: string
    /** alarm, point, device, room */
    scope: string
    /** Of scope alarm: the alarm row it was made from; else the point, device or room. */
    scopeId: number
    /** Of scope alarm: which alarm, whatever its row. */
    source: string | null
    sourceId: number | null
    condition: string | null
    fromMs: number
    untilMs: number | null
    reason: string
    by: string
    accountId: number | null
    /** Its end was announced. */
    announcedAtMs: number | null
    endedAtMs: number | null
    /** null: its time was over. */
    endedBy: string | null
  }
  maintenanceWindow: {
    id: Generated<number>
    scope: string
    scopeId: number
    title: string
    recurrenceJson: string
    timeZone: string
    reason: string
    revision: number
    changedBy: string
    changedAtMs: number
    removedAtMs: number | null
  }
  /** Stretches in which more alarms came than people can take in. */
  alarmFlood: { id: Generated<number>; fromMs: number; toMs: number | null; peak: number }
}
