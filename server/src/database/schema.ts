import type { Generated, Kysely } from 'kysely'
import type { FloorPlanTables } from './floor-plan-schema.ts'
import type { LifeTables } from './life-schema.ts'
import type { LimitTables } from './limit-schema.ts'
import type { NotifyTables } from './notify-schema.ts'
import type { ProofTables } from './proof-schema.ts'
import type { RegisterTables } from './register-schema.ts'
import type { ReportTables } from './report-schema.ts'
import type { ThermalTables } from './thermal-schema.ts'

/**
 * Tables as Kysely sees them. Times are UTC epoch milliseconds; flags are 0/1; `*Json` columns hold JSON text, so that SQLite and
 * PostgreSQL keep the same bytes (the audit chain hashes them).
 */
export interface Database
  extends FloorPlanTables,
    NotifyTables,
    LifeTables,
    LimitTables,
    ProofTables,
    RegisterTables,
    ReportTables,
    ThermalTables {
  setting: { name: string; valueJson: string }
  room: {
    id: Generated<number>
    site: string
    name: string
    class: string
    createdAtMs: number
    /** What the printed QR code at its door says besides its id. */
    code: Generated<string>
  }
  edgeNode: {
    id: Generated<number>
    site: string
    node: string
    version: string | null
    lastSeenMs: number | null
    online: number
  }
  /** How far a node's log is stored and judged. One row per log epoch. */
  logPosition: { nodeId: number; epoch: string; committedOffset: number; updatedAtMs: number }
  device: {
    id: Generated<number>
    nodeId: number
    /** Sparkplug device id. */
    device: string
    name: string
    /** As the agent gives it; empty = none, `name` counts in every language. */
    nameEn: string
    /** 1 once a person named it; births then leave the names alone. */
    nameByPerson: number
    maker: string
    model: string
    roomId: number
    online: number
    bornAtMs: number
    /** null: new, until a person confirms its name and room. */
    commissionedAtMs: number | null
    commissionedBy: string | null
    /** Counts what people change: names, room, settings. */
    revision: Generated<number>
    changedBy: string | null
    changedAtMs: number | null
    /** Gone for good: hidden until it is born again. */
    retiredAtMs: number | null
    retiredBy: string | null
    retiredReason: string | null
    /** The settings its last birth said that the agent has; null: its agent knows no settings. */
    heldSettingsJson: string | null
    /** Scan interval of its last birth without one that people set: agent.yaml's. */
    ownIntervalMs: number | null
  }
  /** What people set for a device, versioned; the highest version counts. */
  deviceSettings: {
    id: Generated<number>
    deviceId: number
    version: number
    /** The whole object, as the agent gets it. */
    settingsJson: string
    /** interval, calibration, calibration-removed or found (the agent had it already). */
    change: string
    /** The point that was calibrated. */
    pointKey: string | null
    /** The reference instrument that it was compared with. */
    reference: string
    reason: string
    author: string
    atMs: number
  }
  point: {
    id: Generated<number>
    deviceId: number
    key: string
    name: string
    nameEn: string
    nameByPerson: number
    kind: string
    unit: string
    intervalMs: number
    low: number | null
    high: number | null
    /** What the line is built for (120 V, 60 Hz), where the device says so. */
    nominal: number | null
    /** 1: an output that the server may switch. */
    isWritable: Generated<number>
  }
  /** The fold of a point's limits up to the committed offset; written in the commit's own transaction. */
  judgeState: { pointId: number; stateJson: string }
  alarm: {
    id: Generated<number>
    source: string
    sourceId: number
    condition: string
    priority: string
    state: string
    roomId: number | null
    deviceId: number | null
    pointId: number | null
    valueJson: string
    limitJson: string
    raisedAtMs: number
    recordedAtMs: number
    /** Event time of the last raise or clear: an earlier one is a repetition. */
    lastEventAtMs: number
    clearedAtMs: number | null
    acknowledgedAtMs: number | null
    acknowledgedBy: string | null
    note: string | null
    late: number
    incidentId: number | null
    /** 1 while the condition holds, whatever the state: UNACK and ACKED are active, RTNUN and NORM are not, a silent state is either. */
    active: number
    /** 1: a person has to reset it after it has cleared. */
    latching: Generated<number>
    /** 1: raised by a drill. */
    drill: Generated<number>
    /** The hold that keeps it silent (SHLVD, OOSRV). */
    holdId: number | null
    /** The maintenance window that keeps it silent (OOSRV). */
    windowId: number | null
    /** The alarm of which it is a consequence (DSUPR). */
    causeId: number | null
    /** The record (visit, change, work order) that is its paper (DSUPR). */
    recordId: Generated<number | null>
  }
  alarmTransition: {
    id: Generated<number>
    alarmId: number
    fromState: string
    toState: string
    event: string
    atMs: number
    recordedAtMs: number
    person: string | null
    note: string | null
    valueJson: string
  }
  incident: {
    id: Generated<number>
    state: string
    roomId: number | null
    deviceId: number | null
    openedAtMs: number
    fieldsJson: string
    curvesJson: string
    revision: number
    draftBy: string | null
    draftAtMs: number | null
    submittedBy: string | null
    submittedAtMs: number | null
    assigneeId: number | null
    assignedBy: string | null
    assignedAtMs: number | null
    closedBy: string | null
    closedAtMs: number | null
  }
  /** What happened to an incident's form: assign, submit, return, close. */
  incidentStep: {
    id: Generated<number>
    incidentId: number
    kind: string
    by: string
    atMs: number
    text: string
    /** The fields as they were signed (submit); null for the other kinds. */
    fieldsJson: string | null
  }
  /** Photos of incidents; one that is struck out stays. */
  incidentPhoto: {
    id: Generated<number>
    incidentId: number
    name: string
    type: string
    size: number
    sha256: string
    data: Uint8Array
    by: string
    atMs: number
    removedAtMs: number | null
    removedBy: string | null
    removedReason: string | null
  }
  /** Every alarm an incident has had. `alarm.incidentId` is only the latest one: an alarm that comes back after its incident was submitted gets a new incident. */
  incidentAlarm: { incidentId: number; alarmId: number; reason: string; attachedAtMs: number }
  account: {
    id: Generated<number>
    username: string
    name: string
    passwordHash: string
    rolesJson: string
    onDuty: number
    disabled: number
    mustChangePassword: number
    lastSignInMs: number | null
    createdAtMs: number
  }
  session: { tokenHash: string; accountId: number; createdAtMs: number; lastSeenMs: number }
  apiToken: {
    id: Generated<number>
    name: string
    tokenHash: string
    rolesJson: string
    createdAtMs: number
    createdBy: string
    lastUsedMs: number | null
    revoked: number
  }
  agentCredential: {
    username: string
    nodeId: number
    passwordHash: string
    createdAtMs: number
    revoked: number
  }
  /** Single-use codes by which new agents come in. */
  pairing: {
    id: Generated<number>
    site: string
    node: string
    /** Room proposed for the agent's devices. */
    room: string | null
    codeHash: string
    state: 'open' | 'used' | 'cancelled' | 'expired'
    createdBy: string
    createdAtMs: number
    expiresAtMs: number
    endedAtMs: number | null
    /** Address the agent came from. */
    usedFrom: string | null
  }
  quarantine: {
    id: Generated<number>
    path: string
    epoch: string
    offset: number
    timeMs: number | null
    valueJson: string
    reason: string
    atMs: number
  }
  audit: {
    seq: number
    atMs: number
    actor: string
    action: string
    entity: string
    beforeJson: string
    afterJson: string
    previousHash: string
    hash: string
  }
}

export type Db = Kysely<Database>
