import type { Generated } from 'kysely'

/** Tables of what rooms and UPSes taught (server/src/thermal). */
export interface ThermalTables {
  /** Times without cooling. What a gap taught is kept for ever; its readings need not be. */
  coolingGap: {
    id: Generated<number>
    roomId: number
    startMs: number
    endMs: number
    cause: string
    /** `LearnedGap`; null where it taught nothing. */
    learnedJson: string | null
    /** Why it taught nothing. */
    notLearned: string | null
    /** What measured the heat then; a gap measured otherwise counts without heat. */
    heatSource: string | null
    /** A person left it out. */
    leftOutBy: string | null
    leftOutReason: string | null
    leftOutAtMs: number | null
    learnedAtMs: number
  }
  upsDischarge: {
    id: Generated<number>
    deviceId: number
    startMs: number
    endMs: number
    /** `Discharge`. */
    dischargeJson: string
    learnedAtMs: number
  }
  /** Until when a room's stored readings have been looked through. */
  thermalLook: { roomId: number; uptoMs: number }
  /** What people said of a UPS's battery; the newest row counts, the earlier ones are the history. */
  upsBattery: {
    id: Generated<number>
    deviceId: number
    revision: number
    installedMs: number | null
    nominalFullLoadMinutes: number | null
    note: string
    by: string
    atMs: number
  }
}
