import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import type { RegisterBehaviour } from '../../server/src/registers/register.ts'
import { startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { JPEG, PNG, SVG } from '../kit/photos.ts'
import { type RegistersApp, SIGNATURE, START_MS, startRegistersApp } from '../kit/registers-app.ts'

const words = (zh: string) => ({ zh, en: zh })

/** Small, and with everything that the engine does. */
const TRIAL: RegisterDefinition = {
  name: 'trial',
  title: words('试验'),
  summary: words('试验'),
  clauses: ['S4'],
  numberPrefix: 'TRI',
  group: 'work',
  roles: { read: ['director', 'room-keeper', 'auditor'], create: ['room-keeper', 'information-officer'] },
  titleField: 'what',
  byRoom: true,
  fields: [
    { key: 'room', label: words('机房'), type: 'room', required: true },
    { key: 'what', label: words('事项'), type: 'text', required: true },
    { key: 'until', label: words('期限'), type: 'date' },
    { key: 'point', label: words('测点'), type: 'reading' },
    { key: 'photos', label: words('照片'), type: 'photo', max: 3 },
    { key: 'server', label: words('系统填写'), type: 'text', editableIn: [] },
  ],
  states: [
    { name: 'draft', label: words('草稿'), phase: 'draft' },
    {
      name: 'asked',
      label: words('待批'),
      phase: 'open',
      waitsFor: ['director'],
      deadline: { field: 'until', hours: 48, remindHours: 12, condition: 'overdue' },
    },
    { name: 'over', label: words('完成'), phase: 'done' },
  ],
  moves: [
    { name: 'ask', label: words('申请'), from: ['draft'], to: 'asked', roles: ['room-keeper', 'information-officer'], atRoom: 'offered' },
    { name: 'rush', label: words('紧急'), from: ['draft'], to: 'over', roles: ['room-keeper'], emergency: true },
    { name: 'approve', label: words('批准'), from: ['asked'], to: 'over', roles: ['director'], atRoom: 'required', notBy: ['author'] },
  ],
}

describeEachDatabase('records of a register', (newDatabase) => {
  let app: RegistersApp
  let behaviour: RegisterBehaviour
  let roomId: number
  const register = TRIAL.name

  beforeEach(async () => {
    behaviour = {}
    const behaviours = { trial: new Proxy({} as RegisterBehaviour, { get: (_none, hook) => behaviour[hook as keyof RegisterBehaviour] }) }
    app = await startRegistersApp(await newDatabase(), { definitions: [TRIAL], behaviours })
    roomId = await app.addRoom('东机房')
  })
  afterEach(() => app?.stop())

  const keeper = async () => app.as(await app.person('room-keeper'))
  const asked = async () => {
    const client = await keeper()
    const made = await client.create({ register, fields: { room: { id: roomId }, what: '换电池' } })
    return client.move({ register, recordId: made.id, revision: made.revision, move: 'ask' })
  }

  it('have numbers that count by the year of the hospital’s clock, and none twice', async () => {
    const client = await keeper()
    app.clock.set(Date.UTC(2026, 11, 31, 15, 59))
    const made = await Promise.all([1, 2, 3].map(() => client.create({ register })))
    expect(made.map(({ number }) => number).sort()).toEqual(['TRI-2026-0001', 'TRI-2026-0002', 'TRI-2026-0003'])
    app.clock.advance(60_000)
    expect((await client.create({ register })).number).toBe('TRI-2027-0001')
  })

  it('are made once by a browser that asks twice because the answer was lost', async () => {
    const client = await keeper()
    const ask = { register, clientKey: 'phone-0001', fields: { what: 'x' } }
    const [one, two] = await Promise.all([client.create(ask), client.create(ask)])
    expect(two.id).toBe(one.id)
    const other = app.as(await app.person('information-officer'))
    await expect(other.create(ask)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'clientKey' } })
  })

  it('keep a draft without steps, with the changed keys in the audit trail, and the names and values that the server writes', async () => {
    const client = await keeper()
    const point = await app.addPoint(await app.addDevice(roomId, 'UPS'), 'load', 'load', '%')
    app.read(point, roomId, 42)
    const { id } = await client.create({ register })
    const input = { register, recordId: id }
    const saved = await client.save({
      ...input,
      revision: 1,
      fields: { room: { id: roomId, name: '假的' }, point: { pointId: point, value: 7 } },
    })
    const reading = { pointId: point, name: 'UPS load', value: 42, unit: '%', quality: 'good', atMs: START_MS }
    expect(saved).toMatchObject({
      revision: 2,
      roomId,
      roomName: '东机房',
      fields: { room: { id: roomId, name: '东机房' }, point: reading },
    })
    app.read(point, roomId, 43)
    const again = await client.save({ ...input, revision: 2, fields: saved.fields })
    expect([again.revision, again.fields]).toEqual([2, saved.fields])
    expect(again.steps.map(({ kind }) => kind)).toEqual(['create'])
    expect((await app.auditOf(id)).map(({ action, after }) => [action, (after as { keys?: string[] }).keys])).toEqual([
      ['register.create', undefined],
      ['register.draft', ['room', 'point']],
    ])
    await expect(client.save({ ...input, revision: 2, fields: { room: { id: 999 } } })).rejects.toMatchObject({
      data: { field: 'fields.room' },
    })
    await expect(client.save({ ...input, revision: 2, fields: { server: 'x' } })).rejects.toMatchObject({
      data: { field: 'fields.server' },
    })
    expect((await client.save({ ...input, revision: 2, fields: { point: null } })).fields.point).toBeUndefined()
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('have a deadline that is counted anew when what it hangs on changes, and stand in the list of what is due', async () => {
    const record = await asked()
    expect(record.dueAtMs).toBe(START_MS + 48 * 3_600_000)
    const director = app.as(await app.person('director'))
    expect(await director.due()).toMatchObject([{ register, recordId: record.id, overdue: false, mine: true, roomName: '东机房' }])
    const byKeeper = await keeper()
    expect(await byKeeper.due()).toMatchObject([{ mine: false }])
    app.clock.advance(49 * 3_600_000)
    expect(await director.list({ register, phase: 'overdue' })).toHaveLength(1)
    expect((await director.definitions()).find(({ definition }) => definition.name === register)).toMatchObject({
      open: 1,
      overdue: 1,
      mine: 1,
      mayCreate: false,
    })
  })

  it('take the time that a browser claims only beside their own, and at the room only with its code', async () => {
    const record = await asked()
    const director = app.as(await app.person('director'))
    const move = { register, recordId: record.id, revision: record.revision, move: 'approve' }
    const nowMs = app.clock.nowMs()
    for (const claimedAtMs of [nowMs + 3_600_000, nowMs - 8 * 86_400_000])
      await expect(director.move({ ...move, claimedAtMs })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'claimedAtMs' } })
    const other = await app.roomKey(await app.addRoom('西机房'))
    for (const roomKey of [undefined, other, 'x'])
      await expect(director.move({ ...move, roomKey })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'roomKey' } })
    const claimedAtMs = nowMs - 3_600_000
    const done = await director.move({ ...move, roomKey: await app.roomKey(roomId), claimedAtMs })
    expect(done.steps.at(-1)).toMatchObject({ atMs: nowMs, claimedAtMs, atRoom: true })
    await expect(director.move({ ...move, roomKey: await app.roomKey(roomId) })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { atMs: nowMs },
    })
  })

  it('are marked for ever when they took the emergency path', async () => {
    const client = await keeper()
    const { id } = await client.create({ register, fields: { room: { id: roomId }, what: '断电' } })
    const rushed = await client.move({ register, recordId: id, revision: 1, move: 'rush' })
    expect([rushed.emergency, rushed.steps.at(-1)?.emergency]).toEqual([true, true])
    const amended = await client.amend({
      register,
      recordId: id,
      revision: 2,
      key: 'what',
      value: '停电',
      reason: '用词',
      password: SIGNATURE,
    })
    expect([amended.emergency, amended.title, amended.number]).toEqual([true, '停电', 'TRI-2026-0001'])
    expect(await client.list({ register, q: '停电' })).toHaveLength(1)
    expect(await client.list({ register, q: '断电' })).toHaveLength(0)
    expect(await client.list({ register, q: '%' })).toHaveLength(0)
  })

  it('are seen by those who may only begin them when they are their own', async () => {
    const record = await asked()
    const officer = app.as(await app.person('information-officer'))
    const own = await officer.create({ register, fields: { what: '我的' } })
    expect((await officer.list({ register })).map(({ id }) => id)).toEqual([own.id])
    await expect(officer.get({ register, recordId: record.id })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect(await officer.get({ register, recordId: own.id })).toMatchObject({ title: '我的', maySave: true })
  })

  it('are linked on both sides, to what is there and may be read', async () => {
    const client = await keeper()
    const [one, two] = [await asked(), await asked()]
    const link = { register, recordId: one.id, kind: 'concerns', target: 'record', targetId: two.id } as const
    const linked = await client.link(link)
    expect((await client.link(link)).links).toEqual(linked.links)
    expect(linked.links).toMatchObject([{ target: 'record', targetId: two.id, number: two.number }])
    expect((await client.get({ register, recordId: two.id })).links).toMatchObject([{ targetId: one.id, kind: 'concerns' }])
    for (const targetId of [one.id, 999]) await expect(client.link({ ...link, targetId })).rejects.toMatchObject({ code: 'INVALID' })
    await expect(client.link({ ...link, target: 'incident', targetId: 5 })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('let behaviours fill, check, write and follow; one that fails takes the step back', async () => {
    const client = await keeper()
    const after: string[] = []
    behaviour = {
      fill: async (record) => ({ room: record.roomId }),
      check: async (record) => (record.fields.what === '不行' ? [{ key: 'what', message: words('不行') }] : []),
      onMove: async (record, move) => ({
        fields: { server: `${record.number} ${move.to}` },
        sheet: { moved: true },
        afterwards: async () => void after.push(move.name),
      }),
    }
    const made = await client.create({ register, fields: { room: { id: roomId }, what: '不行' } })
    expect(made.sheet).toEqual({ room: roomId })
    const move = { register, recordId: made.id, revision: 1, move: 'ask' }
    await expect(client.move(move)).rejects.toMatchObject({ data: { field: 'fields.what' } })
    const moved = await client.move({ ...move, fields: { what: '行' } })
    expect(moved).toMatchObject({ sheet: { moved: true }, fields: { server: `${made.number} asked` } })
    expect(moved.steps.at(-1)?.changes.map(({ key }) => key)).toEqual(['what', 'server'])
    expect(after).toEqual(['ask'])
    behaviour = { onCreate: () => Promise.reject(new Error('no')) }
    await expect(client.create({ register })).rejects.toThrow('no')
    behaviour = {}
    expect((await client.create({ register })).number).toBe('TRI-2026-0002')
  })

  it('have photos that are kept byte for byte, sent again counted once, struck out and kept, and read by nobody else', async () => {
    const client = await keeper()
    const { id } = await client.create({ register, fields: { room: { id: roomId }, what: 'x' } })
    const http = await startApiApp(await newDatabase(), { extraRoutes: app.extraRoutes })
    try {
      // The accounts of both applications have the same ids: made in the same order after the first.
      const people = await Promise.all([app.person('room-keeper'), app.person('technician')])
      const cookies = new Map<number, string>()
      for (let n = 0; cookies.size < 2 && n < 4; n += 1) {
        const { accountId, cookie } = await http.addPerson(`p${n}`, [n === 0 ? 'room-keeper' : 'technician'])
        cookies.set(accountId, cookie)
      }
      const [keeperCookie = '', strangerCookie = ''] = [...cookies.values()]
      expect(people).toHaveLength(2)
      const send = (bytes: Buffer, key: string, cookie = keeperCookie) =>
        fetch(`${http.url}/api/registers/${register}/records/${id}/files?key=${key}&name=${encodeURIComponent('机柜.jpg')}`, {
          method: 'POST',
          headers: { 'content-type': 'image/jpeg', cookie },
          body: new Uint8Array(bytes),
        })
      const sent = await send(JPEG, 'photos')
      const file = (await sent.json()) as { id: number }
      expect([sent.status, file]).toMatchObject([201, { key: 'photos', name: '机柜.jpg', type: 'image/jpeg', bytes: JPEG.length }])
      const again = await send(JPEG, 'photos')
      expect([again.status, await again.json()]).toEqual([200, file])
      expect((await send(SVG, 'photos')).status).toBe(422)
      expect((await send(JPEG.subarray(0, -1), 'photos')).status).toBe(422)
      expect((await send(PNG, 'what')).status).toBe(422)
      expect((await send(PNG, 'photos', strangerCookie)).status).toBe(403)
      const path = `${http.url}/api/record-files/${file.id}`
      const got = await fetch(path, { headers: { cookie: keeperCookie } })
      expect(Buffer.from(await got.arrayBuffer()).equals(JPEG)).toBe(true)
      expect((await fetch(path, { headers: { cookie: strangerCookie } })).status).toBe(403)
      expect((await fetch(`${http.url}/api/record-files/999`, { headers: { cookie: keeperCookie } })).status).toBe(404)

      const saved = await client.save({ register, recordId: id, revision: 1, fields: { photos: [file.id] } })
      await expect(client.save({ register, recordId: id, revision: 2, fields: { photos: [999] } })).rejects.toMatchObject({
        data: { field: 'fields.photos' },
      })
      const struck = await client.strikeFile({ register, recordId: id, fileId: file.id, reason: '拍错了' })
      expect(struck.files).toMatchObject([{ id: file.id, removed: { reason: '拍错了' } }])
      expect(struck.steps.at(-1)).toMatchObject({ kind: 'file', comment: '拍错了' })
      await expect(client.strikeFile({ register, recordId: id, fileId: file.id, reason: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(saved.fields.photos).toEqual([file.id])
      await expect(app.db.updateTable('registerFile').set({ sha256: 'x' }).execute()).rejects.toThrow()
      await expect(app.db.deleteFrom('registerFile').execute()).rejects.toThrow()
    } finally {
      await http.stop()
    }
  })
})
