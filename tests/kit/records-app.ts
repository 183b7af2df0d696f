import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import { pino } from 'pino'
import { createAccounts } from '../../server/src/accounts/accounts.ts'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import type { AlarmSignal } from '../../server/src/alarms/alarm-types.ts'
import { LifeWatch } from '../../server/src/alarms/life-watch.ts'
import { createAlarmHandlers } from '../../server/src/api/alarms.ts'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createChecklistHandlers } from '../../server/src/api/checklists.ts'
import { createCombinationHandlers } from '../../server/src/api/combinations.ts'
import { createDeviceHandlers } from '../../server/src/api/devices.ts'
import { createHistoryHandlers } from '../../server/src/api/history.ts'
import { createIncidentHandlers } from '../../server/src/api/incidents.ts'
import { createLifeHandlers } from '../../server/src/api/life.ts'
import { createLimitDefaultHandlers } from '../../server/src/api/limit-defaults.ts'
import { createLimitHandlers } from '../../server/src/api/limits.ts'
import { createRegisterHandlers } from '../../server/src/api/registers.ts'
import { createRehearsalHandlers } from '../../server/src/api/rehearsals.ts'
import { createRoomHandlers } from '../../server/src/api/rooms.ts'
import { createScheduleHandlers } from '../../server/src/api/schedules.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { DeviceSettingsDelivery } from '../../server/src/devices/device-settings.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { IncidentCurves } from '../../server/src/incidents/incident-curves.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { NodeSession } from '../../server/src/ingest/node-session.ts'
import type { NewJudge } from '../../server/src/limits/combinations/combination-judge.ts'
import { CombinationWatch } from '../../server/src/limits/combinations/combination-watch.ts'
import { PointJudge } from '../../server/src/limits/point-judge.ts'
import { Rehearsals } from '../../server/src/limits/rehearsal/rehearsals.ts'
import { LiveValues } from '../../server/src/live/live-values.ts'
import { SilenceWatch } from '../../server/src/live/silence-watch.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'
import { behavioursOf } from '../../server/src/registers/behaviours.ts'
import { createRegisters, type Registers } from '../../server/src/registers/registers.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { dueSchedules } from '../../server/src/schedules/load-schedules.ts'
import { createScheduleRunner, type ScheduleRunner } from '../../server/src/schedules/schedule-runner.ts'
import { MemoryReadings } from './memory-readings.ts'

export const SIGNATURE = 'correct horse battery staple'
/** 2026-03-02 08:00 UTC, a Monday. */
export const START_MS = Date.UTC(2026, 2, 2, 8)
const TIME_ZONE = 'Asia/Shanghai'

/** Rooms, alarms, incidents, registers and their handlers on a real database, with a clock and a readings store that tests move. */
export interface RecordsApp {
  readonly db: Db
  readonly clock: { nowMs(): number; set(timeMs: number): void; advance(ms: number): void }
  readonly directory: Directory
  readonly live: LiveValues
  readonly alarms: AlarmStore
  /** Not started: tests tick it. */
  readonly life: LifeWatch
  readonly readings: MemoryReadings
  readonly curves: IncidentCurves
  readonly schedules: ScheduleRunner
  readonly registers: Registers
  readonly settings: DeviceSettingsDelivery
  readonly silence: SilenceWatch
  readonly combinations: CombinationWatch
  readonly rehearsals: Rehearsals
  /** The agent's connection; `isOnline` is set by the test. */
  readonly session: NodeSession
  /** Settings sent to devices (DCMD), in order. */
  readonly commands: { device: string; settings: unknown }[]
  /** What browsers were told. */
  readonly changes: Change[]
  /** The API as this person sees it. */
  as(actor: Actor): Client
  addPerson(username: string, roles: Role[]): Promise<Actor>
  addRoom(name: string): Promise<number>
  addDevice(roomId: number, device: string): Promise<number>
  addPoint(deviceId: number, key: string, kind: string, unit: string): Promise<number>
  /** A live reading, as ingest sets it. */
  read(pointId: number, value: number | string | boolean): void
  /** Raises and waits until it is durable; curves are fetched as in the running server. */
  raise(signal: Partial<AlarmSignal> & Pick<AlarmSignal, 'condition' | 'priority'>): Promise<void>
  auditOf(entity: string): Promise<{ action: string; actor: string; before: unknown; after: unknown }[]>
  stop(): Promise<void>
}

/** Named by the contract: inferring it from the handlers takes lint and types minutes. */
type Api = ContractRouterClient<typeof contract>
type Client = Pick<Api, 'rooms' | 'devices' | 'history' | 'limits' | 'alarms' | 'life' | 'incidents' | 'checklists' | 'schedules'> & {
  registers: Omit<Api['registers'], 'room' | 'roomCode' | 'renewRoomCode' | 'checkRoomCode'>
}

export async function startRecordsApp(location: string): Promise<RecordsApp> {
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
  const directory = new Directory(db)
  const live = new LiveValues()
  const readings = new MemoryReadings()
  const changes: Change[] = []
  const change = (one: Change): void => void changes.push(one)
  const alarms = new AlarmStore({
    db,
    clock,
    log,
    attachIncident,
    queueNotices: createPipeline({ placeKinds: new Set(), urlOf: () => undefined }),
  })
  await alarms.start()
  const curves = new IncidentCurves({ db, readings, directory, clock, log })
  alarms.onTransition((notice) => {
    if (notice.incidentId !== null) curves.fetchSoon(notice.incidentId)
  })
  const schedules = createScheduleRunner({ db, clock, alarms, change, log, timeZone: TIME_ZONE })
  const sessions = new Map<string, NodeSession>()
  const commands: RecordsApp['commands'] = []
  const agents = {
    sessions,
    commands: {
      deviceSettings: (_session: NodeSession, device: string, json: string) => void commands.push({ device, settings: JSON.parse(json) }),
      replayIfStalled: () => undefined,
    },
  }
  const settings = new DeviceSettingsDelivery({ db, clock, log, agents })
  const silence = new SilenceWatch({ clock, directory, live, ingest: agents, alarms })
  const newJudge: NewJudge = (limits, snapshot) => new PointJudge(limits, snapshot)
  const combinations = new CombinationWatch({ db, clock, log, directory, live, alarms, newJudge })
  const rehearsals = new Rehearsals({ clock, log, directory, live, readings, newJudge, timeZone: TIME_ZONE })
  const notifier = { wake: () => undefined }
  const life = new LifeWatch({ db, clock, log, alarms, placeKinds: new Set(), change, ...notifier })
  const incidentUrl = (incidentId: number) => `http://roomkeeper.example/incidents/${incidentId}`
  const parts = { db, clock, log, timeZone: TIME_ZONE, live }
  const registers: Registers = createRegisters({
    ...parts,
    accounts,
    change,
    behaviours: behavioursOf({ ...parts, directory, readings, alarms, change, registers: () => registers }),
    dueSchedules: (actor, atMs) => dueSchedules({ db, timeZone: TIME_ZONE }, actor, atMs),
  })
  const common = {
    timeZone: TIME_ZONE,
    registers,
    life,
    combinations,
    rehearsals,
    notifier,
    incidentUrl,
    settings,
    silence,
    db,
    clock,
    live,
    directory,
    readings,
    accounts,
    alarms,
    curves,
    schedules,
    change,
    log,
  }
  const router = recordsRouter(common)
  await db.insertInto('edgeNode').values({ site: '本部', node: 'agent1', version: null, lastSeenMs: null, online: 1 }).execute()
  await directory.load()
  const session = new NodeSession(directory.nodes.get('本部/agent1') as NodeSession['entry'], log, nowMs)
  sessions.set('本部/agent1', session)

  return {
    db,
    clock,
    directory,
    live,
    alarms,
    life,
    readings,
    curves,
    schedules,
    registers,
    settings,
    silence,
    combinations,
    rehearsals,
    session,
    commands,
    changes,
    as: (actor) => clientFor(router, actor),
    addPerson: async (username, roles) => {
      const setup: Actor = { accountId: null, username: 'setup', name: 'setup', roles: [], sessionHash: null, mustChangePassword: false }
      const account = await accounts.create(setup, { username, name: `${username} (name)`, roles, password: SIGNATURE })
      return { accountId: account.id, username, name: account.name, roles, sessionHash: 'test', mustChangePassword: false }
    },
    addRoom: async (name) => {
      const roomId = await db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name }, clock.nowMs()))
      await directory.reloadRooms()
      return roomId
    },
    addDevice: async (roomId, device) => {
      const row = await db
        .insertInto('device')
        .values({ nodeId: 1, device, name: device, nameEn: '', nameByPerson: 0, maker: '', model: '', roomId, online: 1, bornAtMs: nowMs })
        .returningAll()
        .executeTakeFirstOrThrow()
      directory.putDevice(row).online = true
      return row.id
    },
    addPoint: async (deviceId, key, kind, unit) => {
      const row = await db
        .insertInto('point')
        .values({ deviceId, key, name: '', nameEn: '', nameByPerson: 0, kind, unit, intervalMs: 10_000, low: null, high: null })
        .returningAll()
        .executeTakeFirstOrThrow()
      await directory.putPoint(row)
      return row.id
    },
    read: (pointId, value) => {
      const roomId = directory.points.get(pointId)?.device.room.id ?? 0
      live.touch({ pointId, roomId, timeMs: nowMs, receivedAtMs: nowMs, value, quality: 'good', reason: null, isChanged: false })
    },
    raise: async (signal) => {
      const point = directory.points.get(signal.pointId ?? 0)
      alarms.submit({
        kind: 'raise',
        signal: {
          source: 'point',
          sourceId: signal.pointId ?? 0,
          atMs: nowMs,
          value: null,
          limit: null,
          late: false,
          roomId: point?.device.room.id ?? null,
          deviceId: point?.deviceId ?? null,
          pointId: null,
          ...signal,
        },
      })
      await alarms.flush()
      await curves.idle()
    },
    auditOf: async (entity) => {
      const rows = await db.selectFrom('audit').selectAll().where('entity', '=', entity).orderBy('seq').execute()
      return rows.map(({ action, actor, beforeJson, afterJson }) => ({
        action,
        actor,
        before: JSON.parse(beforeJson) as unknown,
        after: JSON.parse(afterJson) as unknown,
      }))
    },
    stop: async () => {
      await combinations.stop()
      rehearsals.stop()
      await alarms.stop()
      await curves.idle()
      await db.destroy()
    },
  }
}

type RouterDeps = Parameters<typeof createRoomHandlers>[0] &
  Parameters<typeof createDeviceHandlers>[0] &
  Parameters<typeof createHistoryHandlers>[0] &
  Parameters<typeof createLimitHandlers>[0] &
  Parameters<typeof createRehearsalHandlers>[0] &
  Parameters<typeof createCombinationHandlers>[0] &
  Parameters<typeof createAlarmHandlers>[0] &
  Parameters<typeof createLifeHandlers>[0] &
  Parameters<typeof createIncidentHandlers>[0] &
  Parameters<typeof createRegisterHandlers>[0] &
  Parameters<typeof createChecklistHandlers>[0] &
  Parameters<typeof createScheduleHandlers>[0]

function recordsRouter(deps: RouterDeps) {
  return {
    rooms: api.rooms.router(createRoomHandlers(deps)),
    devices: api.devices.router(createDeviceHandlers(deps)),
    history: api.history.router(createHistoryHandlers(deps)),
    limits: api.limits.router({
      ...createLimitHandlers(deps),
      ...createLimitDefaultHandlers(),
      ...createRehearsalHandlers(deps),
      ...createCombinationHandlers(deps),
    }),
    alarms: api.alarms.router(createAlarmHandlers(deps)),
    life: api.life.router(createLifeHandlers(deps)),
    incidents: api.incidents.router(createIncidentHandlers(deps)),
    checklists: api.checklists.router(createChecklistHandlers(deps)),
    registers: createRegisterHandlers(deps),
    schedules: createScheduleHandlers(deps),
  }
}

function clientFor(router: ReturnType<typeof recordsRouter>, actor: Actor): Client {
  return createRouterClient(router, { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
}
