import type { ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { allNormal, inspect } from '../kit/inspecting.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000

describeEachDatabase('inspections', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let scheduleId: number
  let probeId: number
  let temperatureId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    probeId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    scheduleId = (await app.as(keeper).schedules.list()).find(({ register }) => register === 'inspection')?.id ?? 0
  })
  afterEach(() => app.stop())

  const begin = (who = keeper) => app.as(who).registers.create({ register: 'inspection', scheduleId })
  const look = async (recordId: number) => sheetOf(await app.as(keeper).registers.get({ register: 'inspection', recordId }))
  const sheetOf = ({ sheet }: { sheet: Record<string, unknown> }) => sheet as unknown as InspectionSheet
  const temperatureOf = (sheet: InspectionSheet) => sheet.measured.find(({ kind }) => kind === 'temperature')
  const save = (record: { id: number; revision: number }, checklist: ChecklistValue) =>
    app.as(keeper).registers.save({ register: 'inspection', recordId: record.id, revision: record.revision, fields: { checklist } })
  const submit = (record: { id: number; revision: number }, checklist: ChecklistValue, password = SIGNATURE) =>
    app.as(keeper).registers.move({
      register: 'inspection',
      recordId: record.id,
      move: 'submit',
      revision: record.revision,
      fields: { checklist },
      signature: { password },
    })

  it('shows what the sensors say now and said since the last one, and keeps it at signing', async () => {
    app.readings.put(temperatureId, { timeMs: START_MS - 1, value: 50 })
    app.readings.put(temperatureId, { timeMs: START_MS + 1000, value: 21 }, { timeMs: START_MS + 2000, value: 28.456 })
    app.readings.put(temperatureId, { timeMs: START_MS + 3000, value: 85, bad: 'sentinel' })
    app.clock.advance(DAY_MS)
    app.read(temperatureId, 23.5)
    const draft = await begin()
    expect(sheetOf(draft)).toMatchObject({ sinceMs: START_MS, scheduleId, missing: null, followUps: [] })
    expect(temperatureOf(sheetOf(draft))).toMatchObject({ latest: 23.5, min: 21, max: 28.46, mean: 24.73, inLimits: 0.5, points: 1 })
    expect(sheetOf(draft).measured.find(({ kind }) => kind === 'humidity')).toMatchObject({ latest: null, min: null, points: 0 })
    expect(sheetOf(draft).beside.temperature).toMatchObject({ value: 23.5, sensors: 1, atMs: START_MS + DAY_MS })

    app.clock.advance(10 * MINUTE_MS)
    expect(temperatureOf(await look(draft.id))?.latest).toBeNull()
    app.read(temperatureId, 24)
    const signed = await submit(draft, allNormal(sheetOf(draft), { temperature: { result: 'normal', measured: 24 } }))
    expect(signed.state).toBe('signed')
    expect(temperatureOf(sheetOf(signed))).toMatchObject({ latest: 24, min: 21, max: 28.46 })
    app.read(temperatureId, 30)
    app.readings.put(temperatureId, { timeMs: START_MS + 4000, value: 99 })
    app.clock.advance(10 * MINUTE_MS)
    expect(await look(draft.id)).toEqual(sheetOf(signed))

    app.read(temperatureId, 30)
    const next = sheetOf(await begin())
    expect(next.sinceMs).toBe(START_MS + DAY_MS + 10 * MINUTE_MS)
    expect(temperatureOf(next)).toMatchObject({ latest: 30, min: null, max: null, reason: { en: 'No good readings in this time' } })
  })

  it('can be filled in and signed while the readings store is away', async () => {
    app.readings.isAway = true
    app.clock.advance(DAY_MS)
    app.read(temperatureId, 22)
    const draft = await begin()
    const sheet = sheetOf(draft)
    expect(temperatureOf(sheet)).toMatchObject({ latest: 22, min: null, max: null, mean: null, inLimits: null })
    expect(sheet.missing?.zh).toContain('历史数据暂时读不到')
    expect(temperatureOf(sheet)?.reason).toEqual(sheet.missing)
    expect((await submit(draft, allNormal(sheet))).state).toBe('signed')
  })

  it('is one draft per schedule, whoever begins it, and tells the second who saved', async () => {
    const colleague = await app.addPerson('colleague', ['technician'])
    const [first, second] = await Promise.all([begin(), begin(colleague)])
    expect(second.id).toBe(first.id)
    const saved = await save(first, { dust: { result: 'normal' } })
    expect(saved.fields.checklist).toEqual({ dust: { result: 'normal' } })
    await expect(save(first, { dust: { result: 'abnormal' } })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { by: 'keeper (name)', atMs: START_MS },
    })
  })

  it('moves the schedule on, is kept in the ledger, and changes no more', async () => {
    app.clock.advance(8 * DAY_MS)
    await app.schedules.run()
    expect(await app.as(keeper).alarms.list({ scope: 'open' })).toMatchObject([{ condition: 'overdue', roomId }])
    const signed = await inspect(app, keeper, { scheduleId })
    await app.schedules.run()
    expect((await app.as(keeper).schedules.list()).find(({ id }) => id === scheduleId)).toMatchObject({
      overdue: false,
      lastDoneAtMs: START_MS + 8 * DAY_MS,
      draftId: null,
    })
    expect(await app.as(keeper).registers.list({ register: 'inspection' })).toMatchObject([{ id: signed.id, number: 'INS-2026-0001' }])
    await expect(save(signed, {})).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('asks for every item, a word on what is abnormal, and the own password', async () => {
    const draft = await begin()
    const sheet = sheetOf(draft)
    const { water: _, ...rest } = allNormal(sheet)
    await expect(submit(draft, rest)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'fields.checklist.water' } })
    await expect(submit(draft, allNormal(sheet, { water: { result: 'abnormal' } }))).rejects.toMatchObject({ code: 'INVALID' })
    await expect(submit(draft, allNormal(sheet), 'wrong password')).rejects.toMatchObject({ code: 'INVALID' })
    expect((await submit(draft, allNormal(sheet))).steps.at(-1)).toMatchObject({ move: 'submit', by: 'keeper (name)' })
  })

  it('points out that the sheet says 24 ℃ and the sensor 29 ℃, and wants a note on it', async () => {
    app.read(temperatureId, 29)
    const draft = await begin()
    const said: ChecklistValue = allNormal(sheetOf(draft), { temperature: { result: 'normal', measured: 24 } })
    const saved = await save(draft, said)
    expect(sheetOf(saved).contradictions).toEqual([
      {
        item: 'temperature',
        message: {
          zh: '温度：填写 24 ℃，传感器当时为 29 ℃',
          en: 'Temperature: the sheet says 24 ℃, the sensors said 29 ℃ at that time',
        },
      },
    ])
    await expect(submit(saved, said)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'fields.checklist.temperature' } })
    const noted = { ...said, temperature: { ...said.temperature, note: '温度计在门口，空调出风处已复核' } }
    const signed = await submit(saved, noted)
    expect(signed.fields.checklist).toMatchObject({ temperature: { measured: 24, result: 'normal' } })
    expect(sheetOf(signed).contradictions).toHaveLength(1)
  })

  it('compares an answer of a phone without connection with what the sensors said then', async () => {
    const draft = await begin()
    app.readings.put(temperatureId, { timeMs: START_MS + MINUTE_MS, value: 24.5 }, { timeMs: START_MS + 2 * MINUTE_MS, value: 24.7 })
    app.clock.advance(3 * 60 * MINUTE_MS)
    app.read(temperatureId, 29)
    const then = START_MS + 2 * MINUTE_MS
    const saved = await save(draft, { temperature: { result: 'normal', measured: 24, atMs: then } })
    expect(sheetOf(saved).beside.temperature).toMatchObject({ value: 24.7, atMs: then })
    expect(sheetOf(saved).contradictions).toEqual([])
  })

  it('does not take a UPS for normal while its alarm stands', async () => {
    const upsId = await app.addDevice(roomId, 'UPS1')
    const statusId = await app.addPoint(upsId, 'ups.status', 'ups-status', '1')
    await app.raise({ pointId: statusId, condition: 'state', priority: 'high', value: 'OB' })
    const draft = await begin()
    const panel = `ups-panel-d${upsId}`
    expect(sheetOf(draft).items.find(({ key }) => key === panel)).toMatchObject({ group: { zh: 'UPS1' }, deviceId: upsId })
    expect(sheetOf(draft)).toMatchObject({
      alarmsSince: 1,
      openAlarms: [{ priority: 'high', items: [panel], text: { zh: 'UPS1 UPS 状态 状态异常' } }],
    })
    const said = allNormal(sheetOf(draft))
    await expect(submit(draft, said)).rejects.toMatchObject({ data: { field: `fields.checklist.${panel}` } })
    const signed = await submit(draft, { ...said, [panel]: { result: 'normal', note: '市电检修，已知' } })
    expect(sheetOf(signed).contradictions).toMatchObject([{ item: panel }])
  })

  it('lists discharges and tests of UPSes since; by their alarms alone while the store is away', async () => {
    const upsId = await app.addDevice(roomId, 'UPS1')
    const statusId = await app.addPoint(upsId, 'ups.status', 'ups-status', '1')
    const texts = [
      [-1, 'OL'],
      [60, 'OB DISCHRG'],
      [72, 'OL CHRG'],
      [200, 'OL CAL'],
      [215, 'OL'],
    ] as const
    app.readings.put(statusId, ...texts.map(([minute, value]) => ({ timeMs: START_MS + minute * MINUTE_MS, value })))
    app.clock.advance(60 * MINUTE_MS)
    await app.raise({ pointId: statusId, condition: 'state', priority: 'high', value: 'OB DISCHRG' })
    app.clock.advance(DAY_MS)
    const draft = await begin()
    expect(sheetOf(draft).upsEvents).toEqual([
      { device: 'UPS1', atMs: START_MS + 60 * MINUTE_MS, text: { zh: '电池放电 12 分钟', en: 'Discharged on battery for 12 min' } },
      { device: 'UPS1', atMs: START_MS + 200 * MINUTE_MS, text: { zh: '电池校准测试 15 分钟', en: 'Battery calibration test for 15 min' } },
    ])
    app.readings.isAway = true
    app.clock.advance(2 * MINUTE_MS)
    expect((await look(draft.id)).upsEvents).toMatchObject([{ device: 'UPS1', atMs: START_MS + 60 * MINUTE_MS }])
  })

  it('keeps what was answered when its device goes away meanwhile', async () => {
    const upsId = await app.addDevice(roomId, 'UPS1')
    await app.addPoint(upsId, 'ups.status', 'ups-status', '1')
    const key = `ups-batteries-d${upsId}`
    const saved = await save(await begin(), { [key]: { result: 'abnormal', note: '鼓包' } })
    await app.db.updateTable('device').set({ retiredAtMs: 1 }).where('id', '=', upsId).execute()
    await app.directory.reloadDevice(upsId)
    const sheet = await look(saved.id)
    expect(sheet.items.filter(({ deviceId }) => deviceId === upsId).map((item) => item.key)).toEqual([key])
    const again = await app.as(keeper).registers.get({ register: 'inspection', recordId: saved.id })
    expect(again.fields.checklist).toEqual({ [key]: { result: 'abnormal', note: '鼓包' } })
  })
})
