import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { ORPCError } from '@orpc/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { api } from '../../server/src/api/base.ts'
import { ADMIN_PASSWORD, type ApiApp, startApiApp, stubRouter } from '../kit/api-app.ts'

const HTML = { accept: 'text/html' }

describe('the HTTP server', () => {
  let dir: string
  let app: ApiApp
  /** Its handlers have bugs. */
  let broken: ApiApp
  let cookie: string
  const parts = { database: { ok: true, message: 'open' }, readings: { ok: true, message: 'http://10.1.2.3:8086' } }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-http-'))
    await mkdir(join(dir, 'dist', 'assets'), { recursive: true })
    await writeFile(join(dir, 'dist', 'index.html'), '<!doctype html><title>the dashboard</title>')
    await writeFile(join(dir, 'dist', 'assets', 'main-3f2a.js'), 'export const answer = 42 // padding\n'.repeat(50))
    await writeFile(join(dir, 'secret.txt'), 'secret')
    app = await startApiApp(join(dir, 'data', 'roomkeeper.db'), {
      dashboardDir: join(dir, 'dist'),
      allowedOrigins: ['https://rooms.hospital.example'],
      health: () => parts,
      extraRoutes: [
        {
          method: 'GET',
          path: '/api/history.csv',
          permission: 'readings.read',
          handler: (_request, response, actor) => void response.type('csv').send(actor.username),
        },
        {
          method: 'GET',
          path: '/api/broken.csv',
          permission: 'readings.read',
          handler: async () => {
            throw new Error('secret detail of another bug')
          },
        },
      ],
    })
    broken = await startApiApp(join(dir, 'data', 'other.db'), {
      handlers: {
        rooms: {
          ...stubRouter().rooms,
          list: api.rooms.list.handler(() => {
            throw new Error('secret detail of a bug')
          }),
          get: api.rooms.get.handler(() => ({ not: 'what the contract promises' }) as never),
          create: api.rooms.create.handler(({ errors }) => {
            throw errors.CONFLICT({ message: 'taken' })
          }),
        },
      },
    })
    cookie = await app.signIn('admin', ADMIN_PASSWORD)
  })
  afterAll(async () => {
    await app?.stop()
    await broken?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  describe('a write from another site', () => {
    const body = { onDuty: true }
    it.each([
      [{ origin: 'https://evil.example' }],
      [{ origin: 'null' }],
      [{ 'sec-fetch-site': 'cross-site' }],
      [{ origin: 'http://127.0.0.1:1' }],
    ])('is refused although the cookie is good: %o', async (headers) => {
      const answer = await app.call('PUT', '/api/session/duty', { cookie, body, headers })
      expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN', message: expect.stringContaining('another site') } })
    })

    it('is refused at the sign-in too', async () => {
      const body = { username: 'admin', password: ADMIN_PASSWORD }
      const answer = await app.call('POST', '/api/session', { body, headers: { origin: 'https://evil.example' } })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('set-cookie')).toBeNull()
    })

    it('is allowed from the own page and from an origin on the list', async () => {
      for (const origin of [app.url, 'https://rooms.hospital.example'])
        expect((await app.call('PUT', '/api/session/duty', { cookie, body, headers: { origin } })).status).toBe(200)
    })

    it('cannot be made by a form: only JSON is read', async () => {
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/octet-stream',
      ]) {
        const answer = await app.call('PUT', '/api/session/duty', { cookie, body: '{"onDuty":false}', headers: { 'content-type': type } })
        expect([type, answer.status]).toEqual([type, 415])
      }
    })
  })

  describe('hostile input', () => {
    it('that would pollute prototypes is refused or ignored', async () => {
      const admin = { cookie, headers: { 'content-type': 'application/json' } }
      const bodies = [
        '{"onDuty":true,"__proto__":{"polluted":1}}',
        '{"onDuty":true,"constructor":{"prototype":{"polluted":1}}}',
        '{"__proto__":{"onDuty":true}}',
      ]
      const statuses: number[] = []
      for (const body of bodies) statuses.push((await app.call('PUT', '/api/session/duty', { ...admin, body })).status)
      expect(statuses).toEqual([400, 200, 400])
      for (const query of [
        '__proto__[polluted]=1',
        'constructor[prototype][polluted]=1',
        'a[__proto__][polluted]=1',
        '__proto__.polluted=1',
      ])
        expect([query, (await app.call('GET', `/api/audit?${query}`, { cookie })).status]).toEqual([query, 400])
      expect(({} as { polluted?: number }).polluted).toBeUndefined()
      expect(Object.keys(Object.prototype)).toEqual([])
    })

    it.each([
      ['{', 400],
      ['[]', 422],
      ['"text"', 400],
      ['null', 400],
      ['{"onDuty":"yes"}', 422],
      ['{"onDuty":1}', 422],
    ])('of the wrong form is answered: %s', async (body, status) => {
      const answer = await app.call('PUT', '/api/session/duty', { cookie, body })
      expect(answer.status).toBe(status)
      expect(answer.body).toMatchObject({ code: expect.any(String), message: expect.stringMatching(/[\u4e00-\u9fff].*[a-z]/) })
    })

    it('of more than a megabyte is refused', async () => {
      const answer = await app.call('PUT', '/api/session/duty', { cookie, body: { onDuty: true, filler: 'x'.repeat(1_100_000) } })
      expect(answer).toMatchObject({ status: 413, body: { code: 'PAYLOAD_TOO_LARGE' } })
    })

    it('from strangers is not even read', async () => {
      const answer = await app.call('PUT', '/api/session/duty', { body: '{ not json' })
      expect(answer.status).toBe(401)
    })

    it.each(['limit=0', 'limit=501', 'limit=abc', 'before=x'])('in a query is answered with the field: %s', async (query) => {
      const auditor = await app.addToken(['auditor'])
      const answer = await app.call('GET', `/api/audit?${query}`, { token: auditor.token })
      expect(answer).toMatchObject({ status: 422, body: { code: 'INVALID', data: { field: query.split('=')[0] } } })
    })
  })

  describe('errors', () => {
    it('of the program say only a number that the log has too, once', async () => {
      const admin = await broken.signIn('admin', ADMIN_PASSWORD)
      for (const path of ['/api/rooms', '/api/rooms/1']) {
        broken.logged.length = 0
        const answer = await broken.call('GET', path, { cookie: admin })
        const { data, message } = answer.body as { data: { requestId: string }; message: string }
        expect(answer.status).toBe(500)
        expect(message).toContain(data.requestId)
        expect(answer.headers.get('x-request-id')).toBe(data.requestId)
        expect(JSON.stringify(answer.body)).not.toMatch(/secret|contract|expected/)
        const lines = broken.logged.filter((line) => Number(line.level) >= 50)
        expect(lines).toHaveLength(1)
        expect(lines[0]).toMatchObject({ module: 'api', requestId: data.requestId })
      }
    })

    it('of an extra route too', async () => {
      app.logged.length = 0
      const answer = await app.call('GET', '/api/broken.csv', { cookie })
      expect(answer).toMatchObject({ status: 500, body: { code: 'INTERNAL_SERVER_ERROR' } })
      expect(JSON.stringify(answer.body)).not.toContain('secret')
      expect(app.logged.filter((line) => Number(line.level) >= 50)).toHaveLength(1)
    })

    it('of the contract keep their code, and are not logged', async () => {
      const admin = await broken.signIn('admin', ADMIN_PASSWORD)
      broken.logged.length = 0
      const answer = await broken.call('POST', '/api/rooms', { cookie: admin, body: { site: 's', name: 'n', class: 'computer-room' } })
      expect(answer).toMatchObject({ status: 409, body: { defined: true, code: 'CONFLICT', message: 'taken' } })
      expect(broken.logged).toEqual([])
    })

    it('for an unknown route are JSON, and strangers learn nothing from them', async () => {
      expect(await app.call('GET', '/api/no-such-route', { cookie })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } })
      expect((await app.call('GET', '/api/no-such-route')).status).toBe(401)
      expect((await app.call('POST', '/api/session/../accounts')).status).toBe(401)
      expect(new ORPCError('NOT_FOUND').status).toBe(404)
    })
  })

  describe('public pages', () => {
    it('show the health of each part without its details', async () => {
      expect(await app.call('GET', '/healthz')).toMatchObject({
        status: 200,
        body: { ok: true, parts: { database: { ok: true }, readings: { ok: true } } },
      })
      parts.readings.ok = false
      const answer = await app.call('GET', '/healthz')
      parts.readings.ok = true
      expect(answer.status).toBe(503)
      expect(answer.body).toEqual({ ok: false, parts: { database: { ok: true }, readings: { ok: false } } })
    })

    it('carry a policy that lets nothing in from outside', async () => {
      for (const path of ['/', '/healthz', '/api/docs']) {
        const { headers } = await app.call('GET', path, { cookie, headers: HTML })
        expect(headers.get('content-security-policy')).toContain("default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'")
        expect(headers.get('content-security-policy')).not.toMatch(/https?:|\*/)
        expect(headers.get('x-content-type-options')).toBe('nosniff')
        expect(headers.get('x-powered-by')).toBeNull()
        expect(headers.get('access-control-allow-origin')).toBeNull()
      }
    })

    it('are the dashboard for every page address, never kept', async () => {
      for (const path of ['/', '/rooms/7', '/alarms']) {
        const answer = await app.call('GET', path, { headers: HTML })
        expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('the dashboard') })
        expect(answer.headers.get('cache-control')).toBe('no-cache')
      }
    })

    it('are kept for a year when their name has the hash, and travel compressed', async () => {
      const raw = await new Promise<{ headers: Record<string, unknown>; bytes: Buffer }>((resolve, reject) => {
        const url = `${app.url}/assets/main-3f2a.js`
        const sent = request(url, { headers: { 'accept-encoding': 'gzip' } }, (response) => {
          const chunks: Buffer[] = []
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('end', () => resolve({ headers: response.headers, bytes: Buffer.concat(chunks) }))
        })
        sent.on('error', reject).end()
      })
      expect(raw.headers).toMatchObject({
        'content-encoding': 'gzip',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': expect.stringContaining('javascript'),
      })
      expect(gunzipSync(raw.bytes).toString()).toContain('answer = 42')
      const plain = await app.call('GET', '/assets/main-3f2a.js', { headers: { 'accept-encoding': 'identity' } })
      expect(plain.headers.get('content-encoding')).toBeNull()
      expect(plain.headers.get('cache-control')).toContain('immutable')
    })

    it.each(['/assets/gone.js', '/../secret.txt', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/assets/../../secret.txt', '/.env'])(
      'are not what was not built: %s',
      async (path) => {
        const answer = await app.call('GET', path)
        expect(answer.status).toBeGreaterThanOrEqual(400)
        expect(answer.body).not.toContain('secret')
      },
    )

    it('say so when the dashboard was not built', async () => {
      const answer = await broken.call('GET', '/', { headers: HTML })
      expect(answer).toMatchObject({ status: 404, body: expect.stringContaining('npm run build') })
    })
  })

  describe('for programs', () => {
    it('gives the OpenAPI document and the metrics to those who may see them', async () => {
      const document = await app.call('GET', '/api/openapi.json', { cookie })
      expect(document.body).toMatchObject({ openapi: expect.stringMatching(/^3\.1/), servers: [{ url: '/api' }] })
      expect((await app.call('GET', '/api/openapi.json')).status).toBe(401)
      expect((await app.call('GET', '/api/docs', { cookie })).body).toContain('/api/history.csv')
      const { token } = await app.addToken(['system-administrator'])
      const metrics = await app.call('GET', '/metrics', { token })
      expect(metrics.headers.get('content-type')).toContain('text/plain')
      expect(metrics.body).toContain('roomkeeper_event_loop_delay_seconds{quantile="0.99"}')
      expect((await app.call('GET', '/metrics')).status).toBe(401)
    })

    it('hands extra routes the person who asks', async () => {
      expect(await app.call('GET', '/api/history.csv', { cookie })).toMatchObject({ status: 200, body: 'admin' })
    })
  })
})
