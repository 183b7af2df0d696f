import type { Role } from '@roomkeeper/shared/model'
import { type RecordFields, type RegisterDefinition, stateOf } from '@roomkeeper/shared/registers'
import type { Selectable } from 'kysely'
import { ownSignal } from '../alarms/own-signal.ts'
import type { Database, Db } from '../database/schema.ts'
import { tellPeople } from '../notify/tell-people.ts'
import {
  type DeadlineAction,
  type DeadlineCondition,
  type DeadlineFacts,
  type DeadlineState,
  decideDeadlines,
} from './deadline-decisions.ts'
import { dueWords } from './reminder-words.ts'
import { latestAlarms } from './schedule-rows.ts'
import type { ScheduleRunnerDeps } from './schedule-runner.ts'
import { recordName, recordPath } from './subjects.ts'

type RecordRow = Selectable<Database['registerRecord']>

/** Reminders, alarms and the department head for records that have a deadline in their state. */
export async function runDeadlines(
  deps: ScheduleRunnerDeps,
  definitions: readonly RegisterDefinition[],
  accountsWith: (db: Db, roles: readonly Role[]) => Promise<number[]>,
): Promise<number> {
  const nowMs = deps.clock.nowMs()
  const { state, rows } = await loadDeadlines(deps.db, definitions, nowMs)
  const actions = decideDeadlines(state, nowMs)
  for (const action of actions) {
    const row = rows.get(action.recordId)
    const definition = definitions.find(({ name }) => name === row?.register)
    deps.log.info({ module: 'schedules', ...action }, LOGGED[action.action])
    if (action.action === 'raise' || action.action === 'clear') submit(deps, action)
    else if (row && definition)
      await deps.db.transaction().execute(async (transaction) => {
        const isHead = action.action === 'tell-head'
        const told = isHead ? { headToldAtMs: nowMs } : { remindedAtMs: nowMs }
        const claimed = await transaction
          .updateTable('registerRecord')
          .set(told)
          .where('id', '=', row.id)
          // Moved on, or put off, since it was looked at.
          .where('dueAtMs', '=', action.dueAtMs)
          .where('state', '=', row.state)
          .where(isHead ? 'headToldAtMs' : 'remindedAtMs', 'is', null)
          .returning('id')
          .executeTakeFirst()
        if (!claimed) return
        const accountIds = isHead
          ? await accountsWith(transaction, ['department-head'])
          : await turnOf(transaction, definition, row, accountsWith)
        const room = await roomName(transaction, row.roomId)
        const news = {
          what: recordName(row, definitions),
          room,
          dueAtMs: action.dueAtMs,
          kind: isHead ? ('overdue' as const) : ('soon' as const),
        }
        await tellPeople(
          transaction,
          {
            ...dueWords(news, nowMs),
            key: `record${row.id}-${news.kind}-${row.state}-${action.dueAtMs}`,
            accountIds,
            path: recordPath(row.register, row.id),
            priority: 'medium',
            facts: { room, condition: isHead ? 'overdue' : 'reminder' },
          },
          nowMs,
        )
      })
  }
  return actions.length
}

const LOGGED = {
  remind: 'People are reminded of a record',
  raise: 'A record is overdue',
  'tell-head': 'The department head is told of an overdue record',
  clear: 'An overdue record is settled',
} as const

function submit(
  { alarms }: ScheduleRunnerDeps,
  { action, recordId, roomId, condition, priority, atMs }: DeadlineAction & { action: 'raise' | 'clear' },
): void {
  alarms.submit({ kind: action, signal: ownSignal({ source: 'record', sourceId: recordId, condition, priority, atMs, roomId }) })
}

/** Whoever the record waits for: roles of its state, people named in fields who may move it on, the author of a draft. */
async function turnOf(
  db: Db,
  definition: RegisterDefinition,
  row: RecordRow,
  accountsWith: (db: Db, roles: readonly Role[]) => Promise<number[]>,
): Promise<number[]> {
  const state = stateOf(definition, row.state)
  const moves = definition.moves.filter(({ from }) => from.includes(row.state))
  const fields = JSON.parse(row.fieldsJson) as RecordFields
  const named = moves.flatMap(({ alsoPerson }) => {
    const person = alsoPerson === undefined ? undefined : (fields[alsoPerson] as { id?: unknown } | null | undefined)
    return typeof person?.id === 'number' ? [person.id] : []
  })
  const author = state?.phase === 'draft' && row.createdById !== null ? [row.createdById] : []
  const waited = state?.waitsFor ? await accountsWith(db, state.waitsFor) : []
  const found = [...named, ...author, ...waited]
  // A state that waits for nobody by name waits for whoever may move it on.
  return found.length > 0 ? found : accountsWith(db, [...new Set(moves.flatMap(({ roles }) => roles))])
}

async function loadDeadlines(
  db: Db,
  definitions: readonly RegisterDefinition[],
  nowMs: number,
): Promise<{ state: DeadlineState; rows: ReadonlyMap<number, RecordRow> }> {
  const alarms = [...(await latestAlarms(db, 'record'))].map(([key, alarm]) => {
    const [recordId = '', condition = ''] = key.split('/')
    return { ...alarm, recordId: Number(recordId), condition: condition as DeadlineCondition }
  })
  const standing = alarms.filter((alarm) => alarm.standing).map(({ recordId }) => recordId)
  const rows = await db
    .selectFrom('registerRecord')
    .selectAll()
    .where('dueAtMs', 'is not', null)
    .where((where) => where.or([where('remindAtMs', '<=', nowMs), where('dueAtMs', '<=', nowMs), where('id', 'in', [0, ...standing])]))
    .orderBy('id')
    .execute()
  const records = rows.flatMap((row): DeadlineFacts[] => {
    const definition = definitions.find(({ name }) => name === row.register)
    const deadline = definition && stateOf(definition, row.state)?.deadline
    if (!deadline || row.dueAtMs === null) return []
    const { roomId, dueAtMs, remindAtMs, remindedAtMs, headAtMs, headToldAtMs } = row
    const times = { dueAtMs, remindAtMs, remindedAtMs, headAtMs, headToldAtMs }
    return [{ recordId: row.id, roomId, ...times, condition: deadline.condition, priority: deadline.priority ?? 'medium' }]
  })
  return { state: { records, alarms }, rows: new Map(rows.map((row) => [row.id, row])) }
}

export async function roomName(db: Db, roomId: number | null): Promise<string> {
  if (roomId === null) return ''
  return (await db.selectFrom('room').select('name').where('id', '=', roomId).executeTakeFirst())?.name ?? ''
}
