import type { RegisterRecord } from '@roomkeeper/shared/http'
import type { Reference, TableValue, VisitSheet } from '@roomkeeper/shared/registers'
import { toString as qrCode } from 'qrcode'
import { AttemptLimit, addressKey } from '../accounts/attempt-limit.ts'
import { appendAudit, lockChain } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { isRoomKey } from '../registers/move-record.ts'
import type { Registers } from '../registers/registers.ts'
import { newRoomCode } from '../rooms/create-room.ts'
import { type ApiContext, actorOf, api } from './base.ts'
import { tooManyAttempts } from './password-answers.ts'

export interface RoomRegistersDeps {
  db: Db
  clock: { nowMs(): number }
  registers: Pick<Registers, 'openInRoom'>
  /** Of a page; undefined while the server does not know its own address. */
  pageUrl(path: string): string | undefined
}

/** A code has 96 random bits; whoever tries so often has none. */
const FREE_ATTEMPTS = 20
const MAX_DELAY_MS = 60_000
const FORGET_AFTER_MS = 10 * 60_000

/** Of a room: who is inside, what is open, and its printed code. */
export function createRoomRegisterHandlers(deps: RoomRegistersDeps) {
  const { db, clock } = deps
  const { registers } = api
  const attempts = new AttemptLimit({ clock, freeAttempts: FREE_ATTEMPTS, maxDelayMs: MAX_DELAY_MS, forgetAfterMs: FORGET_AFTER_MS })
  const roomOf = (roomId: number) => db.selectFrom('room').select(['id', 'name', 'code']).where('id', '=', roomId).executeTakeFirst()
  const printed = async (roomId: number, key: string, context: ApiContext) => {
    // In the fragment: it is sent to no server, and stands in no log.
    const path = `/at/${roomId}#k=${key}`
    const url = deps.pageUrl(path) ?? `${context.origin ?? ''}${path}`
    return { url, key, svg: await qrCode(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 2 }) }
  }

  return {
    room: registers.room.handler(async ({ input, context, errors }) => {
      const room = await roomOf(input.roomId)
      if (!room) throw errors.NOT_FOUND()
      const open = await deps.registers.openInRoom(actorOf(context), room.id)
      return { roomId: room.id, name: room.name, inside: await insideOf(db, open), open }
    }),

    roomCode: registers.roomCode.handler(async ({ input, context, errors }) => {
      const room = await roomOf(input.roomId)
      if (!room) throw errors.NOT_FOUND()
      return printed(room.id, room.code === '' ? await renew(deps, room.id, actorOf(context).username) : room.code, context)
    }),

    renewRoomCode: registers.renewRoomCode.handler(async ({ input, context, errors }) => {
      const room = await roomOf(input.roomId)
      if (!room) throw errors.NOT_FOUND()
      return printed(room.id, await renew(deps, room.id, actorOf(context).username), context)
    }),

    checkRoomCode: registers.checkRoomCode.handler(async ({ input, context, errors }) => {
      const attempt = `${actorOf(context).username} ${addressKey(context.address)}`
      const waitMs = attempts.begin(attempt)
      if (waitMs > 0) throw tooManyAttempts(Math.ceil(waitMs / 1000))
      const room = await roomOf(input.roomId)
      if (!room) throw errors.NOT_FOUND()
      const valid = isRoomKey(room.code, input.key)
      if (valid) attempts.succeeded(attempt)
      return { valid, name: room.name }
    }),
  }
}

/** The printed one counts no more. */
async function renew({ db, clock }: RoomRegistersDeps, roomId: number, actor: string): Promise<string> {
  const code = newRoomCode()
  await db.transaction().execute(async (transaction) => {
    await lockChain(transaction)
    await transaction.updateTable('room').set({ code }).where('id', '=', roomId).execute()
    // The code itself is a key: it is in no trail.
    await appendAudit(transaction, { actor, action: 'room.renew-code', entity: `room:${roomId}` }, clock.nowMs())
  })
  return code
}

/** Visitors who have checked in, and room staff who said that they are there. */
async function insideOf(db: Db, open: readonly RegisterRecord[]) {
  const inside = open.filter(
    ({ register, state }) => (register === 'visit' && state === 'inside') || (register === 'work-log' && state === 'open'),
  )
  if (inside.length === 0) return []
  const rows = await db
    .selectFrom('registerRecord')
    .select(['id', 'stateSinceMs', 'sheetJson'])
    .where(
      'id',
      'in',
      inside.map(({ id }) => id),
    )
    .execute()
  const byId = new Map(rows.map((row) => [row.id, row]))
  return inside
    .map((record) => {
      const { id: recordId, register, number, fields, dueAtMs, overdue } = record
      const row = byId.get(recordId)
      const sheet = JSON.parse(row?.sheetJson ?? '{}') as VisitSheet
      const escort = (fields.escort as Partial<Reference> | null | undefined)?.name ?? sheet.escort ?? null
      return {
        recordId,
        register,
        number,
        people: peopleOf(record),
        escort,
        sinceMs: row?.stateSinceMs ?? record.createdAtMs,
        dueAtMs,
        overdue,
      }
    })
    .sort((a, b) => a.sinceMs - b.sinceMs)
}

function peopleOf({ register, fields, createdBy }: RegisterRecord): string {
  if (register === 'work-log') return [createdBy, fields.companions].filter((one) => typeof one === 'string' && one !== '').join('、')
  const visitors = Array.isArray(fields.visitors) ? (fields.visitors as TableValue) : []
  return visitors.map(({ name, organisation }) => [name, organisation && `（${organisation}）`].filter(Boolean).join('')).join('、')
}
