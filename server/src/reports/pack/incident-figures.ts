import type { IncidentFields } from '@roomkeeper/shared/http'
import type { Db } from '../../database/schema.ts'
import { incidentSpans, loadIncidentTimes } from '../../incidents/incident-times.ts'
import type { Period } from './period.ts'

export interface IncidentLine {
  id: number
  roomName: string
  deviceName: string
  state: string
  openedAtMs: number
  acknowledgedMs: number | null
  recoveredMs: number | null
  submittedBy: string | null
  closedBy: string | null
  cause: string
  measures: string
}

export interface IncidentFigures {
  incidents: IncidentLine[]
  mttaMs: number | null
  mttrMs: number | null
}

/** Incidents opened in the period, oldest first, with how long they took. */
export async function loadIncidents(db: Db, { fromMs, toMs }: Period, roomId: number | null): Promise<IncidentFigures> {
  const incidents: IncidentLine[] = []
  for (let afterId = 0; ; ) {
    let query = db
      .selectFrom('incident')
      .leftJoin('room', 'room.id', 'incident.roomId')
      .leftJoin('device', 'device.id', 'incident.deviceId')
      .select(['incident.id', 'incident.state', 'openedAtMs', 'incident.fieldsJson', 'submittedBy', 'closedBy'])
      .select(['room.name as roomName', 'device.name as deviceName'])
      .where('incident.id', '>', afterId)
      .where('openedAtMs', '>=', fromMs)
      .where('openedAtMs', '<', toMs)
    if (roomId !== null) query = query.where('incident.roomId', '=', roomId)
    const rows = await query.orderBy('incident.id').limit(200).execute()
    const times = await loadIncidentTimes(db, { ids: rows.map(({ id }) => id) })
    for (const { fieldsJson, roomName, deviceName, ...row } of rows) {
      afterId = row.id
      const fields = JSON.parse(fieldsJson) as IncidentFields
      const measured = times.get(row.id)
      const spans = measured ? incidentSpans(measured, fields) : { acknowledgedMs: null, recoveredMs: null }
      incidents.push({
        ...row,
        ...spans,
        roomName: roomName ?? '',
        deviceName: deviceName ?? '',
        cause: fields.cause ?? '',
        measures: fields.measures ?? '',
      })
    }
    if (rows.length < 200) break
  }
  const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null)
  return {
    incidents,
    mttaMs: meanOf(known(incidents.map(({ acknowledgedMs }) => acknowledgedMs))),
    mttrMs: meanOf(known(incidents.map(({ recoveredMs }) => recoveredMs))),
  }
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
