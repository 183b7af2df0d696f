import { limitSchema } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

describeEachDatabase('rooms and limits', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let probeId: number
  let temperatureId: number
  let statusId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    probeId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    const upsId = await app.addDevice(roomId, 'ups1')
    statusId = await app.addPoint(upsId, 'ups-status', 'ups-status', '1')
    keeper = await app.addPerson('keeper', ['room-keeper'])
  })
  afterEach(() => app.stop())

  const limit = (values: object) => limitSchema.parse({ priority: 'high', ...values })

  it('shows a room with its points, leading ones first, and counts', async () => {
    app.read(temperatureId, 24.5)
    app.read(statusId, 'OL CHRG')
    const [room] = await app.as(keeper).rooms.list()
    expect(room).toMatchObject({ id: roomId, devices: 2, devicesOffline: 0, points: 2, pointsStale: 0, pointsBad: 0, openIncidents: 0 })
    expect(room?.inspectionDueAtMs).toBe(START_MS + 7 * 86_400_000)
    expect(room?.leading.map(({ kind, value, quality, alarm }) => [kind, value, quality, alarm])).toEqual([
      ['temperature', 24.5, 'good', null],
      ['ups-status', 'OL CHRG', 'good', null],
    ])
    await app.raise({ pointId: statusId, condition: 'state-critical', priority: 'critical', value: 'OB LB', limit: 'LB' })
    const alarmed = await app.as(keeper).rooms.get({ roomId })
    expect(alarmed.alarms).toEqual({ low: 0, medium: 0, high: 0, critical: 1, unacknowledged: 1 })
    expect(alarmed.openIncidents).toBe(1)
    expect(alarmed.deviceList.map(({ name, path, points }) => [name, path, points.map(({ alarm }) => alarm)])).toEqual([
      // The device in alarm first.
      ['ups1', '本部/agent1/ups1', ['critical']],
      ['probe1', '本部/agent1/probe1', [null]],
    ])
  })

  it('shows no silent or absent value as fresh', async () => {
    app.read(temperatureId, 24.5)
    const quality = async () => (await app.as(keeper).rooms.get({ roomId })).deviceList[0]?.points[0]?.quality
    app.clock.advance(30_000)
    expect(await quality()).toBe('good')
    app.clock.advance(1)
    expect(await quality()).toBe('stale')
    app.read(temperatureId, 24.5)
    const device = app.directory.devices.get(probeId)
    if (device) device.online = false
    expect(await quality()).toBe('stale')
    expect((await app.as(keeper).rooms.list())[0]).toMatchObject({ devicesOffline: 1, pointsStale: 2 })
  })

  it('puts the room with the worst alarm first', async () => {
    const calm = await app.addRoom('安静机房')
    const names = async () => (await app.as(keeper).rooms.list()).map(({ name }) => name)
    expect(await names()).toEqual(['安静机房', '主机房'])
    await app.raise({ pointId: temperatureId, condition: 'low', priority: 'medium', value: 17, limit: 18 })
    expect(await names()).toEqual(['主机房', '安静机房'])
    expect((await app.as(keeper).rooms.get({ roomId: calm })).leading).toEqual([])
  })

  it('makes a room with its inspection schedule, and refuses a name twice', async () => {
    const made = await app.as(keeper).rooms.create({ site: '本部', name: '电池室', class: 'ups-battery-room' })
    expect(app.directory.rooms.get(made.id)).toMatchObject({ name: '电池室', class: 'ups-battery-room' })
    const inspections = (await app.as(keeper).schedules.list()).filter(({ register }) => register === 'inspection')
    expect(inspections.map(({ roomName }) => roomName).sort()).toEqual(['主机房', '电池室'])
    expect(await app.auditOf(`room:${made.id}`)).toMatchObject([{ action: 'room.create', actor: 'keeper', after: { name: '电池室' } }])
    const twice = app.as(keeper).rooms.create({ site: '本部', name: '电池室', class: 'auxiliary' })
    await expect(twice).rejects.toMatchObject({ code: 'INVALID', data: { field: 'name' } })
    await expect(app.as(keeper).rooms.update({ roomId, name: '电池室' })).rejects.toMatchObject({ code: 'INVALID' })
  })

  it('applies the defaults of a new room class at once', async () => {
    const high = () => app.directory.points.get(temperatureId)?.limits.find(({ condition }) => condition === 'high')?.value
    expect(high()).toBe(27)
    await app.as(keeper).rooms.update({ roomId, class: 'ups-battery-room' })
    expect(high()).toBe(30)
    expect((await app.auditOf(`room:${roomId}`)).at(-1)).toMatchObject({
      before: { class: 'computer-room' },
      after: { class: 'ups-battery-room' },
    })
  })

  it('shows default limits with their source, and sets own ones as versions with author and reason', async () => {
    const defaults = await app.as(keeper).limits.forPoint({ pointId: temperatureId })
    expect(defaults.find((one) => one.limit.condition === 'high')).toMatchObject({
      origin: 'built-in',
      source: expect.stringContaining('GB 50174'),
      limit: { value: 27 },
    })
    const own = [limit({ condition: 'high', value: 26, deadband: 0.5 })]
    const target = { scope: 'point' as const, pointId: temperatureId }
    const set = await app.as(keeper).limits.putSet({ target, limits: own, reason: '机柜 3 较热', basedOn: 0 })
    expect(set).toEqual({ version: 1, points: 1 })
    expect(await app.as(keeper).limits.forPoint({ pointId: temperatureId })).toMatchObject([
      { origin: 'point', version: 1, author: 'keeper (name)', atMs: START_MS, reason: '机柜 3 较热', limit: { value: 26 } },
    ])
    expect(app.directory.points.get(temperatureId)?.limits).toEqual(own)
    await app.as(keeper).limits.putSet({ target, limits: [], reason: '恢复默认', basedOn: 1 })
    expect(await app.as(keeper).limits.forPoint({ pointId: temperatureId })).toEqual(defaults)
    expect((await app.auditOf(`point:${temperatureId}`)).map(({ before, after }) => [before, after])).toMatchObject([
      [
        { version: 0, limits: [] },
        { version: 1, limits: own },
      ],
      [
        { version: 1, limits: own },
        { version: 2, limits: [] },
      ],
    ])
  })

  it('refuses limits in the wrong order, naming the field', async () => {
    const wrong = [limit({ condition: 'low', value: 28 }), limit({ condition: 'high', value: 27 })]
    const target = { scope: 'point' as const, pointId: temperatureId }
    const set = app.as(keeper).limits.putSet({ target, limits: wrong, reason: 'x', basedOn: 0 })
    await expect(set).rejects.toMatchObject({ code: 'INVALID', data: { field: 'limits[1].value', allowed: '> 28' } })
    expect(await app.auditOf(`point:${temperatureId}`)).toEqual([])
  })

  it('clears an alarm whose limit was taken away', async () => {
    await app.raise({ pointId: temperatureId, condition: 'low', priority: 'medium', value: 17, limit: 18 })
    await app.raise({ pointId: temperatureId, condition: 'high-high', priority: 'critical', value: 33, limit: 32 })
    const own = [limit({ condition: 'high-high', value: 32 }), limit({ condition: 'low', value: 18, enabled: false })]
    const target = { scope: 'point' as const, pointId: temperatureId }
    await app.as(keeper).limits.putSet({ target, limits: own, reason: '冬季停用', basedOn: 0 })
    const states = (await app.as(keeper).alarms.list({})).map(({ condition, state }) => [condition, state])
    expect(states).toEqual([
      ['high-high', 'UNACK'],
      ['low', 'RTNUN'],
    ])
  })

  it('gives history as buckets and single readings, and says when the store is away', async () => {
    app.readings.put(temperatureId, { timeMs: START_MS, value: 21 }, { timeMs: START_MS + 1000, value: 85, bad: 'sentinel' })
    const range = { fromMs: START_MS, toMs: START_MS + 60_000 }
    const [series] = await app.as(keeper).history.buckets({ pointIds: `${temperatureId},${temperatureId}`, ...range })
    expect(series).toMatchObject({
      pointId: temperatureId,
      bucketMs: 1000,
      buckets: [
        { timeMs: START_MS, min: 21, mean: 21, max: 21, count: 1, bad: 0 },
        { timeMs: START_MS + 1000, min: null, mean: null, max: null, count: 0, bad: 1 },
      ],
    })
    expect(await app.as(keeper).history.readings({ pointId: temperatureId, ...range })).toEqual([
      { timeMs: START_MS, value: 21, bad: null },
      { timeMs: START_MS + 1000, value: 85, bad: 'sentinel' },
    ])
    const unknown = app.as(keeper).history.buckets({ pointIds: '999', ...range })
    await expect(unknown).rejects.toMatchObject({ code: 'INVALID', data: { field: 'pointIds' } })
    const backwards = app.as(keeper).history.readings({ pointId: temperatureId, fromMs: range.toMs, toMs: range.fromMs })
    await expect(backwards).rejects.toMatchObject({ code: 'INVALID', data: { field: 'toMs', allowed: `> ${range.toMs}` } })
    app.readings.isAway = true
    const away = app.as(keeper).history.buckets({ pointIds: String(temperatureId), ...range })
    await expect(away).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 })
  })
})
