import type { IncidentRecord } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { mayRead } from '@roomkeeper/shared/registers'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'

/** What people found, and the record in which they wrote it down. */
export interface Finding {
  reason: 'inspection'
  roomId: number | null
  deviceId: number | null
  noticedAtMs: number
  /** What was seen, in their words; the beginning of the form's note. */
  note: string
  record: { id: number; number: string }
}

/**
 * Opens an incident without an alarm, or joins the one that is open for the same device: one incident per cause. In the record's
 * transaction, which holds the lock of the audit chain already.
 */
export async function incidentOfRecord(
  transaction: Db,
  finding: Finding,
  actor: string,
  nowMs: number,
): Promise<{ incidentId: number; opened: boolean }> {
  const { roomId, deviceId, noticedAtMs, note } = finding
  const known = deviceId === null ? undefined : await openIncidentOf(transaction, deviceId)
  const incidentId = known ?? (await open(transaction, { roomId, deviceId, noticedAtMs, note }))
  const { id: recordId, number } = finding.record
  await appendAudit(
    transaction,
    {
      actor,
      action: known === undefined ? 'incident.open' : 'incident.join',
      entity: `incident:${incidentId}`,
      after: { reason: finding.reason, recordId, number, note },
    },
    nowMs,
  )
  return { incidentId, opened: known === undefined }
}

/** The oldest open incident of the device itself or of one of its alarms. */
async function openIncidentOf(transaction: Db, deviceId: number): Promise<number | undefined> {
  const found = await transaction
    .selectFrom('incident')
    .leftJoin('incidentAlarm', 'incidentAlarm.incidentId', 'incident.id')
    .leftJoin('alarm', 'alarm.id', 'incidentAlarm.alarmId')
    .select('incident.id')
    .where('incident.state', '=', 'open')
    .where((where) => where.or([where('incident.deviceId', '=', deviceId), where('alarm.deviceId', '=', deviceId)]))
    .orderBy('incident.openedAtMs')
    .orderBy('incident.id')
    .limit(1)
    .executeTakeFirst()
  return found?.id
}

async function open(transaction: Db, finding: Pick<Finding, 'roomId' | 'deviceId' | 'noticedAtMs' | 'note'>): Promise<number> {
  const { roomId, deviceId, noticedAtMs, note } = finding
  const { id } = await transaction
    .insertInto('incident')
    .values({
      state: 'open',
      roomId,
      deviceId,
      openedAtMs: noticedAtMs,
      fieldsJson: JSON.stringify({ noticedAtMs, note }),
      curvesJson: '[]',
      revision: 0,
      draftBy: null,
      draftAtMs: null,
      submittedBy: null,
      submittedAtMs: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The records that are linked to an incident, of registers that the roles may read; oldest first. */
export async function recordsOfIncident(db: Db, incidentId: number, roles: readonly Role[]): Promise<IncidentRecord[]> {
  const rows = await db
    .selectFrom('registerLink')
    .innerJoin('registerRecord', 'registerRecord.id', 'registerLink.recordId')
    .select(['registerLink.kind', 'registerRecord.id as recordId', 'registerRecord.register', 'registerRecord.number'])
    .select(['registerRecord.title', 'registerRecord.state'])
    .where('registerLink.target', '=', 'incident')
    .where('registerLink.targetId', '=', incidentId)
    .orderBy('registerLink.id')
    .execute()
  const readable = new Set(DEFINITIONS.filter((definition) => mayRead(definition, roles)).map(({ name }) => name))
  return rows.filter(({ register }) => readable.has(register))
}
