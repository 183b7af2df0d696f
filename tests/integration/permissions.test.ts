import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isAllowed, PERMISSIONS, type Permission, ROLE_NAMES, type Role } from '@roomkeeper/shared/model'
import { BROWSER_EVENTS, type Change, type ServerToBrowser } from '@roomkeeper/shared/push'
import type { Response } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExtraRoute } from '../../server/src/api/http-server.ts'
import { createRouter } from '../../server/src/api/router.ts'
import { contractRoutes } from '../../server/src/api/web/openapi.ts'
import { CHANGE_PERMISSIONS, SERVER_EVENT_PERMISSIONS } from '../../server/src/push/event-permissions.ts'
import { type ApiApp, type CallOptions, SETUP_ACTOR, startApiApp, stubRouter } from '../kit/api-app.ts'
import { BEFORE_PASSWORD_CHANGE, COLUMN_OF, COLUMNS, EVENTS_IN, EVENTS_OUT, OTHER_PATHS, ROUTES } from '../kit/permission-table.ts'

const rolesOf = (cell: string): Role[] => [...cell.replaceAll(/[. ]/g, '')].map((column) => COLUMN_OF[column] as Role)
const cellOf = (permission: Permission): string =>
  COLUMNS.replaceAll(/[A-Z]/g, (column) => (isAllowed([COLUMN_OF[column] as Role], permission) ? column : '.'))

const EXTRA: readonly [ExtraRoute['method'], string, ExtraRoute['permission']][] = [
  ['GET', '/api/history.csv', 'readings.read'],
  ['GET', '/api/history.xlsx', 'readings.read'],
  ['POST', '/api/incidents/:incidentId/photos', 'incidents.write'],
  ['GET', '/api/photos/:photoId', 'incidents.read'],
  ['POST', '/api/rooms/:roomId/plan-pictures', 'rooms.write'],
  ['GET', '/api/plan-pictures/:pictureId', 'readings.read'],
  ['GET', '/api/calendar.ics', 'public'],
  ['POST', '/api/registers/:register/records/:recordId/files', 'registers.read'],
  ['GET', '/api/record-files/:fileId', 'registers.read'],
  ['GET', '/api/pack.pdf', 'pack.read'],
  ['GET', '/api/pack.xlsx', 'pack.read'],
  ['GET', '/api/report.pdf', 'readings.read'],
  ['GET', '/api/report.xlsx', 'readings.read'],
  ['GET', '/api/report-files/:fileId', 'readings.read'],
  ['GET', '/api/registers/:register/records.pdf', 'registers.read'],
  ['GET', '/api/registers/:register/records.xlsx', 'registers.read'],
  ['GET', '/api/registers/:register/records/:recordId/record.pdf', 'registers.read'],
  ['POST', '/api/registers/:register/import', 'registers.read'],
  ['GET', '/api/registers/:register/import-template.xlsx', 'registers.read'],
  ['GET', '/api/addresses.xlsx', 'network.read'],
  ['GET', '/api/switch-ports.xlsx', 'network.read'],
  ['GET', '/api/switch-ports/labels.pdf', 'network.read'],
  ['POST', '/api/addresses/import', 'network.write'],
  ['GET', '/api/addresses/import-template.xlsx', 'network.write'],
  ['POST', '/api/switch-ports/import', 'network.write'],
  ['GET', '/api/switch-ports/import-template.xlsx', 'network.write'],
  ['POST', '/api/extra-write', 'accounts.write'],
]
const teapot = (_request: unknown, response: Response): void => void response.status(418).end()
const extraRoutes = EXTRA.map(([method, path, permission]) => ({ method, path, permission, handler: teapot }) as ExtraRoute)

/** 418: the handler was reached; 422: it would have been, had the input been filled in. */
const REACHED = [418, 422]

interface Caller {
  name: string
  /** null: not allowed anything. */
  role: Role | null
  credentials: CallOptions
}

describe('the permission table', () => {
  it('has a column for each role, and each permission is granted to someone', () => {
    expect(COLUMNS.split(' ').map((column) => COLUMN_OF[column])).toEqual(ROLE_NAMES)
    for (const roles of Object.values(PERMISSIONS)) expect(roles.length).toBeGreaterThan(0)
  })

  it('lists every route of the contract, as the contract and PERMISSIONS have it', () => {
    const actual = contractRoutes().map((route) => [
      `${route.method} ${route.path}`,
      route.permission === 'public' ? 'public' : cellOf(route.permission),
    ])
    expect(Object.fromEntries(actual)).toEqual(ROUTES)
    expect(actual).toHaveLength(Object.keys(ROUTES).length)
  })

  it('lists every socket event, as the event tables and PERMISSIONS have it', () => {
    const out = Object.entries(SERVER_EVENT_PERMISSIONS).flatMap(([event, permission]) => {
      if (event === 'signedOut') return []
      if (permission !== 'by topic') return [[event, cellOf(permission)]]
      return Object.entries(CHANGE_PERMISSIONS).map(([topic, topicPermission]) => [`${event} ${topic}`, cellOf(topicPermission)])
    })
    expect(Object.fromEntries(out)).toEqual(EVENTS_OUT)
    const into = Object.entries(BROWSER_EVENTS).map(([event, { permission }]) => [event, cellOf(permission)])
    expect(Object.fromEntries(into)).toEqual(EVENTS_IN)
  })
})

describe("the server's own router", () => {
  /** Answers everything with itself: the handlers are made, not called. */
  const anything: unknown = new Proxy(() => undefined, { get: (_target, key) => (key === 'then' ? undefined : anything) })
  const { router, extraRoutes: realExtraRoutes } = createRouter(
    new Proxy({}, { get: () => anything, ownKeys: () => [] }) as Parameters<typeof createRouter>[0],
  )
  type Made = Record<string, Record<string, { '~orpc': { middlewares: unknown[] } } | undefined> | undefined>

  it('implements every route, and each handler checks the permission before anything else', () => {
    const [guard] = (stubRouter() as unknown as Made).system?.state?.['~orpc'].middlewares ?? []
    expect(guard).toBeTypeOf('function')
    const unguarded = contractRoutes().filter(({ name }) => {
      const [resource = '', procedure = ''] = name.split('.')
      return (router as unknown as Made)[resource]?.[procedure]?.['~orpc'].middlewares[0] !== guard
    })
    expect(unguarded).toEqual([])
  })

  it('has no other routes than these', () => {
    const names = [
      'GET /api/history.csv',
      'GET /api/history.xlsx',
      'POST /api/incidents/:incidentId/photos',
      'GET /api/photos/:photoId',
      'POST /api/rooms/:roomId/plan-pictures',
      'GET /api/plan-pictures/:pictureId',
      'POST /api/registers/:register/records/:recordId/files',
      'GET /api/record-files/:fileId',
      'POST /api/registers/:register/import',
      'GET /api/registers/:register/import-template.xlsx',
      'GET /api/pack.pdf',
      'GET /api/pack.xlsx',
      'GET /api/report.pdf',
      'GET /api/report.xlsx',
      'GET /api/report-files/:fileId',
      'GET /api/registers/:register/records.pdf',
      'GET /api/registers/:register/records.xlsx',
      'GET /api/registers/:register/records/:recordId/record.pdf',
      'GET /api/addresses.xlsx',
      'GET /api/switch-ports.xlsx',
      'GET /api/switch-ports/labels.pdf',
      'POST /api/addresses/import',
      'GET /api/addresses/import-template.xlsx',
      'POST /api/switch-ports/import',
      'GET /api/switch-ports/import-template.xlsx',
      'GET /api/calendar.ics',
    ]
    const actual = realExtraRoutes.map(({ method, path, permission }) => [
      `${method} ${path}`,
      permission === 'public' ? 'public' : cellOf(permission),
    ])
    expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(names.map((name) => [name, OTHER_PATHS[name]])))
    expect(actual).toHaveLength(names.length)
  })
})

describe.each([
  ['handlers that check for themselves', true],
  ['handlers that forgot to check', false],
])('every route, with %s', (_name, guarded) => {
  let dir: string
  let app: ApiApp
  let callers: Caller[]
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-permissions-'))
    app = await startApiApp(join(dir, 'roomkeeper.db'), { extraRoutes })
    callers = await makeCallers(app)
    await app.stop()
    app = await startApiApp(join(dir, 'roomkeeper.db'), { extraRoutes, router: stubRouter(guarded) })
    app.clock.advance(ADVANCED_MS)
  })
  afterAll(async () => {
    await app?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  it('answers each kind of caller as the table says', async () => {
    const wrong: string[] = []
    let checked = 0
    for (const [route, cell] of [...Object.entries(ROUTES), ...Object.entries(OTHER_PATHS)]) {
      const [method = '', template = ''] = route.split(' ')
      const isOther = route in OTHER_PATHS
      const path = isOther ? template : `/api${template.replaceAll(/\{\w+\}/g, '1')}`
      for (const { name, role, credentials } of callers) {
        const allowed = cell === 'public' || (role !== null && rolesOf(cell).includes(role))
        const gated = name === 'must change the password' && cell !== 'public' && !BEFORE_PASSWORD_CHANGE.has(route)
        const { status } = await app.call(method, path, { ...credentials, body: method === 'GET' ? undefined : {} })
        const refused = role === null ? status === 401 : status === 403
        const reached = REACHED.includes(status) || (isOther && status === 200)
        checked += 1
        if (allowed && !gated ? !reached : !refused) wrong.push(`${route} by ${name}: ${status}, table says ${cell}`)
      }
    }
    expect(wrong).toEqual([])
    expect(checked).toBe((Object.keys(ROUTES).length + Object.keys(OTHER_PATHS).length) * callers.length)
  }, 120_000)
})

/** Far enough for the `expired` session to have ended and the others, which are opened afterwards, to be alive. */
const ADVANCED_MS = 13 * 3_600_000

async function makeCallers(app: ApiApp): Promise<Caller[]> {
  const refusedCookies: Record<string, string> = { expired: (await app.addPerson('expired', ['system-administrator'])).cookie }
  app.clock.advance(ADVANCED_MS)
  const callers: Caller[] = [{ name: 'a stranger', role: null, credentials: {} }]
  for (const role of ROLE_NAMES) {
    const { cookie } = await app.addPerson(role, [role])
    callers.push({ name: `a person: ${role}`, role, credentials: { cookie } })
    const { token } = await app.addToken([role])
    callers.push({ name: `a token: ${role}`, role, credentials: { token } })
  }
  const disabled = await app.addPerson('disabled', ['system-administrator'])
  // Past the API, so that the row of the session is still there: the account's own state must be enough.
  await app.db.updateTable('account').set({ disabled: 1 }).where('id', '=', disabled.accountId).execute()
  refusedCookies.disabled = disabled.cookie
  const tampered = await app.addPerson('tampered', ['system-administrator'])
  refusedCookies.tampered = tampered.cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
  for (const [name, cookie] of Object.entries(refusedCookies))
    callers.push({ name: `${name} session`, role: null, credentials: { cookie } })
  const revoked = await app.addToken(['system-administrator'])
  await app.accounts.revokeToken(SETUP_ACTOR, revoked.tokenId)
  callers.push({ name: 'a revoked token', role: null, credentials: { token: revoked.token } })
  const gated = await app.addPerson('gated', ['system-administrator'])
  await app.db.updateTable('account').set({ mustChangePassword: 1 }).where('id', '=', gated.accountId).execute()
  callers.push({ name: 'must change the password', role: 'system-administrator', credentials: { cookie: gated.cookie } })
  return callers
}

describe('every socket event', () => {
  let dir: string
  const ROOM_ID = 3
  let app: ApiApp
  let callers: Caller[]
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-permissions-'))
    app = await startApiApp(join(dir, 'roomkeeper.db'))
    callers = await makeCallers(app)
  })
  afterAll(async () => {
    await app?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const headersOf = ({ credentials }: Caller): Record<string, string> => ({
    ...(credentials.cookie === undefined ? {} : { cookie: credentials.cookie }),
    ...(credentials.token === undefined ? {} : { authorization: `Bearer ${credentials.token}` }),
  })

  it('lets no socket in without a valid session whose password is settled', async () => {
    const outside = callers.filter((caller) => caller.role === null || caller.name === 'must change the password')
    expect(outside).toHaveLength(6)
    for (const caller of outside) {
      const socket = app.socket(headersOf(caller))
      const message = await new Promise<string>((resolve, reject) => {
        socket.once('connect', () => reject(new Error(`${caller.name} came in`)))
        socket.once('connect_error', (error) => resolve(error.message))
        socket.connect()
      })
      expect(message).toBe(caller.role === null ? 'UNAUTHORIZED' : 'FORBIDDEN')
    }
  })

  it('reaches those the table names and nobody else', async () => {
    const inside = callers.filter((caller) => caller.role !== null && caller.name !== 'must change the password')
    const received = new Map<string, Set<string>>()
    const watching = inside.map((caller) => {
      const names = new Set<string>()
      received.set(caller.name, names)
      const socket = app.socket(headersOf(caller))
      socket.onAny((event: string, message: { topic?: string }) => names.add(message.topic ? `${event} ${message.topic}` : event))
      const ticked = waitForTicks(socket)
      socket.once('connect', () => socket.emit('watch', { roomIds: [ROOM_ID] }))
      socket.connect()
      return { caller, socket, ticked }
    })
    // A tick comes after everything that was sent before it: after one, `watch` has been handled.
    for (const { ticked } of watching) await ticked(1)

    const { cookie } = await app.addPerson('opener', ['on-call'])
    const opener = app.socket({ cookie })
    opener.once('connect', () => opener.emit('focusIncident', { incidentId: 5 }))
    opener.connect()
    app.live.touch({
      pointId: 1,
      roomId: ROOM_ID,
      timeMs: 1,
      receivedAtMs: 1,
      value: 21.5,
      quality: 'good',
      reason: null,
      isChanged: false,
    })
    app.push.alarm({
      transitionId: 77,
      alarmId: 9,
      incidentId: null,
      incidentOpened: false,
      roomId: ROOM_ID,
      priority: 'high',
      state: 'UNACK',
      event: 'raise',
      drill: false,
    })
    for (const topic of Object.keys(CHANGE_PERMISSIONS) as Change['topic'][]) app.push.change({ topic })
    for (const { ticked } of watching) await ticked(4)

    const actual = Object.fromEntries(
      Object.keys(EVENTS_OUT).map((event) => [
        event,
        { people: columnsThat(received, 'a person', event), tokens: columnsThat(received, 'a token', event) },
      ]),
    )
    const expected = Object.fromEntries(Object.entries(EVENTS_OUT).map(([event, cell]) => [event, { people: cell, tokens: cell }]))
    expect(actual).toEqual(expected)
    const known = new Set([...Object.keys(EVENTS_OUT)])
    for (const names of received.values()) for (const name of names) expect(known).toContain(name)
  })

  it('from a browser does what the table names and nothing else', async () => {
    const inside = callers.filter((caller) => caller.name.startsWith('a person'))
    const { cookie } = await app.addPerson('observer', ['auditor'])
    const observer = app.socket({ cookie })
    const seen = new Map<number, string>()
    observer.on('presence', ({ people }) => {
      for (const person of people) seen.set(person.id, person.name)
    })
    observer.connect()
    const observerTicked = waitForTicks(observer)
    await observerTicked(1)
    seen.clear()
    const got = new Set<string>()
    const ticks = inside.map((caller, index) => {
      const socket = app.socket(headersOf(caller))
      socket.on('live', () => got.add(caller.name))
      const ticked = waitForTicks(socket)
      socket.once('connect', () => {
        socket.emit('watch', { roomIds: [ROOM_ID] })
        socket.emit('focusIncident', { incidentId: 100 + index })
      })
      socket.connect()
      return ticked
    })
    for (const ticked of ticks) await ticked(2)
    await observerTicked(4)
    const watchers = COLUMNS.replaceAll(/[A-Z]/g, (column) => (got.has(`a person: ${COLUMN_OF[column]}`) ? column : '.'))
    const focused = COLUMNS.replaceAll(/[A-Z]/g, (column) => ([...seen.values()].includes(`${COLUMN_OF[column]} (name)`) ? column : '.'))
    expect({ watch: watchers, focusIncident: focused }).toEqual(EVENTS_IN)
  })
})

function columnsThat(received: Map<string, Set<string>>, kind: string, event: string): string {
  return COLUMNS.replaceAll(/[A-Z]/g, (column) => (received.get(`${kind}: ${COLUMN_OF[column]}`)?.has(event) ? column : '.'))
}

/** Resolves once this many ticks have arrived since the socket was made. */
function waitForTicks(socket: { on(event: 'tick', listener: ServerToBrowser['tick']): unknown }): (count: number) => Promise<void> {
  let ticks = 0
  const waiting: { count: number; resolve: () => void }[] = []
  socket.on('tick', () => {
    ticks += 1
    for (const each of waiting) if (ticks >= each.count) each.resolve()
  })
  return (count) => (ticks >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve })))
}
