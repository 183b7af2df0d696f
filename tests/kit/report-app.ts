import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract, ReportRun, ReportScheduleInput } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createReportHandlers } from '../../server/src/api/reports.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { mailChannel } from '../../server/src/notify/channels/mail/index.ts'
import { createReportRunner, type ReportRunner } from '../../server/src/reports/schedules/report-runner.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { MemoryReadings } from './memory-readings.ts'
import { MINUTE_MS, type NotifyApp, START_MS, startNotifyApp } from './notify-app.ts'

export const TIME_ZONE = 'Asia/Shanghai'

/** Telling people (notify-app.ts) with the real mail channel, and reports that are sent by it. Readings are in memory. */
export interface ReportApp extends NotifyApp {
  runner: ReportRunner
  readings: MemoryReadings
  as(actor: Actor): Client
  addPerson(name: string, roles: Role[]): Promise<Actor>
  addRoom(name: string): Promise<number>
  /** A thermometer in the room; returns the point's id. */
  addProbe(roomId: number): Promise<number>
  /** Sets up the mail channel; returns its id. */
  mail(port: number, settings?: Record<string, unknown>): Promise<number>
  /** Adds a schedule of the whole hospital as PDF to one address, with what is given. */
  addSchedule(actor: Actor, input?: Partial<ReportScheduleInput>): Promise<number>
  /** The clock goes to this moment; what is due is made and sent. */
  at(text: string): Promise<void>
  /** What is due now is made and sent, as far as it can be. */
  turn(): Promise<void>
  /** Oldest first. */
  runs(): Promise<ReportRun[]>
}

type Client = Pick<ContractRouterClient<typeof contract>, 'reports'>

export async function startReportApp(location: string): Promise<ReportApp> {
  const app = await startNotifyApp(location, [mailChannel])
  const { db, clock, log, alarms, notifier } = app
  const readings = new MemoryReadings()
  const directory = new Directory(db)
  await directory.load()
  const change = () => undefined
  const runner = createReportRunner({
    ...{ db, clock, log, alarms, readings, directory, change },
    timeZone: TIME_ZONE,
    wake: () => notifier.wake(),
  })
  const router = { reports: api.reports.router(createReportHandlers({ db, clock, timeZone: TIME_ZONE, reportRunner: runner, change })) }
  const turn = async (): Promise<void> => {
    await runner.minute()
    await runner.idle()
    await app.settle()
    await runner.minute()
    await notifier.minute()
    await app.settle()
  }
  const as = (actor: Actor): Client => createRouterClient(router, { context: { actor, address: '', setSessionCookie: () => undefined } })
  return {
    ...app,
    runner,
    readings,
    as,
    turn,
    addPerson: async (name, roles) => {
      const accountId = await app.person(name, roles)
      return { accountId, username: name, name, roles, sessionHash: 'test', mustChangePassword: false }
    },
    addRoom: async (name) => {
      const roomId = await db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name }, clock.nowMs()))
      await directory.load()
      return roomId
    },
    addProbe: async (roomId) => {
      const node = { site: '本部', node: `agent${roomId}`, version: null, lastSeenMs: null, online: 1 }
      const { id: nodeId } = await db.insertInto('edgeNode').values(node).returning('id').executeTakeFirstOrThrow()
      const names = { device: 'probe1', name: '探头 1', nameEn: '', nameByPerson: 0, maker: '', model: '' }
      const { id: deviceId } = await db
        .insertInto('device')
        .values({ ...names, nodeId, roomId, online: 1, bornAtMs: START_MS - 90 * 86_400_000 })
        .returning('id')
        .executeTakeFirstOrThrow()
      const point = { deviceId, key: 'temperature', name: '', nameEn: '', nameByPerson: 0, kind: 'temperature', unit: 'Cel' }
      const { id } = await db
        .insertInto('point')
        .values({ ...point, intervalMs: 10_000, low: null, high: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      await directory.load()
      return id
    },
    mail: async (port, settings = {}) => {
      const settingsJson = JSON.stringify({ host: '127.0.0.1', port, tls: 'none', from: 'roomkeeper@hospital.example', ...settings })
      const channel = { kind: 'mail', label: '邮件', enabled: 1, minPriority: 'low', settingsJson, revision: 1 }
      const { id } = await db
        .insertInto('channel')
        .values({ ...channel, changedAtMs: clock.nowMs() - 1, removedAtMs: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    addSchedule: async (actor, input = {}) => {
      const { id } = await as(actor).reports.add({
        ...{ kind: 'monthly', roomId: null, language: 'zh', formats: ['pdf'], at: '08:00', enabled: true },
        ...{ accountIds: [], addresses: ['director@hospital.example'] },
        ...input,
      })
      return id
    },
    at: async (text) => {
      clock.advance(Date.parse(text) - clock.nowMs())
      await turn()
    },
    runs: async () => {
      const actor: Actor = {
        accountId: null,
        username: 'test',
        name: 'test',
        roles: ['auditor'],
        sessionHash: null,
        mustChangePassword: false,
      }
      return (await as(actor).reports.runs({})).toReversed()
    },
    stop: async () => {
      await runner.stop()
      await app.stop()
    },
  }
}
export { MINUTE_MS }
