import type { Cadence } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Selectable } from 'kysely'
import type { Database, Db } from '../database/schema.ts'
import type { ScheduleFacts, ScheduleState } from './schedule-decisions.ts'
import type { WorkingDays } from './working-days.ts'

export type ScheduleRow = Selectable<Database['schedule']>

export function timesOf(row: ScheduleRow) {
  const { outerDays, startsAtMs, lastDoneAtMs, countsFromMs } = row
  const cadence = JSON.parse(row.cadenceJson) as Cadence
  return { cadence, outerDays, avoidHolidays: row.avoidHolidays === 1, startsAtMs, lastDoneAtMs, countsFromMs }
}

/** The latest due time of each schedule that was missed since it was last done. */
export async function openMisses(db: Db, scheduleId?: number): Promise<ReadonlyMap<number, number>> {
  let query = db
    .selectFrom('scheduleMiss')
    .select(({ fn }) => ['scheduleId', fn.max('dueAtMs').as('dueAtMs')])
    .where('doneAtMs', 'is', null)
    .groupBy('scheduleId')
  if (scheduleId !== undefined) query = query.where('scheduleId', '=', scheduleId)
  return new Map((await query.execute()).map((row) => [row.scheduleId, Number(row.dueAtMs)]))
}

export async function loadScheduleState(db: Db, definitions: readonly RegisterDefinition[], days: WorkingDays): Promise<ScheduleState> {
  const rows = await db.selectFrom('schedule').selectAll().orderBy('id').execute()
  const misses = await openMisses(db)
  const alarmOf = await latestAlarms(db, 'schedule')
  return {
    lacking: await lackingSchedules(db, definitions, rows),
    schedules: rows.map((row): ScheduleFacts => {
      const { id, register, roomId, remindHours, headAfterHours, remindedForMs, headToldForMs, pausedReason, changedAtMs } = row
      const alarm = alarmOf.get(`${id}/overdue`)
      const facts = { id, register, roomId, remindHours, headAfterHours, remindedForMs, headToldForMs, changedAtMs }
      return {
        ...facts,
        ...timesOf(row),
        isPaused: pausedReason !== null,
        lastMissMs: misses.get(id) ?? null,
        alarm: alarm ?? null,
      }
    }),
    days,
  }
}

async function lackingSchedules(db: Db, definitions: readonly RegisterDefinition[], rows: readonly ScheduleRow[]) {
  const present = new Set(rows.filter(({ required }) => required === 1).map(({ register, roomId }) => `${register}/${roomId}`))
  const rooms = (await db.selectFrom('room').select('id').orderBy('id').execute()).map(({ id }) => id)
  return definitions
    .filter(({ schedule }) => schedule !== undefined)
    .flatMap(({ name, schedule }) => (schedule?.perRoom ? rooms : [null]).map((roomId) => ({ register: name, roomId })))
    .filter(({ register, roomId }) => !present.has(`${register}/${roomId}`))
}

/** The newest alarm of each thing and condition; older ones say nothing any more. By `sourceId/condition`. */
export async function latestAlarms(
  db: Db,
  source: 'schedule' | 'record',
): Promise<ReadonlyMap<string, { standing: boolean; lastEventAtMs: number; roomId: number | null }>> {
  const rows = await db
    .selectFrom('alarm')
    .select(['sourceId', 'condition', 'active', 'lastEventAtMs', 'roomId'])
    .where('source', '=', source)
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('alarm as newest')
        .select((select) => select.fn.max('newest.id').as('id'))
        .where('newest.source', '=', source)
        .groupBy(['newest.sourceId', 'newest.condition']),
    )
    .execute()
  return new Map(
    rows.map(({ sourceId, condition, active, lastEventAtMs, roomId }) => [
      `${sourceId}/${condition}`,
      { standing: active === 1, lastEventAtMs, roomId },
    ]),
  )
}
