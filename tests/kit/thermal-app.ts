import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { Change } from '@roomkeeper/shared/push'
import { pino } from 'pino'
import { type RoomSettings, roomParameters, type SimulatedRole } from '../../agent/src/drivers/simulator/options.ts'
import { pointsOfRole, type SimulatedPoint, sensorNoise } from '../../agent/src/drivers/simulator/points.ts'
import { RoomModel } from '../../agent/src/drivers/simulator/room-model.ts'
import type { ScenarioControls } from '../../agent/src/drivers/simulator/scenarios.ts'
import type { Actor } from '../../server/src/api/base.ts'
import { createThermalHandlers } from '../../server/src/api/thermal.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { systemLocalMinute } from '../../server/src/limits/local-minute.ts'
import type { StoredReading } from '../../server/src/readings/reading-store.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { RoomThermalWatch } from '../../server/src/thermal/room-thermal-watch.ts'
import { MemoryReadings } from './memory-readings.ts'

/** 2026-03-02 00:00 UTC. */
export const START_MS = Date.UTC(2026, 2, 2)
const ROLES: readonly SimulatedRole[] = ['environment', 'ups', 'cooling', 'racks']
/** Devices are read this often while something happens, and between. */
const STEP_MS = 5000
const CALM_STEP_MS = 30_000

/** A simulated room on a real database, its readings stored and live as ingest leaves them, with the watch over it and a clock that tests move. */
export interface ThermalApp {
  readonly db: Db
  readonly model: RoomModel
  readonly readings: MemoryReadings
  readonly roomId: number
  readonly upsId: number
  readonly changes: Change[]
  nowMs(): number
  /** Lets the room live on; calm: with readings each 30 s only. */
  live(ms: number, calm?: 'calm'): Promise<void>
  play(controls: ScenarioControls): void
  /** The server is started anew: memory is gone, database and readings stay. `awayMs`: so long it was away while the room lived on. */
  restart(awayMs: number): Promise<void>
  as(role: Role): ContractRouterClient<typeof contract>['thermal']
  stop(): Promise<void>
}

export async function startThermalApp(location: string, settings: RoomSettings): Promise<ThermalApp> {
  const db = await openDatabase(location)
  const model = new RoomModel(roomParameters(settings), START_MS)
  const readings = new MemoryReadings()
  const changes: Change[] = []
  let nowMs = START_MS
  const clock = { nowMs: () => nowMs }
  const log = pino({ level: 'silent' })
  await db.insertInto('edgeNode').values({ site: '本部', node: 'agent1', version: null, lastSeenMs: null, online: 1 }).execute()
  const roomId = await db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name: '中心机房' }, nowMs))
  const sources = await addDevices(db, model, roomId)
  const upsId = (await db.selectFrom('device').select('id').where('device', '=', 'ups').executeTakeFirstOrThrow()).id

  const begin = async () => {
    const directory = new Directory(db)
    await directory.load()
    const watch = new RoomThermalWatch({
      db,
      clock,
      localMinute: systemLocalMinute,
      log,
      directory,
      readings,
      change: (change) => void changes.push(change),
    })
    return { directory, watch }
  }
  let server = await begin()
  const pending = new Map<number, StoredReading[]>()
  const store = () => {
    for (const [pointId, list] of pending) readings.put(pointId, ...list)
    pending.clear()
  }
  const read = (isHeard: boolean) => {
    model.advanceTo(nowMs)
    const measured = model.measurements()
    for (const [pointId, point] of sources) {
      const shown = point.show(measured, sensorNoise(model.parameters.seed, point.key, model.state.modelSeconds))
      const list = pending.get(pointId) ?? []
      list.push({ timeMs: nowMs, value: typeof shown === 'boolean' ? Number(shown) : shown })
      pending.set(pointId, list)
      const entry = server.directory.points.get(pointId)
      if (isHeard && entry) Object.assign(entry.live, { timeMs: nowMs, receivedAtMs: nowMs, value: shown, quality: 'good', reason: null })
    }
  }
  const tick = async () => {
    store()
    server.watch.tick()
    await server.watch.settled()
  }

  return {
    db,
    model,
    readings,
    roomId,
    upsId,
    changes,
    nowMs: clock.nowMs,
    live: async (ms, calm) => {
      const stepMs = calm ? CALM_STEP_MS : STEP_MS
      for (const untilMs = nowMs + ms; nowMs < untilMs; ) {
        nowMs = Math.min(untilMs, nowMs + stepMs)
        read(true)
        server.watch.tick()
        // Only a step in which something was begun waits.
        if (!calm || nowMs % 600_000 === 0) await tick()
      }
      await tick()
    },
    play: (controls) => model.setControls(controls),
    restart: async (awayMs) => {
      await server.watch.stop()
      for (const untilMs = nowMs + awayMs; nowMs < untilMs; ) {
        nowMs += STEP_MS
        read(false)
      }
      server = await begin()
      read(true)
      await tick()
    },
    as: (role) => {
      const actor: Actor = {
        accountId: 1,
        username: role,
        name: `${role} (name)`,
        roles: [role],
        sessionHash: 'test',
        mustChangePassword: false,
      }
      const handlers = createThermalHandlers({ db, clock, store: readings, thermalWatch: server.watch, directory: server.directory })
      return createRouterClient(handlers, { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
    },
    stop: async () => {
      await server.watch.stop()
      await db.destroy()
    },
  }
}

async function addDevices(db: Db, model: RoomModel, roomId: number): Promise<Map<number, SimulatedPoint>> {
  const sources = new Map<number, SimulatedPoint>()
  const named = { nameEn: '', nameByPerson: 0 }
  for (const role of ROLES) {
    const values = { ...named, nodeId: 1, device: role, name: role, maker: '', model: '', roomId, online: 1, bornAtMs: START_MS }
    const { id: deviceId } = await db.insertInto('device').values(values).returning('id').executeTakeFirstOrThrow()
    for (const point of pointsOfRole(role, ['cold-aisle', 'hot-aisle', 'room'], model.parameters.rackCount)) {
      const { key, kind, unit } = point
      const row = { ...named, deviceId, key, name: point.name?.zh ?? '', kind, unit, intervalMs: STEP_MS, low: null, high: null }
      const { id } = await db.insertInto('point').values(row).returning('id').executeTakeFirstOrThrow()
      sources.set(id, point)
    }
  }
  return sources
}
