import type { RegisterDefinition } from '@roomkeeper/shared/registers'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import type { Actor } from '../../server/src/api/base.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'
import { loadSchedules } from '../../server/src/schedules/load-schedules.ts'
import { createScheduleRunner } from '../../server/src/schedules/schedule-runner.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RegistersApp, START_MS, startRegistersApp, TIME_ZONE } from '../kit/registers-app.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
/** How often the fake clock is looked at; what is due in between is done a minute before it is due. */
const STEP_MS = 8 * HOUR_MS

/** Kept like the inspection, without its checklist and signature. */
const WEEKLY: RegisterDefinition = {
  name: 'weekly-look',
  title: { zh: '每周查看', en: 'Weekly look' },
  summary: { zh: '每 7 天至少一次', en: 'At least every 7 days' },
  clauses: ['I1'],
  numberPrefix: 'WLK',
  group: 'inspect',
  roles: { read: ['room-keeper', 'department-head'], create: ['room-keeper'] },
  titleField: 'note',
  byRoom: true,
  fields: [
    { key: 'room', label: { zh: '机房', en: 'Room' }, type: 'room', required: true },
    { key: 'note', label: { zh: '情况', en: 'Note' }, type: 'text', required: true },
  ],
  states: [
    { name: 'draft', label: { zh: '草稿', en: 'Draft' }, phase: 'draft' },
    { name: 'filed', label: { zh: '已归档', en: 'Filed' }, phase: 'done' },
  ],
  moves: [{ name: 'file', label: { zh: '归档', en: 'File' }, from: ['draft'], to: 'filed', roles: ['room-keeper'] }],
  schedule: { everyDays: 7, outerDays: 7, perRoom: true, remindHours: 24 },
}

describeEachDatabase('a year of weekly inspections', (newDatabase) => {
  let app: RegistersApp
  let alarms: AlarmStore
  let keeper: Actor
  let roomId: number
  const log = pino({ level: 'silent' })

  beforeEach(async () => {
    app = await startRegistersApp(await newDatabase(), { definitions: [WEEKLY] })
    const queueNotices = createPipeline({ placeKinds: new Set(), urlOf: () => undefined })
    alarms = new AlarmStore({ db: app.db, clock: app.clock, log, attachIncident, queueNotices })
    await alarms.start()
    roomId = await app.addRoom('主机房')
    // Those of the real registers are not looked at here.
    await app.db.deleteFrom('schedule').execute()
    keeper = await app.person('room-keeper')
    for (const person of [keeper, await app.person('department-head'), await app.person('auditor')]) await addMail(person)
  })
  afterEach(async () => {
    await alarms.stop()
    await app.stop()
  })

  async function addMail({ accountId, username }: Actor): Promise<void> {
    const channel = { kind: 'mail', label: username, enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 1, changedAtMs: 0 }
    const row = app.db.insertInto('channel').values({ ...channel, removedAtMs: null })
    const { id: channelId } = await row.returning('id').executeTakeFirstOrThrow()
    const contact = { accountId: accountId ?? 0, channelId, address: `${username}@hospital.example`, minPriority: 'low', language: 'zh' }
    await app.db
      .insertInto('contact')
      .values({ ...contact, enabled: 1 })
      .execute()
  }

  /** As after a restart: nothing is remembered but what is stored. Twice, so that what is doubled shows. */
  const look = async (): Promise<void> => {
    for (let time = 0; time < 2; time += 1) {
      const deps = { db: app.db, clock: app.clock, alarms, change: () => undefined, log, timeZone: TIME_ZONE, definitions: [WEEKLY] }
      await createScheduleRunner(deps).run()
    }
  }
  const schedule = async () => {
    const [first] = await loadSchedules(app.db, { nowMs: app.clock.nowMs(), timeZone: TIME_ZONE })
    if (!first) throw new Error('no schedule')
    return first
  }
  const inspect = async (): Promise<void> => {
    const { id: scheduleId } = await schedule()
    const draft = await app.as(keeper).create({ register: WEEKLY.name, scheduleId, fields: { room: { id: roomId }, note: '正常' } })
    await app.as(keeper).move({ register: WEEKLY.name, recordId: draft.id, move: 'file', revision: draft.revision })
    await look()
  }
  /** Lives through the time until then; with `isKept` each inspection is done a minute before it is due. Returns how many were. */
  const live = async (untilMs: number, isKept: boolean): Promise<number> => {
    let done = 0
    while (app.clock.nowMs() < untilMs) {
      const { dueAtMs } = await schedule()
      const nextMs = Math.min(app.clock.nowMs() + STEP_MS, untilMs)
      const isNow = isKept && dueAtMs <= nextMs
      app.clock.set(isNow ? dueAtMs - MINUTE_MS : nextMs)
      await look()
      if (!isNow) continue
      await inspect()
      done += 1
    }
    return done
  }
  const alarmRows = () => app.db.selectFrom('alarm').selectAll().where('source', '=', 'schedule').orderBy('id').execute()
  const misses = () => app.db.selectFrom('scheduleMiss').selectAll().orderBy('dueAtMs').execute()
  const notices = async (kind: 'soon' | 'overdue') => {
    const rows = await app.db.selectFrom('outbox').selectAll().where('kind', '=', 'reminder').orderBy('id').execute()
    return rows.filter(({ dedupeKey }) => dedupeKey.includes(`-${kind}-`))
  }
  const acknowledge = async (): Promise<void> => {
    for (const { id, state } of await alarmRows()) if (state !== 'NORM') await alarms.acknowledge(id, 'keeper', '')
  }

  it('is due, reminded once, overdue, told to the department head, caught up with, and never doubled', async () => {
    await look()
    expect(await schedule()).toMatchObject({ roomName: '主机房', dueAtMs: START_MS + WEEK_MS, required: true, title: '每周查看' })
    // Weekends are off for those who say so, and the first week of October.
    await app.db.updateTable('schedule').set({ avoidHolidays: 1 }).execute()
    for (let day = 1; day <= 7; day += 1)
      await app.db
        .insertInto('holiday')
        .values({ date: `2026-10-0${day}`, name: '国庆节', working: 0 })
        .execute()

    // Eleven weeks as they should be.
    let done = await live(START_MS + 11 * WEEK_MS, true)
    expect(done).toBe(11)
    expect([await alarmRows(), await misses(), await notices('overdue')]).toEqual([[], [], []])
    expect(await notices('soon')).toHaveLength(11)

    // Two weeks are missed: each is one miss, of one alarm, and the department head hears of both.
    const firstMissMs = (await schedule()).dueAtMs
    await live(firstMissMs + WEEK_MS + 2 * DAY_MS, false)
    expect((await misses()).map(({ dueAtMs, doneAtMs }) => [dueAtMs, doneAtMs])).toEqual([
      [firstMissMs, null],
      [firstMissMs + WEEK_MS, null],
    ])
    expect(await alarmRows()).toMatchObject([{ condition: 'overdue', state: 'UNACK', roomId, raisedAtMs: firstMissMs }])
    expect((await notices('overdue')).map(({ address, title }) => [address, title])).toEqual([
      ['department-head@hospital.example', '[超期未办] 主机房 每周查看'],
      ['department-head@hospital.example', '[超期未办] 主机房 每周查看'],
    ])
    expect((await notices('overdue'))[1]?.text).toContain('连续错过 2 次')
    expect(await notices('soon')).toHaveLength(12)
    expect(await schedule()).toMatchObject({ overdue: true, dueAtMs: firstMissMs })
    await inspect()
    done += 1
    const lateMs = app.clock.nowMs()
    expect((await misses()).map(({ doneAtMs, recordId }) => [doneAtMs, recordId !== null])).toEqual([
      [lateMs, true],
      [lateMs, true],
    ])
    expect(await alarmRows()).toMatchObject([{ state: 'RTNUN', clearedAtMs: lateMs }])
    await acknowledge()
    expect(await schedule()).toMatchObject({ overdue: false, dueAtMs: lateMs + WEEK_MS })

    // The holiday: what falls into it is brought forward to Wednesday, and what cannot be brought forward stays within seven days.
    done += await live(Date.UTC(2026, 8, 29, 16), true)
    const before = await schedule()
    expect(new Date(before.dueAtMs).toISOString()).toMatch(/^2026-09-30T/)
    done += await live(Date.UTC(2026, 8, 30, 16), true)
    const { dueAtMs, lastDoneAtMs } = await schedule()
    expect([dueAtMs - (lastDoneAtMs ?? 0), new Date(dueAtMs).toISOString().slice(0, 10)]).toEqual([WEEK_MS, '2026-10-07'])
    done += await live(Date.UTC(2026, 9, 20), true)
    expect(await misses()).toHaveLength(2)
    expect(await notices('soon')).toHaveLength(done)

    // The server is off for three weeks and a day after an inspection: one look catches up.
    await live((await schedule()).dueAtMs - 2 * MINUTE_MS, true)
    app.clock.advance(MINUTE_MS)
    await inspect()
    done += 1
    const offSinceMs = app.clock.nowMs()
    const reminded = (await notices('soon')).length
    app.clock.advance(3 * WEEK_MS + DAY_MS)
    await look()
    expect((await misses()).slice(2).map((miss) => miss.dueAtMs)).toEqual([1, 2, 3].map((week) => offSinceMs + week * WEEK_MS))
    expect(await alarmRows()).toMatchObject([{ state: 'NORM' }, { state: 'UNACK', raisedAtMs: offSinceMs + WEEK_MS }])
    expect(await notices('overdue')).toHaveLength(3)
    expect((await notices('overdue'))[2]?.text).toContain('连续错过 3 次')
    // What is overdue is not due soon.
    expect(await notices('soon')).toHaveLength(reminded)
    await inspect()
    done += 1
    await acknowledge()

    // To the end of the year: 52 inspections.
    while (done < 52) done += await live((await schedule()).dueAtMs, true)
    expect(await app.db.selectFrom('registerRecord').select('id').where('phase', '=', 'done').execute()).toHaveLength(52)
    expect(await misses()).toHaveLength(5)
    expect((await misses()).filter(({ doneAtMs }) => doneAtMs === null)).toEqual([])
    expect((await alarmRows()).map(({ state }) => state)).toEqual(['NORM', 'NORM'])
    expect(await notices('overdue')).toHaveLength(3)
    // Of each, once, but for the one that came due while the server was off.
    const soon = await notices('soon')
    expect([soon.length, new Set(soon.map(({ dedupeKey }) => dedupeKey)).size]).toEqual([51, 51])
    expect(new Set(soon.map(({ address }) => address))).toEqual(new Set(['room-keeper@hospital.example']))
    const transitions = await app.db.selectFrom('alarmTransition').select('event').orderBy('id').execute()
    expect(transitions.map(({ event }) => event)).toEqual(['raise', 'clear', 'acknowledge', 'raise', 'clear', 'acknowledge'])
  }, 120_000)
})
