import type { Device, Point, Room } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { appendAudit } from '../audit/audit.ts'
import type { Db } from '../database/schema.ts'
import type { Directory } from '../ingest/directory.ts'
import { createRoom } from '../rooms/create-room.ts'
import { actorOf, api } from './base.ts'
import { devicesWorstFirst } from './leading-points.ts'
import { loadDevices, type PointRowsDeps } from './point-rows.ts'
import { loadOverviews } from './room-overviews.ts'

export interface RoomsDeps extends PointRowsDeps {
  /** What ingest holds in memory; read again after a person changed it. */
  directory: PointRowsDeps['directory'] & Pick<Directory, 'reloadRooms' | 'reloadDevice' | 'reloadPoint'>
  change(change: Change): void
}

/** Rooms, their devices and points. */
export function createRoomHandlers(deps: RoomsDeps) {
  const { db } = deps

  const findDevice = async (deviceId: number): Promise<Device | undefined> => (await loadDevices(deps, { deviceId }))[0]

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

    updateDevice: api.rooms.updateDevice.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const fromRoomId = await db.transaction().execute(async (transaction) => {
        const row = await transaction
          .selectFrom('device')
          .select(['name', 'nameEn', 'nameByPerson', 'roomId'])
          .where('id', '=', input.deviceId)
          .executeTakeFirst()
        if (!row) throw errors.NOT_FOUND()
        const before = { name: row.name, nameEn: row.nameEn, roomId: row.roomId }
        // A name that a person gives counts in every language.
        const names = input.name === undefined ? { name: row.name, nameEn: row.nameEn } : { name: input.name, nameEn: '' }
        const after = { ...names, roomId: input.roomId ?? row.roomId }
        const room = await transaction.selectFrom('room').select('id').where('id', '=', after.roomId).executeTakeFirst()
        if (!room)
          throw errors.INVALID({
            message: `没有编号为 ${after.roomId} 的机房 / There is no room ${after.roomId}`,
            data: { field: 'roomId', allowed: '已有机房的编号 / id of an existing room' },
          })
        await transaction
          .updateTable('device')
          .set({ ...after, nameByPerson: input.name === undefined ? row.nameByPerson : 1 })
          .where('id', '=', input.deviceId)
          .execute()
        const entry = { actor: actorOf(context).username, action: 'device.update', entity: `device:${input.deviceId}`, before, after }
        await appendAudit(transaction, entry, nowMs)
        return row.roomId
      })
      await deps.directory.reloadDevice(input.deviceId)
      const device = await findDevice(input.deviceId)
      if (!device) throw errors.NOT_FOUND()
      deps.change({ topic: 'rooms', id: device.roomId })
      if (fromRoomId !== device.roomId) deps.change({ topic: 'rooms', id: fromRoomId })
      return device
    }),

    updatePoint: api.rooms.updatePoint.handler(async ({ input, context, errors }) => {
      const nowMs = deps.clock.nowMs()
      const deviceId = await db.transaction().execute(async (transaction) => {
        const before = await transaction
          .selectFrom('point')
          .select(['deviceId', 'name', 'nameEn'])
          .where('id', '=', input.pointId)
          .executeTakeFirst()
        if (!before) throw errors.NOT_FOUND()
        // An empty name gives the naming back to the device; any other counts in every language.
        const after = { name: input.name, nameEn: '' }
        const nameByPerson = input.name === '' ? 0 : 1
        await transaction
          .updateTable('point')
          .set({ ...after, nameByPerson })
          .where('id', '=', input.pointId)
          .execute()
        await appendAudit(
          transaction,
          {
            actor: actorOf(context).username,
            action: 'point.update',
            entity: `point:${input.pointId}`,
            before: { name: before.name, nameEn: before.nameEn },
            after,
          },
          nowMs,
        )
        return before.deviceId
      })
      await deps.directory.reloadPoint(input.pointId)
      const device = await findDevice(deviceId)
      const point: Point | undefined = device?.points.find((one) => one.id === input.pointId)
      if (!device || !point) throw errors.NOT_FOUND()
      deps.change({ topic: 'rooms', id: device.roomId })
      return point
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
