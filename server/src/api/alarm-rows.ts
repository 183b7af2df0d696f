import type { Alarm } from '@roomkeeper/shared/http'
import type { ReadingValue } from '@roomkeeper/shared/model'
import type { Db } from '../database/schema.ts'

/** Alarms with the names of what they are about, as the contract shows them. Add `where` and `orderBy`, then map with `toAlarm`. */
export function alarmRows(db: Db) {
  return db
    .selectFrom('alarm')
    .leftJoin('room', 'room.id', 'alarm.roomId')
    .leftJoin('device', 'device.id', 'alarm.deviceId')
    .leftJoin('point', 'point.id', 'alarm.pointId')
    .selectAll('alarm')
    .select([
      'room.name as roomName',
      'device.name as deviceName',
      'device.nameEn as deviceNameEn',
      'point.name as pointName',
      'point.nameEn as pointNameEn',
      'point.kind as pointKind',
      'point.unit as unit',
    ])
}

type AlarmRow = Awaited<ReturnType<ReturnType<typeof alarmRows>['execute']>>[number]

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
    valueUnknown: null,
    suppresses: null,
  }
}
