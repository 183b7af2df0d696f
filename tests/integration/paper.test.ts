import type { ChangeSheet, VisitSheet } from '@roomkeeper/shared/registers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, START_MS } from '../kit/notify-app.ts'
import { type PaperApp, startPaperApp } from '../kit/paper-app.ts'

const HOUR_MS = 60 * MINUTE_MS

describeEachDatabase('paper', (newDatabase) => {
  let app: PaperApp
  let head: Actor
  let keeper: Actor
  let officer: Actor
  let director: Actor
  let roomId: number
  let door: Awaited<ReturnType<PaperApp['point']>>
  let probe: Awaited<ReturnType<PaperApp['point']>>

  beforeEach(async () => {
    app = await startPaperApp(await newDatabase())
    head = await app.reachable('head', ['department-head'])
    director = await app.reachable('director', ['director'])
    keeper = await app.reachable('keeper', ['room-keeper'], { onDuty: true })
    officer = await app.reachable('officer', ['information-officer'])
    roomId = await app.room('主机房')
    door = await app.point(roomId, '门磁', 'door', 'door')
    probe = await app.point(roomId, '服务器1', 'temperature', 'temperature')
    await app.reload()
  })
  afterEach(() => app?.stop())

  const later = async (ms: number, options?: { minute?: boolean }) => {
    app.clock.advance(ms)
    await app.turn(options)
  }
  /** Opened for a few seconds. */
  const openDoor = async () => {
    app.clock.advance(1)
    app.submit('raise', { ...door, condition: 'door-opened', priority: 'medium', value: true, limit: 'true' })
    await app.turn()
    app.clock.advance(5000)
    app.submit('clear', { ...door, condition: 'door-opened', priority: 'medium', value: false, limit: 'true' })
    await app.turn()
  }
  const toldTo = (name: string) => app.arrived.filter(({ address }) => address === `${name}@test`).map(({ notice }) => notice.title)
  const states = async () => (await app.db.selectFrom('alarm').select('state').orderBy('id').execute()).map(({ state }) => state)
  const ref = (id: number) => ({ id, name: '' })
  const apply = async () => {
    const nowMs = app.clock.nowMs()
    const made = await app.registers.create(officer, {
      register: 'visit',
      fields: {
        room: ref(roomId),
        visitors: [{ name: '张工', organisation: '某公司' }],
        purpose: 'repair',
        purposeText: '更换风扇',
        plannedFrom: nowMs,
        plannedUntil: nowMs + HOUR_MS,
      },
    })
    return app.move(officer, made, 'apply')
  }

  it('a visit: applied for, approved, checked in with its escort, overstayed, checked out with what the room did', async () => {
    app.readings.put(probe.pointId, { timeMs: START_MS + 10 * MINUTE_MS, value: 22 }, { timeMs: START_MS + 20 * MINUTE_MS, value: 24 })
    const applied = await apply()
    await app.turn()
    expect([toldTo('head'), toldTo('director'), toldTo('keeper')]).toEqual([
      [expect.stringContaining('[待批准] VIS-2026-0001')],
      [expect.stringContaining('[待批准] VIS-2026-0001')],
      [],
    ])
    const approved = await app.move(head, applied, 'approve')
    await app.turn()
    expect(toldTo('officer')).toEqual([expect.stringContaining('[已批准] VIS-2026-0001')])
    await openDoor()
    await later(MINUTE_MS)
    const inside = await app.move(keeper, approved, 'check-in')
    expect(inside.fields.escort).toEqual({ id: keeper.accountId, name: 'keeper' })
    expect((await app.as(officer).registers.room({ roomId })).inside).toEqual([
      {
        ...{ recordId: inside.id, register: 'visit', number: 'VIS-2026-0001', people: '张工（某公司）', escort: 'keeper' },
        ...{ sinceMs: app.clock.nowMs(), dueAtMs: START_MS + HOUR_MS, overdue: false },
      },
    ])
    await later(5 * MINUTE_MS)
    expect(toldTo('keeper')).toEqual([])
    expect(await app.as(keeper).alarms.list({ scope: 'all' })).toMatchObject([
      {
        condition: 'door-opened',
        state: 'NORM',
        paper: { recordId: inside.id, register: 'visit', number: 'VIS-2026-0001' },
        withoutPaper: false,
      },
    ])
    await later(HOUR_MS, { minute: true })
    expect(toldTo('keeper')).toEqual([expect.stringContaining('超时未离开')])
    const left = await app.move(keeper, inside, 'check-out', { fields: { exitNote: '风扇已更换' } })
    await openDoor()
    await later(3 * MINUTE_MS, { minute: true })
    expect(await states()).toEqual(['NORM', 'RTNUN', 'NORM'])
    const { sheet } = await app.registers.get(keeper, 'visit', left.id)
    expect(sheet as VisitSheet).toMatchObject({
      ...{ escort: 'keeper', doorOpenings: 2, alarms: [{ text: { zh: expect.stringContaining('超时未离开') as string } }] },
      readings: [{ kind: 'temperature', min: 22, max: 24, mean: 23, points: 1 }],
    })
    expect((await app.as(officer).registers.room({ roomId })).inside).toEqual([])
  })

  it('a visit that nobody came to expires, and its approval with it', async () => {
    const approved = await app.move(head, await apply(), 'approve')
    await later(HOUR_MS - MINUTE_MS, { minute: true })
    expect((await app.registers.get(keeper, 'visit', approved.id)).state).toBe('approved')
    await later(2 * MINUTE_MS, { minute: true })
    const expired = await app.registers.get(keeper, 'visit', approved.id)
    expect(expired).toMatchObject({
      state: 'expired',
      steps: expect.arrayContaining([expect.objectContaining({ move: 'expire', by: '系统' })]),
    })
  })

  it('a door opened without any is told after two minutes, shut or not, and says so everywhere', async () => {
    await openDoor()
    await later(MINUTE_MS)
    expect([await states(), toldTo('keeper')]).toEqual([['DSUPR'], []])
    expect(await app.as(keeper).alarms.list({ scope: 'all' })).toMatchObject([{ withoutPaper: false, paper: null }])
    await later(MINUTE_MS)
    expect([await states(), toldTo('keeper')]).toEqual([['RTNUN'], ['[告警] 主机房 门磁 门 开门 无单据']])
    expect(app.arrived[0]?.notice.text).toMatch(/无单据: 当时没有.*机房来访.*与之对应/)
    expect(await app.as(keeper).alarms.list({})).toMatchObject([{ withoutPaper: true, paper: null }])
    // A visit that begins now is none for what was before.
    await app.move(keeper, await app.move(head, await apply(), 'approve'), 'check-in')
    await later(MINUTE_MS)
    expect(await states()).toEqual(['RTNUN'])
    await openDoor()
    await later(3 * MINUTE_MS)
    expect(await states()).toEqual(['RTNUN', 'NORM'])
  })

  it('openings learnt of afterwards are judged by their own time', async () => {
    const inside = await app.move(keeper, await app.move(head, await apply(), 'approve'), 'check-in')
    await app.turn()
    await later(30 * MINUTE_MS)
    await app.move(keeper, inside, 'check-out', { fields: { exitNote: 'x' } })
    await app.turn()
    await later(30 * MINUTE_MS)
    app.arrived.length = 0
    for (const atMs of [START_MS + 10 * MINUTE_MS, START_MS + 45 * MINUTE_MS]) {
      const signal = {
        ...door,
        source: 'point',
        condition: 'door-opened',
        priority: 'medium',
        atMs,
        value: true,
        limit: 'true',
        late: true,
      } as const
      app.alarms.submit({ kind: 'excursion', signal, endedAtMs: atMs + 3000 })
    }
    await app.turn()
    expect(await states()).toEqual(['NORM', 'RTNUN'])
    expect(toldTo('keeper')).toEqual([expect.stringContaining('无单据')])
  })

  describe('a change', () => {
    const request = async (more: Record<string, unknown> = {}) => {
      const nowMs = app.clock.nowMs()
      const fields = {
        ...{
          room: ref(roomId),
          device: ref(probe.deviceId),
          parameter: 'max_connections',
          before: '200',
          after: '400',
          reason: '连接数不足',
        },
        ...{ risk: '重启', rollback: '改回', plannedFrom: nowMs + HOUR_MS, plannedUntil: nowMs + 3 * HOUR_MS, ...more },
      }
      return app.registers.create(keeper, { register: 'change', fields })
    }
    const offline = (deviceId: number, kind: 'raise' | 'clear' = 'raise') =>
      app.submit(kind, {
        source: 'device',
        sourceId: deviceId,
        deviceId,
        roomId,
        condition: 'device-offline',
        priority: 'high',
        value: null,
        limit: null,
      })

    it('is put before the director, takes its own device out of service for its time, and shows before and after', async () => {
      app.readings.put(probe.pointId, { timeMs: START_MS + 50 * MINUTE_MS, value: 22 }, { timeMs: START_MS + 130 * MINUTE_MS, value: 23 })
      const requested = await app.move(keeper, await request(), 'request')
      await app.turn()
      expect([toldTo('director'), toldTo('head')]).toEqual([[expect.stringContaining('[待领导批准] CHG-2026-0001')], []])
      const approved = await app.move(director, requested, 'approve')
      await app.turn()
      expect(await app.db.selectFrom('alarmHold').selectAll().execute()).toEqual([])
      await later(HOUR_MS)
      const [hold] = await app.db.selectFrom('alarmHold').selectAll().execute()
      expect(hold).toMatchObject({
        scope: 'device',
        scopeId: probe.deviceId,
        untilMs: START_MS + 3 * HOUR_MS,
        reason: 'CHG-2026-0001 max_connections',
      })
      const working = await app.move(keeper, approved, 'start')
      app.arrived.length = 0
      offline(probe.deviceId)
      app.submit('raise', { ...probe, condition: 'high', value: 40 })
      offline(door.deviceId)
      await app.turn()
      expect(await states()).toEqual(['OOSRV', 'OOSRV', 'UNACK'])
      expect(app.arrived.map(({ notice }) => notice.title)).toEqual(['[告警] 主机房 门磁 设备离线 无单据'])
      await later(HOUR_MS)
      const log = { doneBy: ref(keeper.accountId ?? 0), workLog: '已修改并重启', actual: '400' }
      const done = await app.move(keeper, working, 'finish', { fields: log })
      await app.turn()
      expect((await app.db.selectFrom('alarmHold').selectAll().executeTakeFirst())?.endedBy).toBe('CHG-2026-0001')
      expect(await states()).toEqual(['UNACK', 'UNACK', 'UNACK'])
      await later(63 * MINUTE_MS, { minute: true })
      const sheet = (await app.registers.get(keeper, 'change', done.id)).sheet as ChangeSheet
      expect(sheet).toMatchObject({
        ...{ startedAtMs: START_MS + HOUR_MS, endedAtMs: START_MS + 2 * HOUR_MS },
        curves: [{ pointId: probe.pointId, before: [[START_MS + 50 * MINUTE_MS, 22]], after: [[START_MS + 130 * MINUTE_MS, 23]] }],
      })
    })

    it('that is an emergency is told to director and head at once, and its device goes silent at once', async () => {
      const begun = await app.move(keeper, await request({ plannedFrom: undefined, plannedUntil: undefined }), 'emergency', {
        comment: '数据库无法连接',
      })
      await app.turn()
      const title = expect.stringContaining('[紧急，事后补批] CHG-2026-0001') as string
      expect([toldTo('director'), toldTo('head')]).toEqual([[title], [title]])
      expect(begun.sheet).toMatchObject({ holdId: 1, startedAtMs: START_MS })
      expect((await app.db.selectFrom('alarmHold').selectAll().executeTakeFirst())?.untilMs).toBe(START_MS + 8 * HOUR_MS)
    })

    it('leaves a hold that a person ended as it is', async () => {
      await app.move(director, await app.move(keeper, await request({ plannedFrom: START_MS }), 'request'), 'approve')
      await app.db.updateTable('alarmHold').set({ endedAtMs: START_MS, endedBy: 'head' }).execute()
      await later(MINUTE_MS)
      expect((await app.db.selectFrom('alarmHold').selectAll().execute()).map(({ endedBy }) => endedBy)).toEqual(['head'])
    })
  })

  it('a work order covers its own device while it is in work; when it ends and the device is still gone, that is told', async () => {
    const fields = { what: '换电源', kind: 'repair', reason: '异响', room: ref(roomId), device: ref(probe.deviceId) }
    const requested = await app.move(officer, await app.registers.create(officer, { register: 'work-order', fields }), 'request')
    const approved = await app.move(head, requested, 'approve')
    const plan = { assignee: ref(keeper.accountId ?? 0), plannedFrom: START_MS, plannedUntil: START_MS + HOUR_MS }
    const working = await app.move(keeper, approved, 'start', { fields: plan })
    await app.turn()
    app.arrived.length = 0
    app.submit('raise', {
      source: 'device',
      sourceId: probe.deviceId,
      deviceId: probe.deviceId,
      roomId,
      condition: 'device-offline',
      value: null,
    })
    await app.turn()
    expect([await states(), app.arrived]).toEqual([['DSUPR'], []])
    await later(HOUR_MS)
    await app.move(keeper, working, 'finish', { fields: { workDone: '已更换' } })
    await app.turn()
    expect(await states()).toEqual(['UNACK'])
    expect(toldTo('keeper')).toEqual([expect.stringContaining('设备离线 无单据')])
    const { transitions } = await app.as(keeper).alarms.get({ alarmId: 1 })
    expect(transitions.map(({ event, note }) => [event, note])).toEqual([
      ['raise', working.number],
      ['release', expect.stringContaining(`${working.number} 已不再有效`)],
    ])
  })

  it('a device that nobody knows is told, unless work in its room covers it, and no more once it is confirmed', async () => {
    await app.turn({ minute: true })
    expect(await states()).toEqual([])
    await app.db.updateTable('device').set({ commissionedAtMs: START_MS, commissionedBy: 'x' }).execute()
    await later(MINUTE_MS)
    const made = await app.point(roomId, '不明设备', 'temperature', 'temperature')
    await app.db.updateTable('device').set({ bornAtMs: app.clock.nowMs() }).where('id', '=', made.deviceId).execute()
    await app.turn({ minute: true })
    expect(toldTo('keeper')).toEqual(['[告警] 主机房 不明设备 未知设备接入 无单据'])
    await app.db.updateTable('device').set({ commissionedAtMs: app.clock.nowMs(), commissionedBy: 'x' }).execute()
    await app.turn({ minute: true })
    expect(await states()).toEqual(['RTNUN'])
  })

  it('the code at the door is checked, renewed with an audit row, and drawn with its key in the fragment', async () => {
    const client = app.as(keeper).registers
    const code = await client.roomCode({ roomId })
    expect(code.url).toBe(`http://rooms.test/at/${roomId}#k=${code.key}`)
    expect(code.svg).toMatch(/^<svg/)
    expect(await client.checkRoomCode({ roomId, key: code.key })).toEqual({ valid: true, name: '主机房' })
    const renewed = await client.renewRoomCode({ roomId })
    expect(await client.checkRoomCode({ roomId, key: code.key })).toEqual({ valid: false, name: '主机房' })
    expect(await client.checkRoomCode({ roomId, key: renewed.key })).toMatchObject({ valid: true })
    const audit = await app.db.selectFrom('audit').select(['action', 'afterJson']).where('entity', '=', `room:${roomId}`).execute()
    expect(audit.filter(({ action }) => action === 'room.renew-code').length).toBeGreaterThan(0)
    expect(JSON.stringify(audit)).not.toContain(renewed.key)
    const guess = () => client.checkRoomCode({ roomId, key: 'wrong' })
    await expect(Promise.all(Array.from({ length: 40 }, guess))).rejects.toMatchObject({ code: 'TOO_MANY_REQUESTS' })
  })

  it('a violation seen during a visit is linked to it', async () => {
    const inside = await app.move(keeper, await app.move(head, await apply(), 'approve'), 'check-in')
    const link = { kind: 'during', target: 'record', targetId: inside.id } as const
    const seen = await app.registers.create(keeper, { register: 'violation', fields: { room: ref(roomId) }, link })
    expect(seen.links).toMatchObject([{ kind: 'during', register: 'visit', number: inside.number }])
    expect((await app.registers.get(keeper, 'visit', inside.id)).links).toMatchObject([{ register: 'violation', number: seen.number }])
  })
})
