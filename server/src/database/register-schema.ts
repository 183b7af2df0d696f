import type { Generated } from 'kysely'

/** Tables of the regulation's registers (server/src/registers), their schedules (server/src/schedules), and network documentation (server/src/network). */
export interface RegisterTables {
  registerRecord: {
    id: Generated<number>
    register: string
    /** prefix-year-serial; unique. */
    number: string
    state: string
    /** draft, open, kept, done: of the state. */
    phase: string
    title: string
    roomId: number | null
    scheduleId: number | null
    fieldsJson: string
    /** Written by the server only. */
    sheetJson: string
    revision: number
    createdBy: string
    createdById: number | null
    createdAtMs: number
    changedBy: string
    changedAtMs: number
    stateSinceMs: number
    whenMs: number
    /** null: no deadline in this state. */
    dueAtMs: number | null
    remindAtMs: number | null
    /** When people were reminded of this deadline; null again with the next deadline. */
    remindedAtMs: number | null
    headAtMs: number | null
    headToldAtMs: number | null
    emergency: Generated<number>
    /** Of the browser that made it while it had no connection. */
    clientKey: string | null
    /** Lower case text of number, title and fields, for searching. */
    searchText: string
  }
  registerStep: {
    id: Generated<number>
    recordId: number
    /** create, save, move, amend, file, note */
    kind: string
    move: string | null
    fromState: string
    toState: string
    by: string
    byId: number | null
    atMs: number
    claimedAtMs: number | null
    comment: string
    emergency: number
    atRoom: number
    changesJson: string
  }
  registerSignature: {
    id: Generated<number>
    stepId: number
    accountId: number
    username: string
    name: string
    rolesJson: string
    kind: string
    fileId: number | null
    contentHash: string
    atMs: number
  }
  registerFile: {
    id: Generated<number>
    recordId: number
    fieldKey: string
    name: string
    type: string
    size: number
    sha256: string
    data: Uint8Array
    by: string
    byId: number | null
    atMs: number
    removedAtMs: number | null
    removedBy: string | null
    removedReason: string | null
  }
  registerLink: {
    id: Generated<number>
    recordId: number
    kind: string
    /** record, incident, alarm */
    target: string
    targetId: number
    by: string
    atMs: number
  }
  /** The last serial number given, per prefix and year. */
  registerSerial: { prefix: string; year: number; last: number }
  schedule: {
    id: Generated<number>
    register: string
    roomId: number | null
    title: string
    cadenceJson: string
    outerDays: number
    remindHours: number
    headAfterHours: number
    avoidHolidays: number
    personIdsJson: string
    startsAtMs: number
    lastDoneAtMs: number | null
    /** Set when the clock was found behind the time counted from; null again when it is done. */
    countsFromMs: number | null
    /** The due time of which people were reminded, and the one of which the department head was told. */
    remindedForMs: number | null
    headToldForMs: number | null
    /** 1: the register's definition asks for it; it cannot be paused. */
    required: Generated<number>
    pausedReason: string | null
    revision: number
    changedBy: string
    changedAtMs: number
  }
  /** Due times that passed before it was done: one row each, for calendar and inspection pack. */
  scheduleMiss: { id: Generated<number>; scheduleId: number; dueAtMs: number; doneAtMs: number | null; recordId: number | null }
  holiday: { date: string; name: string; working: number }
  calendarFeed: {
    id: Generated<number>
    accountId: number
    name: string
    tokenHash: string
    createdAtMs: number
    lastUsedMs: number | null
    removedAtMs: number | null
  }
  /** What people changed of the checklists by device class; the defaults are in server/src/registers/inspection. */
  checklistItem: {
    id: Generated<number>
    deviceClass: string
    key: string
    itemJson: string
    active: number
    changedBy: string
    changedAtMs: number
  }
  ipSubnet: {
    id: Generated<number>
    /** Network address and prefix length: 10.1.20.0/24 */
    cidr: string
    name: string
    vlan: number | null
    gateway: string | null
    purpose: string
    note: string
    revision: number
    changedBy: string
    changedAtMs: number
    removedAtMs: number | null
  }
  ipAddress: {
    id: Generated<number>
    subnetId: number
    address: string
    /** used, reserved, free again */
    state: string
    hostname: string
    mac: string
    department: string
    custodian: string
    assetId: number | null
    note: string
    revision: number
    changedBy: string
    changedAtMs: number
  }
  /** Addresses that agents' devices are reached at, as they report them. */
  ipSeen: { address: string; source: string; name: string; mac: string; lastSeenMs: number }
  switchPort: {
    id: Generated<number>
    /** The switch: an asset record, or a name alone. */
    assetId: number | null
    switchName: string
    port: string
    label: string
    vlan: string
    state: string
    /** Other end: an asset, a patch panel, an outlet. */
    peer: string
    peerPort: string
    cable: string
    roomId: number | null
    note: string
    revision: number
    changedBy: string
    changedAtMs: number
    removedAtMs: number | null
  }
}
