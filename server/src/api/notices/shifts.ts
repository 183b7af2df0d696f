import type { Shift } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { appendAudit } from '../../audit/audit.ts'
import type { Db } from '../../database/schema.ts'
import { onDutyAt } from '../../notify/roster.ts'
import { actorOf, api } from '../base.ts'
import { requireSignature } from '../signature.ts'
import type { NoticesDeps } from './deps.ts'

/** A shift longer than this is a slip of the pen. */
const LONGEST_MS = 14 * 24 * 3_600_000
/** A roster asked for at once: a year. */
const LONGEST_VIEW_MS = 366 * 24 * 3_600_000

/** The roster: shifts, swaps, and the hand-over note that the next person signs. */
export function createShiftHandlers(deps: NoticesDeps) {
  const { db, clock } = deps
  const applied = async (): Promise<void> => {
    deps.change({ topic: 'notices' })
    await deps.notifier.minute()
  }

  return {
    people: api.notices.people.handler(async () => {
      const rows = await db
        .selectFrom('account')
        .select(['id as accountId', 'name', 'rolesJson'])
        .where('disabled', '=', 0)
        .orderBy('name')
        .execute()
      return rows.map(({ rolesJson, ...person }) => ({ ...person, roles: JSON.parse(rolesJson) as Role[] }))
    }),

    shifts: api.notices.shifts.handler(async ({ input, errors }) => {
      if (input.toMs <= input.fromMs || input.toMs - input.fromMs > LONGEST_VIEW_MS)
        throw errors.INVALID({ data: { field: 'toMs', allowed: '晚于 fromMs，最多一年 / after fromMs, a year at most' } })
      const rows = await shiftRows(db)
        .where('shift.toMs', '>', input.fromMs)
        .where('shift.fromMs', '<', input.toMs)
        .orderBy('shift.fromMs')
        .execute()
      return { shifts: rows.map(toShift), onDutyNow: await onDutyAt(db, clock.nowMs()) }
    }),

    createShift: api.notices.createShift.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context).username
      const shiftId = await db.transaction().execute(async (transaction) => {
        const problem = await whyNot(transaction, input)
        if (problem) throw errors.INVALID(problem)
        const { accountId, fromMs, toMs, note } = input
        const { id } = await transaction
          .insertInto('shift')
          .values({
            accountId,
            fromMs,
            toMs,
            note,
            handoverText: null,
            handoverBy: null,
            handoverAtMs: null,
            signedBy: null,
            signedAtMs: null,
          })
          .returning('id')
          .executeTakeFirstOrThrow()
        await appendAudit(
          transaction,
          { actor, action: 'shift.create', entity: `shift:${id}`, after: { accountId, fromMs, toMs, note } },
          clock.nowMs(),
        )
        return id
      })
      await applied()
      return await find(db, shiftId)
    }),

    updateShift: api.notices.updateShift.handler(async ({ input, context, errors }) => {
      const { shiftId, reason, accountId, fromMs, toMs, note } = input
      const actor = actorOf(context).username
      await db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('shift').selectAll().where('id', '=', shiftId).executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        // What was handed over in writing is a record of who was there.
        if (row.signedAtMs !== null) throw errors.CONFLICT({ message: '已交接签字，不能更改 / signed, it cannot be changed' })
        const problem = await whyNot(transaction, input, shiftId)
        if (problem) throw errors.INVALID(problem)
        await transaction.updateTable('shift').set({ accountId, fromMs, toMs, note }).where('id', '=', shiftId).execute()
        const before = { accountId: row.accountId, fromMs: row.fromMs, toMs: row.toMs, note: row.note }
        const after = { accountId, fromMs, toMs, note, reason }
        await appendAudit(transaction, { actor, action: 'shift.update', entity: `shift:${shiftId}`, before, after }, clock.nowMs())
      })
      await applied()
      return await find(db, shiftId)
    }),

    removeShift: api.notices.removeShift.handler(async ({ input, context, errors }) => {
      const { shiftId, reason } = input
      const actor = actorOf(context).username
      await db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('shift').selectAll().where('id', '=', shiftId).executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        if (row.signedAtMs !== null) throw errors.CONFLICT({ message: '已交接签字，不能删除 / signed, it cannot be removed' })
        await transaction.deleteFrom('shift').where('id', '=', shiftId).execute()
        await appendAudit(
          transaction,
          { actor, action: 'shift.remove', entity: `shift:${shiftId}`, before: row, after: { reason } },
          clock.nowMs(),
        )
      })
      await applied()
      return { ok: true as const }
    }),

    handOver: api.notices.handOver.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      const nowMs = clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('shift').selectAll().where('id', '=', input.shiftId).executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        if (row.accountId !== actor.accountId) throw errors.FORBIDDEN({ message: '只能由当班人员填写 / only by the person of this shift' })
        if (row.signedAtMs !== null) throw errors.CONFLICT({ data: { by: row.signedBy, atMs: row.signedAtMs } })
        const note = { handoverText: input.text, handoverBy: actor.name, handoverAtMs: nowMs }
        await transaction.updateTable('shift').set(note).where('id', '=', input.shiftId).execute()
        const before = { text: row.handoverText }
        const entry = { actor: actor.username, action: 'shift.handover', entity: `shift:${row.id}`, before, after: { text: input.text } }
        await appendAudit(transaction, entry, nowMs)
      })
      deps.change({ topic: 'notices' })
      return await find(db, input.shiftId)
    }),

    signHandOver: api.notices.signHandOver.handler(async ({ input, context, errors }) => {
      const actor = actorOf(context)
      await requireSignature(deps.accounts, actor, input.password)
      const nowMs = clock.nowMs()
      await db.transaction().execute(async (transaction) => {
        const row = await transaction.selectFrom('shift').selectAll().where('id', '=', input.shiftId).executeTakeFirst()
        if (row?.handoverText == null) throw errors.NOT_FOUND({ message: '没有交接记录 / There is no hand-over note' })
        if (row.accountId === actor.accountId) throw errors.FORBIDDEN({ message: '须由接班人员签字 / to be signed by the next person' })
        if (row.signedAtMs !== null) throw errors.CONFLICT({ data: { by: row.signedBy, atMs: row.signedAtMs } })
        await transaction.updateTable('shift').set({ signedBy: actor.name, signedAtMs: nowMs }).where('id', '=', row.id).execute()
        const entry = {
          actor: actor.username,
          action: 'shift.handover-signed',
          entity: `shift:${row.id}`,
          after: { signedBy: actor.name, text: row.handoverText },
        }
        await appendAudit(transaction, entry, nowMs)
      })
      deps.change({ topic: 'notices' })
      return await find(db, input.shiftId)
    }),
  }
}

/** Why this shift cannot be: it ends before it begins, nobody can take it, or the person has one at that time already. */
async function whyNot(transaction: Db, shift: { accountId: number; fromMs: number; toMs: number }, butShiftId = 0) {
  const { accountId, fromMs, toMs } = shift
  if (toMs <= fromMs || toMs - fromMs > LONGEST_MS) return problem('toMs', '晚于开始，最长 14 天 / after its beginning, 14 days at most')
  const account = await transaction.selectFrom('account').select('disabled').where('id', '=', accountId).executeTakeFirst()
  if (account?.disabled !== 0) return problem('accountId', '可用的账户 / an account that is not disabled')
  const other = await transaction
    .selectFrom('shift')
    .select('id')
    .where('accountId', '=', accountId)
    .where('id', '<>', butShiftId)
    .where('toMs', '>', fromMs)
    .where('fromMs', '<', toMs)
    .executeTakeFirst()
  return other ? problem('fromMs', '与此人的另一班次重叠 / it overlaps another shift of this person') : undefined
}

function problem(field: string, allowed: string) {
  return { message: allowed, data: { field, allowed } }
}

function shiftRows(db: Db) {
  return db.selectFrom('shift').innerJoin('account', 'account.id', 'shift.accountId').selectAll('shift').select('account.name')
}

type ShiftRow = Awaited<ReturnType<ReturnType<typeof shiftRows>['execute']>>[number]

async function find(db: Db, shiftId: number): Promise<Shift> {
  return toShift(await shiftRows(db).where('shift.id', '=', shiftId).executeTakeFirstOrThrow())
}

function toShift(row: ShiftRow): Shift {
  const { id, accountId, name, fromMs, toMs, note, handoverText, handoverBy, handoverAtMs, signedBy, signedAtMs } = row
  const handover =
    handoverText === null ? null : { text: handoverText, by: handoverBy ?? '', atMs: handoverAtMs ?? 0, signedBy, signedAtMs }
  return { id, accountId, name, fromMs, toMs, note, handover }
}
