import type { Alarm, Incident, IncidentFields } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import { alarmRows, toAlarm } from '../api/alarm-rows.ts'
import { severityOf } from '../api/point-rows.ts'
import type { Db } from '../database/schema.ts'

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
    .selectAll('incident')
    .select(['room.name as roomName', 'device.name as deviceName', 'device.nameEn as deviceNameEn'])
}

type IncidentRow = Awaited<ReturnType<ReturnType<typeof incidentRows>['execute']>>[number]

/** Rows as the contract shows them, each with its alarms in the order they were raised. */
export async function toIncidents(db: Db, rows: readonly IncidentRow[]): Promise<Incident[]> {
  const alarms = await alarmsOfIncidents(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => {
    const own = alarms.get(row.id) ?? []
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
      fields: JSON.parse(row.fieldsJson) as IncidentFields,
      revision: row.revision,
      draftBy: row.draftBy,
      draftAtMs: row.draftAtMs,
      submittedBy: row.submittedBy,
      submittedAtMs: row.submittedAtMs,
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
