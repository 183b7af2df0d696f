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
    .leftJoin('combination', (join) => join.onRef('combination.id', '=', 'alarm.sourceId').on('alarm.source', '=', 'combination'))
    .leftJoin('combinationVersion', (join) =>
      join.onRef('combinationVersion.combinationId', '=', 'combination.id').onRef('combinationVersion.version', '=', 'combination.version'),
    )
    .selectAll('alarm')
    .select(({ fn }) => [
      'room.name as roomName',
      'device.name as deviceName',
      'device.nameEn as deviceNameEn',
      // What is judged over several points is shown like a point of its own.
      fn.coalesce('point.name', 'combinationVersion.name').as('pointName'),
      fn.coalesce('point.nameEn', 'combinationVersion.name').as('pointNameEn'),
      fn.coalesce('point.kind', 'combinationVersion.kind').as('pointKind'),
      fn.coalesce('point.unit', 'combinationVersion.unit').as('unit'),
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
    active: row.active === 1,
    latching: row.latching === 1,
    drill: row.drill === 1,
    hold: null,
    cause: null,
    stale: false,
    valueUnknown: null,
    suppresses: null,
  }
}
