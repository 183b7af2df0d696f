import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PASSWORD, SETUP_ACTOR } from '../kit/api-app.ts'
import { type ClientSocket, next, notice, PushBench } from '../kit/push-bench.ts'
import { waitFor } from '../kit/services/child-program.ts'

describe('who push talks to', () => {
  let bench: PushBench
  beforeEach(() => {
    bench = new PushBench()
  })
  afterEach(() => bench.stop())

  describe('lets in', () => {
    it('a cookie from the own page, and a token in the header or the handshake', async () => {
      await bench.start()
      const { cookie } = await bench.app.addPerson('zhao', ['room-keeper'])
      const { token } = await bench.app.addToken(['auditor'])
      await bench.enter({ cookie, origin: bench.app.url })
      await bench.enter({ authorization: `Bearer ${token}` })
      await bench.enter({}, { token })
    })

    it.each([
      ['another site', () => ({ origin: 'https://evil.example' }), {}],
      ['a sandboxed page', () => ({ origin: 'null' }), {}],
      ['a wrong token, although the cookie is good', () => ({}), { token: 'rk_wrong' }],
      ['a token that is no text, with a tampered cookie', () => ({ cookie: 'roomkeeper_session=tampered' }), { token: { $ne: '' } }],
    ])('not %s', async (_name, headers, auth) => {
      await bench.start()
      const { cookie } = await bench.app.addPerson('zhao', ['room-keeper'])
      await expect(bench.enter({ cookie, ...headers() }, auth)).rejects.toThrow()
    })

    it('nobody into another namespace', async () => {
      await bench.start()
      const { socket } = await bench.enterAs('zhao')
      const other = socket.io.socket('/admin')
      const message = new Promise((resolve) => other.once('connect_error', (error) => resolve(error.message)))
      other.connect()
      expect(await message).toBe('Invalid namespace')
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
      await bench.start()
      const zhao = await bench.enterAs('zhao')
      const elsewhere = await bench.enter({ cookie: await bench.app.signIn('zhao') })
      const act = () => bench.app.call('DELETE', '/api/session', { cookie: zhao.cookie })
      expect(await cutBy(zhao.socket, act)).toBe('signed-out')
      expect(elsewhere.connected).toBe(true)
    })

    it('when the roles change', async () => {
      await bench.start()
      const { socket, accountId } = await bench.enterAs('zhao')
      expect(await cutBy(socket, () => bench.app.accounts.update(SETUP_ACTOR, { accountId, roles: ['auditor'] }))).toBe('roles-changed')
    })

    it('when the account is disabled', async () => {
      await bench.start()
      const { socket, accountId } = await bench.enterAs('zhao')
      expect(await cutBy(socket, () => bench.app.accounts.update(SETUP_ACTOR, { accountId, disabled: true }))).toBe('disabled')
    })

    it('when the password is reset, or changed on another screen', async () => {
      await bench.start()
      const { socket, cookie, accountId } = await bench.enterAs('zhao')
      const elsewhere = await bench.enter({ cookie: await bench.app.signIn('zhao') })
      const body = { currentPassword: PASSWORD, newPassword: 'another long password' }
      expect(await cutBy(elsewhere, () => bench.app.call('PUT', '/api/session/password', { cookie, body }))).toBe('password-changed')
      expect(socket.connected).toBe(true)
      expect(await cutBy(socket, () => bench.app.accounts.resetPassword(SETUP_ACTOR, accountId, PASSWORD))).toBe('password-changed')
    })

    it('when its token is revoked', async () => {
      await bench.start()
      const { token, tokenId } = await bench.app.addToken(['auditor'])
      const socket = await bench.enter({ authorization: `Bearer ${token}` })
      expect(await cutBy(socket, () => bench.app.accounts.revokeToken(SETUP_ACTOR, tokenId))).toBe('token-revoked')
    })

    it('when the session expired, or another server ended it', async () => {
      await bench.start({ pushIntervals: { recheckMs: 30 } })
      const first = await bench.enterAs('zhao')
      expect(await cutBy(first.socket, async () => bench.app.clock.advance(13 * 3_600_000))).toBe('expired')
      const second = await bench.enterAs('qian')
      expect(await cutBy(second.socket, () => bench.app.db.deleteFrom('session').execute())).toBe('expired')
    })
  })

  describe('hostile input', () => {
    it('is dropped, and the socket and the server go on', async () => {
      await bench.start({ pushIntervals: { tickMs: 50 } })
      bench.setLive(1, 1, 20)
      const { socket } = await bench.enterAs('zhao')
      const { socket: witness } = await bench.enterAs('qian')
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
      await waitFor('it still works', 20_000, async () => (live > 0 ? true : undefined))
    })

    it('that floods or is too large ends that socket only', async () => {
      await bench.start()
      const { socket: witness } = await bench.enterAs('qian')
      const { socket: flooding, cookie } = await bench.enterAs('zhao')
      const flooded = new Promise<string>((resolve) => flooding.once('disconnect', resolve))
      for (let count = 0; count < 500; count += 1) flooding.emit('watch', { roomIds: [1] })
      expect(await flooded).toBeTruthy()
      const large = await bench.enter({ cookie })
      const dropped = new Promise<string>((resolve) => large.once('disconnect', resolve))
      large.emit('watch', { roomIds: [], filler: 'x'.repeat(100_000) } as never)
      expect(await dropped).toBeTruthy()
      const arrived = next(witness, 'alarm')
      bench.app.push.alarm(notice(1))
      await arrived
      expect(witness.connected).toBe(true)
    })
  })
})
