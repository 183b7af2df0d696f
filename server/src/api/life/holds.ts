import type { Hold } from '@roomkeeper/shared/http'
import { type AlarmPriority, isAllowed, SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { Selectable } from 'kysely'
import type { AlarmStore } from '../../alarms/alarm-store.ts'
import { holdLabel, thingLabel } from '../../alarms/silence/hold-label.ts'
import { appendAudit, lockChain } from '../../audit/audit.ts'
import type { Database, Db } from '../../database/schema.ts'
import { type AlarmReadDeps, findAlarm } from '../alarms.ts'
import { type Actor, actorOf, api } from '../base.ts'
import { answering, Refused } from './refused.ts'

export interface HoldsDeps extends AlarmReadDeps {
  alarms: Pick<AlarmStore, 'reconcileSilence'>
  change(change: Change): void
}

type HoldRow = Selectable<Database['alarmHold']>

const HOUR_MS = 3_600_000
/** A silence shorter than this is over before anybody has read that it began. */
const SHORTEST_MS = 60_000
const ENDED_SHOWN = 200

/** Shelving and out of service. The rows say what is asked for; the alarm store moves the alarms. */
export function createHoldHandlers(deps: HoldsDeps) {
  const { db, clock } = deps

  const write = async <T>(work: (transaction: Db, nowMs: number) => Promise<T>): Promise<T> => {
    const result = await db.transaction().execute(async (transaction) => {
      await lockChain(transaction)
      return work(transaction, clock.nowMs())
    })
    await deps.alarms.reconcileSilence()
    deps.change({ topic: 'alarms' })
    return result
  }

  /** An open hold that this person may change. */
  const openHold = async (transaction: Db, holdId: number, actor: Actor): Promise<HoldRow> => {
    const hold = await transaction.selectFrom('alarmHold').selectAll().where('id', '=', holdId).executeTakeFirst()
    if (!hold) throw new Refused('missing')
    if (hold.kind !== 'shelve' && !isAllowed(actor.roles, 'maintenance.write')) throw new Refused('forbidden')
    if (hold.endedAtMs !== null) throw new Refused('conflict', `已结束${hold.endedBy ? `（${hold.endedBy}）` : ''} / it has ended already`)
    return hold
  }

  return {
    shelve: api.life.shelve.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const { name, accountId } = actorOf(context)
        await write(async (transaction, nowMs) => {
          const alarm = await transaction.selectFrom('alarm').selectAll().where('id', '=', input.alarmId).executeTakeFirst()
          if (!alarm) throw new Refused('missing')
          const refusal = NOT_TO_SHELVE[alarm.state]
          if (refusal !== undefined) throw new Refused('conflict', refusal)
          const { source, sourceId, condition } = alarm
          checkEnd(input.untilMs, nowMs, alarm.priority as AlarmPriority)
          const values = { kind: 'shelve', scope: 'alarm', scopeId: alarm.id, source, sourceId, condition, fromMs: nowMs }
          await insertHold(transaction, { ...values, untilMs: input.untilMs, reason: input.reason, by: name, accountId }, nowMs)
        })
        const alarm = await findAlarm(deps, input.alarmId)
        if (!alarm) throw errors.NOT_FOUND()
        return alarm
      }),
    ),

    holds: api.life.holds.handler(async ({ input }) => {
      let query = db.selectFrom('alarmHold').selectAll().orderBy('id', 'desc')
      query = input.scope === 'open' ? query.where('endedAtMs', 'is', null) : query.where('endedAtMs', 'is not', null).limit(ENDED_SHOWN)
      return Promise.all((await query.execute()).map((row) => toHold(db, row)))
    }),

    takeOut: api.life.takeOut.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const { name, accountId } = actorOf(context)
        const { scope, scopeId, untilMs, reason } = input
        const row = await write(async (transaction, nowMs) => {
          if (!(await thingLabel(transaction, scope, scopeId))) throw new Refused('missing')
          checkEnd(untilMs, nowMs, null)
          const before = await transaction
            .selectFrom('alarmHold')
            .select('by')
            .where('endedAtMs', 'is', null)
            .where('kind', '=', 'out-of-service')
            .where('scope', '=', scope)
            .where('scopeId', '=', scopeId)
            .executeTakeFirst()
          if (before) throw new Refused('conflict', `已由 ${before.by} 停用 / taken out of service by ${before.by} already`)
          const values = { kind: 'out-of-service', scope, scopeId, source: null, sourceId: null, condition: null, fromMs: nowMs }
          return insertHold(transaction, { ...values, untilMs, reason, by: name, accountId }, nowMs)
        })
        return toHold(db, row)
      }),
    ),

    extend: api.life.extend.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const actor = actorOf(context)
        const row = await write(async (transaction, nowMs) => {
          const hold = await openHold(transaction, input.holdId, actor)
          checkEnd(input.untilMs, nowMs, hold.kind === 'shelve' ? await priorityOf(transaction, hold) : null)
          const changes = { untilMs: input.untilMs, reason: input.reason, by: actor.name, accountId: actor.accountId, announcedAtMs: null }
          await transaction.updateTable('alarmHold').set(changes).where('id', '=', hold.id).execute()
          const { untilMs, reason, by } = hold
          const after = { untilMs: input.untilMs, reason: input.reason }
          const entry = {
            actor: actor.username,
            action: `${hold.kind}.extend`,
            entity: `hold:${hold.id}`,
            before: { untilMs, reason, by },
            after,
          }
          await appendAudit(transaction, entry, nowMs)
          return { ...hold, ...changes }
        })
        return toHold(db, row)
      }),
    ),

    end: api.life.end.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const actor = actorOf(context)
        const row = await write(async (transaction, nowMs) => {
          const hold = await openHold(transaction, input.holdId, actor)
          const changes = { endedAtMs: nowMs, endedBy: actor.name }
          await transaction.updateTable('alarmHold').set(changes).where('id', '=', hold.id).execute()
          const before = { untilMs: hold.untilMs, reason: hold.reason, by: hold.by }
          await appendAudit(transaction, { actor: actor.username, action: `${hold.kind}.end`, entity: `hold:${hold.id}`, before }, nowMs)
          return { ...hold, ...changes }
        })
        return toHold(db, row)
      }),
    ),
  }
}

const NOT_TO_SHELVE: Readonly<Record<string, string>> = {
  NORM: '告警已结束，无需搁置 / the alarm is over: nothing to shelve',
  RTNUN: '告警已恢复、等待确认：请确认，而不是搁置 / it has returned to normal and waits for an acknowledgement: acknowledge it instead',
  SHLVD: '告警已搁置：请修改结束时间 / it is shelved already: change its end instead',
  OOSRV: '设备已停用（维护中），无需搁置 / it is out of service already: nothing to shelve',
}

/** Shelving has an end, the sooner the more urgent the alarm is; out of service (`priority` null) may be without one. */
function checkEnd(untilMs: number | null, nowMs: number, priority: AlarmPriority | null): void {
  if (untilMs !== null && untilMs < nowMs + SHORTEST_MS)
    throw new Refused(
      'invalid',
      '结束时间须在一分钟之后 / the end must be at least a minute from now',
      'untilMs',
      `> ${new Date(nowMs + SHORTEST_MS).toISOString()}`,
    )
  if (priority === null) return
  const hours = SHELVE_MAX_HOURS[priority]
  if (untilMs === null || untilMs > nowMs + hours * HOUR_MS + SHORTEST_MS)
    throw new Refused(
      'invalid',
      `该级别的告警最多搁置 ${hours} 小时 / an alarm of this priority may be shelved for ${hours} h at most`,
      'untilMs',
      `≤ ${new Date(nowMs + hours * HOUR_MS).toISOString()}`,
    )
}

/** As the alarm is now: it may have become more severe since it was shelved. */
async function priorityOf(transaction: Db, hold: HoldRow): Promise<AlarmPriority> {
  const alarm = await transaction
    .selectFrom('alarm')
    .select('priority')
    .where('source', '=', hold.source ?? '')
    .where('sourceId', '=', hold.sourceId ?? 0)
    .where('condition', '=', hold.condition ?? '')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (alarm?.priority ?? 'low') as AlarmPriority
}

async function insertHold(
  transaction: Db,
  values: Omit<HoldRow, 'id' | 'announcedAtMs' | 'endedAtMs' | 'endedBy'>,
  nowMs: number,
): Promise<HoldRow> {
  const row = await transaction.insertInto('alarmHold').values(values).returningAll().executeTakeFirstOrThrow()
  const { kind, scope, scopeId, untilMs, reason, by } = row
  const after = { kind, scope, scopeId, untilMs, reason }
  await appendAudit(transaction, { actor: by, action: `${kind}.begin`, entity: `hold:${row.id}`, after }, nowMs)
  return row
}

async function toHold(db: Db, row: HoldRow): Promise<Hold> {
  const label = await holdLabel(db, row)
  const standing = await db
    .selectFrom('alarm')
    .select(db.fn.countAll<number>().as('count'))
    .where('holdId', '=', row.id)
    .where('active', '=', 1)
    .executeTakeFirst()
  const { id, scopeId, fromMs, untilMs, reason, by, endedAtMs, endedBy } = row
  return {
    ...{ id, scopeId, fromMs, untilMs, reason, by, endedAtMs, endedBy },
    kind: row.kind as Hold['kind'],
    scope: row.scope as Hold['scope'],
    label: label.zh,
    labelEn: label.en,
    roomId: label.roomId,
    standing: Number(standing?.count ?? 0),
  }
}
