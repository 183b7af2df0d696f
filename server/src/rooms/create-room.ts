import { randomBytes } from 'node:crypto'
import type { RoomClass } from '@roomkeeper/shared/model'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import { createSchedulesForRoom } from '../schedules/create-schedules.ts'

interface NewRoom {
  site: string
  name: string
  /** A room that an agent proposes is taken for a computer room, the strictest class, until a person says otherwise. */
  class?: RoomClass
}

/** Printed as a QR code at the door: whoever shows it was there. */
export function newRoomCode(): string {
  return randomBytes(12).toString('base64url')
}

/** Makes a room with everything a room gets: its inspection schedule and the audit rows. Returns its id. */
export async function createRoom(transaction: Db, room: NewRoom, nowMs: number, actor = 'system'): Promise<number> {
  const values = { site: room.site, name: room.name, class: room.class ?? 'computer-room' }
  const { id } = await transaction
    .insertInto('room')
    .values({ ...values, createdAtMs: nowMs, code: newRoomCode() })
    .returning('id')
    .executeTakeFirstOrThrow()
  await appendAudit(transaction, { actor, action: 'room.create', entity: `room:${id}`, after: values }, nowMs)
  await createSchedulesForRoom(transaction, id, actor, nowMs)
  return id
}
