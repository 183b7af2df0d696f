import { request } from 'node:http'
import { PHOTO_MAX_BYTES, PHOTOS_MAX, type Photo } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { incidentPhotoRoutes, removePhotoHandler } from '../../server/src/api/incident-photos.ts'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { type Answer, type ApiApp, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { JPEG, PNG, SVG, WEBP } from '../kit/photos.ts'

describeEachDatabase('photos of incidents', (newDatabase) => {
  let app: ApiApp
  let cookie: string
  let incidentId: number
  let changes: Change[]

  beforeEach(async () => {
    changes = []
    const deps = {
      get db() {
        return app.db
      },
      clock: { nowMs: () => app.clock.nowMs() },
      change: (change: Change) => void changes.push(change),
    }
    const handlers = { incidents: { removePhoto: removePhotoHandler(deps) } }
    app = await startApiApp(await newDatabase(), { extraRoutes: incidentPhotoRoutes(deps), handlers })
    cookie = (await app.addPerson('keeper', ['room-keeper'])).cookie
    incidentId = await openIncident()
  })
  afterEach(() => app?.stop())

  async function openIncident(): Promise<number> {
    const row = { state: 'open', openedAtMs: 1, fieldsJson: '{}', curvesJson: '[]', revision: 0 }
    return (await app.db.insertInto('incident').values(row).returning('id').executeTakeFirstOrThrow()).id
  }

  interface Sent {
    type?: string
    name?: string
    to?: number | string
    by?: string
  }
  async function send(bytes: Buffer, { type = 'image/jpeg', name = 'a.jpg', to = incidentId, by = cookie }: Sent = {}): Promise<Answer> {
    const response = await fetch(`${app.url}/api/incidents/${to}/photos?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': type, cookie: by },
      body: new Uint8Array(bytes),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }

  it.each([
    ['image/jpeg', JPEG],
    ['image/png', PNG],
    ['image/webp', WEBP],
  ])('are kept byte for byte: %s', async (type, bytes) => {
    // What the browser calls it does not count, the bytes do.
    const sent = await send(bytes, { type: 'image/jpeg', name: '空调 外机.jpg' })
    expect(sent.status).toBe(201)
    const photo = sent.body as Photo
    expect(photo).toMatchObject({ name: '空调 外机.jpg', type, bytes: bytes.length, by: 'keeper (name)', removed: null })
    expect(changes).toEqual([{ topic: 'incidents', id: incidentId }])

    const { cookie: reader } = await app.addPerson('auditor', ['auditor'])
    const got = await fetch(`${app.url}/api/photos/${photo.id}`, { headers: { cookie: reader } })
    expect(Buffer.from(await got.arrayBuffer()).equals(bytes)).toBe(true)
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': type,
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="photo"; filename*=UTF-8''${encodeURIComponent('空调 外机.jpg')}`,
      'cache-control': 'private, no-cache',
    })
    // As a browser asks again; fetch of Node would forbid the answer "not modified".
    const headers = { cookie: reader, 'if-none-match': got.headers.get('etag') ?? '', 'cache-control': 'max-age=0' }
    expect((await app.call('GET', `/api/photos/${photo.id}`, { headers })).status).toBe(304)
    expect((await app.call('GET', `/api/photos/${photo.id}`)).status).toBe(401)
  })

  it.each([
    ['SVG with the name of a photo', SVG, 'image/png', 422, /JPEG/],
    ['a page', Buffer.from('<script>alert(1)</script>'), 'image/jpeg', 422, /JPEG/],
    ['nothing', Buffer.alloc(0), 'image/jpeg', 422, /JPEG/],
    ['a photo cut off', JPEG.subarray(0, -1), 'image/jpeg', 422, /不完整.*cut off/],
    ['SVG by its type', SVG, 'image/svg+xml', 415, /image\/jpeg/],
    ['a form of another site', PNG, 'text/plain', 415, /image\/jpeg/],
  ])('are refused when they are none: %s', async (_what, bytes, type, status, message) => {
    const answer = await send(bytes, { type, name: 'evil.jpg' })
    expect([answer.status, (answer.body as { message: string }).message]).toEqual([status, expect.stringMatching(message)])
    expect(await app.db.selectFrom('incidentPhoto').select('id').execute()).toEqual([])
  })

  it('may be five megabytes, which is more than any other body, and no more', async () => {
    const largest = Buffer.concat([JPEG, Buffer.alloc(PHOTO_MAX_BYTES - JPEG.length)])
    expect((await send(largest)).status).toBe(201)
    const larger = await send(Buffer.concat([largest, Buffer.alloc(1)]))
    expect([larger.status, larger.body]).toMatchObject([413, { message: '文件超过 5 MB / The file is larger than 5 MB' }])
    expect((await app.call('POST', '/api/session', { body: 'x'.repeat(1_100_000) })).status).toBe(413)
  })

  it('are not kept when the line breaks on the way', async () => {
    const { hostname, port } = new URL(app.url)
    const path = `/api/incidents/${incidentId}/photos`
    const headers = { cookie, 'content-type': 'image/jpeg', 'content-length': String(JPEG.length + 10) }
    const sending = request({ hostname, port, path, method: 'POST', headers })
    const broken = new Promise((resolve) => sending.once('error', resolve))
    sending.flushHeaders()
    await new Promise<void>((resolve) => sending.write(JPEG, () => resolve()))
    sending.destroy(new Error('the line broke'))
    await broken
    // The next request is answered after the server has seen the end of that one.
    expect((await send(PNG, { type: 'image/png' })).status).toBe(201)
    expect(await app.db.selectFrom('incidentPhoto').select('type').execute()).toEqual([{ type: 'image/png' }])
  })

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['C:\\photos\\机房.jpg', '机房.jpg'],
    ['a"; filename="b.html\r\nx: y', 'a"; filename="b.htmlx: y'],
  ])('have a name and no path: %j', async (name, expected) => {
    const { body } = await send(JPEG, { name })
    expect(body).toMatchObject({ name: expected })
    const got = await fetch(`${app.url}/api/photos/${(body as Photo).id}`, { headers: { cookie } })
    expect(got.headers.get('content-disposition')).toBe(`attachment; filename="photo"; filename*=UTF-8''${encodeURIComponent(expected)}`)
    expect(got.headers.get('x')).toBeNull()
  })

  it('are there once when they are sent again because the answer was lost', async () => {
    const first = await send(JPEG)
    const again = await send(JPEG)
    expect([again.status, again.body]).toEqual([200, first.body])
    expect(changes).toHaveLength(1)
  })

  it(`are ${PHOTOS_MAX} at most; what is struck out makes room, and stays with the reason`, async () => {
    const photos: Photo[] = []
    for (let n = 0; n < PHOTOS_MAX; n += 1) photos.push((await send(Buffer.concat([JPEG, Buffer.from([n])]))).body as Photo)
    expect(await send(PNG)).toMatchObject({ status: 422, body: { message: expect.stringContaining('20') } })
    const remove = (id: number | undefined, reason: string) =>
      app.call('DELETE', `/api/incidents/${incidentId}/photos/${id}`, { cookie, body: { reason } })
    expect((await remove(photos[0]?.id, '')).status).toBe(422)
    expect((await remove(photos[0]?.id, '拍错了机柜')).status).toBe(200)
    expect((await remove(photos[0]?.id, 'again')).status).toBe(409)
    expect((await remove(999, 'x')).status).toBe(404)
    expect((await send(PNG)).status).toBe(201)
    const row = await app.db
      .selectFrom('incidentPhoto')
      .selectAll()
      .where('id', '=', photos[0]?.id ?? 0)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ removedBy: 'keeper (name)', removedReason: '拍错了机柜' })
    expect(Buffer.from(row.data).subarray(0, JPEG.length).equals(JPEG)).toBe(true)
    await expect(app.db.deleteFrom('incidentPhoto').execute()).rejects.toThrow()
    await expect(app.db.updateTable('incidentPhoto').set({ sha256: 'x' }).execute()).rejects.toThrow()
    const actions = await app.db.selectFrom('audit').select('action').where('entity', '=', `incident:${incidentId}`).execute()
    expect(actions).toHaveLength(PHOTOS_MAX + 2)
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('belong to an incident that is there and open', async () => {
    expect((await send(JPEG, { to: 999 })).status).toBe(404)
    expect((await send(JPEG, { to: '1e1' })).status).toBe(422)
    expect((await app.call('GET', '/api/photos/999', { cookie })).status).toBe(404)
    const { body } = await send(JPEG)
    await app.db
      .updateTable('incident')
      .set({ state: 'submitted', submittedBy: 'x', submittedAtMs: 5 })
      .where('id', '=', incidentId)
      .execute()
    expect(await send(PNG)).toMatchObject({ status: 409, body: { data: { by: 'x', atMs: 5 } } })
    const path = `/api/incidents/${incidentId}/photos/${(body as Photo).id}`
    expect((await app.call('DELETE', path, { cookie, body: { reason: 'x' } })).status).toBe(409)
  })

  it('come only from those who may write, and the body of others is not read', async () => {
    const { cookie: auditor } = await app.addPerson('auditor', ['auditor'])
    expect((await send(JPEG, { by: auditor })).status).toBe(403)
    expect((await send(JPEG, { by: '' })).status).toBe(401)
  })
})
