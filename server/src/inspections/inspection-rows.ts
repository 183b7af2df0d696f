import type { Inspection, InspectionFields } from '@roomkeeper/shared/http'
import type { Db } from '../database/schema.ts'

export function inspectionRows(db: Db) {
  return db
    .selectFrom('inspection')
    .innerJoin('room', 'room.id', 'inspection.roomId')
    .selectAll('inspection')
    .select('room.name as roomName')
}

type InspectionRow = Awaited<ReturnType<ReturnType<typeof inspectionRows>['execute']>>[number]

export function toInspection(row: InspectionRow): Inspection {
  return {
    id: row.id,
    scheduleId: row.scheduleId,
    roomId: row.roomId,
    roomName: row.roomName,
    state: row.state as Inspection['state'],
    fields: JSON.parse(row.fieldsJson) as InspectionFields,
    revision: row.revision,
    measured: JSON.parse(row.measuredJson) as Inspection['measured'],
    startedBy: row.startedBy,
    startedAtMs: row.startedAtMs,
    submittedBy: row.submittedBy,
    submittedAtMs: row.submittedAtMs,
  }
}
