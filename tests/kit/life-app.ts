import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { createAlarmHandlers } from '../../server/src/api/alarms.ts'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createLifeHandlers, type LifeDeps } from '../../server/src/api/life.ts'
import { type NotifyApp, startNotifyApp } from './notify-app.ts'

/** Alarms that are told (notify-app.ts), with the handlers of their life, and rooms with points. */
export interface LifeApp extends NotifyApp {
  as(actor: Actor): Client
  /** A person with a contact through a channel of their own, named like them. */
  reachable(username: string, roles: Role[], options?: { onDuty?: boolean }): Promise<Actor>
  room(name: string): Promise<number>
  point(
    roomId: number,
    device: string,
    key: string,
    kind: string,
  ): Promise<{ roomId: number; deviceId: number; pointId: number; sourceId: number }>
}

export async function startLifeApp(location: string): Promise<LifeApp> {
  const app = await startNotifyApp(location)
  const directory: LifeDeps['directory'] = { devices: new Map(), points: new Map() }
  const live = { get: () => undefined }
  const deps = { ...app, directory, live, change: () => undefined }
  await app.db.insertInto('edgeNode').values({ site: '本部', node: 'agent1', version: null, lastSeenMs: null, online: 1 }).execute()
  return {
    ...app,
    as: (actor) => clientOf(deps, actor),
    reachable: async (username, roles, options) => {
      const accountId = await app.person(username, roles, options)
      await app.contact(accountId, await app.channel(username), `${username}@test`)
      return { accountId, username, name: username, roles, sessionHash: 'test', mustChangePassword: false }
    },
    room: async (name) => {
      const row = await app.db
        .insertInto('room')
        .values({ site: '本部', name, class: 'computer-room', createdAtMs: 0 })
        .returning('id')
        .executeTakeFirstOrThrow()
      return row.id
    },
    point: async (roomId, device, key, kind) => {
      const named = { nameEn: '', nameByPerson: 0 }
      const known = await app.db.selectFrom('device').select('id').where('device', '=', device).executeTakeFirst()
      const made =
        known ??
        (await app.db
          .insertInto('device')
          .values({ ...named, nodeId: 1, device, name: device, maker: '', model: '', roomId, online: 1, bornAtMs: 0 })
          .returning('id')
          .executeTakeFirstOrThrow())
      const point = await app.db
        .insertInto('point')
        .values({ ...named, name: '', deviceId: made.id, key, kind, unit: '1', intervalMs: 1000, low: null, high: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      return { roomId, deviceId: made.id, pointId: point.id, sourceId: point.id }
    },
  }
}

/** Named by the contract: inferring it from the handlers takes lint and types minutes. */
type Client = Pick<ContractRouterClient<typeof contract>, 'alarms' | 'life'>

function clientOf(deps: Parameters<typeof createAlarmHandlers>[0] & LifeDeps, actor: Actor): Client {
  const router = { alarms: api.alarms.router(createAlarmHandlers(deps)), life: api.life.router(createLifeHandlers(deps)) }
  return createRouterClient(router, { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
}
