import type { ChecklistItem, Words } from './definition.ts'

/** One kind of reading of a room since the last inspection. */
export interface SheetMeasurement {
  kind: string
  label: Words
  unit: string
  latest: number | null
  min: number | null
  max: number | null
  mean: number | null
  /** Share of the time in limits, 0…1; null: not known. */
  inLimits: number | null
  /** Points that it speaks of. */
  points: number
}

/** What the server writes into an inspection when it begins, and brings up to date until it is signed. */
export interface InspectionSheet {
  /** Since when: the last inspection, or the schedule's start. */
  sinceMs: number
  scheduleId: number | null
  /** Asked of people: by device class, what sensors cannot see. */
  items: ChecklistItem[]
  measured: SheetMeasurement[]
  /** Alarms of the room that stand, and how many there were since. */
  openAlarms: { id: number; text: Words; priority: string; state: string; raisedAtMs: number }[]
  alarmsSince: number
  /** Self tests and discharges of UPSes since: point, status tokens, when. */
  upsEvents: { device: string; text: Words; atMs: number }[]
  /** Where people and sensors say different things; made anew with each save. */
  contradictions: { item: string; message: Words }[]
}

/** Written into a visit: who went with them, and what the room did meanwhile. */
export interface VisitSheet {
  inAtMs?: number
  outAtMs?: number
  escort?: string
  readings?: SheetMeasurement[]
  alarms?: { id: number; text: Words; raisedAtMs: number }[]
  doorOpenings?: number
}

/** One point of the device before and after a change. `points`: [time ms, mean] of at most 200 buckets. */
export interface ChangeCurve {
  pointId: number
  name: string
  unit: string
  before: [number, number | null][]
  after: [number, number | null][]
}

/** Written into a change when it is done. */
export interface ChangeSheet {
  windowId?: number
  curves?: ChangeCurve[]
}
