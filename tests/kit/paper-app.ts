import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract, WholeRecord } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { createAccounts } from '../../server/src/accounts/accounts.ts'
import { createAlarmHandlers } from '../../server/src/api/alarms.ts'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createRegisterHandlers } from '../../server/src/api/registers.ts'
import { createRoomRegisterHandlers } from '../../server/src/api/room-registers.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { localMinuteOf } from '../../server/src/limits/local-minute.ts'
import { LiveValues } from '../../server/src/live/live-values.ts'
import { PaperWatch } from '../../server/src/paper/paper-watch.ts'
import { UnknownDevices } from '../../server/src/paper/unknown-devices.ts'
import { behavioursOf } from '../../server/src/registers/behaviours.ts'
import { createRegisters, type Registers } from '../../server/src/registers/registers.ts'
import { createScheduleRunner } from '../../server/src/schedules/schedule-runner.ts'
import { type LifeApp, startLifeApp } from './life-app.ts'
import { MemoryReadings } from './memory-readings.ts'
import { DRAWING, TIME_ZONE } from './registers-app.ts'

/** Alarms that are told (life-app.ts), with the registers and what they bring to alarms. */
export interface PaperApp extends Omit<LifeApp, 'as'> {
  registers: Registers
  readings: MemoryReadings
  paper: PaperWatch
  as(actor: Actor): Client
  /** After rooms, devices and points were made. */
  reload(): Promise<void>
  /** A move of a record as it is now, drawn signatures included. */
  move(actor: Actor, record: WholeRecord, move: string, more?: { fields?: Record<string, unknown>; comment?: string }): Promise<WholeRecord>
  /** What this second, and with `minute` this minute, brings. */
  turn(options?: { minute?: boolean }): Promise<void>
  /** Somebody with a contact named like them. */
  reachable(username: string, roles: Role[], options?: { onDuty?: boolean }): Promise<Actor>
}

export async function startPaperApp(location: string): Promise<PaperApp> {
  const app = await startLifeApp(location)
  const { db, clock, alarms, log } = app
  const live = new LiveValues()
  const directory = new Directory(db)
  const readings = new MemoryReadings()
  const accounts = createAccounts({ db, clock, log })
  const change = () => undefined
  const behaviours = behavioursOf({
    ...{ db, clock, log, timeZone: TIME_ZONE, live, directory, readings, change, alarms },
    registers: () => registers,
  })
  const registers: Registers = createRegisters({ db, clock, log, timeZone: TIME_ZONE, accounts, live, change, behaviours })
  const unknownDevices = new UnknownDevices({ db, clock, alarms, log })
  const schedules = createScheduleRunner({ db, clock, alarms, change, log, timeZone: TIME_ZONE })
  const localMinute = localMinuteOf(TIME_ZONE)
  const paper = new PaperWatch({
    db,
    clock,
    log,
    readings,
    directory,
    live,
    localMinute,
    registers,
    alarms,
    unknownDevices,
    changed: change,
    shelved: change,
  })
  const as = (actor: Actor) => clientOf({ ...app, live, directory, registers, pageUrl: () => undefined }, actor)
  return {
    ...app,
    registers,
    readings,
    paper,
    as,
    reload: () => directory.load(),
    move: (actor, record, move, { fields = {}, comment = '' } = {}) =>
      registers.move(actor, {
        ...{ register: record.register, recordId: record.id, move, revision: record.revision, fields, comment },
        signature: { drawing: DRAWING },
      }),
    turn: async ({ minute = false } = {}) => {
      await paper.second()
      if (minute) {
        await schedules.run()
        await paper.minute()
      }
      await app.settle()
    },
  }
}

/** Named by the contract: inferring it from the handlers takes lint and types minutes. */
type Client = Pick<ContractRouterClient<typeof contract>, 'alarms' | 'registers'>
type Deps = Parameters<typeof createAlarmHandlers>[0] &
  Parameters<typeof createRegisterHandlers>[0] &
  Parameters<typeof createRoomRegisterHandlers>[0]

function clientOf(deps: Deps, actor: Actor): Client {
  const router = {
    alarms: api.alarms.router(createAlarmHandlers(deps)),
    registers: api.registers.router({ ...createRegisterHandlers(deps), ...createRoomRegisterHandlers(deps) }),
  }
  const context = { actor, address: '127.0.0.1', origin: 'http://rooms.test', setSessionCookie: () => undefined }
  return createRouterClient(router, { context })
}
