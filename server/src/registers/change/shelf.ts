import type { ChangeSheet, RecordFields, Reference, RegisterDefinition } from '@roomkeeper/shared/registers'
import { stateOf } from '@roomkeeper/shared/registers'
import { appendAudit } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { momentOf } from '../../paper/load-papers.ts'

/** What is known of a record that may take its device out of service. */
export interface ShelfRecord {
  id: number
  number: string
  title: string
  state: string
  stateSinceMs: number
  emergency: boolean
  fields: RecordFields
  sheet: ChangeSheet
  createdBy: string
  createdById: number | null
}

export interface Shelf {
  deviceId: number
  untilMs: number
}

const HOUR_MS = 3_600_000
/** Of an emergency whose state has no deadline: as long as a critical alarm may be shelved at once. */
const EMERGENCY_HOURS = 4

/**
 * What should be out of service now: the record's own device and nothing else, while it is approved or in work and its time runs. An
 * emergency has no plan: it lasts from its beginning to the deadline of its state.
 */
export function wantedShelf(definition: RegisterDefinition, record: ShelfRecord, nowMs: number): Shelf | null {
  const { shelves } = definition
  if (!shelves?.states.includes(record.state)) return null
  const device = record.fields[shelves.deviceField] as Partial<Reference> | null | undefined
  if (device?.id === undefined) return null
  const deadlineHours = stateOf(definition, record.state)?.deadline?.hours ?? EMERGENCY_HOURS
  const fromMs = record.emergency ? record.stateSinceMs : momentOf(record.fields[shelves.fromField])
  const untilMs = record.emergency ? record.stateSinceMs + deadlineHours * HOUR_MS : momentOf(record.fields[shelves.untilField])
  if (fromMs === null || untilMs === null || nowMs < fromMs || nowMs >= untilMs) return null
  return { deviceId: device.id, untilMs }
}

/**
 * Begins, moves or ends the hold by which its device is out of service; it is shown, and its end announced, like one that a person made.
 * A hold that a person ended stays ended. Returns the hold's id when it is a new one.
 */
export async function followShelf(db: Db, definition: RegisterDefinition, record: ShelfRecord, nowMs: number): Promise<number | undefined> {
  const wanted = wantedShelf(definition, record, nowMs)
  const { holdId } = record.sheet
  const hold = holdId === undefined ? undefined : await db.selectFrom('alarmHold').selectAll().where('id', '=', holdId).executeTakeFirst()
  if (hold?.endedAtMs === null) {
    if (wanted?.deviceId === hold.scopeId && wanted.untilMs === hold.untilMs) return undefined
    if (wanted?.deviceId === hold.scopeId) {
      await db.updateTable('alarmHold').set({ untilMs: wanted.untilMs, announcedAtMs: null }).where('id', '=', hold.id).execute()
      await audit(db, 'extend', hold.id, { untilMs: wanted.untilMs }, nowMs)
      return undefined
    }
    await db.updateTable('alarmHold').set({ endedAtMs: nowMs, endedBy: record.number }).where('id', '=', hold.id).execute()
    await audit(db, 'end', hold.id, { record: record.number }, nowMs)
  }
  if (!wanted) return undefined
  // A person ended it, or its time was over and nothing was extended: it is not theirs to see it come back.
  const wasEndedByPerson = hold && hold.endedAtMs !== null && hold.endedBy !== null && hold.endedBy !== record.number
  if (wasEndedByPerson || (hold?.endedBy === null && hold.endedAtMs !== null && hold.untilMs === wanted.untilMs)) return undefined
  const { id } = await db
    .insertInto('alarmHold')
    .values({
      ...{ kind: 'out-of-service', scope: 'device', scopeId: wanted.deviceId, source: null, sourceId: null, condition: null },
      ...{ fromMs: nowMs, untilMs: wanted.untilMs, reason: `${record.number} ${record.title}` },
      // Who asked for the change does the work, and hears that its time is nearly over.
      ...{ by: record.createdBy, accountId: record.createdById },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await audit(db, 'begin', id, { scope: 'device', scopeId: wanted.deviceId, untilMs: wanted.untilMs, record: record.number }, nowMs)
  return id
}

async function audit(db: Db, action: string, holdId: number, after: Record<string, unknown>, nowMs: number): Promise<void> {
  await appendAudit(db, { actor: 'system', action: `out-of-service.${action}`, entity: `hold:${holdId}`, after }, nowMs)
}
