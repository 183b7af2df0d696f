import type { Db } from '../database/schema.ts'
import { countedFromMs, dueAtMs } from './due-times.ts'
import { missedTimes } from './schedule-decisions.ts'
import { openMisses, type ScheduleRow, timesOf } from './schedule-rows.ts'
import { loadWorkingDays, MACHINE_ZONE, type WorkingDays } from './working-days.ts'

/**
 * A record that left its first state: it fulfils its schedule (or, without one named, the one of its register and room that is due first). In
 * the record's transaction, so that neither is without the other. Call the schedule runner's `run` afterwards: the overdue alarm clears at once.
 */
export async function scheduleDone(
  transaction: Db,
  record: { id: number; register: string; roomId: number | null; scheduleId: number | null },
  atMs: number,
  timeZone = MACHINE_ZONE,
): Promise<void> {
  const days = await loadWorkingDays(transaction, timeZone)
  const schedule = await fulfilled(transaction, record, days)
  if (!schedule) return
  const { id, countsFromMs, lastDoneAtMs } = schedule
  // Due times that passed since the last look at the clock.
  const lastMissMs = (await openMisses(transaction, id)).get(id) ?? null
  const times = timesOf(schedule)
  const missed =
    schedule.pausedReason === null && countedFromMs(times) <= atMs
      ? missedTimes({ ...times, lastMissMs, changedAtMs: schedule.changedAtMs }, days, dueAtMs(times, days), atMs)
      : []
  for (const dueMs of missed) await writeMiss(transaction, id, dueMs)
  const done = { doneAtMs: atMs, recordId: record.id }
  await transaction.updateTable('scheduleMiss').set(done).where('scheduleId', '=', id).where('doneAtMs', 'is', null).execute()
  // A record that comes late, from a phone without a connection, does not take back a later one; after a clock that ran ahead the present counts.
  const isLater = countsFromMs !== null || lastDoneAtMs === null || atMs > lastDoneAtMs
  const counted = { lastDoneAtMs: isLater ? atMs : lastDoneAtMs, countsFromMs: null }
  await transaction.updateTable('schedule').set(counted).where('id', '=', id).execute()
}

export async function writeMiss(transaction: Db, scheduleId: number, dueMs: number): Promise<void> {
  await transaction
    .insertInto('scheduleMiss')
    .values({ scheduleId, dueAtMs: dueMs, doneAtMs: null, recordId: null })
    .onConflict((conflict) => conflict.columns(['scheduleId', 'dueAtMs']).doNothing())
    .execute()
}

async function fulfilled(
  transaction: Db,
  { register, roomId, scheduleId }: { register: string; roomId: number | null; scheduleId: number | null },
  days: WorkingDays,
): Promise<ScheduleRow | undefined> {
  const rows = await transaction.selectFrom('schedule').selectAll().where('register', '=', register).orderBy('id').execute()
  const named = rows.find(({ id }) => id === scheduleId)
  if (named) return named
  const ofRoom = rows.filter((row) => row.roomId === roomId)
  const candidates = ofRoom.length > 0 ? ofRoom : rows.filter((row) => row.roomId === null)
  const active = candidates.filter(({ pausedReason }) => pausedReason === null)
  return active.map((row) => ({ row, dueMs: dueAtMs(timesOf(row), days) })).sort((a, b) => a.dueMs - b.dueMs || a.row.id - b.row.id)[0]?.row
}
