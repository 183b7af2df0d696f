import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashToken } from '../../server/src/accounts/session-token.ts'
import { SESSION_IDLE_MS, SESSION_MAX_MS } from '../../server/src/accounts/sessions.ts'
import { ADMIN_PASSWORD, type ApiApp, PASSWORD, SETUP_ACTOR, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'

const HOUR_MS = 3_600_000

describeEachDatabase('sessions and accounts', (newDatabase) => {
  let app: ApiApp
  beforeAll(async () => {
    app = await startApiApp(await newDatabase())
  })
  afterAll(async () => {
    await app?.stop()
  })

  const status = async (cookie: string): Promise<number> => (await app.call('GET', '/api/session', { cookie })).status

  describe('the first start', () => {
    it('makes an administrator who can do the whole job and need not change the given password', async () => {
      const cookie = await app.signIn('admin', ADMIN_PASSWORD)
      const me = await app.call('GET', '/api/session', { cookie })
      expect(me.body).toMatchObject({
        username: 'admin',
        roles: ['system-administrator', 'room-keeper', 'department-head'],
        onDuty: true,
        mustChangePassword: false,
      })
    })

    it('makes no second one, and refuses a password that is too short', async () => {
      expect(await app.accounts.ensureFirstAccount('another-password')).toBeNull()
      const empty = await startApiApp(await newDatabase())
      try {
        await empty.db.deleteFrom('account').execute()
        await expect(empty.accounts.ensureFirstAccount('short')).rejects.toThrow(/ROOMKEEPER_ADMIN_PASSWORD.*at least 8/)
        const generated = await empty.accounts.ensureFirstAccount(undefined)
        expect(generated?.password).toMatch(/^[a-zA-Z2-9]{20}$/)
        expect(await empty.signIn('admin', generated?.password)).toMatch(/^roomkeeper_session=/)
      } finally {
        await empty.stop()
      }
    })
  })

  describe('the session cookie', () => {
    it('is out of reach of scripts and other sites, and only its hash is stored', async () => {
      const answer = await app.call('POST', '/api/session', { body: { username: 'admin', password: ADMIN_PASSWORD } })
      const header = answer.headers.get('set-cookie') ?? ''
      expect(header).toMatch(/^roomkeeper_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/)
      const token = header.split(/[=;]/)[1] ?? ''
      const stored = await app.db.selectFrom('session').select('tokenHash').execute()
      expect(stored.map((row) => row.tokenHash)).toContain(hashToken(token))
      expect(JSON.stringify(stored)).not.toContain(token)
    })

    it('opens nothing once a single character was changed, or is the stored hash', async () => {
      const { cookie } = await app.addPerson('tampered', ['room-keeper'])
      expect(await status(cookie)).toBe(200)
      const flipped = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
      expect(await status(flipped)).toBe(401)
      expect(await status(`roomkeeper_session=${hashToken(cookie.split('=')[1] ?? '')}`)).toBe(401)
      expect(await status('roomkeeper_session=')).toBe(401)
      expect(await status(`roomkeeper_session={"roles":["system-administrator"]}`)).toBe(401)
    })

    it('ends after 12 idle hours, and after 7 days however busy', async () => {
      const { cookie } = await app.addPerson('idle', ['room-keeper'])
      app.clock.advance(SESSION_IDLE_MS - 60_000)
      expect(await status(cookie)).toBe(200)
      app.clock.advance(SESSION_IDLE_MS + 1000)
      expect(await status(cookie)).toBe(401)

      const busy = await app.signIn('idle')
      for (let hours = 0; hours <= SESSION_MAX_MS / HOUR_MS - 6; hours += 6) {
        expect(await status(busy)).toBe(200)
        app.clock.advance(6 * HOUR_MS)
      }
      expect(await status(busy)).toBe(401)
    })

    it('is cleared and ended by signing out', async () => {
      const { cookie } = await app.addPerson('leaver', ['room-keeper'])
      const answer = await app.call('DELETE', '/api/session', { cookie })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('set-cookie')).toMatch(/^roomkeeper_session=;.*Max-Age=0/)
      expect(await status(cookie)).toBe(401)
    })

    it('is Secure behind a proxy that ends TLS', async () => {
      const behindTls = await startApiApp(await newDatabase(), { trustProxy: true })
      try {
        const answer = await behindTls.call('POST', '/api/session', {
          body: { username: 'admin', password: ADMIN_PASSWORD },
          headers: { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'rooms.example', origin: 'https://rooms.example' },
        })
        expect(answer.status).toBe(200)
        expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/)
      } finally {
        await behindTls.stop()
      }
    })
  })

  describe('sessions end', () => {
    const admin = { accountId: null, username: 'setup' }

    it('when the roles change, but not when only the name does', async () => {
      const { accountId, cookie } = await app.addPerson('promoted', ['on-call'])
      await app.accounts.update({ ...SETUP_ACTOR, ...admin }, { accountId, name: 'Another name' })
      expect(await status(cookie)).toBe(200)
      await app.accounts.update({ ...SETUP_ACTOR, ...admin }, { accountId, roles: ['auditor'] })
      expect(await status(cookie)).toBe(401)
      const again = await app.signIn('promoted')
      expect((await app.call('GET', '/api/session', { cookie: again })).body).toMatchObject({ roles: ['auditor'], name: 'Another name' })
    })

    it('when the account is disabled, which also stops signing in and signatures', async () => {
      const { accountId, cookie } = await app.addPerson('dismissed', ['on-call'])
      await app.accounts.update(SETUP_ACTOR, { accountId, disabled: true })
      expect(await status(cookie)).toBe(401)
      const answer = await app.call('POST', '/api/session', { body: { username: 'dismissed', password: PASSWORD } })
      expect(answer.status).toBe(401)
      expect(await app.accounts.verifySignature(accountId, PASSWORD)).toEqual({ ok: false, reason: 'wrong' })
    })

    it('when the own password changes: all but the one that changed it', async () => {
      const { cookie } = await app.addPerson('changer', ['on-call'])
      const other = await app.signIn('changer')
      const wrong = await app.call('PUT', '/api/session/password', {
        cookie,
        body: { currentPassword: 'not the password', newPassword: 'another long password' },
      })
      expect(wrong).toMatchObject({ status: 422, body: { code: 'INVALID', data: { field: 'currentPassword' } } })
      const same = await app.call('PUT', '/api/session/password', { cookie, body: { currentPassword: PASSWORD, newPassword: PASSWORD } })
      expect(same).toMatchObject({ status: 422, body: { data: { field: 'newPassword' } } })
      const body = { currentPassword: PASSWORD, newPassword: 'another long password' }
      expect(await app.call('PUT', '/api/session/password', { cookie, body })).toMatchObject({ status: 200 })
      expect([await status(cookie), await status(other)]).toEqual([200, 401])
      expect(await app.signIn('changer', 'another long password')).toBeTruthy()
    })

    it('when an administrator resets the password, which must then be changed before anything else', async () => {
      const { accountId, cookie } = await app.addPerson('forgetful', ['system-administrator'])
      await app.accounts.resetPassword(SETUP_ACTOR, accountId, 'given by the administrator')
      expect(await status(cookie)).toBe(401)
      const gated = await app.signIn('forgetful', 'given by the administrator')
      expect((await app.call('GET', '/api/session', { cookie: gated })).body).toMatchObject({ mustChangePassword: true })
      expect(await app.call('GET', '/api/accounts', { cookie: gated })).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining('Change your password') },
      })
      expect((await app.call('GET', '/metrics', { cookie: gated })).status).toBe(403)
      const body = { currentPassword: 'given by the administrator', newPassword: 'my own new password' }
      expect((await app.call('PUT', '/api/session/password', { cookie: gated, body })).status).toBe(200)
      expect((await app.call('GET', '/api/accounts', { cookie: gated })).status).toBe(200)
    })

    it('only in this way: the last administrator can be neither disabled nor demoted', async () => {
      const lonely = await startApiApp(await newDatabase())
      try {
        const cookie = await lonely.signIn('admin', ADMIN_PASSWORD)
        const { id: accountId } = (await lonely.call('GET', '/api/session', { cookie })).body as { id: number }
        for (const body of [{ disabled: true }, { roles: ['auditor'] }])
          expect(await lonely.call('PUT', `/api/accounts/${accountId}`, { cookie, body })).toMatchObject({
            status: 409,
            body: { code: 'CONFLICT' },
          })
        expect((await lonely.call('GET', '/api/accounts', { cookie })).status).toBe(200)
      } finally {
        await lonely.stop()
      }
    })
  })

  describe('wrong passwords', () => {
    const attempt = (target: ApiApp, username: string, password: string, address: string) =>
      target.call('POST', '/api/session', { body: { username, password }, headers: { 'x-forwarded-for': address } })

    it('are slowed down for that name at that address only', async () => {
      const proxied = await startApiApp(await newDatabase(), { trustProxy: true })
      try {
        await proxied.addPerson('victim', ['on-call'])
        const statuses: number[] = []
        for (let count = 0; count < 7; count += 1) statuses.push((await attempt(proxied, 'victim', 'wrong', '10.0.0.66')).status)
        expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429])
        const refused = await attempt(proxied, 'victim', PASSWORD, '10.0.0.66')
        expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_REQUESTS', data: { retryAfterSeconds: 1 } } })
        expect(refused.headers.get('retry-after')).toBe('1')
        // The attacker has locked out nobody: the owner comes in from another address, and a colleague from the attacker's.
        expect((await attempt(proxied, 'victim', PASSWORD, '10.0.0.7')).status).toBe(200)
        expect((await attempt(proxied, 'admin', ADMIN_PASSWORD, '10.0.0.66')).status).toBe(200)
        proxied.clock.advance(1001)
        expect((await attempt(proxied, 'victim', PASSWORD, '10.0.0.66')).status).toBe(200)
      } finally {
        await proxied.stop()
      }
    })

    it('do not get through by trying them all at once', async () => {
      await app.addPerson('parallel', ['on-call'])
      const answers = await Promise.all(
        Array.from({ length: 25 }, (_, index) =>
          app.call('POST', '/api/session', { body: { username: 'parallel', password: `guess number ${index}` } }),
        ),
      )
      expect(answers.filter((answer) => answer.status === 401)).toHaveLength(5)
      expect(answers.filter((answer) => answer.status === 429)).toHaveLength(20)
      app.clock.advance(HOUR_MS)
    })

    it('look the same for a name nobody has, also in time', async () => {
      await app.addPerson('somebody', ['on-call'])
      const timeOf = async (username: string): Promise<number> => {
        const startMs = performance.now()
        const answer = await app.call('POST', '/api/session', { body: { username, password: 'wrong' } })
        expect(answer).toMatchObject({ status: 401, body: { message: '用户名或密码错误 / Wrong user name or password' } })
        return performance.now() - startMs
      }
      const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] }
      for (let round = 0; round < 4; round += 1) {
        times.known.push(await timeOf('somebody'))
        times.unknown.push(await timeOf(`nobody${round}`))
      }
      app.clock.advance(HOUR_MS)
      // The hash takes some 30 ms; an answer without it takes 3. The fastest of four is compared, because the machine is shared.
      const ratio = Math.min(...times.unknown) / Math.min(...times.known)
      expect(ratio).toBeGreaterThan(0.4)
      expect(ratio).toBeLessThan(2.5)
    })

    it('under a form are slowed down too, and a token cannot sign at all', async () => {
      const { accountId } = await app.addPerson('signer', ['on-call'])
      expect(await app.accounts.verifySignature(accountId, PASSWORD)).toEqual({ ok: true })
      for (let count = 0; count < 5; count += 1)
        expect(await app.accounts.verifySignature(accountId, 'wrong')).toEqual({ ok: false, reason: 'wrong' })
      expect(await app.accounts.verifySignature(accountId, PASSWORD)).toEqual({ ok: false, reason: 'too-many', retryAfterSeconds: 1 })
      app.clock.advance(1001)
      expect(await app.accounts.verifySignature(accountId, PASSWORD)).toEqual({ ok: true })
      expect(await app.accounts.verifySignature(null, PASSWORD)).toEqual({ ok: false, reason: 'not-a-person' })
    })
  })

  describe('API tokens', () => {
    it('are shown once, act with their roles, have no self, and end when revoked', async () => {
      const cookie = await app.signIn('admin', ADMIN_PASSWORD)
      const made = await app.call('POST', '/api/tokens', { cookie, body: { name: 'prometheus', roles: ['auditor'] } })
      const { token, entry } = made.body as { token: string; entry: { id: number } }
      expect(token).toMatch(/^rk_[\w-]{43}$/)
      expect((await app.call('GET', '/metrics', { token })).body).toContain('roomkeeper_readings_received_total')
      expect((await app.call('GET', '/api/accounts', { token })).status).toBe(403)
      for (const [method, path, body] of [
        ['GET', '/api/session', undefined],
        ['DELETE', '/api/session', undefined],
        ['PUT', '/api/session/duty', { onDuty: true }],
      ] as const)
        expect((await app.call(method, path, { token, body })).status).toBe(403)
      const list = await app.call('GET', '/api/tokens', { cookie })
      expect(JSON.stringify(list.body)).not.toContain(token)
      expect(JSON.stringify(list.body)).not.toContain(hashToken(token))
      expect((await app.call('DELETE', `/api/tokens/${entry.id}`, { cookie })).status).toBe(200)
      expect((await app.call('GET', '/metrics', { token })).status).toBe(401)
    })

    it('count even when a good cookie comes along: a wrong one is not saved by it', async () => {
      const cookie = await app.signIn('admin', ADMIN_PASSWORD)
      expect((await app.call('GET', '/api/session', { cookie, token: 'rk_wrong' })).status).toBe(401)
      expect((await app.call('GET', '/api/session', { cookie, headers: { authorization: 'Basic YWRtaW46eA==' } })).status).toBe(401)
    })
  })

  describe('accounts', () => {
    it('are added, and a taken or malformed name is answered with the field and what is allowed', async () => {
      const cookie = await app.signIn('admin', ADMIN_PASSWORD)
      const body = { username: 'newcomer', name: '新人', roles: ['on-call'], password: 'a long enough password' }
      expect(await app.call('POST', '/api/accounts', { cookie, body })).toMatchObject({
        status: 200,
        body: { username: 'newcomer', name: '新人', roles: ['on-call'], disabled: false, lastSignInMs: null },
      })
      expect(await app.call('POST', '/api/accounts', { cookie, body })).toMatchObject({ status: 409, body: { code: 'CONFLICT' } })
      const malformed = await app.call('POST', '/api/accounts', {
        cookie,
        body: { ...body, username: 'New Comer', roles: ['boss'], password: 'short' },
      })
      expect(malformed).toMatchObject({ status: 422, body: { defined: true, code: 'INVALID', data: { field: 'username' } } })
      const { issues } = (malformed.body as { data: { issues: { field: string; message: string }[] } }).data
      expect(issues.map((issue) => issue.field)).toEqual(['username', 'roles.0', 'password'])
      expect(issues[0]?.message).toContain('lower-case')
      expect((await app.call('PUT', '/api/accounts/999999', { cookie, body: { name: 'x' } })).status).toBe(404)
      expect((await app.call('GET', '/api/accounts', { cookie })).body).not.toHaveProperty('0.passwordHash')
    })

    it('cannot be given what the contract does not name', async () => {
      const cookie = await app.signIn('admin', ADMIN_PASSWORD)
      const { accountId } = await app.addPerson('plain', ['on-call'])
      const body = { name: 'Plain', passwordHash: 'x', id: 1, mustChangePassword: false, username: 'admin2' }
      expect((await app.call('PUT', `/api/accounts/${accountId}`, { cookie, body })).body).toMatchObject({
        id: accountId,
        username: 'plain',
        name: 'Plain',
      })
      expect(await app.signIn('plain')).toBeTruthy()
    })
  })
})
