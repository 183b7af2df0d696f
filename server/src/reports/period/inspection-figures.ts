import type { Db } from '../../database/schema.ts'
import type { Period } from '../pack/period.ts'

/** Due times of inspections: each was met on time, made up late, or missed. */
export interface InspectionFigures {
  onTime: number
  late: number
  missed: number
}

export interface InspectionRows {
  /** Signed inspections of a schedule. */
  done: readonly { id: number; roomId: number | null; whenMs: number }[]
  misses: readonly { roomId: number | null; dueAtMs: number; doneAtMs: number | null; recordId: number | null }[]
}

/** late: a due time of the period that was made up before its end; missed: one that was not. Undefined `roomId`: every room. */
export function inspectionFigures({ done, misses }: InspectionRows, { fromMs, toMs }: Period, roomId?: number): InspectionFigures {
  const isOwn = (row: { roomId: number | null }): boolean => roomId === undefined || row.roomId === roomId
  const madeUp = new Set(misses.map(({ recordId }) => recordId))
  const due = misses.filter((miss) => isOwn(miss) && miss.dueAtMs >= fromMs && miss.dueAtMs < toMs)
  const late = due.filter(({ doneAtMs }) => doneAtMs !== null && doneAtMs < toMs).length
  return {
    onTime: done.filter((one) => isOwn(one) && one.whenMs >= fromMs && one.whenMs < toMs && !madeUp.has(one.id)).length,
    late,
    missed: due.length - late,
  }
}

export async function loadInspections(db: Db, { fromMs, toMs }: Period): Promise<InspectionRows> {
  const done = await db
    .selectFrom('registerRecord')
    .innerJoin('schedule', 'schedule.id', 'registerRecord.scheduleId')
    .select(['registerRecord.id', 'registerRecord.whenMs', 'schedule.roomId'])
    .where('schedule.register', '=', 'inspection')
    .where('registerRecord.phase', '!=', 'draft')
    .where('registerRecord.whenMs', '>=', fromMs)
    .where('registerRecord.whenMs', '<', toMs)
    .execute()
  const misses = await db
    .selectFrom('scheduleMiss')
    .innerJoin('schedule', 'schedule.id', 'scheduleMiss.scheduleId')
    .select(['scheduleMiss.dueAtMs', 'scheduleMiss.doneAtMs', 'scheduleMiss.recordId', 'schedule.roomId'])
    .where('schedule.register', '=', 'inspection')
    .where('scheduleMiss.dueAtMs', '<', toMs)
    .where(({ eb, or }) => or([eb('scheduleMiss.dueAtMs', '>=', fromMs), eb('scheduleMiss.doneAtMs', '>=', fromMs)]))
    .execute()
  return { done, misses }
}
