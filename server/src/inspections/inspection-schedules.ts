import type { InspectionSchedule } from '@roomkeeper/shared/http'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { dueAtMs, OUTER_LIMIT_DAYS } from '../schedules/schedule-due.ts'

/** Gives a room its inspection schedule, in the transaction that made the room. A room that has one keeps it. */
export async function createScheduleForRoom(transaction: Db, roomId: number, actor: string, nowMs: number): Promise<void> {
  const created = await transaction
    .insertInto('inspectionSchedule')
    .values({ roomId, everyDays: OUTER_LIMIT_DAYS, startsAtMs: nowMs, lastDoneAtMs: null, countsFromMs: null })
    .onConflict((conflict) => conflict.column('roomId').doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!created) return
  await appendAudit(
    transaction,
    {
      actor,
      action: 'inspection-schedule.create',
      entity: `inspection-schedule:${created.id}`,
      after: { roomId, everyDays: OUTER_LIMIT_DAYS },
    },
    nowMs,
  )
}

/** All schedules, the one due first on top; equal ones by room name. */
export async function loadSchedules(db: Db, nowMs: number, scheduleId?: number): Promise<InspectionSchedule[]> {
  let query = db
    .selectFrom('inspectionSchedule')
    .innerJoin('room', 'room.id', 'inspectionSchedule.roomId')
    .leftJoin('inspection', (join) =>
      join.onRef('inspection.scheduleId', '=', 'inspectionSchedule.id').on('inspection.state', '=', 'draft'),
    )
    .selectAll('inspectionSchedule')
    .select(['room.name as roomName', 'inspection.id as draftId'])
  if (scheduleId !== undefined) query = query.where('inspectionSchedule.id', '=', scheduleId)
  const rows = await query.execute()
  return rows
    .map((row) => {
      const dueMs = dueAtMs(row)
      return {
        id: row.id,
        roomId: row.roomId,
        roomName: row.roomName,
        everyDays: row.everyDays,
        lastDoneAtMs: row.lastDoneAtMs,
        dueAtMs: dueMs,
        overdue: nowMs >= dueMs,
        draftId: row.draftId,
      }
    })
    .sort((a, b) => a.dueAtMs - b.dueAtMs || a.roomName.localeCompare(b.roomName, 'zh') || a.id - b.id)
}
