import type { DueItem, Schedule } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { mayCreate, mayRead, type RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { dueAtMs } from './due-times.ts'
import { timesOf } from './schedule-rows.ts'
import { scheduleName } from './subjects.ts'
import { loadWorkingDays } from './working-days.ts'

export interface ScheduleQuery {
  nowMs: number
  timeZone: string
  scheduleId?: number
  register?: string
}

/** Schedules with what is due next; the one due first on top, equal ones by room. */
export async function loadSchedules(db: Db, { nowMs, timeZone, scheduleId, register }: ScheduleQuery): Promise<Schedule[]> {
  let query = db
    .selectFrom('schedule')
    .leftJoin('room', 'room.id', 'schedule.roomId')
    .selectAll('schedule')
    .select('room.name as roomName')
    // The latest draft, should there be several.
    .select((select) =>
      select
        .selectFrom('registerRecord')
        .select(({ fn }) => fn.max('registerRecord.id').as('id'))
        .whereRef('registerRecord.scheduleId', '=', 'schedule.id')
        .where('registerRecord.phase', '=', 'draft')
        .as('draftId'),
    )
  if (scheduleId !== undefined) query = query.where('schedule.id', '=', scheduleId)
  if (register !== undefined) query = query.where('schedule.register', '=', register)
  const rows = await query.execute()
  const days = await loadWorkingDays(db, timeZone)
  return rows
    .map((row): Schedule => {
      const times = timesOf(row)
      const dueMs = dueAtMs(times, days)
      const { id, roomId, roomName, title, remindHours, headAfterHours, lastDoneAtMs, revision, changedBy, pausedReason } = row
      return {
        id,
        register: row.register,
        roomId,
        roomName,
        title,
        cadence: times.cadence,
        outerDays: times.outerDays,
        avoidHolidays: times.avoidHolidays,
        remindHours,
        headAfterHours,
        personIds: JSON.parse(row.personIdsJson) as number[],
        lastDoneAtMs,
        dueAtMs: dueMs,
        overdue: pausedReason === null && nowMs >= dueMs,
        draftId: row.draftId,
        revision,
        changedBy,
        pausedReason,
        required: row.required === 1,
      }
    })
    .sort((a, b) => a.dueAtMs - b.dueAtMs || (a.roomName ?? '').localeCompare(b.roomName ?? '', 'zh') || a.id - b.id)
}

/** What schedules make due, for the list of everything that is due: what the roles may read, and is due within the reminder's time or overdue. */
export async function dueSchedules(
  { db, timeZone, definitions = DEFINITIONS }: { db: Db; timeZone: string; definitions?: readonly RegisterDefinition[] },
  { roles, accountId }: { roles: readonly Role[]; accountId: number | null },
  nowMs: number,
): Promise<DueItem[]> {
  const schedules = await loadSchedules(db, { nowMs, timeZone })
  return schedules.flatMap((schedule): DueItem[] => {
    const definition = definitions.find(({ name }) => name === schedule.register)
    const { id, register, roomId, roomName, draftId, overdue, personIds, pausedReason } = schedule
    if (!definition || pausedReason !== null || !mayRead(definition, roles)) return []
    const mine = personIds.length > 0 && accountId !== null ? personIds.includes(accountId) : mayCreate(definition, roles)
    const of = { register, title: scheduleName(schedule, definitions), roomId, roomName, scheduleId: id, recordId: draftId }
    return [{ ...of, number: null, text: schedule.title, dueAtMs: schedule.dueAtMs, overdue, mine }]
  })
}
