import type { Alarm } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import { sql } from 'kysely'
import type { Db } from '../database/schema.ts'
import { isWithoutPaper } from '../paper/paper-words.ts'
import { recordName, recordPath, reportName, reportSchedulePath, scheduleName, schedulePath } from '../schedules/subjects.ts'

function ofCombination(column: 'name' | 'kind' | 'unit') {
  return sql`(select "version".${sql.ref(column)} from "combinationVersion" as "version" join "combination" on "combination"."id" = "version"."combinationId" and "combination"."version" = "version"."version" where "alarm"."source" = 'combination' and "combination"."id" = "alarm"."sourceId")`
}

/** What an alarm is about, or covered by, outside of rooms and devices. Subselects, because inferring the types of three more joins takes lint minutes. */
const NAMED_BESIDE = [
  // What is judged over several points is shown like a point of its own.
  sql<string | null>`coalesce("point"."name", ${ofCombination('name')})`.as('pointName'),
  sql<string | null>`coalesce("point"."nameEn", ${ofCombination('name')})`.as('pointNameEn'),
  sql<string | null>`coalesce("point"."kind", ${ofCombination('kind')})`.as('pointKind'),
  sql<string | null>`coalesce("point"."unit", ${ofCombination('unit')})`.as('unit'),
  sql<string | null>`(select "register" from "registerRecord" where "id" = "alarm"."recordId")`.as('paperRegister'),
  sql<string | null>`(select "number" from "registerRecord" where "id" = "alarm"."recordId")`.as('paperNumber'),
  sql<string | null>`(select "register" from "schedule" where "alarm"."source" = 'schedule' and "id" = "alarm"."sourceId")`.as(
    'scheduleRegister',
  ),
  sql<string | null>`(select "title" from "schedule" where "alarm"."source" = 'schedule' and "id" = "alarm"."sourceId")`.as(
    'scheduleTitle',
  ),
  sql<string | null>`(select "register" from "registerRecord" where "alarm"."source" = 'record' and "id" = "alarm"."sourceId")`.as(
    'subjectRegister',
  ),
  sql<string | null>`(select "number" from "registerRecord" where "alarm"."source" = 'record' and "id" = "alarm"."sourceId")`.as(
    'subjectNumber',
  ),
  sql<string | null>`(select "title" from "registerRecord" where "alarm"."source" = 'record' and "id" = "alarm"."sourceId")`.as(
    'subjectTitle',
  ),
  sql<string | null>`(select "kind" from "reportSchedule" where "alarm"."source" = 'report' and "id" = "alarm"."sourceId")`.as(
    'reportKind',
  ),
  sql<
    string | null
  >`(select "ofReport"."name" from "room" as "ofReport" join "reportSchedule" as "report" on "report"."roomId" = "ofReport"."id" where "alarm"."source" = 'report' and "report"."id" = "alarm"."sourceId")`.as(
    'reportRoom',
  ),
] as const

/** Alarms with the names of what they are about, as the contract shows them. Add `where` and `orderBy`, then map with `toAlarm`. */
export function alarmRows(db: Db) {
  return db
    .selectFrom('alarm')
    .leftJoin('room', 'room.id', 'alarm.roomId')
    .leftJoin('device', 'device.id', 'alarm.deviceId')
    .leftJoin('point', 'point.id', 'alarm.pointId')
    .selectAll('alarm')
    .select(NAMED_BESIDE)
    .select(['room.name as roomName', 'device.name as deviceName', 'device.nameEn as deviceNameEn'])
}

type AlarmRow = Awaited<ReturnType<ReturnType<typeof alarmRows>['execute']>>[number]

function paperOf({ recordId, paperRegister, paperNumber }: AlarmRow): Alarm['paper'] {
  if (recordId === null || paperRegister === null || paperNumber === null) return null
  return { recordId, register: paperRegister, number: paperNumber }
}

function subjectOf({
  sourceId,
  scheduleRegister,
  scheduleTitle,
  subjectRegister,
  subjectNumber,
  subjectTitle,
  reportKind,
  reportRoom,
}: AlarmRow): Alarm['subject'] {
  if (reportKind !== null) return { ...reportName({ kind: reportKind, roomName: reportRoom }), path: reportSchedulePath(sourceId) }
  if (scheduleRegister !== null && scheduleTitle !== null)
    return { ...scheduleName({ register: scheduleRegister, title: scheduleTitle }), path: schedulePath(sourceId) }
  if (subjectRegister === null || subjectNumber === null) return null
  const named = { register: subjectRegister, number: subjectNumber, title: subjectTitle ?? '' }
  return { ...recordName(named), path: recordPath(subjectRegister, sourceId) }
}

export function toAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    source: row.source as Alarm['source'],
    sourceId: row.sourceId,
    condition: row.condition as Alarm['condition'],
    priority: row.priority as Alarm['priority'],
    state: row.state as Alarm['state'],
    roomId: row.roomId,
    roomName: row.roomName,
    deviceId: row.deviceId,
    deviceName: row.deviceName,
    deviceNameEn: row.deviceNameEn,
    pointId: row.pointId,
    pointName: row.pointName,
    pointNameEn: row.pointNameEn,
    pointKind: row.pointKind,
    unit: row.unit,
    value: JSON.parse(row.valueJson) as ReadingValue,
    limit: JSON.parse(row.limitJson) as ReadingValue,
    raisedAtMs: row.raisedAtMs,
    recordedAtMs: row.recordedAtMs,
    clearedAtMs: row.clearedAtMs,
    acknowledgedAtMs: row.acknowledgedAtMs,
    acknowledgedBy: row.acknowledgedBy,
    note: row.note,
    late: row.late !== 0,
    incidentId: row.incidentId,
    active: row.active === 1,
    latching: row.latching === 1,
    drill: row.drill === 1,
    hold: null,
    cause: null,
    paper: paperOf(row),
    withoutPaper: isWithoutPaper(row),
    stale: false,
    valueUnknown: null,
    suppresses: null,
    subject: subjectOf(row),
  }
}
