import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { isAllowed, PERMISSIONS, type Permission } from '@roomkeeper/shared/model'
import { BROWSER_EVENTS, type BrowserToServer, type Change, type ServerToBrowser } from '@roomkeeper/shared/push'
import type { Logger } from 'pino'
import { Server, type Socket } from 'socket.io'
import type { Accounts, SessionEndReason } from '../accounts/accounts.ts'
import type { AlarmTransitionNotice } from '../alarms/alarm-types.ts'
import { type Actor, refusal } from '../api/base.ts'
import { readBearer, readCookie, SESSION_COOKIE } from '../api/web/cookie.ts'
import { originRefusal } from '../api/web/origin.ts'
import type { Db } from '../database/schema.ts'
import type { LiveValues } from '../live/live-values.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { CHANGE_PERMISSIONS, SERVER_EVENT_PERMISSIONS } from './event-permissions.ts'
import { LiveFlush, type LiveWatcher } from './live-flush.ts'
import { IncidentPresence } from './presence.ts'

export interface PushOptions {
  httpServer: HttpServer
  accounts: Pick<Accounts, 'authenticate' | 'endedCredentials' | 'onSessionsEnded'>
  db: Db
  live: Pick<LiveValues, 'all' | 'drainChanged'>
  clock: { nowMs(): number }
  log: Logger
  metrics?: Pick<Metrics, 'browsers'>
  /** Origins besides the server's own that may connect. */
  allowedOrigins?: readonly string[]
  /** Behind a reverse proxy: believe X-Forwarded-Host. */
  trustProxy?: boolean | number | string
  /** Shorter ones in tests. */
  intervals?: Partial<typeof INTERVALS>
}

export interface Push {
  /** Tells browsers at once about a transition that is durable. */
  alarm(notice: AlarmTransitionNotice): void
  /** Tells browsers at once that they should fetch a resource again. */
  change(change: Change): void
  /** Cuts every socket; the HTTP server goes on and is closed by who made it. */
  stop(): Promise<void>
}

const INTERVALS = {
  /** Four times a second looks live; the eye does not read faster. */
  liveMs: 250,
  /** A browser says "connection lost" after three missed ticks. */
  tickMs: 1000,
  /** How soon a socket is cut whose session expired, or was ended by another server on the same database. */
  recheckMs: 30_000,
}
/** Messages a browser has not taken: a tick a second and a flood of alarms still fit; beyond it the browser is gone. */
const MAX_WAITING_MESSAGES = 2000
/** Events a browser may send a second; a person switching rooms sends one or two. */
const MAX_EVENTS_PER_TICK = 50
/** The largest honest message is `watch` with 200 rooms, about 2 kB. */
const MAX_INPUT_BYTES = 16_384

interface SocketData {
  actor: Actor
  credential: string
  roomIds: Set<number>
  group: string
  /** Events received since the last tick. */
  eventCount: number
}
type BrowserSocket = Socket<BrowserToServer, ServerToBrowser, Record<string, never>, SocketData>

/** The socket server of the dashboard, on the HTTP server's own port at /socket.io. */
export async function createPush(options: PushOptions): Promise<Push> {
  const { httpServer, accounts, db, live, clock, log, metrics } = options
  const io = new Server<BrowserToServer, ServerToBrowser, Record<string, never>, SocketData>(httpServer, {
    serveClient: false,
    maxHttpBufferSize: MAX_INPUT_BYTES,
    // A frozen browser is noticed within 20 s; until then it is owed only its latest values.
    pingInterval: 10_000,
    pingTimeout: 10_000,
    connectTimeout: 10_000,
    allowRequest: (request, answer) => {
      const reason = foreignPage(request, options)
      answer(reason, reason === null)
    },
  })
  const intervals = { ...INTERVALS, ...options.intervals }
  const presence = new IncidentPresence()
  const liveFlush = new LiveFlush({
    toGroup: (group, butIds, updates) =>
      io
        .to(`watch:${group}`)
        .except([...butIds])
        .volatile.emit('live', updates),
    toOne: (id, updates) => io.to(id).volatile.emit('live', updates),
  })
  const last = await db
    .selectFrom('alarmTransition')
    .select((select) => select.fn.max('id').as('id'))
    .executeTakeFirst()
  let lastTransitionId = last?.id ?? 0

  io.use((socket, next) => {
    identify(socket, accounts).then(
      (refused) => next(refused === null ? undefined : new Error(refused)),
      (error: unknown) => {
        log.error({ module: 'push', err: error }, 'a socket could not be identified')
        next(new Error('INTERNAL_SERVER_ERROR'))
      },
    )
  })
  io.on('connection', (socket) => {
    const { actor } = socket.data
    for (const permission of Object.keys(PERMISSIONS) as Permission[])
      if (refusal(actor, permission) === null) void socket.join(`may:${permission}`)
    // Everyone is in one of the two, so that the transition number reaches only those who may read alarms.
    if (!isAllowed(actor.roles, 'alarms.read')) void socket.join('tick-only')
    metrics?.browsers.set(io.of('/').sockets.size)
    socket.emit('hello', {
      nowMs: clock.nowMs(),
      lastTransitionId: isAllowed(actor.roles, 'alarms.read') ? lastTransitionId : 0,
      userId: actor.accountId ?? 0,
    })
    if (isAllowed(actor.roles, SERVER_EVENT_PERMISSIONS.presence)) for (const each of presence.all()) socket.emit('presence', each)
    acceptEvents(socket)
    socket.on('disconnect', () => {
      liveFlush.forget(socket.id)
      metrics?.browsers.set(io.of('/').sockets.size)
      for (const each of presence.leave(socket.id)) io.to(`may:${SERVER_EVENT_PERMISSIONS.presence}`).emit('presence', each)
    })
  })

  /** Denied by default: a middleware drops every event that is not in the table, not permitted or not of its schema. */
  function acceptEvents(socket: BrowserSocket): void {
    socket.use(([name, input, ...rest], next) => {
      socket.data.eventCount += 1
      if (socket.data.eventCount > MAX_EVENTS_PER_TICK) return void socket.disconnect(true)
      const event = Object.hasOwn(BROWSER_EVENTS, name) ? BROWSER_EVENTS[name as keyof typeof BROWSER_EVENTS] : undefined
      if (!event || rest.length > 0 || refusal(socket.data.actor, event.permission) !== null) return
      if (event.schema.safeParse(input).success) next()
    })
    socket.on('watch', (input) => {
      const { roomIds } = BROWSER_EVENTS.watch.schema.parse(input)
      if (socket.data.group !== '') void socket.leave(`watch:${socket.data.group}`)
      liveFlush.forget(socket.id)
      socket.data.roomIds = new Set(roomIds.sort((a, b) => a - b))
      socket.data.group = [...socket.data.roomIds].join(',')
      if (socket.data.group === '') return
      void socket.join(`watch:${socket.data.group}`)
      liveFlush.sendLatest(
        watcherOf(socket),
        [...live.all()].filter((value) => socket.data.roomIds.has(value.roomId)),
      )
    })
    socket.on('focusIncident', (input) => {
      const { incidentId, field } = BROWSER_EVENTS.focusIncident.schema.parse(input)
      const { accountId, name } = socket.data.actor
      // A program reads along but fills in no form.
      if (accountId === null) return
      for (const each of presence.focus(socket.id, { id: accountId, name }, incidentId, field ?? null))
        io.to(`may:${SERVER_EVENT_PERMISSIONS.presence}`).emit('presence', each)
    })
  }

  function cut(credentials: readonly string[], reason: SessionEndReason): void {
    const ended = new Set(credentials)
    for (const socket of io.of('/').sockets.values())
      if (ended.has(socket.data.credential)) {
        socket.emit('signedOut', { reason })
        socket.disconnect(true)
      }
  }

  async function recheck(): Promise<void> {
    const held = new Set([...io.of('/').sockets.values()].map((socket) => socket.data.credential))
    if (held.size > 0) cut(await accounts.endedCredentials([...held]), 'expired')
  }

  function* watchers(): Iterable<LiveWatcher> {
    for (const socket of io.of('/').sockets.values()) if (socket.data.group !== '') yield watcherOf(socket)
  }

  const stopListening = accounts.onSessionsEnded(({ credentials, reason }) => cut(credentials, reason))
  const timers = [
    setInterval(() => liveFlush.flush(live.drainChanged(), watchers()), intervals.liveMs),
    setInterval(() => {
      io.to('may:alarms.read').emit('tick', { nowMs: clock.nowMs(), lastTransitionId })
      io.to('tick-only').emit('tick', { nowMs: clock.nowMs(), lastTransitionId: 0 })
      for (const socket of io.of('/').sockets.values()) {
        socket.data.eventCount = 0
        if (waitingMessages(socket) > MAX_WAITING_MESSAGES) socket.disconnect(true)
      }
    }, intervals.tickMs),
    setInterval(() => {
      recheck().catch((error: unknown) => log.error({ module: 'push', err: error }, 'the sessions of sockets could not be checked'))
    }, intervals.recheckMs),
  ]

  return {
    alarm: ({ transitionId, alarmId, incidentId, priority, state, event, drill }) => {
      lastTransitionId = Math.max(lastTransitionId, transitionId)
      const raised = event === 'raise' || event === 're-alarm' || event === 'late-raise'
      io.to(`may:${SERVER_EVENT_PERMISSIONS.alarm}`).emit('alarm', { transitionId, alarmId, incidentId, priority, state, raised, drill })
    },
    change: (change) => {
      io.to(`may:${CHANGE_PERMISSIONS[change.topic]}`).emit('change', change)
    },
    stop: async () => {
      stopListening()
      for (const timer of timers) clearInterval(timer)
      io.disconnectSockets(true)
      io.engine.close()
      await io.of('/').adapter.close()
    },
  }
}

function watcherOf(socket: BrowserSocket): LiveWatcher {
  const { group, roomIds } = socket.data
  return { id: socket.id, group, roomIds, isReady: () => socket.conn.transport.writable }
}

/** Fills `socket.data`; returns the reason when the socket may not connect. */
async function identify(socket: BrowserSocket, accounts: Pick<Accounts, 'authenticate'>): Promise<string | null> {
  const { cookie, authorization } = socket.handshake.headers
  const token: unknown = socket.handshake.auth.token
  const bearerToken = typeof token === 'string' ? token : readBearer(authorization)
  const known = await accounts.authenticate({ cookieToken: readCookie(cookie, SESSION_COOKIE), bearerToken })
  if (!known) return 'UNAUTHORIZED'
  if (known.actor.mustChangePassword) return 'FORBIDDEN'
  socket.data = { ...known, roomIds: new Set(), group: '', eventCount: 0 }
  return null
}

function foreignPage(request: IncomingMessage, { allowedOrigins, trustProxy }: PushOptions): string | null {
  const { origin, host, 'x-forwarded-host': forwarded, 'sec-fetch-site': fetchSite } = request.headers
  const shownHost = trustProxy && typeof forwarded === 'string' ? forwarded.split(',')[0]?.trim() : host
  return originRefusal({ origin, host: shownHost, fetchSite: fetchSite as string | undefined }, allowedOrigins ?? [])
}

/** Messages engine.io holds because the transport has not taken the earlier ones. */
function waitingMessages(socket: BrowserSocket): number {
  return (socket.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length
}
