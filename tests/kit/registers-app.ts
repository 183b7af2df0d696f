import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { pino } from 'pino'
import { createAccounts } from '../../server/src/accounts/accounts.ts'
import type { Actor } from '../../server/src/api/base.ts'
import type { ExtraRoute } from '../../server/src/api/http-server.ts'
import { recordFileRoutes } from '../../server/src/api/record-files.ts'
import { createRegisterHandlers } from '../../server/src/api/registers.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { LiveValues } from '../../server/src/live/live-values.ts'
import { DEFINITIONS } from '../../server/src/registers/definitions/index.ts'
import type { RegisterBehaviour } from '../../server/src/registers/register.ts'
import { createRegisters, type Registers } from '../../server/src/registers/registers.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { PNG } from './photos.ts'

export const SIGNATURE = 'correct horse battery staple'
/** 2026-03-02 08:00 UTC, a Monday, 16:00 on the wall of the hospital. */
export const START_MS = Date.UTC(2026, 2, 2, 8)
export const TIME_ZONE = 'Asia/Shanghai'
/** What a browser sends for a signature drawn on the screen. */
export const DRAWING = `data:image/png;base64,${PNG.toString('base64')}`

export interface RegistersAppOptions {
  /** Besides DEFINITIONS. */
  definitions?: readonly RegisterDefinition[]
  /** By register. */
  behaviours?: Readonly<Record<string, RegisterBehaviour>>
}

/** The registers and their handlers on a real database, with a clock and live values that tests move. */
export interface RegistersApp {
  readonly db: Db
  readonly clock: { nowMs(): number; set(timeMs: number): void; advance(ms: number): void }
  readonly live: LiveValues
  readonly registers: Registers
  /** Files of records, as the HTTP server mounts them. */
  readonly extraRoutes: ExtraRoute[]
  /** What browsers were told. */
  readonly changes: Change[]
  /** The contract's client as this person. */
  as(actor: Actor): Client
  /** The person with this one role, made at the first call; with a number, a further one. */
  person(role: Role, number?: number): Promise<Actor>
  addPerson(username: string, roles: Role[]): Promise<Actor>
  addRoom(name: string): Promise<number>
  addDevice(roomId: number, name: string): Promise<number>
  addPoint(deviceId: number, key: string, kind: string, unit: string): Promise<number>
  /** A live reading, as ingest sets it. */
  read(pointId: number, roomId: number, value: number | string | boolean): void
  /** What the printed QR code of the room says. */
  roomKey(roomId: number): Promise<string>
  /** Sends a PNG for a field of a record, as the extra route does; returns its file id. */
  addPhoto(actor: Actor, register: string, recordId: number, key: string): Promise<number>
  auditOf(recordId: number): Promise<{ action: string; actor: string; before: unknown; after: unknown }[]>
  stop(): Promise<void>
}

/** Named by the contract: inferring it from the handlers takes lint minutes. */
type Client = Omit<ContractRouterClient<typeof contract>['registers'], 'room' | 'roomCode' | 'renewRoomCode' | 'checkRoomCode'>

export async function startRegistersApp(location: string, options: RegistersAppOptions = {}): Promise<RegistersApp> {
  const db = await openDatabase(location)
  let nowMs = START_MS
  const clock = {
    nowMs: () => nowMs,
    set: (timeMs: number) => {
      nowMs = timeMs
    },
    advance: (ms: number) => {
      nowMs += ms
    },
  }
  const log = pino({ level: 'silent' })
  const accounts = createAccounts({ db, clock, log })
  const live = new LiveValues()
  const changes: Change[] = []
  const registers = createRegisters({
    db,
    clock,
    log,
    timeZone: TIME_ZONE,
    accounts,
    live,
    change: (change) => void changes.push(change),
    definitions: [...DEFINITIONS, ...(options.definitions ?? [])],
    ...(options.behaviours ? { behaviours: options.behaviours } : {}),
  })
  const handlers = createRegisterHandlers({ db, registers })
  await db.insertInto('edgeNode').values({ site: '本部', node: 'agent1', version: null, lastSeenMs: null, online: 1 }).execute()
  const people = new Map<string, Promise<Actor>>()
  let photoCount = 0

  const addPerson = async (username: string, roles: Role[]): Promise<Actor> => {
    const setup: Actor = { accountId: null, username: 'setup', name: 'setup', roles: [], sessionHash: null, mustChangePassword: false }
    const account = await accounts.create(setup, { username, name: `${username} (name)`, roles, password: SIGNATURE })
    return { accountId: account.id, username, name: account.name, roles, sessionHash: 'test', mustChangePassword: false }
  }

  return {
    db,
    clock,
    live,
    registers,
    extraRoutes: recordFileRoutes({ registers }),
    changes,
    as: (actor) => clientFor(handlers, actor),
    person: (role, number = 1) => {
      const username = number === 1 ? role : `${role}-${number}`
      const made = people.get(username) ?? addPerson(username, [role])
      people.set(username, made)
      return made
    },
    addPerson,
    addRoom: (name) => db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name }, nowMs)),
    addDevice: async (roomId, name) => {
      const device = {
        nodeId: 1,
        device: name,
        name,
        nameEn: '',
        nameByPerson: 0,
        maker: '',
        model: '',
        roomId,
        online: 1,
        bornAtMs: nowMs,
      }
      return (await db.insertInto('device').values(device).returning('id').executeTakeFirstOrThrow()).id
    },
    addPoint: async (deviceId, key, kind, unit) => {
      const point = { deviceId, key, name: '', nameEn: '', nameByPerson: 0, kind, unit, intervalMs: 10_000, low: null, high: null }
      return (await db.insertInto('point').values(point).returning('id').executeTakeFirstOrThrow()).id
    },
    read: (pointId, roomId, value) =>
      live.touch({ pointId, roomId, timeMs: nowMs, receivedAtMs: nowMs, value, quality: 'good', reason: null, isChanged: false }),
    roomKey: async (roomId) => (await db.selectFrom('room').select('code').where('id', '=', roomId).executeTakeFirstOrThrow()).code,
    addPhoto: async (actor, register, recordId, key) => {
      photoCount += 1
      // Trailing bytes make each its own photo; what comes after the last chunk counts for nothing.
      const bytes = Buffer.concat([PNG, Buffer.from(String(photoCount))])
      const sent = { register, recordId, key, name: `photo-${photoCount}.png`, type: 'image/png', bytes }
      return (await registers.addFile(actor, sent)).file.id
    },
    auditOf: async (recordId) => {
      const rows = await db.selectFrom('audit').selectAll().where('entity', '=', `record:${recordId}`).orderBy('seq').execute()
      return rows.map(({ action, actor, beforeJson, afterJson }) => ({
        action,
        actor,
        before: JSON.parse(beforeJson) as unknown,
        after: JSON.parse(afterJson) as unknown,
      }))
    },
    stop: () => db.destroy(),
  }
}

function clientFor(handlers: ReturnType<typeof createRegisterHandlers>, actor: Actor): Client {
  return createRouterClient(handlers, { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
}
