import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'

const MINUTE_MS = 60_000
const complete = { faultClass: 'power' as const, noticedAtMs: START_MS, cause: '市电中断', measures: '启用发电机' }

describeEachDatabase('incidents', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let upsId: number
  let statusId: number
  let inputId: number
  let temperatureId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>
  let colleague: typeof keeper

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    upsId = await app.addDevice(roomId, 'ups1')
    statusId = await app.addPoint(upsId, 'ups-status', 'ups-status', '1')
    inputId = await app.addPoint(upsId, 'input-voltage', 'voltage', 'V')
    await app.addPoint(upsId, 'output-voltage', 'voltage', 'V')
    const probeId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    colleague = await app.addPerson('colleague', ['technician'])
  })
  afterEach(() => app.stop())

  const powerLost = () => app.raise({ pointId: statusId, condition: 'state', priority: 'high', value: 'OB DISCHRG', limit: 'OB OVER' })
  const warm = () => app.raise({ pointId: temperatureId, condition: 'high', priority: 'high', value: 28.4, limit: 27 })
  const onlyIncident = async () => {
    const incidents = await app.as(keeper).incidents.list({})
    expect(incidents).toHaveLength(1)
    const [incident] = incidents
    if (!incident) throw new Error('no incident')
    return incident
  }

  it('is opened by a high alarm, prefilled, and joined by alarms of the same event', async () => {
    await powerLost()
    const opened = await onlyIncident()
    expect(opened).toMatchObject({ state: 'open', roomId, roomName: '主机房', deviceId: upsId, deviceName: 'ups1', priority: 'high' })
    expect(opened).toMatchObject({ openedAtMs: START_MS, revision: 0, fields: { noticedAtMs: START_MS } })

    app.clock.advance(10 * MINUTE_MS)
    await app.raise({ pointId: statusId, condition: 'state-critical', priority: 'critical', value: 'OB LB', limit: 'LB' })
    await warm()
    const joined = await onlyIncident()
    expect(joined.priority).toBe('critical')
    expect(joined.alarms.map(({ condition, pointId }) => [condition, pointId])).toEqual([
      ['state', statusId],
      ['state-critical', statusId],
      ['high', temperatureId],
    ])
    expect((await app.auditOf(`incident:${joined.id}`)).map(({ action, after }) => [action, (after as { reason: string }).reason])).toEqual(
      [
        ['incident.open', 'no-related-open-incident'],
        ['incident.join', 'same-device'],
        ['incident.join', 'room-warming'],
      ],
    )
  })

  it('is joined by what is suppressed by design under one of its alarms', async () => {
    await powerLost()
    await app.raise({ pointId: inputId, condition: 'low', priority: 'high', value: 0, limit: 198 })
    const { alarms } = await onlyIncident()
    expect(alarms.map(({ pointId, state }) => [pointId, state])).toEqual([
      [statusId, 'UNACK'],
      [inputId, 'DSUPR'],
    ])
  })

  it('is not opened by a medium alarm', async () => {
    await app.raise({ pointId: temperatureId, condition: 'low', priority: 'medium', value: 17, limit: 18 })
    expect(await app.as(keeper).incidents.list({})).toEqual([])
    expect(await app.as(keeper).alarms.list({})).toHaveLength(1)
  })

  it('opens another one for another room', async () => {
    await powerLost()
    const otherRoom = await app.addRoom('电池室')
    const probe = await app.addPoint(await app.addDevice(otherRoom, 'probe2'), 'temperature', 'temperature', 'Cel')
    await app.raise({ pointId: probe, condition: 'high', priority: 'high', value: 31, limit: 30 })
    expect(await app.as(keeper).incidents.list({})).toHaveLength(2)
    expect(await app.as(keeper).incidents.list({ roomId: otherRoom })).toMatchObject([{ roomName: '电池室' }])
  })

  it('keeps the curve: from the store, again while it is open, frozen at submission', async () => {
    for (let minute = -90; minute <= 30; minute += 1)
      app.readings.put(temperatureId, { timeMs: START_MS + minute * MINUTE_MS, value: 24 + minute / 10 })
    await app.db.updateTable('point').set({ name: '进风温度', nameEn: 'Inlet temperature' }).where('id', '=', temperatureId).execute()
    await app.db.updateTable('device').set({ name: '探头', nameEn: 'Probe' }).where('device', '=', 'probe1').execute()
    await warm()
    const { id } = await onlyIncident()
    const atOnce = await app.as(keeper).incidents.get({ incidentId: id })
    expect(atOnce.curves).toHaveLength(1)
    expect(atOnce.curves[0]).toMatchObject({ pointId: temperatureId, unit: 'Cel', limit: 27 })
    expect(atOnce.curves[0]).toMatchObject({ pointName: '进风温度', pointNameEn: 'Inlet temperature', pointKind: 'temperature' })
    expect(atOnce).toMatchObject({ deviceName: '探头', deviceNameEn: 'Probe' })
    const names = { deviceName: '探头', deviceNameEn: 'Probe', pointName: '进风温度', pointNameEn: 'Inlet temperature' }
    expect(atOnce.alarms).toMatchObject([names])
    expect(atOnce.curves[0]?.points[0]).toEqual([START_MS - 60 * MINUTE_MS, 18])
    expect(atOnce.curves[0]?.points.at(-1)?.[0]).toBe(START_MS - MINUTE_MS)

    app.clock.advance(5 * MINUTE_MS)
    const later = await app.as(keeper).incidents.get({ incidentId: id })
    expect(later.curves[0]?.points.at(-1)?.[0]).toBe(START_MS + 4 * MINUTE_MS)

    await app.as(keeper).incidents.submit({ incidentId: id, revision: 0, fields: complete, password: SIGNATURE })
    app.clock.advance(20 * MINUTE_MS)
    const submitted = await app.as(keeper).incidents.get({ incidentId: id })
    expect(submitted.curves).toEqual(later.curves)
  })

  it('shows the numbers of the UPS for an alarm of its status', async () => {
    app.readings.put(inputId, { timeMs: START_MS - 1000, value: 12 })
    await powerLost()
    const { curves } = await app.as(keeper).incidents.get({ incidentId: (await onlyIncident()).id })
    expect(curves.map(({ pointId, limit, points }) => [pointId, limit, points])).toEqual([[inputId, null, [[START_MS - 1000, 12]]]])
  })

  it('opens while the readings store is away, and fetches the curve when it is back', async () => {
    app.readings.isAway = true
    app.readings.put(temperatureId, { timeMs: START_MS - 1000, value: 27.5 })
    await warm()
    const { id } = await onlyIncident()
    expect((await app.as(keeper).incidents.get({ incidentId: id })).curves).toEqual([])
    app.readings.isAway = false
    expect((await app.as(keeper).incidents.get({ incidentId: id })).curves[0]?.points).toEqual([[START_MS - 1000, 27.5]])
  })

  it('reads the curve of an alarm learnt of late again, once its readings have reached the store', async () => {
    const raisedAtMs = START_MS - 5 * 60 * MINUTE_MS
    await app.raise({ pointId: temperatureId, condition: 'high', priority: 'high', value: 28, limit: 27, atMs: raisedAtMs, late: true })
    const { id } = await onlyIncident()
    const points = async () => (await app.as(keeper).incidents.get({ incidentId: id })).curves[0]?.points
    expect(await points()).toEqual([])
    app.readings.put(temperatureId, { timeMs: raisedAtMs + 1000, value: 28.2 })
    expect(await points()).toEqual([[raisedAtMs + 1000, 28.2]])
    app.clock.advance(2 * MINUTE_MS)
    await points()
    app.readings.put(temperatureId, { timeMs: raisedAtMs + 2000, value: 29 })
    expect(await points()).toEqual([[raisedAtMs + 1000, 28.2]])
  })

  it('does not let a slow readings store hold up alarms or the form, nor change a form submitted meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    app.readings.gate = promise
    app.readings.put(temperatureId, { timeMs: START_MS - 1000, value: 27.5 })
    app.alarms.submit({
      kind: 'raise',
      signal: {
        source: 'point',
        sourceId: temperatureId,
        condition: 'high',
        priority: 'high',
        atMs: START_MS,
        value: 28,
        limit: 27,
        late: false,
        roomId,
        deviceId: null,
        pointId: temperatureId,
      },
    })
    await app.alarms.flush()
    const { id } = await onlyIncident()
    const submitted = await app.as(keeper).incidents.submit({ incidentId: id, revision: 0, fields: complete, password: SIGNATURE })
    expect(submitted.state).toBe('submitted')
    resolve()
    await app.curves.idle()
    expect((await app.as(keeper).incidents.get({ incidentId: id })).curves).toEqual([])
  })

  it('saves drafts, and answers a stale one with who was faster', async () => {
    await powerLost()
    const { id } = await onlyIncident()
    app.clock.advance(1000)
    const saved = await app
      .as(keeper)
      .incidents.saveDraft({ incidentId: id, revision: 0, fields: { noticedAtMs: START_MS, cause: '市电' } })
    expect(saved).toMatchObject({ revision: 1, draftBy: 'keeper (name)', draftAtMs: START_MS + 1000, fields: { cause: '市电' } })
    expect(app.changes).toContainEqual({ topic: 'incidents', id })

    const stale = app.as(colleague).incidents.saveDraft({ incidentId: id, revision: 0, fields: { cause: 'mine' } })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'keeper (name)', atMs: START_MS + 1000 } })
    expect((await onlyIncident()).fields).toEqual({ noticedAtMs: START_MS, cause: '市电' })
  })

  it('lets exactly one of two people save the same revision at once', async () => {
    await powerLost()
    const { id } = await onlyIncident()
    const saves = [keeper, colleague, keeper, colleague].map((person, index) =>
      app.as(person).incidents.saveDraft({ incidentId: id, revision: 0, fields: { cause: `save ${index}` } }),
    )
    const outcomes = await Promise.allSettled(saves)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect((await onlyIncident()).revision).toBe(1)
  })

  it('is submitted only when complete and signed with the own password', async () => {
    await powerLost()
    const { id } = await onlyIncident()
    const submit = (fields: object, password = SIGNATURE) =>
      app.as(keeper).incidents.submit({ incidentId: id, revision: 0, fields: fields as typeof complete, password })
    await expect(submit({ ...complete, cause: '' })).rejects.toThrow()
    await expect(submit({ ...complete, faultClass: 'software' })).rejects.toThrow()
    await expect(submit({ ...complete, recoveredAtMs: START_MS - 1 })).rejects.toThrow()
    await expect(submit(complete, 'not my password')).rejects.toMatchObject({ code: 'INVALID', data: { field: 'password' } })
    const token = { ...keeper, accountId: null }
    await expect(
      app.as(token).incidents.submit({ incidentId: id, revision: 0, fields: complete, password: SIGNATURE }),
    ).rejects.toMatchObject({ code: 'FORBIDDEN' })
    expect((await onlyIncident()).state).toBe('open')

    app.clock.advance(MINUTE_MS)
    const submitted = await submit(complete)
    expect(submitted).toMatchObject({
      state: 'submitted',
      submittedBy: 'keeper (name)',
      submittedAtMs: START_MS + MINUTE_MS,
      fields: complete,
    })
    const trail = await app.auditOf(`incident:${id}`)
    expect(trail.at(-1)).toMatchObject({ action: 'incident.submit', actor: 'keeper', after: { ...complete, signedBy: 'keeper (name)' } })
    expect(JSON.stringify(trail)).not.toContain(SIGNATURE)
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('cannot be changed once it is submitted, by no way there is', async () => {
    await powerLost()
    const { id } = await onlyIncident()
    await app.as(keeper).incidents.submit({ incidentId: id, revision: 0, fields: complete, password: SIGNATURE })
    const before = await app.as(keeper).incidents.get({ incidentId: id })

    for (const revision of [0, 1, 2]) {
      const draft = app.as(colleague).incidents.saveDraft({ incidentId: id, revision, fields: { cause: 'other' } })
      await expect(draft).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'keeper (name)' } })
      const again = app
        .as(colleague)
        .incidents.submit({ incidentId: id, revision, fields: { ...complete, cause: 'other' }, password: SIGNATURE })
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' })
    }
    await expect(app.db.updateTable('incident').set({ fieldsJson: '{}' }).where('id', '=', id).execute()).rejects.toThrow(
      /cannot be changed/,
    )
    await expect(app.db.deleteFrom('incident').where('id', '=', id).execute()).rejects.toThrow()
    expect(await app.as(keeper).incidents.get({ incidentId: id })).toEqual(before)
  })

  it('gives an alarm that comes back after the submission a new form, and keeps it on the old one', async () => {
    await powerLost()
    const first = await onlyIncident()
    await app.as(keeper).incidents.submit({ incidentId: first.id, revision: 0, fields: complete, password: SIGNATURE })
    app.clock.advance(MINUTE_MS)
    const signal = { source: 'point', sourceId: statusId, condition: 'state', priority: 'high', value: 'OL', limit: null } as const
    const where = { late: false, roomId, deviceId: upsId, pointId: statusId }
    app.alarms.submit({ kind: 'clear', signal: { ...signal, ...where, atMs: app.clock.nowMs() } })
    app.clock.advance(MINUTE_MS)
    await powerLost()
    const [second, old] = await app.as(keeper).incidents.list({})
    expect([old?.id, old?.state, second?.state]).toEqual([first.id, 'submitted', 'open'])
    expect(second?.alarms.map(({ id }) => id)).toEqual(old?.alarms.map(({ id }) => id))
    expect(second?.alarms[0]?.incidentId).toBe(second?.id)
  })

  it('keeps the people out who may not', async () => {
    await powerLost()
    const { id } = await onlyIncident()
    const auditor = await app.addPerson('auditor', ['auditor'])
    expect((await app.as(auditor).incidents.get({ incidentId: id })).id).toBe(id)
    await expect(app.as(auditor).incidents.saveDraft({ incidentId: id, revision: 0, fields: {} })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    })
    await expect(app.as(keeper).incidents.get({ incidentId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('has alarms acknowledged once, and says who was faster', async () => {
    await powerLost()
    const [alarm] = await app.as(keeper).alarms.list({})
    if (!alarm) throw new Error('no alarm')
    const acknowledged = await app.as(keeper).alarms.acknowledge({ alarmId: alarm.id, note: '已通知电工' })
    expect(acknowledged).toMatchObject({ state: 'ACKED', acknowledgedBy: 'keeper (name)', acknowledgedAtMs: START_MS, note: '已通知电工' })
    await expect(app.as(colleague).alarms.acknowledge({ alarmId: alarm.id })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { by: 'keeper (name)', atMs: START_MS },
    })
    const { transitions } = await app.as(keeper).alarms.get({ alarmId: alarm.id })
    expect(transitions.map(({ from, to, event, person }) => [from, to, event, person])).toEqual([
      ['NORM', 'UNACK', 'raise', null],
      ['UNACK', 'ACKED', 'acknowledge', 'keeper (name)'],
    ])
    await expect(app.as(keeper).alarms.acknowledge({ alarmId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
