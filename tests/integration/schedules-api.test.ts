import type { ContractRouterClient } from '@orpc/contract'
import { createRouterClient } from '@orpc/server'
import type { contract } from '@roomkeeper/shared/http'
import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import ICAL from 'ical.js'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import { alarmRows, toAlarm } from '../../server/src/api/alarm-rows.ts'
import type { Actor } from '../../server/src/api/base.ts'
import { calendarFeedRoute } from '../../server/src/api/calendar.ts'
import { createScheduleHandlers } from '../../server/src/api/schedules.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'
import { noticeOf } from '../../server/src/notify/sender.ts'
import { tellPeople } from '../../server/src/notify/tell-people.ts'
import { createScheduleRunner } from '../../server/src/schedules/schedule-runner.ts'
import { type ApiApp, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RegistersApp, START_MS, startRegistersApp, TIME_ZONE } from '../kit/registers-app.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** A paper that must be handed back within a day. */
const LENT: RegisterDefinition = {
  name: 'lent-key',
  title: { zh: '借出钥匙', en: 'Keys lent' },
  summary: { zh: '借出的钥匙当日归还', en: 'A key that is lent comes back within a day' },
  clauses: ['A1'],
  numberPrefix: 'KEY',
  group: 'people',
  roles: { read: ['room-keeper', 'department-head'], create: ['room-keeper'] },
  titleField: 'what',
  byRoom: false,
  fields: [
    { key: 'what', label: { zh: '哪一把', en: 'Which' }, type: 'text', required: true },
    { key: 'holder', label: { zh: '借用人', en: 'Holder' }, type: 'person', required: true },
  ],
  states: [
    { name: 'draft', label: { zh: '草稿', en: 'Draft' }, phase: 'draft' },
    {
      name: 'lent',
      label: { zh: '借出', en: 'Lent' },
      phase: 'open',
      waitsFor: ['technician'],
      deadline: { hours: 24, remindHours: 2, headAfterHours: 12, condition: 'overdue', priority: 'high' },
    },
    { name: 'back', label: { zh: '已还', en: 'Back' }, phase: 'done' },
  ],
  moves: [
    { name: 'lend', label: { zh: '借出', en: 'Lend' }, from: ['draft'], to: 'lent', roles: ['room-keeper'] },
    { name: 'return', label: { zh: '归还', en: 'Return' }, from: ['lent'], to: 'back', roles: ['room-keeper'], alsoPerson: 'holder' },
  ],
}

describeEachDatabase('schedules', (newDatabase) => {
  let app: RegistersApp
  let alarms: AlarmStore
  let keeper: Actor
  const log = pino({ level: 'silent' })

  beforeEach(async () => {
    app = await startRegistersApp(await newDatabase(), { definitions: [LENT] })
    const queueNotices = createPipeline({ placeKinds: new Set(), urlOf: () => undefined })
    alarms = new AlarmStore({ db: app.db, clock: app.clock, log, attachIncident, queueNotices })
    await alarms.start()
    await app.addRoom('主机房')
    keeper = await app.person('room-keeper')
  })
  afterEach(async () => {
    await alarms.stop()
    await app.stop()
  })

  const deps = () => {
    const common = { db: app.db, clock: app.clock, log, timeZone: TIME_ZONE, change: () => undefined }
    const pageUrl = (path: string) => `http://roomkeeper.example${path}`
    return { ...common, pageUrl, schedules: createScheduleRunner({ ...common, alarms, definitions: app.registers.definitions }) }
  }
  const as = (actor: Actor): ContractRouterClient<typeof contract>['schedules'] =>
    createRouterClient(createScheduleHandlers(deps()), { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
  const look = () => deps().schedules.run()
  const inspection = async () => {
    const found = (await as(keeper).list()).find(({ register, roomName }) => register === 'inspection' && roomName === '主机房')
    if (!found) throw new Error('no schedule for the inspection')
    return found
  }
  const ruleOf = ({
    register,
    roomId: room,
    title,
    cadence,
    outerDays,
    remindHours,
    headAfterHours,
    avoidHolidays,
    personIds,
  }: Awaited<ReturnType<typeof inspection>>) => ({
    register,
    roomId: room,
    title,
    cadence,
    outerDays,
    remindHours,
    headAfterHours,
    avoidHolidays,
    personIds,
  })

  it('are there for every room and register that asks for them, of rooms made later too', async () => {
    await look()
    const registers = app.registers.definitions.filter(({ schedule }) => schedule)
    const perRoom = registers.filter(({ schedule }) => schedule?.perRoom).length
    expect(await as(keeper).list()).toHaveLength(registers.length)
    await app.addRoom('配电间')
    await look()
    const list = await as(keeper).list()
    expect(list).toHaveLength(registers.length + perRoom)
    expect(list.every(({ required }) => required)).toBe(true)
    expect(await inspection()).toMatchObject({ roomName: '主机房', outerDays: 7, dueAtMs: START_MS + 7 * DAY_MS, overdue: false })
  })

  it('can be made stricter, never wider than the regulation, and not paused', async () => {
    const before = await inspection()
    const change = (changed: object) =>
      as(keeper).change({ scheduleId: before.id, revision: before.revision, ...ruleOf(before), ...changed })
    await expect(change({ outerDays: 8 })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'outerDays' } })
    await expect(change({ cadence: { kind: 'interval', everyDays: 8 } })).rejects.toMatchObject({ data: { field: 'cadence' } })
    await expect(change({ cadence: { kind: 'cron', expression: '61 9 * * 1' } })).rejects.toMatchObject({ data: { field: 'cadence' } })
    await expect(change({ personIds: [9999] })).rejects.toMatchObject({ data: { field: 'personIds' } })
    await expect(change({ roomId: null })).rejects.toMatchObject({ data: { field: 'register' } })
    await expect(as(keeper).pause({ scheduleId: before.id, reason: '忙' })).rejects.toMatchObject({ data: { field: 'reason' } })
    const changed = await change({ cadence: { kind: 'cron', expression: '0 9 * * 1,4' }, avoidHolidays: true })
    // Monday 16:00 on the wall: the next is Thursday 9:00.
    expect(changed).toMatchObject({ revision: 2, changedBy: keeper.name, dueAtMs: Date.UTC(2026, 2, 5, 1) })
    await expect(change({ title: '晚了' })).rejects.toMatchObject({ code: 'CONFLICT', data: { by: keeper.name } })
    const audit = await app.db.selectFrom('audit').selectAll().where('action', '=', 'schedule.update').execute()
    expect(audit.map(({ actor }) => actor)).toEqual([keeper.username])
  })

  it('may be added, paused with a reason, and go on counted from then', async () => {
    const input = {
      register: 'meeting',
      roomId: null,
      title: '月度小结',
      cadence: { kind: 'interval' as const, everyDays: 10 },
      outerDays: 12,
      remindHours: 0,
      headAfterHours: 0,
      avoidHolidays: false,
      personIds: [],
    }
    await expect(as(keeper).add({ ...input, register: 'nothing' })).rejects.toMatchObject({ data: { field: 'register' } })
    const added = await as(keeper).add(input)
    expect(added).toMatchObject({ required: false, dueAtMs: START_MS + 10 * DAY_MS })
    await as(keeper).pause({ scheduleId: added.id, reason: '放假' })
    app.clock.advance(30 * DAY_MS)
    await look()
    const resumed = await as(keeper).pause({ scheduleId: added.id, reason: '' })
    expect(resumed).toMatchObject({ pausedReason: null, overdue: false, dueAtMs: START_MS + 40 * DAY_MS })
    expect(await app.db.selectFrom('scheduleMiss').selectAll().where('scheduleId', '=', added.id).execute()).toEqual([])
  })

  it('show what a rule would give before it is saved, and what is wrong with it', async () => {
    const rule = { outerDays: 7, avoidHolidays: false }
    const preview = await as(keeper).preview({ ...rule, cadence: { kind: 'cron', expression: '0 9 * * 1' } })
    expect(preview).toMatchObject({ problem: null, timeZone: TIME_ZONE })
    expect(preview.timesMs).toHaveLength(5)
    expect(preview.timesMs[0]).toBe(Date.UTC(2026, 2, 9, 1))
    const wrong = await as(keeper).preview({ ...rule, cadence: { kind: 'cron', expression: '0 9 * * 1 1 1 1' } })
    expect([wrong.timesMs, wrong.problem?.en]).toEqual([[], expect.stringMatching(/five parts/) as string])
  })

  it('know the holidays of a year, which are replaced as a whole', async () => {
    const day = { date: '2026-10-01', name: '国庆节', working: false }
    await expect(as(keeper).setHolidays({ year: 2026, holidays: [{ ...day, date: '2026-02-30' }] })).rejects.toMatchObject({
      data: { field: 'holidays' },
    })
    await expect(as(keeper).setHolidays({ year: 2026, holidays: [day, day] })).rejects.toMatchObject({ data: { field: 'holidays' } })
    await as(keeper).setHolidays({ year: 2026, holidays: [day, { date: '2026-10-10', name: '调休', working: true }] })
    await as(keeper).setHolidays({ year: 2026, holidays: [day] })
    expect(await as(keeper).holidays({ year: 2026 })).toEqual([day])
    expect(await as(keeper).holidays({ year: 2027 })).toEqual([])
  })

  it('are a calendar of what was missed, is overdue and will be due', async () => {
    const { id } = await inspection()
    app.clock.advance(16 * DAY_MS)
    await look()
    const entries = await as(keeper).calendar({ fromMs: START_MS, toMs: START_MS + 36 * DAY_MS })
    const own = entries.filter(({ scheduleId }) => scheduleId === id)
    expect(own.map(({ kind, atMs, overdue }) => [kind, (atMs - START_MS) / DAY_MS, overdue])).toEqual([
      ['missed', 7, true],
      ['missed', 14, true],
      ['due', 21, false],
      ['due', 28, false],
      ['due', 35, false],
    ])
    await expect(as(keeper).calendar({ fromMs: 0, toMs: 401 * DAY_MS })).rejects.toMatchObject({ code: 'INVALID' })
    const row = await alarmRows(app.db).where('alarm.sourceId', '=', id).executeTakeFirstOrThrow()
    expect(toAlarm(row)).toMatchObject({
      source: 'schedule',
      roomName: '主机房',
      subject: { zh: '机房巡检', en: 'Inspection', path: `/calendar?schedule=${id}` },
    })
  })

  it('remind of a record’s deadline, raise its alarm, tell the department head, and clear', async () => {
    const [holder, technician, head] = [
      await app.addPerson('holder', ['on-call']),
      await app.person('technician'),
      await app.person('department-head'),
    ]
    const channel = { kind: 'mail', label: 'mail', enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 1, changedAtMs: 0 }
    const { id: channelId } = await app.db
      .insertInto('channel')
      .values({ ...channel, removedAtMs: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    for (const { accountId, username } of [holder, technician, head, keeper]) {
      const contact = { accountId: accountId ?? 0, channelId, address: username, minPriority: 'low', language: 'en', enabled: 1 }
      await app.db.insertInto('contact').values(contact).execute()
    }
    const told = async () =>
      (
        await app.db
          .selectFrom('outbox')
          .selectAll()
          .where('kind', '=', 'reminder')
          .where('dedupeKey', 'like', 'record%')
          .orderBy('id')
          .execute()
      ).map((row) => [row.address, row.title, noticeOf(row, (path) => `http://here${path}`).url])
    const draft = await app.as(keeper).create({ register: LENT.name, fields: { what: '机房门', holder: { id: holder.accountId ?? 0 } } })
    const lent = await app.as(keeper).move({ register: LENT.name, recordId: draft.id, move: 'lend', revision: draft.revision })
    app.clock.advance(21 * HOUR_MS)
    await look()
    expect(await told()).toEqual([])
    app.clock.advance(HOUR_MS)
    await look()
    await look()
    const title = `[Due soon] Keys lent ${draft.number} 机房门`
    const url = `http://here/registers/lent-key/${draft.id}`
    expect((await told()).sort()).toEqual([
      ['holder', title, url],
      ['technician', title, url],
    ])
    app.clock.advance(2 * HOUR_MS)
    await look()
    const alarm = async () =>
      app.db.selectFrom('alarm').selectAll().where('source', '=', 'record').where('sourceId', '=', draft.id).execute()
    expect(await alarm()).toMatchObject([{ condition: 'overdue', priority: 'high', state: 'UNACK', raisedAtMs: START_MS + DAY_MS }])
    app.clock.advance(12 * HOUR_MS)
    await look()
    await look()
    expect((await told()).slice(2).map(([address, text]) => [address, text])).toEqual([
      ['department-head', `[Overdue] Keys lent ${draft.number} 机房门`],
    ])
    await app.as(keeper).move({ register: LENT.name, recordId: draft.id, move: 'return', revision: lent.revision })
    await look()
    expect(await alarm()).toMatchObject([{ active: 0, clearedAtMs: app.clock.nowMs() }])
  })

  it('are told once to each contact that wants the priority, or to all when none does', async () => {
    const channel = { kind: 'mail', enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 1, changedAtMs: 0, removedAtMs: null }
    for (const minPriority of ['high', 'critical']) {
      const row = app.db.insertInto('channel').values({ ...channel, label: minPriority })
      const { id: channelId } = await row.returning('id').executeTakeFirstOrThrow()
      const contact = { accountId: keeper.accountId ?? 0, channelId, address: minPriority, minPriority, language: 'zh', enabled: 1 }
      await app.db.insertInto('contact').values(contact).execute()
    }
    const both = { zh: '中', en: 'E' }
    const tell = (key: string, priority: 'low' | 'high') =>
      tellPeople(app.db, { key, accountIds: [keeper.accountId ?? 0, keeper.accountId ?? 0], title: both, text: both, priority }, START_MS)
    expect(await tell('a', 'high')).toBe(1)
    await tell('a', 'high')
    expect(await tell('b', 'low')).toBe(2)
    const rows = await app.db.selectFrom('outbox').select('address').orderBy('id').execute()
    expect(rows.map(({ address }) => address)).toEqual(['high', 'high', 'critical'])
    expect(await tellPeople(app.db, { key: 'c', accountIds: [], title: both, text: both, priority: 'low' }, START_MS)).toBe(0)
  })

  it('are a feed for calendar programs, by a secret address that is shown once', async () => {
    await look()
    const { id: scheduleId, dueAtMs } = await inspection()
    const { id, url } = await as(keeper).addFeed({ name: '我的手机' })
    const stored = await app.db.selectFrom('calendarFeed').selectAll().executeTakeFirstOrThrow()
    const token = new URL(url).searchParams.get('token') ?? ''
    expect([token.length, stored.tokenHash.includes(token)]).toEqual([43, false])
    const web: ApiApp = await startApiApp(await newDatabase(), { extraRoutes: [calendarFeedRoute(deps())] })
    try {
      const get = (query: string) => web.call('GET', `/api/calendar.ics${query}`)
      const answer = await get(`?token=${token}`)
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/calendar; charset=utf-8'])
      const calendar = new ICAL.Component(ICAL.parse(String(answer.body)) as never)
      const events = calendar.getAllSubcomponents('vevent').map((event) => new ICAL.Event(event))
      const own = events.find(({ uid }) => uid === `schedule-${scheduleId}-${dueAtMs}@roomkeeper`)
      expect(own?.summary).toBe('[待办] 主机房 机房巡检')
      expect(own?.startDate.toJSDate().getTime()).toBe(dueAtMs)
      expect(own?.component.getFirstSubcomponent('valarm')?.getFirstPropertyValue('trigger')?.toString()).toBe('-P1D')
      expect(new Set(events.map(({ uid }) => uid)).size).toBe(events.length)
      expect((await as(keeper).feeds())[0]).toMatchObject({ id, name: '我的手机', lastUsedMs: START_MS })

      // Nobody else's business, and nothing once it is removed or the account disabled.
      await expect(as(await app.person('technician')).removeFeed({ feedId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await app.db
        .updateTable('account')
        .set({ disabled: 1 })
        .where('id', '=', keeper.accountId ?? 0)
        .execute()
      expect((await get(`?token=${token}`)).status).toBe(404)
      await app.db
        .updateTable('account')
        .set({ disabled: 0 })
        .where('id', '=', keeper.accountId ?? 0)
        .execute()
      await as(keeper).removeFeed({ feedId: id })
      expect((await get(`?token=${token}`)).status).toBe(404)
      expect((await get('')).status).toBe(404)
      const guesses = await Promise.all(Array.from({ length: 40 }, () => get(`?token=${'x'.repeat(43)}`)))
      expect(guesses.at(-1)?.status).toBe(429)
      expect(Number(guesses.at(-1)?.headers.get('retry-after'))).toBeGreaterThan(0)
    } finally {
      await web.stop()
    }
  })
})
