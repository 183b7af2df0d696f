import { INSPECTION_ITEM_NAMES } from '@roomkeeper/shared/http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'

const DAY_MS = 24 * 3_600_000
const answers = Object.fromEntries(INSPECTION_ITEM_NAMES.map((item) => [item, { result: 'normal' as const }]))

describeEachDatabase('inspections', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let scheduleId: number
  let temperatureId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    const probeId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    scheduleId = (await app.as(keeper).inspections.schedules())[0]?.id ?? 0
  }, 30_000)
  afterEach(() => app.stop())

  const overdueAlarms = () => app.as(keeper).alarms.list({ scope: 'all' })
  const schedule = async () => (await app.as(keeper).inspections.schedules())[0]
  const inspect = async () => {
    const { id, revision } = await app.as(keeper).inspections.start({ scheduleId })
    return app.as(keeper).inspections.submit({ inspectionId: id, revision, fields: { answers }, password: SIGNATURE })
  }

  it('is due 7 days after the room was made', async () => {
    expect(await schedule()).toMatchObject({ roomId, roomName: '主机房', everyDays: 7, lastDoneAtMs: null, dueAtMs: START_MS + 7 * DAY_MS })
    expect(await schedule()).toMatchObject({ overdue: false, draftId: null })
  })

  it('raises one overdue alarm, after 30 days of downtime too, and the inspection clears it', async () => {
    app.clock.advance(30 * DAY_MS)
    await app.schedules.run()
    await app.schedules.run()
    const raised = await overdueAlarms()
    expect(raised).toHaveLength(1)
    expect(raised[0]).toMatchObject({ source: 'inspection', sourceId: scheduleId, condition: 'inspection-overdue', priority: 'medium' })
    expect(raised[0]).toMatchObject({ state: 'UNACK', roomId, raisedAtMs: START_MS + 7 * DAY_MS, incidentId: null })
    expect(await schedule()).toMatchObject({ overdue: true })

    await inspect()
    expect(await overdueAlarms()).toMatchObject([{ state: 'RTNUN', clearedAtMs: START_MS + 30 * DAY_MS }])
    expect(await schedule()).toMatchObject({ overdue: false, lastDoneAtMs: START_MS + 30 * DAY_MS, dueAtMs: START_MS + 37 * DAY_MS })

    await app.as(keeper).alarms.acknowledge({ alarmId: raised[0]?.id ?? 0 })
    app.clock.advance(7 * DAY_MS)
    await app.schedules.run()
    expect(await overdueAlarms()).toMatchObject([
      { raisedAtMs: START_MS + 37 * DAY_MS, state: 'UNACK' },
      { raisedAtMs: START_MS + 7 * DAY_MS, state: 'NORM' },
    ])
  })

  it('raises it while the last one still waits to be acknowledged', async () => {
    app.clock.advance(8 * DAY_MS)
    await app.schedules.run()
    await inspect()
    app.clock.advance(8 * DAY_MS)
    await app.schedules.run()
    expect((await overdueAlarms()).filter(({ state }) => state === 'UNACK')).toHaveLength(1)
  })

  it('survives a clock set back: the next inspection is due within 7 days', async () => {
    app.clock.advance(365 * DAY_MS)
    await inspect()
    app.clock.set(START_MS + DAY_MS)
    await app.schedules.run()
    expect(await schedule()).toMatchObject({ dueAtMs: START_MS + 8 * DAY_MS, lastDoneAtMs: START_MS + 365 * DAY_MS })
    app.clock.advance(7 * DAY_MS)
    await app.schedules.run()
    expect((await overdueAlarms())[0]).toMatchObject({ state: 'UNACK', raisedAtMs: START_MS + 8 * DAY_MS })
    await inspect()
    expect(await schedule()).toMatchObject({ overdue: false, dueAtMs: START_MS + 15 * DAY_MS })
  })

  it('gives a room that has no schedule one', async () => {
    await app.db.deleteFrom('inspectionSchedule').execute()
    await app.schedules.run()
    expect(await schedule()).toMatchObject({ roomId, dueAtMs: START_MS + 7 * DAY_MS })
  })

  it('can be made more often, never rarer than every 7 days', async () => {
    app.clock.advance(3 * DAY_MS)
    const changed = await app.as(keeper).inspections.setSchedule({ scheduleId, everyDays: 2 })
    expect(changed).toMatchObject({ everyDays: 2, overdue: true })
    expect(await overdueAlarms()).toMatchObject([{ state: 'UNACK', raisedAtMs: START_MS + 2 * DAY_MS }])
    await app.as(keeper).inspections.setSchedule({ scheduleId, everyDays: 7 })
    expect(await overdueAlarms()).toMatchObject([{ state: 'RTNUN' }])
    await expect(app.as(keeper).inspections.setSchedule({ scheduleId, everyDays: 8 })).rejects.toThrow()
    expect((await app.auditOf(`inspection-schedule:${scheduleId}`)).at(-1)).toMatchObject({
      before: { everyDays: 2 },
      after: { everyDays: 7 },
    })
  })

  it('shows what the sensors say now and said since the last one, and keeps it at submission', async () => {
    app.readings.put(temperatureId, { timeMs: START_MS - 1, value: 50 })
    app.readings.put(temperatureId, { timeMs: START_MS + 1000, value: 21 }, { timeMs: START_MS + 2000, value: 25.456 })
    app.readings.put(temperatureId, { timeMs: START_MS + 3000, value: 85, bad: 'sentinel' })
    app.clock.advance(DAY_MS)
    app.read(temperatureId, 23.5)
    const draft = await app.as(keeper).inspections.start({ scheduleId })
    expect(draft.measured.temperature).toEqual({ latest: 23.5, min: 21, max: 25.46 })
    expect(draft.measured.humidity).toEqual({ latest: null, min: null, max: null })

    app.clock.advance(10 * 60_000)
    expect((await app.as(keeper).inspections.get({ inspectionId: draft.id })).measured.temperature?.latest).toBeNull()
    app.read(temperatureId, 24)
    const submitted = await app
      .as(keeper)
      .inspections.submit({ inspectionId: draft.id, revision: 0, fields: { answers }, password: SIGNATURE })
    expect(submitted.measured.temperature).toEqual({ latest: 24, min: 21, max: 25.46 })
    app.read(temperatureId, 30)
    expect((await app.as(keeper).inspections.get({ inspectionId: draft.id })).measured).toEqual(submitted.measured)

    const next = await app.as(keeper).inspections.start({ scheduleId })
    expect(next.measured.temperature).toEqual({ latest: 30, min: null, max: null })
  })

  it('can be filled in while the readings store is away', async () => {
    app.readings.isAway = true
    app.clock.advance(DAY_MS)
    app.read(temperatureId, 22)
    expect((await app.as(keeper).inspections.start({ scheduleId })).measured.temperature).toEqual({ latest: 22, min: null, max: null })
  })

  it('has one draft per room, whoever begins it', async () => {
    const colleague = await app.addPerson('colleague', ['technician'])
    const [first, second] = await Promise.all([
      app.as(keeper).inspections.start({ scheduleId }),
      app.as(colleague).inspections.start({ scheduleId }),
    ])
    expect(second.id).toBe(first.id)
    expect(await schedule()).toMatchObject({ draftId: first.id })

    await app.as(keeper).inspections.saveDraft({ inspectionId: first.id, revision: 0, fields: { answers, note: 'begun' } })
    const stale = app.as(colleague).inspections.saveDraft({ inspectionId: first.id, revision: 0, fields: { answers: {} } })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'keeper (name)', atMs: START_MS } })
    expect(await app.as(keeper).inspections.get({ inspectionId: first.id })).toMatchObject({ revision: 1, fields: { note: 'begun' } })
  })

  it('is signed by the person who submits it, each time anew', async () => {
    const colleague = await app.addPerson('colleague', ['technician'])
    const first = await inspect()
    expect(first).toMatchObject({ state: 'submitted', submittedBy: 'keeper (name)', submittedAtMs: START_MS })

    app.clock.advance(DAY_MS)
    const next = await app.as(colleague).inspections.start({ scheduleId })
    expect(next).toMatchObject({ state: 'draft', submittedBy: null, submittedAtMs: null, fields: { answers: {} }, revision: 0 })
    const submit = (password: string) =>
      app.as(colleague).inspections.submit({ inspectionId: next.id, revision: 0, fields: { answers }, password })
    await expect(submit('')).rejects.toThrow()
    await expect(submit('wrong password')).rejects.toMatchObject({ code: 'INVALID', data: { field: 'password' } })
    expect((await submit(SIGNATURE)).submittedBy).toBe('colleague (name)')
    expect((await app.as(keeper).inspections.list({})).map(({ submittedBy }) => submittedBy)).toEqual(['colleague (name)', 'keeper (name)'])
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('wants every item answered, and a word on what is abnormal', async () => {
    const { id } = await app.as(keeper).inspections.start({ scheduleId })
    const submit = (changed: object) =>
      app
        .as(keeper)
        .inspections.submit({ inspectionId: id, revision: 0, fields: { answers: { ...answers, ...changed } }, password: SIGNATURE })
    await expect(submit({ water: {} })).rejects.toThrow()
    await expect(submit({ water: { result: 'abnormal' } })).rejects.toThrow()
    expect((await submit({ water: { result: 'abnormal', note: '空调下有水' } })).state).toBe('submitted')
  })

  it('cannot be changed once it is submitted', async () => {
    const { id, revision } = await inspect()
    const draft = app.as(keeper).inspections.saveDraft({ inspectionId: id, revision, fields: { answers: {} } })
    await expect(draft).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(app.db.updateTable('inspection').set({ submittedBy: 'x' }).where('id', '=', id).execute()).rejects.toThrow(
      /cannot be changed/,
    )
    await expect(app.db.deleteFrom('inspection').where('id', '=', id).execute()).rejects.toThrow(/cannot be changed/)
  })
})
