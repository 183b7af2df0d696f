import type { VisitSheet } from '@roomkeeper/shared/registers'
import { alarmRows } from '../../api/alarm-rows.ts'
import type { Db } from '../../database/schema.ts'
import { keepSheet, recentRecords, SETTLE_MS } from '../../paper/keep-sheet.ts'
import { PAPER_WAIT_MS } from '../../paper/paper-cover.ts'
import { alarmText } from '../inspection/room-alarms.ts'
import { type MeasuringDeps, measurementsOf, roomFigures } from '../inspection/room-measurements.ts'

export interface VisitSheetDeps extends MeasuringDeps {
  db: Db
  clock: { nowMs(): number }
  changed(recordId: number): void
}

/** Attaches what the room did during visits that are over: at the check-out, and again when the last readings have come. */
export async function refreshVisits(deps: VisitSheetDeps, recordId?: number): Promise<void> {
  const nowMs = deps.clock.nowMs()
  for (const { id, roomId, sheet } of await recentRecords(deps.db, 'visit', nowMs, recordId)) {
    const { inAtMs, outAtMs, readAtMs } = sheet as VisitSheet
    if (roomId === null || inAtMs === undefined || outAtMs === undefined) continue
    const isComplete = readAtMs !== undefined && readAtMs >= outAtMs + SETTLE_MS
    if (isComplete || (readAtMs !== undefined && nowMs < outAtMs + SETTLE_MS)) continue
    const range = { fromMs: inAtMs, toMs: Math.max(outAtMs, inAtMs + 1) }
    const figures = await roomFigures(deps, roomId, range).catch((error: unknown) => {
      deps.log.warn(
        { module: 'registers', recordId: id, err: error },
        'the readings of a visit could not be read; they are asked for again',
      )
      return undefined
    })
    const duringVisit = await duringOf(deps.db, roomId, { fromMs: inAtMs, toMs: outAtMs })
    // A store that is away is asked again.
    const read = figures === undefined ? {} : { readAtMs: nowMs }
    // A visit is no inspection: only what the room measures is attached.
    const readings = measurementsOf(deps, roomId, figures, nowMs).filter(({ points }) => points > 0)
    await keepSheet(deps.db, id, { readings, ...duringVisit, ...read })
    deps.changed(id)
  }
}

async function duringOf(
  db: Db,
  roomId: number,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<Pick<VisitSheet, 'alarms' | 'doorOpenings'>> {
  const rows = await alarmRows(db)
    .where('alarm.roomId', '=', roomId)
    .where('alarm.drill', '=', 0)
    // People open the door before they check in, and after they check out.
    .where('alarm.raisedAtMs', '>=', fromMs - PAPER_WAIT_MS)
    .where('alarm.raisedAtMs', '<=', toMs + PAPER_WAIT_MS)
    .orderBy('alarm.raisedAtMs')
    .execute()
  const door = await db
    .selectFrom('point')
    .innerJoin('device', 'device.id', 'point.deviceId')
    .select('point.id')
    .where('device.roomId', '=', roomId)
    .where('point.kind', '=', 'door')
    .limit(1)
    .executeTakeFirst()
  const openings = rows.filter(({ condition }) => condition === 'door-opened')
  const alarms = rows
    .filter(({ condition, raisedAtMs }) => condition !== 'door-opened' && raisedAtMs >= fromMs && raisedAtMs <= toMs)
    .map((row) => ({ id: row.id, text: alarmText(row), raisedAtMs: row.raisedAtMs }))
  return { alarms, ...(door || openings.length > 0 ? { doorOpenings: openings.length } : {}) }
}
