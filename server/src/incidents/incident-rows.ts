import type { Alarm, Incident, IncidentFields, IncidentStep, Photo } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import type { Selectable } from 'kysely'
import { alarmRows, toAlarm } from '../api/alarm-rows.ts'
import { severityOf } from '../api/point-rows.ts'
import type { Database, Db } from '../database/schema.ts'
import { incidentSpans, loadIncidentTimes } from './incident-times.ts'

/** The curve of one point around an incident, as it is kept in `incident.curvesJson`. */
export interface IncidentCurve {
  pointId: number
  pointName: string
  pointNameEn: string
  pointKind: string
  unit: string
  limit: ReadingValue
  points: [timeMs: number, value: number][]
  /** When it was read from the store. */
  readAtMs: number
}

export function incidentRows(db: Db) {
  return db
    .selectFrom('incident')
    .leftJoin('room', 'room.id', 'incident.roomId')
    .leftJoin('device', 'device.id', 'incident.deviceId')
    .leftJoin('account', 'account.id', 'incident.assigneeId')
    .selectAll('incident')
    .select(['room.name as roomName', 'device.name as deviceName', 'device.nameEn as deviceNameEn', 'account.name as assigneeName'])
}

type IncidentRow = Awaited<ReturnType<ReturnType<typeof incidentRows>['execute']>>[number]

export async function findIncident(db: Db, incidentId: number): Promise<Incident | undefined> {
  const row = await incidentRows(db).where('incident.id', '=', incidentId).executeTakeFirst()
  return row ? (await toIncidents(db, [row]))[0] : undefined
}

/** Rows as the contract shows them, each with its alarms in the order they were raised. */
export async function toIncidents(db: Db, rows: readonly IncidentRow[]): Promise<Incident[]> {
  const ids = rows.map((row) => row.id)
  const alarms = await alarmsOfIncidents(db, ids)
  const steps = await stepsOf(db, ids)
  const photos = await photosOf(db, ids)
  const times = await loadIncidentTimes(db, { ids })
  return rows.map((row) => {
    const own = alarms.get(row.id) ?? []
    const fields = JSON.parse(row.fieldsJson) as IncidentFields
    const measured = times.get(row.id)
    const spans = measured ? incidentSpans(measured, fields) : { acknowledgedMs: null, recoveredMs: null }
    const { assigneeId, assigneeName, assignedBy, assignedAtMs } = row
    const priority = own.reduce<Alarm['priority']>((worst, { priority: one }) => (severityOf(one) > severityOf(worst) ? one : worst), 'low')
    return {
      id: row.id,
      state: row.state as Incident['state'],
      roomId: row.roomId,
      roomName: row.roomName,
      deviceId: row.deviceId,
      deviceName: row.deviceName,
      deviceNameEn: row.deviceNameEn,
      openedAtMs: row.openedAtMs,
      priority,
      fields,
      revision: row.revision,
      draftBy: row.draftBy,
      draftAtMs: row.draftAtMs,
      submittedBy: row.submittedBy,
      submittedAtMs: row.submittedAtMs,
      assignee:
        assigneeId === null || assignedAtMs === null
          ? null
          : { accountId: assigneeId, name: assigneeName ?? '', by: assignedBy ?? '', atMs: assignedAtMs },
      closedBy: row.closedBy,
      closedAtMs: row.closedAtMs,
      steps: steps.get(row.id) ?? [],
      photos: photos.get(row.id) ?? [],
      ...spans,
      alarms: own,
    }
  })
}

async function alarmsOfIncidents(db: Db, incidentIds: readonly number[]): Promise<Map<number, Alarm[]>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await alarmRows(db)
    .innerJoin('incidentAlarm', 'incidentAlarm.alarmId', 'alarm.id')
    .select('incidentAlarm.incidentId as ofIncidentId')
    .where('incidentAlarm.incidentId', 'in', incidentIds)
    .orderBy('alarm.raisedAtMs')
    .orderBy('alarm.id')
    .execute()
  const alarms = new Map<number, Alarm[]>()
  for (const row of rows) {
    const list = alarms.get(row.ofIncidentId) ?? []
    list.push(toAlarm(row))
    alarms.set(row.ofIncidentId, list)
  }
  return alarms
}

async function stepsOf(db: Db, incidentIds: readonly number[]): Promise<Map<number, IncidentStep[]>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db.selectFrom('incidentStep').selectAll().where('incidentId', 'in', incidentIds).orderBy('id').execute()
  const steps = Map.groupBy(rows, (row) => row.incidentId)
  return new Map([...steps].map(([incidentId, own]) => [incidentId, own.map(toStep)]))
}

function toStep(row: { kind: string; by: string; atMs: number; text: string; fieldsJson: string | null }): IncidentStep {
  const { by, atMs, text, fieldsJson } = row
  const signed = fieldsJson === null ? null : (JSON.parse(fieldsJson) as IncidentFields)
  return { kind: row.kind as IncidentStep['kind'], by, atMs, text, signed }
}

/** Columns of a photo without its bytes. */
export const PHOTO_COLUMNS = [
  'id',
  'incidentId',
  'name',
  'type',
  'size',
  'by',
  'atMs',
  'removedAtMs',
  'removedBy',
  'removedReason',
] as const

async function photosOf(db: Db, incidentIds: readonly number[]): Promise<Map<number, Photo[]>> {
  if (incidentIds.length === 0) return new Map()
  const rows = await db.selectFrom('incidentPhoto').select(PHOTO_COLUMNS).where('incidentId', 'in', incidentIds).orderBy('id').execute()
  const photos = Map.groupBy(rows, (row) => row.incidentId)
  return new Map([...photos].map(([incidentId, own]) => [incidentId, own.map(toPhoto)]))
}

type PhotoRow = Pick<Selectable<Database['incidentPhoto']>, (typeof PHOTO_COLUMNS)[number]>

export function toPhoto({ id, name, type, size, by, atMs, removedAtMs, removedBy, removedReason }: PhotoRow): Photo {
  const removed = removedAtMs === null ? null : { by: removedBy ?? '', atMs: removedAtMs, reason: removedReason ?? '' }
  return { id, name, type, bytes: size, by, atMs, removed }
}
