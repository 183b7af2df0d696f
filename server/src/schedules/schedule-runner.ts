import type { Change } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { createScheduleForRoom } from '../inspections/inspection-schedules.ts'
import { decideSchedules, type ScheduleAction, type ScheduleState } from './schedule-decisions.ts'

export interface ScheduleRunnerDeps {
  db: Db
  clock: { nowMs(): number }
  /** The alarm store: takes a change at once, writes it durably by itself. */
  alarms: {
    submit(change: { kind: 'raise' | 'clear'; signal: AlarmSignal }): void
    flush(): Promise<void>
  }
  change(change: Change): void
  log: Logger
}

export interface ScheduleRunner {
  /** Does what is due now. Runs that overlap join the one that is going on. */
  run(): Promise<void>
}

/** Loads the state, decides, acts. What one run could not do is decided again by the next. */
export function createScheduleRunner(deps: ScheduleRunnerDeps): ScheduleRunner {
  let running: Promise<void> | undefined
  const runNow = async (): Promise<void> => {
    // Alarms that are still being written would be decided a second time.
    await deps.alarms.flush()
    const actions = decideSchedules(await loadState(deps.db), deps.clock.nowMs())
    for (const action of actions) await act(deps, action)
    if (actions.length > 0) await deps.alarms.flush()
  }
  return {
    run: () => {
      running ??= runNow().finally(() => {
        running = undefined
      })
      return running
    },
  }
}

async function act(deps: ScheduleRunnerDeps, action: ScheduleAction): Promise<void> {
  const nowMs = deps.clock.nowMs()
  const log = { module: 'schedules', ...action }
  switch (action.action) {
    case 'create':
      await deps.db.transaction().execute((transaction) => createScheduleForRoom(transaction, action.roomId, 'system', nowMs))
      deps.log.info(log, 'A room got its inspection schedule')
      break
    case 'count-from-now':
      await deps.db.transaction().execute(async (transaction) => {
        await transaction.updateTable('inspectionSchedule').set({ countsFromMs: nowMs }).where('id', '=', action.scheduleId).execute()
        const entity = `inspection-schedule:${action.scheduleId}`
        await appendAudit(
          transaction,
          { actor: 'system', action: 'inspection-schedule.count-from-now', entity, after: { countsFromMs: nowMs, reason: action.reason } },
          nowMs,
        )
      })
      deps.log.warn(log, 'The last inspection lies in the future of this clock; the interval is counted from now')
      break
    case 'raise':
    case 'clear':
      deps.alarms.submit({ kind: action.action, signal: overdueSignal(action.scheduleId, action.roomId, action.atMs) })
      deps.log.info(log, action.action === 'raise' ? 'An inspection is overdue' : 'An overdue inspection is settled')
      break
  }
  deps.change({ topic: 'inspections' })
}

function overdueSignal(scheduleId: number, roomId: number, atMs: number): AlarmSignal {
  return {
    source: 'schedule',
    sourceId: scheduleId,
    condition: 'overdue',
    priority: 'medium',
    atMs,
    value: null,
    limit: null,
    late: false,
    roomId,
    deviceId: null,
    pointId: null,
  }
}

async function loadState(db: Db): Promise<ScheduleState> {
  const roomsWithoutSchedule = await db
    .selectFrom('room')
    .leftJoin('inspectionSchedule', 'inspectionSchedule.roomId', 'room.id')
    .select('room.id as roomId')
    .where('inspectionSchedule.id', 'is', null)
    .execute()
  const schedules = await db.selectFrom('inspectionSchedule').selectAll().orderBy('id').execute()
  const alarms = await db
    .selectFrom('alarm')
    .select(['id', 'sourceId', 'active', 'lastEventAtMs'])
    .where('source', '=', 'schedule')
    .where('condition', '=', 'overdue')
    // The newest of each schedule; older ones say nothing any more.
    .where('id', 'in', (inner) =>
      inner
        .selectFrom('alarm as newest')
        .select((select) => select.fn.max('newest.id').as('id'))
        .where('newest.source', '=', 'schedule')
        .where('newest.condition', '=', 'overdue')
        .groupBy('newest.sourceId'),
    )
    .execute()
  const alarmOf = new Map(alarms.map((alarm) => [alarm.sourceId, alarm]))
  return {
    roomsWithoutSchedule,
    schedules: schedules.map((schedule) => {
      const alarm = alarmOf.get(schedule.id)
      const standing = alarm?.active === 1
      return { ...schedule, alarm: alarm ? { standing, lastEventAtMs: alarm.lastEventAtMs } : null }
    }),
  }
}
