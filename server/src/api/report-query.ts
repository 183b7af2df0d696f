import { ORPCError } from '@orpc/server'
import type { Db } from '../database/schema.ts'

/** The answer to a download that is asked for wrongly. */
export function invalid(field: string, allowed: string): ORPCError<string, unknown> {
  return new ORPCError('INVALID', { status: 422, message: `${field}：${allowed}`, data: { field, allowed } })
}

/** The room that a download is of; undefined: the whole hospital. */
export async function roomOf(db: Db, asked: unknown): Promise<{ id: number; name: string } | undefined> {
  if (asked === undefined || asked === '') return undefined
  const rooms = await db.selectFrom('room').select(['id', 'name']).execute()
  const room = rooms.find(({ id }) => id === Number(asked))
  if (!room) throw invalid('roomId', '机房编号 / id of a room')
  return room
}
