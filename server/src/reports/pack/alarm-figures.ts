import type { IncidentFields } from '@roomkeeper/shared/http'
import { ALARM_PRIORITIES, type AlarmPriority } from '@roomkeeper/shared/model'
import type { Db } from '../../database/schema.ts'
import { incidentSpans, loadIncidentTimes } from '../../incidents/incident-times.ts'
import type { Period } from './period.ts'

export interface PriorityFigures {
  priority: AlarmPriority
  raised: number
  acknowledged: number
  /** Mean time to acknowledge, and until cleared, ms; null: none was. */
  mttaMs: number | null
  mttrMs: number | null
}

const PAGE = 2000

/** Alarms raised in the period, by priority; drills are left out. An alarm that came back counts each time. */
export async function loadAlarmFigures(db: Db, { fromMs, toMs }: Period, roomId: number | null): Promise<PriorityFigures[]> {
  const fold = new Map(ALARM_PRIORITIES.map((priority) => [priority, { raised: 0, ackMs: [] as number[], clearMs: [] as number[] }]))
  const open = new Map<number, { raisedAtMs: number; acknowledged: boolean; cleared: boolean }>()
  for (let afterId = 0; ; ) {
    let query = db
      .selectFrom('alarmTransition')
      .innerJoin('alarm', 'alarm.id', 'alarmTransition.alarmId')
      .select(['alarmTransition.id', 'alarmTransition.alarmId', 'alarmTransition.event', 'alarmTransition.atMs', 'alarm.priority'])
      .where('alarmTransition.id', '>', afterId)
      .where('alarmTransition.atMs', '>=', fromMs)
      .where('alarmTransition.atMs', '<', toMs)
      .where('alarmTransition.event', 'in', ['raise', 'acknowledge', 'clear'])
      .where('alarm.drill', '=', 0)
    if (roomId !== null) query = query.where('alarm.roomId', '=', roomId)
    const rows = await query.orderBy('alarmTransition.id').limit(PAGE).execute()
    for (const { id, alarmId, event, atMs, priority } of rows) {
      afterId = id
      const own = fold.get(priority as AlarmPriority)
      if (!own) continue
      const spell = open.get(alarmId)
      if (event === 'raise') {
        own.raised++
        open.set(alarmId, { raisedAtMs: atMs, acknowledged: false, cleared: false })
      } else if (spell && event === 'acknowledge' && !spell.acknowledged) {
        spell.acknowledged = true
        own.ackMs.push(Math.max(0, atMs - spell.raisedAtMs))
      } else if (spell && event === 'clear' && !spell.cleared) {
        spell.cleared = true
        own.clearMs.push(Math.max(0, atMs - spell.raisedAtMs))
      }
    }
    if (rows.length < PAGE) break
  }
  return [...fold]
    .map(([priority, { raised, ackMs, clearMs }]) => ({
      priority,
      raised,
      acknowledged: ackMs.length,
      mttaMs: meanOf(ackMs),
      mttrMs: meanOf(clearMs),
    }))
    .reverse()
}

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
