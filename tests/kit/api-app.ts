import type { Server } from 'node:http'
import { join } from 'node:path'
import type { AnyRouter } from '@orpc/server'
import { implement, ORPCError } from '@orpc/server'
import { contract } from '@roomkeeper/shared/http'
import type { Role } from '@roomkeeper/shared/model'
import type { BrowserToServer, ServerToBrowser } from '@roomkeeper/shared/push'
import { pino } from 'pino'
import { io, type Socket } from 'socket.io-client'
import { type Accounts, createAccounts } from '../../server/src/accounts/accounts.ts'
import { createAccountHandlers } from '../../server/src/api/accounts.ts'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createHttpServer, type HttpServerOptions } from '../../server/src/api/http-server.ts'
import { createSessionHandlers } from '../../server/src/api/session.ts'
import { createSystemHandlers } from '../../server/src/api/system.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { LiveValues } from '../../server/src/live/live-values.ts'
import { createMetrics, type Metrics } from '../../server/src/metrics/metrics.ts'
import { createPush, type Push, type PushOptions } from '../../server/src/push/push.ts'

export const ADMIN_PASSWORD = 'first-password-of-the-test'
export const PASSWORD = 'correct horse battery staple'

/** Accounts, HTTP server and push on a database, without broker and ingest. Resources of other parts are stubs that answer 418. */
export interface ApiApp {
  readonly url: string
  readonly db: Db
  readonly accounts: Accounts
  readonly live: LiveValues
  readonly push: Push
  readonly metrics: Metrics
  /** Lines the server logged, parsed. */
  readonly logged: Record<string, unknown>[]
  /** Real time plus what was advanced. */
  readonly clock: { nowMs(): number; advance(ms: number): void }
  /** Signs in and returns the `Cookie` header. */
  signIn(username: string, password?: string): Promise<string>
  /** Adds an account that need not change its password, and signs it in. */
  addPerson(username: string, roles: Role[]): Promise<{ accountId: number; cookie: string }>
  addToken(roles: Role[]): Promise<{ tokenId: number; token: string }>
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** A socket that is not connected yet. Closed by `stop`. */
  socket(headers: Record<string, string>, auth?: Record<string, unknown>): Socket<ServerToBrowser, BrowserToServer>
  stop(): Promise<void>
}

export interface CallOptions {
  cookie?: string
  token?: string
  /** An object is sent as JSON; a string as it is. */
  body?: unknown
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  /** Parsed JSON, or the text. */
  body: unknown
}

export type ApiAppOptions = Partial<
  Pick<HttpServerOptions, 'router' | 'extraRoutes' | 'allowedOrigins' | 'health' | 'dashboardDir' | 'trustProxy'>
> & {
  pushIntervals?: PushOptions['intervals']
  /** Instead of the stubs. */
  handlers?: Partial<Record<keyof typeof contract, Record<string, AnyRouter>>>
}

/** Who makes the accounts in tests. */
export const SETUP_ACTOR: Actor = {
  accountId: null,
  username: 'setup',
  name: 'setup',
  roles: [],
  sessionHash: null,
  mustChangePassword: false,
}

export async function startApiApp(location: string, options: ApiAppOptions = {}): Promise<ApiApp> {
  const db = await openDatabase(location)
  let advancedMs = 0
  const clock = {
    nowMs: () => Date.now() + advancedMs,
    advance: (ms: number) => {
      advancedMs += ms
    },
  }
  const logged: Record<string, unknown>[] = []
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>) })
  const accounts = createAccounts({ db, clock, log })
  await accounts.ensureFirstAccount(ADMIN_PASSWORD)
  const metrics = createMetrics()
  const live = new LiveValues()
  const health = options.health ?? (() => ({ database: { ok: true, message: 'open' } }))
  const router = {
    ...stubRouter(),
    ...options.handlers,
    session: createSessionHandlers({ accounts }),
    accounts: createAccountHandlers({ accounts, db }),
    system: createSystemHandlers({ version: '0.0.0-test', clock, health }),
  }
  const common = { accounts, metrics, log, allowedOrigins: options.allowedOrigins, trustProxy: options.trustProxy }
  const httpServer = createHttpServer({
    ...common,
    router: options.router ?? router,
    version: '0.0.0-test',
    health,
    extraRoutes: options.extraRoutes,
    dashboardDir: options.dashboardDir ?? join(import.meta.dirname, 'no-dashboard-here'),
  })
  const push = await createPush({ ...common, httpServer, db, live, clock, intervals: options.pushIntervals })
  const url = await listen(httpServer)
  const sockets: Socket[] = []

  const call: ApiApp['call'] = async (method, path, { cookie, token, body, headers } = {}) => {
    const response = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie === undefined ? {} : { cookie }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
  const signIn = async (username: string, password = PASSWORD): Promise<string> => {
    const answer = await call('POST', '/api/session', { body: { username, password } })
    const cookie = answer.headers.get('set-cookie')?.split(';')[0]
    if (answer.status !== 200 || cookie === undefined) throw new Error(`sign-in of ${username}: ${JSON.stringify(answer.body)}`)
    return cookie
  }
  return {
    url,
    db,
    accounts,
    live,
    push,
    metrics,
    logged,
    clock,
    call,
    signIn,
    addPerson: async (username, roles) => {
      const account = await accounts.create(SETUP_ACTOR, { username, name: `${username} (name)`, roles, password: PASSWORD })
      await db.updateTable('account').set({ mustChangePassword: 0 }).where('id', '=', account.id).execute()
      return { accountId: account.id, cookie: await signIn(username) }
    },
    addToken: async (roles) => {
      const { token, entry } = await accounts.createToken(SETUP_ACTOR, { name: `program ${roles.join(' ')}`, roles })
      return { tokenId: entry.id, token }
    },
    socket: (headers, auth = {}) => {
      const socket = io(url, {
        transports: ['websocket'],
        extraHeaders: headers,
        auth,
        reconnection: false,
        autoConnect: false,
        forceNew: true,
      })
      sockets.push(socket)
      return socket
    },
    stop: async () => {
      for (const socket of sockets) socket.disconnect()
      await push.stop()
      httpServer.closeAllConnections()
      await new Promise((resolve) => httpServer.close(resolve))
      metrics.stop()
      await db.destroy()
    },
  }
}

/** A router whose every handler answers 418: it was reached. `guarded` handlers check the permission themselves, as real ones do. */
export function stubRouter(guarded = true): Record<keyof typeof contract, Record<string, AnyRouter>> {
  const implementer = (guarded ? api : implement(contract)) as unknown as Record<
    string,
    Record<string, { handler(handle: () => never): AnyRouter }>
  >
  const reached = (): never => {
    throw new ORPCError('REACHED', { status: 418 })
  }
  return Object.fromEntries(
    Object.entries(contract).map(([resource, procedures]) => [
      resource,
      Object.fromEntries(Object.keys(procedures).map((name) => [name, implementer[resource]?.[name]?.handler(reached)])),
    ]),
  ) as Record<keyof typeof contract, Record<string, AnyRouter>>
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}
