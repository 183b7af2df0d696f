import type { AlarmPriority, PointKind, Role } from '../model/index.ts'
import type { FollowUp } from './values.ts'

/** Words in both languages; Chinese first. */
export interface Words {
  zh: string
  en: string
}

export interface Choice {
  value: string
  label: Words
}

interface FieldBase {
  /** Key in the record; lower camel case, never renamed once landed. */
  key: string
  label: Words
  help?: Words
  /** Heading under which it stands on the form and on paper; fields of one section follow each other. */
  section?: Words
  /** Must be there when the record leaves its first state. */
  required?: boolean
  /** Moves (by name) at which it must be there. */
  requiredAt?: readonly string[]
  /** Shown, and asked for, only when another field (a choice or yes-no as 'true') has one of these values. */
  when?: { field: string; is: readonly string[] }
  /** States in which it may be changed. Default: the first state, states of the phase kept, and the states from which a `requiredAt` move starts. */
  editableIn?: readonly string[]
  /** A column of lists and of their Excel files. */
  inList?: boolean
}

export type TextField = { type: 'text'; maxLength?: number; multiline?: boolean; pattern?: { regex: string; words: Words } }
export type ChoiceField = { type: 'choice'; choices: readonly Choice[]; multiple?: boolean }
export type NumberField = { type: 'number'; unit?: string; low?: number; high?: number; integer?: boolean }
/** A row of a table field. */
export type TableColumn = { key: string; label: Words; required?: boolean } & (
  | TextField
  | ChoiceField
  | NumberField
  | { type: 'yes-no' | 'date' | 'instant' }
)
/** One thing to look at. Answered by normal, abnormal or not applicable; an abnormal one says what was seen. */
export interface ChecklistItem {
  key: string
  label: Words
  help?: Words
  clause?: string
  /** Heading; the device's name where the item is of a device. */
  group?: Words
  deviceId?: number
  /** The record of the register `asset` of which it is. */
  assetId?: number
  /** A value is written down with it. */
  measured?: { unit: string; low?: number; high?: number; kind?: PointKind }
  /** A photo must be taken. */
  photo?: boolean
  /** Alarms of these kinds of points speak of it: while one stands, it is not simply normal. */
  alarmKinds?: readonly PointKind[]
  /** What is born when it is found abnormal, unless the person chooses otherwise. */
  followUp?: FollowUp
}

export type FieldType =
  | TextField
  | ChoiceField
  | NumberField
  /** YYYY-MM-DD by the clock on the wall. */
  | { type: 'date' }
  /** A moment, epoch ms. */
  | { type: 'instant' }
  | { type: 'yes-no' }
  /** An account of this house. */
  | { type: 'person'; roles?: readonly Role[] }
  | { type: 'room' }
  | { type: 'device' }
  /** A record of another register, e.g. of `asset`. */
  | { type: 'record'; register: string }
  /** A point; the server writes its value and time beside it. */
  | { type: 'reading'; kind?: PointKind }
  | { type: 'photo'; max?: number }
  /** Drawn by somebody without an account: a visitor, the engineer of a firm. People with an account sign moves instead. */
  | { type: 'signature' }
  /** Items stand here, or are written into the record's sheet by the server (`sheet.items`) when they depend on the room. */
  | { type: 'checklist'; items?: readonly ChecklistItem[] }
  | { type: 'table'; columns: readonly TableColumn[]; minRows?: number; maxRows?: number }

/** One field of a register. */
export type Field = FieldBase & FieldType

/** Until when a record may stay in a state. After it comes an alarm, and later the department head is told. */
export interface Deadline {
  /** A date or instant field; a date counts to its end. Alone, or the earlier of it and `hours`. */
  field?: string
  /** Hours after the record came into the state. */
  hours?: number
  /** Hours before it at which the people whose turn it is are reminded. */
  remindHours?: number
  /** Hours after it at which the department head is told. Default 24. */
  headAfterHours?: number
  condition: 'overdue' | 'overstay'
  /** Default medium. */
  priority?: AlarmPriority
}

export interface State {
  name: string
  label: Words
  /** draft: not handed in yet; open: somebody has something to do; kept: nothing to do and may be edited (an asset in use); done: over, changed by amendments only. */
  phase: 'draft' | 'open' | 'kept' | 'done'
  /** Whose turn it is. */
  waitsFor?: readonly Role[]
  /** Withdrawn, thrown away: a record that went there fulfils no schedule and is no evidence. */
  void?: true
  deadline?: Deadline
}

/** A step from one state to another. */
export interface Move {
  name: string
  /** What stands on the button. */
  label: Words
  from: readonly string[]
  to: string
  /** Roles that may make it. */
  roles: readonly Role[]
  /** Besides them, whoever made the record. */
  alsoAuthor?: boolean
  /** Besides them, the person in this field. */
  alsoPerson?: string
  /** Four eyes: whoever made the record, or made the named earlier move, may not make this one. */
  notBy?: readonly string[]
  /** one: the person moving it on signs, by password or drawn. two: another person signs at the same screen by user name and password (handover). */
  signature?: 'one' | 'two'
  /** A comment is needed (refusals, reopening). */
  commentRequired?: boolean
  /** Values that fields must have for it; the words say what is wrong otherwise. A field that is not asked for is not looked at. */
  needs?: readonly { field: string; is: readonly string[]; words: Words }[]
  /** required: only at the room, shown by its printed QR code; offered: marked when it was so. */
  atRoom?: 'required' | 'offered'
  /** Passes the approval, which follows afterwards; the record is marked for ever. */
  emergency?: boolean
  /** Shown as dangerous and asked about. */
  danger?: boolean
}

/** What a door, a restart, a device gone or an unknown device must be covered by. */
export const PAPER_EVENTS = ['door-opened', 'restarted', 'device-offline', 'device-unknown'] as const
export type PaperEvent = (typeof PAPER_EVENTS)[number]

export interface RegisterDefinition {
  /** Key in URLs and tables, e.g. `work-permit`; never renamed once landed. */
  name: string
  title: Words
  /** What it is for, in one sentence. */
  summary: Words
  /** Clauses of the regulation that it serves, e.g. A3. */
  clauses: readonly string[]
  /** Numbers are prefix-year-serial. */
  numberPrefix: string
  group: 'inspect' | 'people' | 'work' | 'things' | 'data'
  roles: { read: readonly Role[]; create: readonly Role[] }
  /** The field whose text names the record in lists. */
  titleField: string
  /** With true the register has a required field `room` of type room, and records are listed by it. */
  byRoom: boolean
  fields: readonly Field[]
  /** The first one is where records begin. */
  states: readonly State[]
  moves: readonly Move[]
  /** The date or instant field that counts in reports; default: when it left its first state. */
  whenField?: string
  /** One is due at least every so many days. `outerDays` cannot be set wider. */
  schedule?: { everyDays: number; outerDays: number; perRoom: boolean; remindHours: number }
  /** While in one of these states, and between the two fields where given, these events in its room (or only of its device) have their paper. */
  covers?: { states: readonly string[]; events: readonly PaperEvent[]; fromField?: string; untilField?: string; deviceField?: string }
  /** While in one of these states, and between the two fields, alarms of its device (and of no other) are out of service. */
  shelves?: { states: readonly string[]; deviceField: string; fromField: string; untilField: string }
  /** May be read in from Excel; rows with the same value of this field are the same record. */
  import?: { keyField: string }
  /** On paper: lists lie across when they have many columns; a text that stands under each record. */
  print?: { list?: 'portrait' | 'landscape'; footer?: Words }
}
