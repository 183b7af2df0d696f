import type { PlanPicture, SavedPlan } from '@roomkeeper/shared/http'
import { PLAN_PICTURE_MAX_BYTES } from '@roomkeeper/shared/http'
import type { Change } from '@roomkeeper/shared/push'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFloorPlanHandlers, planPictureRoutes } from '../../server/src/api/floor-plans.ts'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { drawDemoPlan } from '../../server/src/rooms/demo-plan.ts'
import { type Answer, type ApiApp, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { JPEG, PNG, SVG, WEBP } from '../kit/photos.ts'

describeEachDatabase('floor plans', (newDatabase) => {
  let app: ApiApp
  let cookie: string
  let directory: Directory
  let roomId: number
  let temperatureId: number
  let doorId: number
  let deviceId: number
  let changes: Change[]

  beforeEach(async () => {
    changes = []
    const deps = {
      get db() {
        return app.db
      },
      get directory() {
        return directory
      },
      clock: { nowMs: () => app.clock.nowMs() },
      timeZone: 'Asia/Shanghai',
      change: (change: Change) => void changes.push(change),
    }
    app = await startApiApp(await newDatabase(), {
      extraRoutes: planPictureRoutes(deps),
      handlers: { floorPlans: createFloorPlanHandlers(deps) },
    })
    cookie = (await app.addPerson('keeper', ['room-keeper'])).cookie
    roomId = await addRoom('中心机房')
    await app.db.insertInto('edgeNode').values({ site: 'demo', node: 'this-machine', version: null, lastSeenMs: null, online: 1 }).execute()
    deviceId = await addDevice('unit', roomId)
    temperatureId = await addPoint(deviceId, 'top-temperature', 'temperature')
    doorId = await addPoint(deviceId, 'door', 'door')
    directory = new Directory(app.db)
    await directory.load()
  })
  afterEach(() => app?.stop())

  const addRoom = (name: string) => app.db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name }, 1))
  async function addDevice(device: string, inRoom: number): Promise<number> {
    const row = {
      nodeId: 1,
      device,
      name: device,
      nameEn: '',
      nameByPerson: 0,
      maker: '',
      model: '',
      roomId: inRoom,
      online: 1,
      bornAtMs: 1,
    }
    return (await app.db.insertInto('device').values(row).returning('id').executeTakeFirstOrThrow()).id
  }
  async function addPoint(ofDevice: number, key: string, kind: string): Promise<number> {
    const row = {
      deviceId: ofDevice,
      key,
      name: '',
      nameEn: '',
      nameByPerson: 0,
      kind,
      unit: 'Cel',
      intervalMs: 10_000,
      low: null,
      high: null,
    }
    return (await app.db.insertInto('point').values(row).returning('id').executeTakeFirstOrThrow()).id
  }
  const rack = { type: 'rack', id: 'rack-1', x: 1.2, y: 1.2, width: 0.6, depth: 1.2, facing: 'down', name: 'R01', deviceId: null }
  const probe = () => ({ type: 'probe', id: 'probe-1', x: 1.5, y: 2.4, z: 2, name: '', pointIds: [temperatureId] })
  const plan = (...items: object[]) => ({ width: 6, depth: 4.8, items })
  const put = (version: number, wanted: object, by = cookie): Promise<Answer> =>
    app.call('PUT', `/api/rooms/${roomId}/plan`, { cookie: by, body: { version, plan: wanted } })
  const get = async (path = ''): Promise<SavedPlan> =>
    (await app.call('GET', `/api/rooms/${roomId}/plan${path}`, { cookie })).body as SavedPlan

  it('are none, are saved with their author, and every version stays', async () => {
    expect(await get()).toEqual({ version: 0, plan: null, author: null, atMs: null, picture: null })
    const first = await put(0, plan(rack, probe()))
    expect(first.status).toBe(200)
    expect(first.body).toMatchObject({ version: 1, author: 'keeper (name)', picture: null, plan: { reach: 3, background: null } })
    expect(changes).toEqual([{ topic: 'rooms', id: roomId }])
    const second = await put(1, plan(rack))
    expect(second.body).toMatchObject({ version: 2 })
    expect((await get()).plan?.items).toHaveLength(1)
    expect((await get('/versions/1')).plan?.items).toHaveLength(2)
    expect(await get('/versions')).toMatchObject([
      { version: 2, author: 'keeper (name)', items: 1 },
      { version: 1, items: 2 },
    ])
    expect((await app.call('GET', `/api/rooms/${roomId}/plan/versions/3`, { cookie })).status).toBe(404)
    const audit = await app.db
      .selectFrom('audit')
      .select(['actor', 'afterJson'])
      .where('action', '=', 'floor-plan.save')
      .orderBy('seq')
      .execute()
    expect(audit.map(({ actor, afterJson }) => [actor, JSON.parse(afterJson)])).toEqual([
      ['keeper', { version: 1, width: 6, depth: 4.8, items: 2, pictureId: null }],
      ['keeper', { version: 2, width: 6, depth: 4.8, items: 1, pictureId: null }],
    ])
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('tell the second of two people who saved in between, and keep the first', async () => {
    await put(0, plan(rack))
    const { cookie: other } = await app.addPerson('other', ['system-administrator'])
    expect((await put(1, plan(rack, probe()), other)).status).toBe(200)
    const late = await put(1, plan())
    expect([late.status, late.body]).toMatchObject([
      409,
      { message: expect.stringContaining('other (name)'), data: { by: 'other (name)' } },
    ])
    expect((await get()).plan?.items).toHaveLength(2)
    // Both at once: one of them is told.
    const statuses = (await Promise.all([put(2, plan(rack)), put(2, plan())])).map(({ status }) => status)
    expect(statuses.sort()).toEqual([200, 409])
  })

  it('name what is wrong with a plan, and where', async () => {
    const elsewhere = await addPoint(await addDevice('far', await addRoom('另一机房')), 'temperature', 'temperature')
    const refused: [object, string, RegExp][] = [
      [plan({ ...rack, x: 5.9 }), 'plan.items.0', /超出机房.*outside/],
      [plan({ ...rack, deviceId: 999 }), 'plan.items.0.deviceId', /设备 999 不在本机房.*not in this room/],
      [plan(rack, { ...probe(), pointIds: [elsewhere] }), 'plan.items.1.pointIds', /不在本机房/],
      [plan({ ...probe(), pointIds: [doorId] }), 'plan.items.0.pointIds', /类型是 door.*temperature/],
      [
        plan({ ...rack, type: 'door', name: '', pointId: temperatureId, deviceId: undefined }),
        'plan.items.0.pointId',
        /类型是 temperature.*door/,
      ],
      [{ ...plan(), width: 0 }, 'plan.width', /./],
      [{ ...plan(), background: { pictureId: 9, x: 0, y: 0, width: 3, opacity: 1 } }, 'plan.background.pictureId', /没有底图 9/],
      [{ ...plan(), items: 'none' }, 'plan.items', /./],
    ]
    for (const [wanted, field, message] of refused) {
      const { status, body } = await put(0, wanted)
      const { data, message: sentence } = body as {
        data: { field: string; allowed: string; issues?: { message: string }[] }
        message: string
      }
      expect([status, data.field]).toEqual([422, field])
      expect([sentence, data.allowed, ...(data.issues ?? []).map((issue) => issue.message)].join(' ')).toMatch(message)
    }
    expect((await get()).version).toBe(0)
    expect((await app.call('PUT', '/api/rooms/999/plan', { cookie, body: { version: 0, plan: plan() } })).status).toBe(404)
  })

  it('keep a link to what has left the room since, and take no new one', async () => {
    expect((await put(0, plan(rack, probe()))).status).toBe(200)
    await app.db
      .updateTable('device')
      .set({ roomId: await addRoom('新机房') })
      .where('id', '=', deviceId)
      .execute()
    expect((await put(1, plan({ ...rack, x: 0 }, probe()))).status).toBe(200)
    expect((await put(2, plan({ ...rack, deviceId }, probe()))).status).toBe(422)
  })

  it('come with the limits in force on what a map shows', async () => {
    expect(await get('/levels')).toEqual([{ pointId: temperatureId, kind: 'temperature', lowLow: 15, low: 18, high: 27, highHigh: 32 }])
  })

  it('are read by the staff and changed by those who manage rooms', async () => {
    for (const [role, mayRead, mayWrite] of [
      ['auditor', true, false],
      ['on-call', true, false],
      ['technician', true, false],
      ['information-officer', false, false],
      ['department-head', true, true],
    ] as const) {
      const { token } = await app.addToken([role])
      const read = await app.call('GET', `/api/rooms/${roomId}/plan`, { token })
      const written = await app.call('PUT', `/api/rooms/${roomId}/plan`, { token, body: { version: 0, plan: plan() } })
      const sent = await send(PNG, { token })
      const [noWrite, noRead] = [mayWrite ? [200, 201] : [403, 403], mayRead ? 200 : 403]
      expect([role, read.status, written.status, sent.status]).toEqual([role, noRead, ...noWrite])
    }
    expect((await app.call('GET', `/api/rooms/${roomId}/plan`)).status).toBe(401)
  })

  interface Sent {
    type?: string
    name?: string
    token?: string
  }
  async function send(bytes: Buffer, { type = 'image/png', name = '一层.png', token }: Sent = {}): Promise<Answer> {
    const response = await fetch(`${app.url}/api/rooms/${roomId}/plan-pictures?name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'content-type': type, ...(token === undefined ? { cookie } : { authorization: `Bearer ${token}` }) },
      body: new Uint8Array(bytes),
    })
    return { status: response.status, headers: response.headers, body: await response.json() }
  }
  /** The smallest PNG with a text chunk before its picture. */
  const withText = Buffer.concat([
    PNG.subarray(0, 33),
    Buffer.from('0000000974455874417574686f7200e5bca0deadbeef', 'hex').subarray(0, 21),
    PNG.subarray(33),
  ])
  /** A JPEG of 16 × 8 with Exif in front. */
  const jpeg = Buffer.concat([
    Buffer.from('ffd8', 'hex'),
    Buffer.from('ffe1000e4578696600004750532d484552', 'hex').subarray(0, 16),
    Buffer.from('ffc0000b080008001001011100', 'hex'),
    JPEG.subarray(JPEG.indexOf(Buffer.from('ffda', 'hex'))),
  ])

  it('have a drawing under them, without what a camera wrote into it', async () => {
    const sent = await send(withText)
    expect([sent.status, sent.body]).toMatchObject([201, { name: '一层.png', type: 'image/png', widthPx: 1, heightPx: 1 }])
    const { id } = sent.body as PlanPicture
    expect((await send(PNG)).body).toMatchObject({ id })
    expect((await send(PNG)).status).toBe(200)
    const got = await fetch(`${app.url}/api/plan-pictures/${id}`, { headers: { cookie } })
    expect(Buffer.from(await got.arrayBuffer()).equals(PNG)).toBe(true)
    expect(got.headers.get('x-content-type-options')).toBe('nosniff')

    const other = (await send(jpeg, { type: 'image/jpeg' })).body as PlanPicture
    expect(other).toMatchObject({ widthPx: 16, heightPx: 8, type: 'image/jpeg' })
    const kept = await (await fetch(`${app.url}/api/plan-pictures/${other.id}`, { headers: { cookie } })).arrayBuffer()
    expect(Buffer.from(kept).includes('GPS')).toBe(false)

    const background = { pictureId: id, x: -1, y: 0, width: 7.5, opacity: 0.4 }
    expect((await put(0, { ...plan(rack), background })).body).toMatchObject({
      plan: { background },
      picture: { id, widthPx: 1, heightPx: 1 },
    })
    expect((await put(1, plan(rack))).body).toMatchObject({ picture: null })
    expect((await get('/versions/1')).picture).toEqual({ id, widthPx: 1, heightPx: 1 })
  })

  const wide = Buffer.concat([PNG])
  wide.writeUInt32BE(8001, 16)
  it('refuse a drawing that is none, and say why', async () => {
    const refused: [Buffer, string, number, RegExp][] = [
      [SVG, 'image/png', 422, /JPEG/],
      [SVG, 'image/svg+xml', 415, /image\/png/],
      [WEBP, 'image/png', 422, /须为 PNG 或 JPEG/],
      [PNG.subarray(0, -4), 'image/png', 422, /不完整/],
      [wide, 'image/png', 422, /8001 × 1 像素.*8000/],
      [Buffer.concat([JPEG, Buffer.alloc(PLAN_PICTURE_MAX_BYTES)]), 'image/jpeg', 413, /5 MB/],
    ]
    for (const [bytes, type, status, message] of refused) {
      const answer = await send(bytes, { type })
      expect([answer.status, (answer.body as { message: string }).message]).toEqual([status, expect.stringMatching(message)])
    }
    expect(await app.db.selectFrom('floorPlanPicture').select('id').execute()).toEqual([])
  })

  it('keep no more than twenty drawings that no version shows', async () => {
    const pixel = (n: number) => Buffer.concat([PNG.subarray(0, 45), Buffer.from([n]), PNG.subarray(46)])
    const first = (await send(pixel(0))).body as PlanPicture
    await put(0, { ...plan(), background: { pictureId: first.id, x: 0, y: 0, width: 1, opacity: 1 } })
    for (let n = 1; n <= 23; n++) expect((await send(pixel(n))).status).toBe(201)
    const kept = await app.db.selectFrom('floorPlanPicture').select('id').orderBy('id').execute()
    expect(kept).toHaveLength(21)
    expect(kept[0]?.id).toBe(first.id)
  })

  it('begin by themselves in the demonstration, once, and never over a person’s', async () => {
    const draw = () => drawDemoPlan({ db: app.db, clock: app.clock, site: 'demo', node: 'this-machine' })
    expect(await draw()).toBe(false)
    const kinds: Record<string, string> = { environment: 'temperature', ups: 'ups-status', cooling: 'cooling-fault', contacts: 'door' }
    for (const [device, kind] of Object.entries(kinds)) await addPoint(await addDevice(`demo-${device}`, roomId), 'x', kind)
    expect(await draw()).toBe(false)
    await addPoint(await addDevice('demo-rack-inlets', roomId), 'rack-2-top-temperature', 'temperature')
    expect(await draw()).toBe(true)
    const drawn = await get()
    expect(drawn).toMatchObject({ version: 1, author: 'Roomkeeper' })
    expect(drawn.plan?.items.filter(({ type }) => type === 'probe')).toHaveLength(2)
    await put(1, plan(rack))
    expect(await draw()).toBe(true)
    expect((await get()).version).toBe(2)
  })
})
