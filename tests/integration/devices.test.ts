import { CALIBRATION_VALID_MS } from '@roomkeeper/shared/model'
import { DataType, DEVICE_SETTINGS, PROPERTY } from '@roomkeeper/shared/sparkplug'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DeviceEntry } from '../../server/src/ingest/entries.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

describeEachDatabase('devices: names, rooms and settings', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let probeId: number
  let temperatureId: number
  let humidityId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>
  let other: typeof keeper
  let device: DeviceEntry

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    probeId = await app.addDevice(roomId, 'probe1')
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    humidityId = await app.addPoint(probeId, 'humidity', 'humidity', '%')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    other = await app.addPerson('other', ['system-administrator'])
    device = app.directory.devices.get(probeId) as DeviceEntry
    app.session.isOnline = true
  })
  afterEach(() => app.stop())

  const api = () => app.as(keeper).devices
  /** What the agent's birth says; without settings it is one that knows none. */
  const born = (settings?: object, timestampMs = app.clock.nowMs()) => {
    const point = { name: 'temperature', timestampMs, datatype: DataType.Double, value: 20, properties: { [PROPERTY.intervalMs]: 10_000 } }
    const said = { name: DEVICE_SETTINGS, timestampMs, datatype: DataType.String, value: JSON.stringify(settings) }
    return app.settings.born(device, { timestampMs, metrics: settings ? [point, said] : [point] } as never)
  }
  const calibration = { offset: -0.5, atMs: START_MS, by: 'keeper (name)' }
  const calibrate = (more: object = {}, revision = 0) =>
    api().calibrate({ pointId: temperatureId, revision, correction: { offset: -0.5 }, reference: 'HMP77 no. 12', ...more })

  it('a born device is new until a person confirms it, with its names and room', async () => {
    const battery = await app.addRoom('电池室')
    expect(await api().list({ scope: 'new' })).toMatchObject([{ id: probeId, isNew: true, roomName: '主机房', pointCount: 2 }])
    const points = [{ pointId: temperatureId, name: '进风', nameEn: 'Inlet' }]
    const named = { name: '机柜 3', nameEn: 'Rack 3', roomId: battery, points, confirm: true }
    const detail = await api().update({ deviceId: probeId, revision: 0, ...named })
    expect(detail).toMatchObject({
      device: { name: '机柜 3', nameEn: 'Rack 3', roomId: battery, isNew: false },
      commissioned: { atMs: START_MS, by: 'keeper (name)' },
      room: { name: '电池室' },
      revision: 1,
    })
    expect(detail.device.points.find(({ id }) => id === temperatureId)).toMatchObject({ name: '进风', nameEn: 'Inlet' })
    expect(app.directory.devices.get(probeId)).toMatchObject({ name: '机柜 3', nameByPerson: true, room: { id: battery } })
    expect(app.directory.points.get(temperatureId)).toMatchObject({ name: '进风', nameByPerson: true })
    expect(await api().list({ scope: 'new' })).toEqual([])
    expect(await app.auditOf(`device:${probeId}`)).toEqual([
      {
        action: 'device.confirm',
        actor: 'keeper',
        before: { name: 'probe1', nameEn: '', roomId, temperature: '' },
        after: { name: '机柜 3', nameEn: 'Rack 3', roomId: battery, temperature: '进风 · Inlet' },
      },
    ])
    expect(app.changes).toEqual(expect.arrayContaining([battery, roomId].map((id) => ({ topic: 'rooms', id }))))
  })

  it('takes several new devices as they are', async () => {
    const second = await app.addDevice(roomId, 'ups1')
    expect(await api().confirm({ deviceIds: [probeId, second] })).toEqual([])
    expect((await app.auditOf(`device:${second}`)).map(({ action }) => action)).toEqual(['device.confirm'])
    expect((await api().get({ deviceId: second })).commissioned).toEqual({ atMs: START_MS, by: 'keeper (name)' })
  })

  it('a name in one language counts in both; an empty point name is given back; a foreign point or room is refused', async () => {
    await app.db.updateTable('device').set({ nameEn: 'Probe' }).where('id', '=', probeId).execute()
    expect((await api().update({ deviceId: probeId, revision: 0, name: '探头' })).device).toMatchObject({ name: '探头', nameEn: '' })
    await api().update({ deviceId: probeId, revision: 1, points: [{ pointId: temperatureId, name: 'x', nameEn: '' }] })
    await api().update({ deviceId: probeId, revision: 2, points: [{ pointId: temperatureId, name: '', nameEn: '' }] })
    expect(app.directory.points.get(temperatureId)).toMatchObject({ name: '', nameByPerson: false })
    const wrongRoom = api().update({ deviceId: probeId, revision: 3, roomId: 999 })
    await expect(wrongRoom).rejects.toMatchObject({ code: 'INVALID', data: { field: 'roomId' } })
    const foreign = await app.addPoint(await app.addDevice(roomId, 'ups1'), 'load', 'load', '%')
    const wrongPoint = api().update({ deviceId: probeId, revision: 3, points: [{ pointId: foreign, name: 'x', nameEn: '' }] })
    await expect(wrongPoint).rejects.toMatchObject({ code: 'INVALID', data: { field: 'points' } })
    expect((await api().get({ deviceId: probeId })).revision).toBe(3)
  })

  it('of two people the second is told, and nothing is overwritten', async () => {
    await api().update({ deviceId: probeId, revision: 0, name: '机柜 3' })
    const second = app.as(other).devices.update({ deviceId: probeId, revision: 0, name: '机柜 4' })
    await expect(second).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'keeper (name)', atMs: START_MS } })
    const late = app.as(other).devices.calibrate({ pointId: temperatureId, revision: 0, correction: { offset: 1 }, reference: 'x' })
    await expect(late).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await api().get({ deviceId: probeId })).toMatchObject({ device: { name: '机柜 3' }, history: [] })
  })

  it('an interval waits for the agent until a birth confirms it, and is repeated until then', async () => {
    await born({})
    expect((await api().get({ deviceId: probeId })).settings).toMatchObject({ state: 'none', intervalMs: null, ownIntervalMs: 10_000 })
    const set = await api().update({ deviceId: probeId, revision: 0, intervalMs: 60_000 })
    expect(set.settings).toMatchObject({ state: 'waiting', intervalMs: 60_000 })
    expect(app.commands).toEqual([{ device: 'probe1', settings: { intervalMs: 60_000, calibrations: {} } }])
    app.settings.tick()
    expect(app.commands).toHaveLength(1)
    app.clock.advance(11_000)
    app.settings.tick()
    expect(app.commands).toHaveLength(2)
    await born({ intervalMs: 60_000, calibrations: {} })
    expect((await api().get({ deviceId: probeId })).settings).toMatchObject({
      state: 'confirmed',
      intervalMs: 60_000,
      ownIntervalMs: 10_000,
    })
    app.clock.advance(60_000)
    app.settings.tick()
    expect(app.commands).toHaveLength(2)
    const back = await api().update({ deviceId: probeId, revision: 1, intervalMs: null })
    expect(back.history.map(({ change, value, by }) => [change, value, by])).toEqual([
      ['interval', null, 'keeper (name)'],
      ['interval', 60_000, 'keeper (name)'],
    ])
    await born({ calibrations: {} })
    expect((await api().get({ deviceId: probeId })).settings).toMatchObject({ state: 'confirmed', intervalMs: null })
  })

  it('an agent that is away gets its settings at its return', async () => {
    app.session.isOnline = false
    expect((await calibrate()).settings.state).toBe('waiting')
    app.clock.advance(60_000)
    app.settings.tick()
    expect(app.commands).toEqual([])
    app.session.isOnline = true
    await born({})
    expect(app.commands).toEqual([{ device: 'probe1', settings: { calibrations: { temperature: calibration } } }])
    await born({ calibrations: { temperature: calibration } })
    expect((await api().get({ deviceId: probeId })).settings.state).toBe('confirmed')
  })

  it('says so when the agent is too old to take settings', async () => {
    await born()
    expect((await calibrate()).settings.state).toBe('unsupported')
    expect(app.commands).toEqual([])
  })

  it('keeps the corrections that an agent brings from another server, and shows them', async () => {
    await born({ calibrations: { temperature: calibration } })
    const detail = await api().get({ deviceId: probeId })
    expect(detail.history).toMatchObject([{ change: 'found', by: 'system' }])
    expect(detail.calibrations).toMatchObject([{ pointId: temperatureId, offset: -0.5 }])
    expect(detail.settings.state).toBe('confirmed')
    expect(app.commands).toEqual([])
  })

  it('finds the offset from what a reference instrument shows, also on top of an earlier one', async () => {
    await born({})
    app.read(temperatureId, 24)
    const first = await calibrate({ correction: { shows: 23.4 } })
    expect(first.calibrations).toEqual([
      {
        pointId: temperatureId,
        key: 'temperature',
        offset: -0.6,
        atMs: START_MS,
        by: 'keeper (name)',
        reference: 'HMP77 no. 12',
        isOutdated: false,
      },
    ])
    const held = { calibrations: { temperature: { ...calibration, offset: -0.6 } } }
    app.clock.advance(5000)
    await born(held)
    // The reading shown is still the one from before: comparing with it would count the offset twice.
    await expect(calibrate({ correction: { shows: 23.1 } }, 1)).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('等待'),
    })
    app.clock.advance(5000)
    app.read(temperatureId, 23.4)
    const second = await calibrate({ correction: { shows: 23.1 }, reference: 'HMP77 no. 13' }, 1)
    expect(second.calibrations).toMatchObject([{ offset: -0.9, reference: 'HMP77 no. 13' }])
    expect(second.history.map(({ value, reference }) => [value, reference])).toEqual([
      [-0.9, 'HMP77 no. 13'],
      [-0.6, 'HMP77 no. 12'],
    ])
    // The room page marks the point with what its agent applies.
    const [shown] = (await app.as(keeper).rooms.get({ roomId })).deviceList
    expect(shown?.points.find(({ id }) => id === temperatureId)?.calibration).toMatchObject({ offset: -0.6 })
  })

  it('refuses to compare without a good reading, what is implausible, and what is no measurement', async () => {
    await born({})
    await expect(calibrate({ correction: { shows: 22 } })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'correction.shows' } })
    app.read(temperatureId, 24)
    app.clock.advance(120_000)
    await expect(calibrate({ correction: { shows: 22 } })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'correction.shows' } })
    app.read(temperatureId, 24)
    await expect(calibrate({ correction: { shows: 75.2 } })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'isConfirmed' } })
    const humidity = { pointId: humidityId, correction: { offset: 19 } }
    expect((await calibrate(humidity)).calibrations).toMatchObject([{ key: 'humidity', offset: 19 }])
    const large = await calibrate({ correction: { shows: 75.2 }, isConfirmed: true }, 1)
    expect(large.calibrations.find(({ key }) => key === 'temperature')?.offset).toBe(51.2)
    const status = await app.addPoint(probeId, 'status', 'ups-status', '1')
    await expect(calibrate({ pointId: status }, 2)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'pointId' } })
  })

  it('removes a calibration with a reason, keeps its history, and calls an old one outdated', async () => {
    await calibrate()
    app.clock.advance(CALIBRATION_VALID_MS + 1)
    expect((await api().get({ deviceId: probeId })).calibrations).toMatchObject([{ isOutdated: true }])
    const removed = await api().removeCalibration({ pointId: temperatureId, revision: 1, reason: '换了探头' })
    expect(removed.calibrations).toEqual([])
    expect(removed.history.map(({ change, value, reason }) => [change, value, reason])).toEqual([
      ['calibration-removed', null, '换了探头'],
      ['calibration', -0.5, ''],
    ])
    const again = api().removeCalibration({ pointId: temperatureId, revision: 2, reason: 'x' })
    await expect(again).rejects.toMatchObject({ code: 'INVALID' })
    expect((await app.auditOf(`device:${probeId}`)).map(({ action }) => action)).toEqual(['device.calibrate', 'device.calibration-removed'])
  })

  it('retires a device that is gone: hidden, its alarms cleared, and back with its history when restored', async () => {
    const retire = (revision: number) => api().retire({ deviceId: probeId, revision, reason: '已拆除' })
    await expect(retire(0)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'deviceId' } })
    device.online = false
    await app.raise({ source: 'device', sourceId: probeId, deviceId: probeId, condition: 'device-offline', priority: 'high' })
    await app.raise({ pointId: temperatureId, deviceId: probeId, condition: 'high', priority: 'high', value: 30, limit: 27 })
    expect((await retire(0)).retired).toMatchObject({ by: 'keeper (name)', reason: '已拆除' })
    expect((await app.as(keeper).alarms.list({})).map(({ state }) => state)).toEqual(['RTNUN', 'RTNUN'])
    expect((await app.as(keeper).rooms.get({ roomId })).deviceList).toEqual([])
    expect(await api().list({ scope: 'retired' })).toMatchObject([{ id: probeId }])
    for (let i = 0; i < 60; i++) {
      app.clock.advance(1000)
      app.silence.tick()
    }
    await app.alarms.flush()
    expect((await app.as(keeper).alarms.list({})).map(({ state }) => state)).toEqual(['RTNUN', 'RTNUN'])
    expect((await api().restore({ deviceId: probeId, revision: 1 })).retired).toBeNull()
    expect((await app.as(keeper).rooms.get({ roomId })).deviceList).toHaveLength(1)
    for (let i = 0; i < 60; i++) {
      app.clock.advance(1000)
      app.silence.tick()
    }
    await app.alarms.flush()
    const states = (await app.as(keeper).alarms.list({})).map(({ condition, state }) => [condition, state])
    expect(states).toContainEqual(['device-offline', 'UNACK'])
  })

  it('says what an offline alarm suppresses, and since when the value of a standing alarm is unknown', async () => {
    app.read(temperatureId, 30)
    await app.raise({ pointId: temperatureId, deviceId: probeId, condition: 'high', priority: 'high', value: 30, limit: 27 })
    app.clock.advance(60_000)
    await app.raise({ source: 'device', sourceId: probeId, deviceId: probeId, condition: 'device-offline', priority: 'high' })
    const [offline, high] = await app.as(keeper).alarms.list({})
    expect(offline).toMatchObject({ condition: 'device-offline', suppresses: { devices: 0, points: 2 }, valueUnknown: null })
    expect(high).toMatchObject({
      condition: 'high',
      state: 'UNACK',
      valueUnknown: { sinceMs: START_MS, cause: 'device-offline' },
      suppresses: null,
    })
    const [shown] = (await app.as(keeper).rooms.get({ roomId })).deviceList
    expect(shown?.outage).toEqual({ condition: 'device-offline', sinceMs: START_MS + 60_000 })
    await app.raise({ source: 'node', sourceId: 1, condition: 'node-offline', priority: 'high' })
    const [node] = await app.as(keeper).alarms.list({})
    expect(node?.suppresses).toEqual({ devices: 1, points: 2, alarms: 0 })
  })
})
