import type { Role } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import type { Logger } from 'pino'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { ownSignal } from '../alarms/own-signal.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { tellPeople } from '../notify/tell-people.ts'
import { DEFINITIONS } from '../registers/definitions/index.ts'
import { createRequiredSchedule } from './create-schedules.ts'
import { roomName, runDeadlines } from './deadline-runner.ts'
import { dueWords } from './reminder-words.ts'
import { decideSchedules, type ScheduleAction } from './schedule-decisions.ts'
import { writeMiss } from './schedule-done.ts'
import { loadScheduleState, type ScheduleRow } from './schedule-rows.ts'
import { scheduleName, schedulePath } from './subjects.ts'
import { loadWorkingDays, MACHINE_ZONE } from './working-days.ts'

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
  /** IANA name; default: the machine's. */
  timeZone?: string
  /** Default: those of this program. */
  definitions?: readonly RegisterDefinition[]
}

export interface ScheduleRunner {
  /** Does what is due now, for schedules and for records with a deadline. Called while it runs, it looks once more afterwards: what changed since counts. */
  run(): Promise<void>
}

/** Loads the state, decides, acts. What one run could not do is decided again by the next. */
export function createScheduleRunner(deps: ScheduleRunnerDeps): ScheduleRunner {
  const { db, definitions = DEFINITIONS, timeZone = MACHINE_ZONE } = deps
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  const runNow = async (): Promise<void> => {
    // Alarms that are still being written would be decided a second time.
    await deps.alarms.flush()
    const state = await loadScheduleState(db, definitions, await loadWorkingDays(db, timeZone))
    const actions = decideSchedules(state, deps.clock.nowMs())
    for (const action of actions) await act(deps, definitions, action)
    const ofRecords = await runDeadlines(deps, definitions, accountsWith)
    if (actions.length > 0) deps.change({ topic: 'schedules' })
    if (ofRecords > 0) deps.change({ topic: 'registers' })
    if (actions.length + ofRecords > 0) await deps.alarms.flush()
  }
  return {
    run: () => {
      const begin = (): Promise<void> => {
        next = undefined
        running = runNow().finally(() => {
          running = next
        })
        return running
      }
      if (!running) return begin()
      next ??= running.catch(() => undefined).then(begin)
      return next
    },
  }
}

const LOGGED: Readonly<Record<ScheduleAction['action'], string>> = {
  create: 'A schedule that a register asks for is made',
  'count-from-now': 'The last time it was done lies in the future of this clock; it is counted from now',
  'forget-misses': 'Missed times of the future are struck out: the clock was set back',
  remind: 'People are reminded of what is due',
  miss: 'A due time has passed',
  raise: 'Something is overdue',
  'tell-head': 'The department head is told of what is overdue',
  clear: 'Something overdue is settled',
}

async function act(deps: ScheduleRunnerDeps, definitions: readonly RegisterDefinition[], action: ScheduleAction): Promise<void> {
  const { db } = deps
  const nowMs = deps.clock.nowMs()
  deps.log.info({ module: 'schedules', ...action }, LOGGED[action.action])
  switch (action.action) {
    case 'create': {
      const definition = definitions.find(({ name }) => name === action.register)
      if (definition)
        await db.transaction().execute((transaction) => createRequiredSchedule(transaction, definition, action.roomId, 'system', nowMs))
      return
    }
    case 'count-from-now':
      return db.transaction().execute(async (transaction) => {
        await lockChain(transaction)
        await transaction.updateTable('schedule').set({ countsFromMs: nowMs }).where('id', '=', action.scheduleId).execute()
        const entry = { actor: 'system', action: 'schedule.count-from-now', entity: `schedule:${action.scheduleId}` }
        await appendAudit(transaction, { ...entry, after: { countsFromMs: nowMs, reason: action.reason } }, nowMs)
      })
    case 'forget-misses':
      await db
        .deleteFrom('scheduleMiss')
        .where('scheduleId', '=', action.scheduleId)
        .where('doneAtMs', 'is', null)
        .where('dueAtMs', '>', nowMs)
        .execute()
      return
    case 'miss':
      return writeMiss(db, action.scheduleId, action.dueAtMs)
    case 'remind':
    case 'tell-head':
      return tell(deps, definitions, action, nowMs)
    case 'raise':
    case 'clear':
      deps.alarms.submit({ kind: action.action, signal: overdueSignal(action) })
  }
}

async function tell(
  { db }: ScheduleRunnerDeps,
  definitions: readonly RegisterDefinition[],
  { action, scheduleId, dueAtMs }: ScheduleAction & { action: 'remind' | 'tell-head' },
  nowMs: number,
): Promise<void> {
  const isHead = action === 'tell-head'
  await db.transaction().execute(async (transaction) => {
    const row = await transaction.selectFrom('schedule').selectAll().where('id', '=', scheduleId).executeTakeFirstOrThrow()
    const told = isHead ? { headToldForMs: dueAtMs } : { remindedForMs: dueAtMs }
    await transaction.updateTable('schedule').set(told).where('id', '=', scheduleId).execute()
    // Done since it was decided.
    if (row.lastDoneAtMs !== null && row.lastDoneAtMs >= dueAtMs && row.lastDoneAtMs <= nowMs) return
    const accountIds = isHead ? await accountsWith(transaction, ['department-head']) : await remindedOf(transaction, row, definitions)
    const room = await roomName(transaction, row.roomId)
    const missed = await transaction
      .selectFrom('scheduleMiss')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('scheduleId', '=', scheduleId)
      .where('doneAtMs', 'is', null)
      .executeTakeFirst()
    const kind = isHead ? 'overdue' : 'soon'
    const news = { what: scheduleName(row, definitions), room, dueAtMs, kind, lastDoneAtMs: row.lastDoneAtMs } as const
    await tellPeople(
      transaction,
      {
        ...dueWords({ ...news, missed: Number(missed?.count ?? 1) }, nowMs),
        key: `schedule${scheduleId}-${kind}-${dueAtMs}`,
        accountIds,
        path: schedulePath(scheduleId),
        priority: 'medium',
        facts: { room, condition: isHead ? 'overdue' : 'reminder' },
      },
      nowMs,
    )
  })
}

/** The people named, or whoever may create a record of the register. */
async function remindedOf(db: Db, row: ScheduleRow, definitions: readonly RegisterDefinition[]): Promise<number[]> {
  const named = JSON.parse(row.personIdsJson) as number[]
  if (named.length > 0) return named
  return accountsWith(db, definitions.find(({ name }) => name === row.register)?.roles.create ?? [])
}

/** Everyone who has one of the roles and is not disabled. */
async function accountsWith(db: Db, roles: readonly Role[]): Promise<number[]> {
  const rows = await db.selectFrom('account').select(['id', 'rolesJson']).where('disabled', '=', 0).orderBy('id').execute()
  return rows.filter(({ rolesJson }) => (JSON.parse(rolesJson) as Role[]).some((role) => roles.includes(role))).map(({ id }) => id)
}

function overdueSignal({ scheduleId: sourceId, roomId, atMs }: ScheduleAction & { action: 'raise' | 'clear' }): AlarmSignal {
  return ownSignal({ source: 'schedule', sourceId, condition: 'overdue', priority: 'medium', atMs, roomId })
}
