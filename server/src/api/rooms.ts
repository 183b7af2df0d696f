import type { Room } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import { createRoom } from '../rooms/create-room.ts'
import { actorOf, api } from './base.ts'
import { devicesWorstFirst } from './leading-points.ts'
import type { PointRowsDeps } from './point-rows.ts'
import { loadOverviews, type RoomOverviewsDeps } from './room-overviews.ts'

export interface RoomsDeps extends RoomOverviewsDeps {
  /** What ingest holds in memory; read again after a person changed it. */
  directory: PointRowsDeps['directory'] & Pick<Directory, 'reloadRooms'>
  change(change: Change): void
}

/** Rooms with their devices and points; these are named and placed by devices.ts. */
export function createRoomHandlers(deps: RoomsDeps) {
  const { db } = deps

  return {
    list: api.rooms.list.handler(async () => (await loadOverviews(deps)).map(({ overview }) => overview)),

    get: api.rooms.get.handler(async ({ input, errors }) => {
      const [found] = await loadOverviews(deps, input.roomId)
      if (!found) throw errors.NOT_FOUND()
      return { ...found.overview, deviceList: devicesWorstFirst(found.devices) }
    }),

    create: api.rooms.create.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const actor = actorOf(context).username
      const room = await db.transaction().execute(async (transaction) => {
        if (await isNameTaken(transaction, input)) throw errors.INVALID(nameTaken(input))
        return { id: await createRoom(transaction, input, nowMs, actor), ...input }
      })
      await deps.directory.reloadRooms()
      deps.change({ topic: 'rooms', id: room.id })
      return room
    }),

    update: api.rooms.update.handler(async ({ input, context, errors }) => {
      const { roomId, ...wanted } = input
      const nowMs = deps.clock.nowMs()
      const room = await db.transaction().execute(async (transaction) => {
        const before = await transaction.selectFrom('room').select(['site', 'name', 'class']).where('id', '=', roomId).executeTakeFirst()
        if (!before) throw errors.NOT_FOUND()
        const after = {
          site: wanted.site ?? before.site,
          name: wanted.name ?? before.name,
          class: wanted.class ?? (before.class as Room['class']),
        }
        if (await isNameTaken(transaction, after, roomId)) throw errors.INVALID(nameTaken(after))
        await transaction.updateTable('room').set(after).where('id', '=', roomId).execute()
        const entry = { actor: actorOf(context).username, action: 'room.update', entity: `room:${roomId}`, before, after }
        await appendAudit(transaction, entry, nowMs)
        return { id: roomId, ...after }
      })
      await deps.directory.reloadRooms()
      deps.change({ topic: 'rooms', id: room.id })
      return room
    }),
  }
}

async function isNameTaken(transaction: Db, room: Pick<Room, 'site' | 'name'>, exceptId = 0): Promise<boolean> {
  const row = await transaction
    .selectFrom('room')
    .select('id')
    .where('site', '=', room.site)
    .where('name', '=', room.name)
    .where('id', '<>', exceptId)
    .executeTakeFirst()
  return row !== undefined
}

function nameTaken(room: Pick<Room, 'site' | 'name'>) {
  return {
    message: `${room.site} 已有机房“${room.name}” / ${room.site} has a room “${room.name}” already`,
    data: { field: 'name', allowed: '同一院区内不重复的名称 / a name not used at this site' },
  }
}
