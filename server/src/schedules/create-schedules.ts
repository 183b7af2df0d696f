import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'

/** The department head is told a day after, unless people set it otherwise. */
const HEAD_AFTER_HOURS = 24

/** Gives a room the schedules that the registers ask for, in the transaction that made the room. */
export async function createSchedulesForRoom(transaction: Db, roomId: number, actor: string, nowMs: number): Promise<void> {
  for (const definition of DEFINITIONS)
    if (definition.schedule?.perRoom) await createRequiredSchedule(transaction, definition, roomId, actor, nowMs)
}

/** The schedule that a register's definition asks for; one that is there stays as it is. */
export async function createRequiredSchedule(
  transaction: Db,
  { name, title, schedule }: RegisterDefinition,
  roomId: number | null,
  actor: string,
  nowMs: number,
): Promise<void> {
  if (!schedule) return
  await lockChain(transaction)
  const present = await transaction
    .selectFrom('schedule')
    .select('id')
    .where('register', '=', name)
    .where('roomId', roomId === null ? 'is' : '=', roomId)
    .where('required', '=', 1)
    .executeTakeFirst()
  if (present) return
  const { everyDays, outerDays, remindHours } = schedule
  const cadence = { kind: 'interval', everyDays }
  const { id } = await transaction
    .insertInto('schedule')
    .values({
      register: name,
      roomId,
      title: title.zh,
      cadenceJson: JSON.stringify(cadence),
      outerDays,
      remindHours,
      headAfterHours: HEAD_AFTER_HOURS,
      avoidHolidays: 0,
      personIdsJson: '[]',
      startsAtMs: nowMs,
      lastDoneAtMs: null,
      countsFromMs: null,
      remindedForMs: null,
      headToldForMs: null,
      required: 1,
      pausedReason: null,
      revision: 1,
      changedBy: actor,
      changedAtMs: nowMs,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const after = { register: name, roomId, cadence, outerDays }
  await appendAudit(transaction, { actor, action: 'schedule.create', entity: `schedule:${id}`, after }, nowMs)
}
