import type { MaintenanceWindow, Recurrence } from '@roomkeeper/shared/http'
import { isTimeZone } from '@roomkeeper/shared/wall-clock'
import type { Selectable } from 'kysely'
import { holdLabel, thingLabel } from '../../alarms/silence/hold-label.ts'
import { isRealDate, windowTimes } from '../../alarms/windows/window-times.ts'
import { appendAudit, lockChain } from '../../audit/audit.ts'
import type { Database, Db } from '../../database/schema.ts'
import { actorOf, api } from '../base.ts'
import type { HoldsDeps } from './holds.ts'
import { answering, Refused } from './refused.ts'

type WindowRow = Selectable<Database['maintenanceWindow']>
type Body = Pick<MaintenanceWindow, 'scope' | 'scopeId' | 'title' | 'recurrence' | 'timeZone' | 'reason'>

/** Maintenance windows: set up once, opened and closed by the wall clock of their zone. */
export function createWindowHandlers(deps: Pick<HoldsDeps, 'db' | 'clock' | 'alarms' | 'change'>) {
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
  const find = async (transaction: Db, windowId: number): Promise<WindowRow> => {
    const row = await transaction
      .selectFrom('maintenanceWindow')
      .selectAll()
      .where('id', '=', windowId)
      .where('removedAtMs', 'is', null)
      .executeTakeFirst()
    if (!row) throw new Refused('missing')
    return row
  }

  return {
    windows: api.life.windows.handler(async () => {
      const rows = await db.selectFrom('maintenanceWindow').selectAll().where('removedAtMs', 'is', null).orderBy('id').execute()
      return Promise.all(rows.map((row) => toWindow(db, row, clock.nowMs())))
    }),

    createWindow: api.life.createWindow.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const actor = actorOf(context)
        const row = await write(async (transaction, nowMs) => {
          await check(transaction, input, nowMs)
          const made = await transaction
            .insertInto('maintenanceWindow')
            .values({ ...columnsOf(input), revision: 1, changedBy: actor.name, changedAtMs: nowMs, removedAtMs: null })
            .returningAll()
            .executeTakeFirstOrThrow()
          const entry = {
            actor: actor.username,
            action: 'maintenance-window.create',
            entity: `maintenance-window:${made.id}`,
            after: input,
          }
          await appendAudit(transaction, entry, nowMs)
          return made
        })
        return toWindow(db, row, clock.nowMs())
      }),
    ),

    updateWindow: api.life.updateWindow.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const actor = actorOf(context)
        const { windowId, revision, ...body } = input
        const row = await write(async (transaction, nowMs) => {
          const before = await find(transaction, windowId)
          if (before.revision !== revision)
            throw new Refused('conflict', `已由 ${before.changedBy} 修改，请重新打开 / changed by ${before.changedBy}: open it again`)
          await check(transaction, body, nowMs)
          const changes = { ...columnsOf(body), revision: revision + 1, changedBy: actor.name, changedAtMs: nowMs }
          await transaction.updateTable('maintenanceWindow').set(changes).where('id', '=', windowId).execute()
          const { id: _id, ...was } = before
          const entry = { actor: actor.username, action: 'maintenance-window.change', entity: `maintenance-window:${windowId}` }
          await appendAudit(transaction, { ...entry, before: was, after: body }, nowMs)
          return { ...before, ...changes }
        })
        return toWindow(db, row, clock.nowMs())
      }),
    ),

    removeWindow: api.life.removeWindow.handler(({ input, context, errors }) =>
      answering(errors, async () => {
        const actor = actorOf(context)
        await write(async (transaction, nowMs) => {
          const { id, ...before } = await find(transaction, input.windowId)
          await transaction.updateTable('maintenanceWindow').set({ removedAtMs: nowMs }).where('id', '=', id).execute()
          const entry = { actor: actor.username, action: 'maintenance-window.remove', entity: `maintenance-window:${id}` }
          await appendAudit(transaction, { ...entry, before, after: { reason: input.reason } }, nowMs)
        })
        return { ok: true as const }
      }),
    ),
  }
}

async function check(transaction: Db, body: Body, nowMs: number): Promise<void> {
  if (!(await thingLabel(transaction, body.scope, body.scopeId)))
    throw new Refused('invalid', '没有这个测点、设备或机房 / there is no such point, device or room', 'scopeId', `id of a ${body.scope}`)
  if (!isTimeZone(body.timeZone))
    throw new Refused('invalid', `未知时区 ${body.timeZone} / unknown time zone`, 'timeZone', 'IANA: Asia/Shanghai, Europe/Berlin …')
  const { recurrence } = body
  if (recurrence.kind !== 'once') return
  if (!isRealDate(recurrence.from)) throw new Refused('invalid', '没有这一天 / there is no such day', 'recurrence.from', 'YYYY-MM-DDTHH:MM')
  const { current, next } = windowTimes(recurrence, body.timeZone, nowMs)
  if (current === null && next === null)
    throw new Refused('invalid', '时间已过 / it is over already', 'recurrence.from', `> ${new Date(nowMs).toISOString()}`)
}

function columnsOf({ scope, scopeId, title, recurrence, timeZone, reason }: Body) {
  return { scope, scopeId, title, recurrenceJson: JSON.stringify(recurrence), timeZone, reason }
}

async function toWindow(db: Db, row: WindowRow, nowMs: number): Promise<MaintenanceWindow> {
  const recurrence = JSON.parse(row.recurrenceJson) as Recurrence
  const label = await holdLabel(db, row)
  const { id, scopeId, title, timeZone, reason, revision, changedBy, changedAtMs } = row
  return {
    ...{ id, scopeId, title, timeZone, reason, revision, changedBy, changedAtMs, recurrence },
    scope: row.scope as MaintenanceWindow['scope'],
    label: label.zh,
    labelEn: label.en,
    roomId: label.roomId,
    ...windowTimes(recurrence, timeZone, nowMs),
  }
}
