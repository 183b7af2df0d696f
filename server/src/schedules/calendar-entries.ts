import type { CalendarEntry } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { mayRead, type RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Db } from '../database/schema.ts'
import { dueAtMs, dueTimesAfter } from './due-times.ts'
import { openMisses, type ScheduleRow, timesOf } from './schedule-rows.ts'
import type { WorkingDays } from './working-days.ts'

/** More than a person reads; keeps a rule of every hour from filling a year. */
const MOST_PER_SCHEDULE = 500

export interface CalendarQuery {
  fromMs: number
  toMs: number
  nowMs: number
  /** Records of registers that these may not read are left out. */
  roles: readonly Role[]
}

/** What was done, missed and will be due between two moments, the earliest first. */
export async function calendarEntries(
  db: Db,
  definitions: readonly RegisterDefinition[],
  days: WorkingDays,
  query: CalendarQuery,
): Promise<CalendarEntry[]> {
  const rows = await db
    .selectFrom('schedule')
    .leftJoin('room', 'room.id', 'schedule.roomId')
    .selectAll('schedule')
    .select('room.name as roomName')
    .orderBy('schedule.id')
    .execute()
  const scheduleOf = new Map(rows.map((row) => [row.id, row]))
  const misses = await db
    .selectFrom('scheduleMiss')
    .selectAll()
    .where('dueAtMs', '>=', query.fromMs)
    .where('dueAtMs', '<', query.toMs)
    .execute()
  const missed = misses.flatMap((miss): CalendarEntry[] => {
    const row = scheduleOf.get(miss.scheduleId)
    const isOpen = miss.doneAtMs === null
    return row ? [{ ...entryOf(row), kind: 'missed', recordId: miss.recordId, atMs: miss.dueAtMs, overdue: isOpen }] : []
  })
  const latestMiss = await openMisses(db)
  const due = rows.flatMap((row): CalendarEntry[] => {
    if (row.pausedReason !== null) return []
    return dueEntries(row, days, latestMiss.get(row.id) ?? null, query)
  })
  const records = await recordEntries(db, definitions, new Set(rows.map(({ register }) => register)), query)
  return [...missed, ...due, ...records].sort((a, b) => a.atMs - b.atMs)
}

type NamedRow = ScheduleRow & { roomName: string | null }

function entryOf({ id, register, roomName, title }: NamedRow) {
  return { register, scheduleId: id, roomName, text: title }
}

/** What will be due, each as if the one before was done in time; what is overdue without being written down as missed stands at its due time. */
function dueEntries(
  row: NamedRow,
  days: WorkingDays,
  latestMissMs: number | null,
  { fromMs, toMs, nowMs }: CalendarQuery,
): CalendarEntry[] {
  const times = timesOf(row)
  const dueMs = dueAtMs(times, days)
  const afterMs = Math.max(dueMs, latestMissMs !== null && latestMissMs <= nowMs ? latestMissMs : dueMs)
  const entry = { ...entryOf(row), kind: 'due', recordId: null } as const
  const first = latestMissMs !== null && latestMissMs >= dueMs ? [] : [{ ...entry, atMs: dueMs, overdue: dueMs <= nowMs }]
  // What passes from now on; a rule that was changed rewrites no past.
  const next = dueTimesAfter(times, days, afterMs, toMs, MOST_PER_SCHEDULE).filter((atMs) => atMs > nowMs)
  return [...first, ...next.map((atMs) => ({ ...entry, atMs, overdue: false }))].filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
}

/** What was done for a schedule, and records with a deadline. */
async function recordEntries(
  db: Db,
  definitions: readonly RegisterDefinition[],
  scheduled: ReadonlySet<string>,
  { fromMs, toMs, nowMs, roles }: CalendarQuery,
): Promise<CalendarEntry[]> {
  const readable = definitions.filter((definition) => mayRead(definition, roles)).map(({ name }) => name)
  if (readable.length === 0) return []
  const rows = await db
    .selectFrom('registerRecord')
    .leftJoin('room', 'room.id', 'registerRecord.roomId')
    .select(['registerRecord.id', 'register', 'number', 'title', 'phase', 'scheduleId', 'dueAtMs', 'whenMs', 'room.name as roomName'])
    .where('register', 'in', readable)
    .where((where) =>
      where.or([
        where.and([where('dueAtMs', '>=', fromMs), where('dueAtMs', '<', toMs)]),
        where.and([
          where('whenMs', '>=', fromMs),
          where('whenMs', '<', toMs),
          where('phase', '<>', 'draft'),
          where('register', 'in', [...scheduled, '']),
        ]),
      ]),
    )
    .orderBy('registerRecord.id')
    .execute()
  return rows.flatMap(({ id, register, number, title, phase, scheduleId, dueAtMs, whenMs, roomName }): CalendarEntry[] => {
    const entry = { register, scheduleId, recordId: id, roomName, text: `${number} ${title}`.trim() }
    const isIn = (atMs: number): boolean => atMs >= fromMs && atMs < toMs
    const isDone = scheduled.has(register) && phase !== 'draft' && isIn(whenMs)
    const done: CalendarEntry[] = isDone ? [{ ...entry, kind: 'done', atMs: whenMs, overdue: false }] : []
    if (dueAtMs === null || !isIn(dueAtMs)) return done
    return [...done, { ...entry, kind: 'record', atMs: dueAtMs, overdue: dueAtMs <= nowMs }]
  })
}
