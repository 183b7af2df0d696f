import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Role } from '@roomkeeper/shared/model'
import type { ServerToBrowser } from '@roomkeeper/shared/push'
import type { AlarmTransitionNotice } from '../../server/src/alarms/alarm-types.ts'
import { type ApiApp, type ApiAppOptions, startApiApp } from './api-app.ts'

export type ClientSocket = ReturnType<ApiApp['socket']>

/** One server in a temporary directory, and browsers' sockets on it. Made anew for each test. */
export class PushBench {
  private readonly dir = mkdtempSync(join(tmpdir(), 'roomkeeper-push-'))
  private started: ApiApp | undefined

  get app(): ApiApp {
    if (!this.started) throw new Error('start it first')
    return this.started
  }

  /** Starts, or starts again on the same database. */
  async start(options: ApiAppOptions = {}): Promise<void> {
    await this.started?.stop()
    this.started = await startApiApp(join(this.dir, 'roomkeeper.db'), options)
  }

  /** Connected and welcomed; rejects when it was refused. */
  async enter(headers: Record<string, string>, auth?: Record<string, unknown>): Promise<ClientSocket> {
    const socket = this.app.socket(headers, auth)
    const welcomed = next(socket, 'hello')
    const refused = new Promise<never>((_resolve, reject) => socket.once('connect_error', reject))
    socket.connect()
    await Promise.race([welcomed, refused])
    return socket
  }

  async enterAs(username: string, roles: Role[] = ['room-keeper']) {
    const person = await this.app.addPerson(username, roles)
    return { ...person, socket: await this.enter({ cookie: person.cookie }) }
  }

  setLive(pointId: number, roomId: number, value: number): void {
    this.app.live.touch({ pointId, roomId, timeMs: value, receivedAtMs: value, value, quality: 'good', reason: null, isChanged: false })
  }

  async stop(): Promise<void> {
    await this.started?.stop()
    await rm(this.dir, { recursive: true, force: true })
  }
}

export const notice = (transitionId: number, event: AlarmTransitionNotice['event'] = 'raise'): AlarmTransitionNotice => ({
  transitionId,
  alarmId: transitionId + 1000,
  incidentId: 5,
  incidentOpened: false,
  roomId: 1,
  priority: 'critical',
  drill: false,
  state: 'UNACK',
  event,
})

/** The next event of this name. */
export function next<E extends keyof ServerToBrowser>(socket: ClientSocket, event: E): Promise<Parameters<ServerToBrowser[E]>> {
  const once = socket.once.bind(socket) as unknown as (event: string, listener: (...input: unknown[]) => void) => void
  return new Promise((resolve) => once(event, (...input) => resolve(input as Parameters<ServerToBrowser[E]>)))
}
