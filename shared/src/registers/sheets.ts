import type { ChecklistItem, Words } from './definition.ts'
import type { FollowUp } from './values.ts'

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
  /** Why there are no figures; absent: there are. */
  reason?: Words
}

/** An alarm of the room that stands. */
export interface SheetAlarm {
  id: number
  text: Words
  priority: string
  state: string
  raisedAtMs: number
  /** Items of which it speaks: none of them is simply normal while it stands. */
  items: string[]
}

/** What the sensors said when an item was looked at. `low` and `high` are the lowest and highest of several sensors. */
export interface SheetBeside {
  value: number
  low: number
  high: number
  unit: string
  atMs: number
  sensors: number
}

/** Where people and sensors say different things. It is answered by a note on the item, and stays. */
export interface Contradiction {
  item: string
  message: Words
}

/** What an abnormal item gave rise to when the inspection was signed. */
export interface SheetFollowUp {
  items: string[]
  kind: FollowUp
  /** Of the incident, or of the record. */
  targetId: number
  number: string
  /** false: an incident of the same device was open already, and was joined. */
  opened: boolean
}

/** What the server writes into an inspection when it begins, and brings up to date until it is signed. */
export interface InspectionSheet {
  /** Since when: the last inspection, or the schedule's start. */
  sinceMs: number
  /** When it was last brought up to date. */
  asOfMs: number
  scheduleId: number | null
  /** Asked of people: by device class, what sensors cannot see; and the items that sensors see, to be compared with them. */
  items: ChecklistItem[]
  measured: SheetMeasurement[]
  /** By item: what the sensors say beside it. */
  beside: Record<string, SheetBeside>
  /** Alarms of the room that stand, and how many there were since. */
  openAlarms: SheetAlarm[]
  alarmsSince: number
  /** Self tests and discharges of UPSes since: point, status tokens, when. */
  upsEvents: { device: string; text: Words; atMs: number }[]
  /** Made anew with each save. */
  contradictions: Contradiction[]
  /** Written at signing. */
  followUps: SheetFollowUp[]
  /** Why figures are missing; null: nothing is. The sheet can be filled in all the same. */
  missing: Words | null
}

/** Written into a visit: who went with them, and what the room did meanwhile. */
export interface VisitSheet {
  inAtMs?: number
  outAtMs?: number
  escort?: string
  readings?: SheetMeasurement[]
  alarms?: { id: number; text: Words; raisedAtMs: number }[]
  /** Absent: the room's door is not watched. */
  doorOpenings?: number
  /** When readings and alarms were last brought up to date. */
  readAtMs?: number
}

/** One point of the device before and after a change. `points`: [time ms, mean] of at most 200 buckets. */
export interface ChangeCurve {
  pointId: number
  name: string
  unit: string
  before: [number, number | null][]
  after: [number, number | null][]
}

/** Written into a change while its device is out of service, and when it is done. */
export interface ChangeSheet {
  /** The hold by which its device, and nothing else, is out of service (page “Maintenance”). */
  holdId?: number
  /** The work itself, not what had been planned. */
  startedAtMs?: number
  endedAtMs?: number
  curves?: ChangeCurve[]
  /** When the curves were last brought up to date. */
  readAtMs?: number
}
