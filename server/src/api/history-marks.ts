import type { HistoryMark, IncidentFields } from '@roomkeeper/shared/http'
import { type AlarmCondition, isPointKind, POINT_KINDS } from '@roomkeeper/shared/model'
import type { ChangeSheet, VisitSheet } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { loadIncidentTimes } from '../incidents/incident-times.ts'
import { CONDITION_WORDS } from '../notify/render/words.ts'
import type { PointHandle } from '../readings/scan.ts'
import { change } from '../registers/definitions/change.ts'
import { visit } from '../registers/definitions/visit.ts'
import { alarmRows, toAlarm } from './alarm-rows.ts'
import { api } from './base.ts'
import { checkRange, parsePointIds } from './history-query.ts'

export interface HistoryMarksDeps {
  db: Db
  directory: { points: ReadonlyMap<number, PointHandle & { device: { room: { id: number } } }> }
}

/** More would hide the curve behind them; the newest are kept. */
const MARKS_MAX = 500
/** One more than is shown: so it is known that there are more. */
const READ_MAX = MARKS_MAX + 1

interface Asked {
  db: Db
  roomIds: readonly number[]
  fromMs: number
  toMs: number
}

/** What happened in the rooms of some points while these readings were taken. */
export function createHistoryMarksHandlers({ db, directory }: HistoryMarksDeps) {
  return {
    marks: api.history.marks.handler(async ({ input, errors }) => {
      const problem = checkRange(input)
      if (problem) throw errors.INVALID(problem)
      const { points, problem: unknown } = parsePointIds(input.pointIds, directory.points)
      if (unknown) throw errors.INVALID(unknown)
      const roomIds = [...new Set(points.map(({ device }) => device.room.id))]
      const asked: Asked = { db, roomIds, fromMs: input.fromMs, toMs: input.toMs }
      const kinds = await Promise.all([alarmMarks(asked), incidentMarks(asked), recordMarks(asked)])
      const marks = kinds
        .flatMap((kind) => kind.marks)
        .filter(({ fromMs, toMs }) => fromMs < asked.toMs && (toMs === null || toMs >= asked.fromMs))
        .sort((a, b) => b.fromMs - a.fromMs || b.id - a.id)
      return { marks: marks.slice(0, MARKS_MAX), more: marks.length > MARKS_MAX || kinds.some(({ isCut }) => isCut) }
    }),
  }
}

interface Found {
  marks: HistoryMark[]
  /** There were more than are read at once. */
  isCut: boolean
}

/** Drills are left out: nothing happened to the room. */
async function alarmMarks({ db, roomIds, fromMs, toMs }: Asked): Promise<Found> {
  const rows = await alarmRows(db)
    .where('alarm.drill', '=', 0)
    .where('alarm.roomId', 'in', roomIds)
    .where('alarm.raisedAtMs', '<', toMs)
    .where((where) => where.or([where('alarm.active', '=', 1), where('alarm.clearedAtMs', '>=', fromMs)]))
    .orderBy('alarm.raisedAtMs', 'desc')
    .limit(READ_MAX)
    .execute()
  const marks = rows.map((row): HistoryMark => {
    const alarm = toAlarm(row)
    return {
      kind: 'alarm',
      id: alarm.id,
      fromMs: alarm.raisedAtMs,
      // An alarm that came back keeps the time it last cleared; it lasts while its condition holds.
      toMs: row.active === 1 ? null : alarm.clearedAtMs,
      title: alarmTitle(alarm),
      priority: alarm.priority,
      roomId: alarm.roomId,
    }
  })
  return { marks, isCut: rows.length === READ_MAX }
}

function alarmTitle(alarm: ReturnType<typeof toAlarm>): HistoryMark['title'] {
  const kind = alarm.pointKind !== null && isPointKind(alarm.pointKind) ? POINT_KINDS[alarm.pointKind] : undefined
  const words = CONDITION_WORDS[alarm.condition as AlarmCondition]
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ')
  return {
    zh: joined(alarm.roomName, alarm.deviceName, alarm.pointName || kind?.zh, words.zh),
    en: joined(alarm.roomName, alarm.deviceNameEn || alarm.deviceName, alarm.pointNameEn || alarm.pointName || kind?.en, words.en),
  }
}

/** From the first alarm until the room had recovered; the paper is often closed days later. */
async function incidentMarks({ db, roomIds, fromMs, toMs }: Asked): Promise<Found> {
  const rows = await db
    .selectFrom('incident')
    .select(['id', 'roomId', 'openedAtMs', 'closedAtMs', 'fieldsJson'])
    .where('roomId', 'in', roomIds)
    .where('openedAtMs', '<', toMs)
    .where((where) => where.or([where('closedAtMs', 'is', null), where('closedAtMs', '>=', fromMs)]))
    .orderBy('openedAtMs', 'desc')
    .limit(READ_MAX)
    .execute()
  const times = await loadIncidentTimes(db, { ids: rows.map(({ id }) => id) })
  const marks = rows.map(({ id, roomId, openedAtMs, closedAtMs, fieldsJson }): HistoryMark => {
    const { recoveredAtMs } = JSON.parse(fieldsJson) as IncidentFields
    const endMs = recoveredAtMs ?? times.get(id)?.clearedAtMs ?? closedAtMs
    return {
      kind: 'incident',
      id,
      fromMs: openedAtMs,
      toMs: endMs === null ? null : Math.max(openedAtMs, endMs),
      title: { zh: `事件 #${id}`, en: `Incident #${id}` },
      priority: null,
      roomId,
    }
  })
  return { marks, isCut: rows.length === READ_MAX }
}

const REGISTERS = { visit, change }

/** Visits from check-in to check-out, changes while the work was done. Named by number and register only: what is written in them may be private. */
async function recordMarks({ db, roomIds, fromMs, toMs }: Asked): Promise<Found> {
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'register', 'number', 'roomId', 'sheetJson'])
    .where('register', 'in', Object.keys(REGISTERS))
    .where('roomId', 'in', roomIds)
    .where('createdAtMs', '<', toMs)
    // No step of a record is later than its last change, so one that ended before the range is not read.
    .where((where) => where.or([where('phase', '<>', 'done'), where('changedAtMs', '>=', fromMs)]))
    .orderBy('id', 'desc')
    .limit(READ_MAX)
    .execute()
  const marks = rows.flatMap(({ id, register, number, roomId, sheetJson }): HistoryMark[] => {
    const isVisit = register === 'visit'
    const sheet = JSON.parse(sheetJson) as VisitSheet & ChangeSheet
    const beganMs = isVisit ? sheet.inAtMs : sheet.startedAtMs
    // Applied for or approved only: nobody has been in, nothing has been changed.
    if (beganMs === undefined) return []
    const { title } = REGISTERS[isVisit ? 'visit' : 'change']
    return [
      {
        kind: isVisit ? 'visit' : 'change',
        id,
        register,
        recordId: id,
        fromMs: beganMs,
        toMs: (isVisit ? sheet.outAtMs : sheet.endedAtMs) ?? null,
        title: { zh: `${title.zh} ${number}`, en: `${title.en} ${number}` },
        priority: null,
        roomId,
      },
    ]
  })
  return { marks, isCut: rows.length === READ_MAX }
}
