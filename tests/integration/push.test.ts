import { mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Role } from '@roomkeeper/shared/model'
import type { LiveUpdate, Presence, ServerToBrowser } from '@roomkeeper/shared/push'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlarmTransitionNotice } from '../../server/src/alarms/alarm-types.ts'
import { type ApiApp, type ApiAppOptions, PASSWORD, SETUP_ACTOR, startApiApp } from '../kit/api-app.ts'
import { waitFor } from '../kit/services/child-program.ts'

type ClientSocket = ReturnType<ApiApp['socket']>

const notice = (transitionId: number, event: AlarmTransitionNotice['event'] = 'raise'): AlarmTransitionNotice => ({
  transitionId,
  alarmId: transitionId + 1000,
  incidentId: 5,
  incidentOpened: false,
  roomId: 1,
  priority: 'critical',
  state: 'UNACK',
  event,
})

describe('push', () => {
  let dir: string
  let app: ApiApp
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'roomkeeper-push-'))
  })
  afterEach(async () => {
    await app?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const start = async (options: ApiAppOptions = {}): Promise<void> => {
    app = await startApiApp(join(dir, 'roomkeeper.db'), options)
  }
  /** Connected and welcomed. */
  const enter = async (headers: Record<string, string>, auth?: Record<string, unknown>): Promise<ClientSocket> => {
    const socket = app.socket(headers, auth)
    const welcomed = next(socket, 'hello')
    const refused = new Promise<never>((_resolve, reject) => socket.once('connect_error', reject))
    socket.connect()
    await Promise.race([welcomed, refused])
    return socket
  }
  const enterAs = async (username: string, roles: Role[] = ['room-keeper']) => {
    const person = await app.addPerson(username, roles)
    return { ...person, socket: await enter({ cookie: person.cookie }) }
  }
  const setLive = (pointId: number, roomId: number, value: number): void =>
    app.live.set({ pointId, roomId, timeMs: value, receivedAtMs: value, value, quality: 'good', reason: null })

  describe('lets in', () => {
    it('a cookie from the own page, and a token in the header or the handshake', async () => {
      await start()
      const { cookie } = await app.addPerson('zhao', ['room-keeper'])
      const { token } = await app.addToken(['auditor'])
      await enter({ cookie, origin: app.url })
      await enter({ authorization: `Bearer ${token}` })
      await enter({}, { token })
    })

    it.each([
      ['another site', () => ({ origin: 'https://evil.example' }), {}],
      ['a sandboxed page', () => ({ origin: 'null' }), {}],
      ['a wrong token, although the cookie is good', () => ({}), { token: 'rk_wrong' }],
      ['a token that is no text, with a tampered cookie', () => ({ cookie: 'roomkeeper_session=tampered' }), { token: { $ne: '' } }],
    ])('not %s', async (_name, headers, auth) => {
      await start()
      const { cookie } = await app.addPerson('zhao', ['room-keeper'])
      await expect(enter({ cookie, ...headers() }, auth)).rejects.toThrow()
    })

    it('nobody into another namespace', async () => {
      await start()
      const { socket } = await enterAs('zhao')
      const other = socket.io.socket('/admin')
      const message = new Promise((resolve) => other.once('connect_error', (error) => resolve(error.message)))
      other.connect()
      expect(await message).toBe('Invalid namespace')
    })
  })

  it('welcomes with the clock, the person and the last transition, and keeps saying that the connection lives', async () => {
    await start({ pushIntervals: { tickMs: 50 } })
    const { cookie, accountId } = await app.addPerson('zhao', ['room-keeper'])
    app.push.alarm(notice(41))
    const socket = app.socket({ cookie })
    const welcomed = next(socket, 'hello')
    socket.connect()
    const [hello] = await welcomed
    expect(hello).toMatchObject({ userId: accountId, lastTransitionId: 41 })
    expect(Math.abs(hello.nowMs - app.clock.nowMs())).toBeLessThan(5000)
    app.push.alarm(notice(42))
    const [tick] = await next(socket, 'tick')
    expect(tick.lastTransitionId).toBe(42)
    // Someone who may not read alarms learns nothing from the number.
    const { socket: outsider } = await enterAs('reporter', ['information-officer'])
    expect((await next(outsider, 'tick'))[0].lastTransitionId).toBe(0)
  })

  it('continues counting transitions from the database after a restart', async () => {
    await start()
    await app.db
      .insertInto('alarm')
      .values({
        source: 'device',
        sourceId: 1,
        condition: 'device-offline',
        priority: 'high',
        state: 'UNACK',
        valueJson: 'null',
        limitJson: 'null',
        raisedAtMs: 1,
        recordedAtMs: 1,
        lastEventAtMs: 1,
        late: 0,
      })
      .execute()
    await app.db
      .insertInto('alarmTransition')
      .values({ id: 321, alarmId: 1, fromState: 'NORM', toState: 'UNACK', event: 'raise', atMs: 1, recordedAtMs: 1, valueJson: 'null' })
      .execute()
    await app.stop()
    await start()
    const { cookie } = await app.addPerson('zhao', ['room-keeper'])
    const socket = app.socket({ cookie })
    const welcomed = next(socket, 'hello')
    socket.connect()
    expect((await welcomed)[0].lastTransitionId).toBe(321)
  })

  describe('alarms', () => {
    it('arrive at once, in order, none missing', async () => {
      await start()
      const { socket } = await enterAs('zhao')
      const latenciesMs: number[] = []
      const ids: number[] = []
      const sentAtMs = new Map<number, number>()
      socket.on('alarm', ({ transitionId }) => {
        ids.push(transitionId)
        latenciesMs.push(performance.now() - (sentAtMs.get(transitionId) ?? 0))
      })
      for (let id = 1; id <= 100; id += 1) {
        const arrived = next(socket, 'alarm')
        sentAtMs.set(id, performance.now())
        app.push.alarm(notice(id))
        await arrived
      }
      for (let id = 101; id <= 600; id += 1) app.push.alarm(notice(id))
      await waitFor('the flood of alarms', 5000, async () => (ids.length === 600 ? true : undefined))
      expect(ids).toEqual(Array.from({ length: 600 }, (_, index) => index + 1))
      // The median, because this machine is shared; waiting for the next live flush would cost 125 ms on average.
      expect(latenciesMs.slice(0, 100).sort((a, b) => a - b)[50]).toBeLessThan(20)
    })

    it.each([
      ['raise', true],
      ['re-alarm', true],
      ['late-raise', true],
      ['acknowledge', false],
      ['clear', false],
      ['late-clear', false],
    ] as const)('say whether they were raised: %s', async (event, raised) => {
      await start()
      const { socket } = await enterAs('zhao')
      const arrived = next(socket, 'alarm')
      app.push.alarm(notice(7, event))
      expect((await arrived)[0]).toEqual({ transitionId: 7, alarmId: 1007, incidentId: 5, priority: 'critical', state: 'UNACK', raised })
    })
  })

  describe('live values', () => {
    it('come at once for the watched rooms, then as they change; other rooms stay away', async () => {
      await start({ pushIntervals: { liveMs: 30 } })
      setLive(1, 1, 20)
      setLive(2, 2, 30)
      const { socket } = await enterAs('zhao')
      const updates: LiveUpdate[] = []
      socket.on('live', (batch) => updates.push(...batch))
      socket.emit('watch', { roomIds: [1, 3] })
      await waitFor('the present values', 3000, async () => (updates.length > 0 ? true : undefined))
      expect(new Set(updates.map((update) => update[0]))).toEqual(new Set([1]))
      updates.length = 0
      setLive(1, 1, 21)
      setLive(2, 2, 31)
      setLive(3, 3, 41)
      await waitFor('the changes of both rooms', 3000, async () => (new Set(updates.map((each) => each[0])).size === 2 ? true : undefined))
      expect(updates.find((update) => update[0] === 1)).toEqual([1, 21, 21, 'good', null])
      socket.emit('watch', { roomIds: [2] })
      updates.length = 0
      await waitFor('the other room', 3000, async () => (updates.some((update) => update[0] === 2) ? true : undefined))
      updates.length = 0
      setLive(1, 1, 22)
      setLive(2, 2, 32)
      await waitFor('its change', 3000, async () => (updates.some((update) => update[2] === 32) ? true : undefined))
      expect(updates.filter((update) => update[0] !== 2)).toEqual([])
    })

    it('cost a frozen browser nothing but its latest values, and it catches up', async () => {
      await start({ pushIntervals: { liveMs: 5, tickMs: 60_000 } })
      const points = 2000
      const { socket: frozen } = await enterAs('frozen')
      const { socket: awake } = await enterAs('awake')
      const latest = new Map<number, unknown>()
      let awakeMessages = 0
      frozen.on('live', (batch) => {
        for (const [pointId, , value] of batch) latest.set(pointId, value)
      })
      awake.on('live', () => {
        awakeMessages += 1
      })
      for (const socket of [frozen, awake]) socket.emit('watch', { roomIds: [1] })
      setLive(1, 1, 0)
      await waitFor('both watch', 3000, async () => (latest.size > 0 && awakeMessages > 0 ? true : undefined))
      const stream = (frozen.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws._socket
      stream.pause()
      const beforeBytes = heldBytes()
      const started = awakeMessages
      let round = 0
      // Each round is a message of some 80 kB: 500 of them would be 40 MB waiting for the frozen one.
      while (awakeMessages < started + 500) {
        round += 1
        for (let pointId = 1; pointId <= points; pointId += 1) setLive(pointId, 1, 1_000_000_000 + round)
        await new Promise((resolve) => setTimeout(resolve, 5))
        if (round > 5000) throw new Error(`the awake browser got only ${awakeMessages} messages`)
      }
      const grownMegabytes = (heldBytes() - beforeBytes) / 1e6
      stream.resume()
      await waitFor('it catches up', 5000, async () =>
        latest.size === points && [...latest.values()].every((value) => value === 1_000_000_000 + round) ? true : undefined,
      )
      expect(grownMegabytes).toBeLessThan(20)
      expect(frozen.connected).toBe(true)
    }, 60_000)
  })

  describe('presence at an incident form', () => {
    it('names who has it open, until they close it or vanish', async () => {
      await start()
      const zhao = await enterAs('zhao')
      const qian = await enterAs('qian')
      const seen: Presence[] = []
      zhao.socket.on('presence', (presence) => seen.push(presence))
      const lastPeople = () => seen.at(-1)?.people.map((person) => person.name)
      const shows = (names: string[]) =>
        waitFor(`presence ${names}`, 3000, async () => (JSON.stringify(lastPeople()) === JSON.stringify(names) ? true : undefined))
      zhao.socket.emit('focusIncident', { incidentId: 7 })
      await shows(['zhao (name)'])
      qian.socket.emit('focusIncident', { incidentId: 7 })
      await shows(['zhao (name)', 'qian (name)'])
      expect(seen.at(-1)).toMatchObject({ incidentId: 7, people: [{ id: zhao.accountId }, { id: qian.accountId }] })
      // Whoever comes later is told too.
      const { cookie } = await app.addPerson('sun', ['on-call'])
      const late = app.socket({ cookie })
      const told = next(late, 'presence')
      late.connect()
      expect((await told)[0].people).toHaveLength(2)
      qian.socket.disconnect()
      await shows(['zhao (name)'])
      zhao.socket.emit('focusIncident', { incidentId: null })
      await shows([])
    })

    it('does not count programs', async () => {
      await start({ pushIntervals: { tickMs: 50 } })
      const { socket } = await enterAs('zhao')
      const seen: Presence[] = []
      socket.on('presence', (presence) => seen.push(presence))
      const { token } = await app.addToken(['room-keeper'])
      const program = await enter({ authorization: `Bearer ${token}` })
      program.emit('focusIncident', { incidentId: 7 })
      await next(program, 'tick')
      await next(program, 'tick')
      expect(seen).toEqual([])
    })
  })

  describe('the socket is cut', () => {
    const cutBy = async (socket: ClientSocket, act: () => Promise<unknown>): Promise<string> => {
      const told = next(socket, 'signedOut')
      const gone = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()))
      await act()
      const [{ reason }] = await told
      await gone
      return reason
    }

    it('when its session is signed out, and only then', async () => {
      await start()
      const zhao = await enterAs('zhao')
      const elsewhere = await enter({ cookie: await app.signIn('zhao') })
      const act = () => app.call('DELETE', '/api/session', { cookie: zhao.cookie })
      expect(await cutBy(zhao.socket, act)).toBe('signed-out')
      expect(elsewhere.connected).toBe(true)
    })

    it('when the roles change', async () => {
      await start()
      const { socket, accountId } = await enterAs('zhao')
      expect(await cutBy(socket, () => app.accounts.update(SETUP_ACTOR, { accountId, roles: ['auditor'] }))).toBe('roles-changed')
    })

    it('when the account is disabled', async () => {
      await start()
      const { socket, accountId } = await enterAs('zhao')
      expect(await cutBy(socket, () => app.accounts.update(SETUP_ACTOR, { accountId, disabled: true }))).toBe('disabled')
    })

    it('when the password is reset, or changed on another screen', async () => {
      await start()
      const { socket, cookie, accountId } = await enterAs('zhao')
      const elsewhere = await enter({ cookie: await app.signIn('zhao') })
      const body = { currentPassword: PASSWORD, newPassword: 'another long password' }
      expect(await cutBy(elsewhere, () => app.call('PUT', '/api/session/password', { cookie, body }))).toBe('password-changed')
      expect(socket.connected).toBe(true)
      expect(await cutBy(socket, () => app.accounts.resetPassword(SETUP_ACTOR, accountId, PASSWORD))).toBe('password-changed')
    })

    it('when its token is revoked', async () => {
      await start()
      const { token, tokenId } = await app.addToken(['auditor'])
      const socket = await enter({ authorization: `Bearer ${token}` })
      expect(await cutBy(socket, () => app.accounts.revokeToken(SETUP_ACTOR, tokenId))).toBe('token-revoked')
    })

    it('when the session expired, or another server ended it', async () => {
      await start({ pushIntervals: { recheckMs: 30 } })
      const first = await enterAs('zhao')
      expect(await cutBy(first.socket, async () => app.clock.advance(13 * 3_600_000))).toBe('expired')
      const second = await enterAs('qian')
      expect(await cutBy(second.socket, () => app.db.deleteFrom('session').execute())).toBe('expired')
    })
  })

  describe('hostile input', () => {
    it('is dropped, and the socket and the server go on', async () => {
      await start({ pushIntervals: { tickMs: 50 } })
      setLive(1, 1, 20)
      const { socket } = await enterAs('zhao')
      const { socket: witness } = await enterAs('qian')
      const presences: unknown[] = []
      witness.on('presence', (presence) => presences.push(presence))
      let live = 0
      socket.on('live', () => {
        live += 1
      })
      const emit = socket.emit.bind(socket) as (event: string, ...input: unknown[]) => void
      for (const event of ['alarm', 'signedOut', 'tick', 'constructor', '__proto__', 'toString', 'hasOwnProperty', '', 'x'.repeat(1000)])
        emit(event, { roomIds: [1] })
      for (const input of [undefined, null, 1, 'rooms', [], {}, { roomIds: 1 }, { roomIds: ['1'] }, { roomIds: [1.5] }, { roomIds: [-1] }])
        emit('watch', input)
      emit('watch', { roomIds: Array.from({ length: 201 }, (_, index) => index + 1) })
      emit('watch', { roomIds: [1] }, 'extra')
      emit('focusIncident', { incidentId: '7' })
      emit('focusIncident', JSON.parse('{"__proto__":{"polluted":1},"incidentId":"7"}'))
      await next(socket, 'tick')
      await next(socket, 'tick')
      expect([live, presences, ({} as { polluted?: number }).polluted]).toEqual([0, [], undefined])
      socket.emit('watch', { roomIds: [1] })
      await waitFor('it still works', 3000, async () => (live > 0 ? true : undefined))
    })

    it('that floods or is too large ends that socket only', async () => {
      await start()
      const { socket: witness } = await enterAs('qian')
      const { socket: flooding, cookie } = await enterAs('zhao')
      const flooded = new Promise<string>((resolve) => flooding.once('disconnect', resolve))
      for (let count = 0; count < 500; count += 1) flooding.emit('watch', { roomIds: [1] })
      expect(await flooded).toBeTruthy()
      const large = await enter({ cookie })
      const dropped = new Promise<string>((resolve) => large.once('disconnect', resolve))
      large.emit('watch', { roomIds: [], filler: 'x'.repeat(100_000) } as never)
      expect(await dropped).toBeTruthy()
      const arrived = next(witness, 'alarm')
      app.push.alarm(notice(1))
      await arrived
      expect(witness.connected).toBe(true)
    })
  })

  it('counts the open sockets', async () => {
    await start()
    const { socket } = await enterAs('zhao')
    await enterAs('qian')
    const text = async () => await app.metrics.registry.metrics()
    expect(await text()).toContain('roomkeeper_browsers_connected 2')
    socket.disconnect()
    await waitFor('one left', 3000, async () => ((await text()).includes('roomkeeper_browsers_connected 1') ? true : undefined))
  })
})

/** The next event of this name. */
function next<E extends keyof ServerToBrowser>(socket: ClientSocket, event: E): Promise<Parameters<ServerToBrowser[E]>> {
  const once = socket.once.bind(socket) as unknown as (event: string, listener: (...input: unknown[]) => void) => void
  return new Promise((resolve) => once(event, (...input) => resolve(input as Parameters<ServerToBrowser[E]>)))
}

/** Memory still held after a collection; what merely waits to be collected says nothing. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
