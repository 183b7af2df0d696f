/** A person, room, device or record: the id counts; the server writes the name as it was when it was saved. */
export interface Reference {
  id: number
  name: string
}

/** The value of a `reading` field; everything but `pointId` is written by the server. */
export interface ReadingValueField {
  pointId: number
  name: string
  value: number | string | boolean | null
  unit: string
  quality: string
  atMs: number | null
}

export const CHECK_RESULTS = ['normal', 'abnormal', 'not-applicable'] as const
export type CheckResult = (typeof CHECK_RESULTS)[number]

/** What an abnormal item gives rise to. */
export const FOLLOW_UPS = ['incident', 'work-order'] as const
export type FollowUp = (typeof FOLLOW_UPS)[number]

/** Of one item of a checklist. */
export interface CheckAnswer {
  result?: CheckResult
  measured?: number | null
  note?: string
  /** File ids. */
  photos?: number[]
  /** When it was answered, by the clock of the browser: what the sensors said then is compared with it. Absent: now. */
  atMs?: number
  /** Chosen for an abnormal item; absent: the item's own. */
  followUp?: FollowUp
}

/** Values of a checklist field, by item. */
export type ChecklistValue = Record<string, CheckAnswer>

/** Values of a table field. */
export type TableValue = Record<string, string | number | boolean | null>[]

/**
 * What a record holds, by field key. text, date, choice: string (several choices: string[]); number, instant: number; yes-no: boolean;
 * person, room, device, record: Reference; reading: ReadingValueField; photo: file ids; signature: file id; checklist: ChecklistValue;
 * table: TableValue. Absent and null are the same: not filled in.
 */
export type RecordFields = Record<string, unknown>

/** What is wrong with one field. `path` names the row, item or column within it. */
export interface FieldProblem {
  key: string
  path?: string
  message: { zh: string; en: string }
}
