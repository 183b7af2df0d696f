import type { LimitTarget } from '@roomkeeper/shared/http'
import { type Limit, limitSchema } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AlarmChange } from '../../server/src/alarms/alarm-types.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import type { PointEntry } from '../../server/src/ingest/entries.ts'
import { changeOf } from '../../server/src/ingest/judging.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

describeEachDatabase('sets of limits', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let otherRoomId: number
  let deviceId: number
  let rackId: number
  let aisleId: number
  let farId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    otherRoomId = await app.addRoom('二楼机房')
    deviceId = await app.addDevice(roomId, 'probe1')
    rackId = await app.addPoint(deviceId, 'rack', 'temperature', 'Cel')
    aisleId = await app.addPoint(deviceId, 'aisle', 'temperature', 'Cel')
    farId = await app.addPoint(await app.addDevice(otherRoomId, 'probe2'), 'rack', 'temperature', 'Cel')
    await app.addPoint(deviceId, 'humidity', 'humidity', '%')
    keeper = await app.addPerson('keeper', ['room-keeper'])
  })
  afterEach(() => app.stop())

  const limit = (values: object): Limit => limitSchema.parse({ condition: 'high', priority: 'high', ...values })
  const high = (value: number) => [limit({ value })]
  const limits = () => app.as(keeper).limits
  const put = (target: LimitTarget, set: Limit[], basedOn = 0) => limits().putSet({ target, limits: set, reason: '试验', basedOn })
  const entry = (pointId: number): PointEntry => {
    const point = app.directory.points.get(pointId)
    if (!point) throw new Error(`no point ${pointId}`)
    return point
  }
  const highOf = (pointId: number) => entry(pointId).limits.find(({ condition }) => condition === 'high')?.value
  const read = async (pointId: number, ...values: number[]): Promise<AlarmChange[]> => {
    const changes: AlarmChange[] = []
    for (const value of values) {
      app.clock.advance(10_000)
      entry(pointId).judge.good(value, app.clock.nowMs(), (event) => changes.push(changeOf(entry(pointId), event)))
    }
    for (const change of changes) app.alarms.submit(change)
    await app.alarms.flush()
    return changes
  }
  const alarms = async () => (await app.as(keeper).alarms.list({})).map(({ condition, state, priority }) => [condition, state, priority])

  it('lets the most specific one win, as a whole, and says why', async () => {
    expect(highOf(rackId)).toBe(27)
    expect(await put({ scope: 'kind', kind: 'temperature' }, high(31))).toEqual({ version: 1, points: 3 })
    expect(await put({ scope: 'room-class', roomClass: 'computer-room', kind: 'temperature' }, high(30))).toEqual({ version: 1, points: 3 })
    expect(await put({ scope: 'room', roomId, kind: 'temperature' }, high(29))).toEqual({ version: 1, points: 2 })
    expect(await put({ scope: 'device', deviceId, kind: 'temperature' }, high(28))).toEqual({ version: 1, points: 2 })
    expect(await put({ scope: 'point', pointId: rackId }, high(26))).toEqual({ version: 1, points: 1 })
    expect([rackId, aisleId, farId].map(highOf)).toEqual([26, 28, 30])
    // The whole set: nothing of the defaults is left.
    expect(entry(farId).limits).toEqual(high(30))

    const levels = await limits().levels({ pointId: aisleId })
    expect(levels.map(({ scope, isSet, wins, label, version }) => [scope, isSet, wins, label, version])).toEqual([
      ['point', false, false, 'probe1 · 温度', null],
      ['device', true, true, 'probe1', 1],
      ['room', true, false, '主机房', 1],
      ['room-class', true, false, '', 1],
      ['kind', true, false, '', 1],
      ['built-in', true, false, '', null],
    ])
    expect(levels[1]).toMatchObject({ author: 'keeper (name)', atMs: START_MS, reason: '试验', limits: high(28) })
    const sets = await limits().sets()
    expect(sets.map(({ target, points, label }) => [target.scope, points, label]).sort()).toEqual([
      ['device', 1, 'probe1'],
      ['kind', 0, ''],
      ['point', 1, 'probe1 · 温度'],
      ['room', 0, '主机房'],
      ['room-class', 1, ''],
    ])

    await put({ scope: 'device', deviceId, kind: 'temperature' }, [], 1)
    expect([rackId, aisleId].map(highOf)).toEqual([26, 29])
    // A server that starts now finds the same.
    const anew = new Directory(app.db)
    await anew.load()
    expect([rackId, aisleId, farId].map((id) => anew.points.get(id)?.limits)).toEqual([high(26), high(29), high(30)])
  })

  it('shows the versions of a set, and what holds without it', async () => {
    const target = { scope: 'room', roomId, kind: 'temperature' } as const
    await put({ scope: 'kind', kind: 'temperature' }, high(31))
    await put(target, high(29))
    await put(target, [], 1)
    await put(target, high(28), 2)
    const set = await limits().set(target)
    expect(set).toMatchObject({ points: 2, kind: 'temperature', unit: 'Cel' })
    expect(set.versions.map(({ version, limits }) => [version, limits.length])).toEqual([
      [3, 1],
      [2, 0],
      [1, 1],
    ])
    expect(set.inherited).toMatchObject([{ origin: 'kind', limit: { value: 31 } }])
    // Of a kind that the room does not have yet.
    const none = await limits().set({ scope: 'room', roomId: otherRoomId, kind: 'humidity' })
    expect(none).toMatchObject({ versions: [], points: 0, unit: '%' })
    expect(none.inherited.find((one) => one.limit.condition === 'high')).toMatchObject({ origin: 'built-in', limit: { value: 60 } })
    expect(await app.auditOf(`room:${roomId}`)).toMatchObject([
      {},
      { action: 'limits.set', before: { version: 0, limits: [] }, after: { kind: 'temperature', version: 1, limits: high(29) } },
      { before: { version: 1 }, after: { version: 2, limits: [] } },
      { before: { version: 2 }, after: { version: 3 } },
    ])
  })

  it('tells who was quicker', async () => {
    const target = { scope: 'kind', kind: 'temperature' } as const
    const other = await app.addPerson('other', ['room-keeper'])
    await app.as(other).limits.putSet({ target, limits: high(31), reason: '先到', basedOn: 0 })
    await expect(put(target, high(32))).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'other (name)', atMs: START_MS } })
    expect(highOf(rackId)).toBe(31)
    const race = await Promise.allSettled([put(target, high(32), 1), put(target, high(33), 1)])
    expect(race.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(highOf(rackId)).toBe((await limits().set(target)).versions[0]?.limits[0]?.value)
  })

  it('stays whole when devices are renamed, moved and retired at the same time', async () => {
    const target = { scope: 'room', roomId, kind: 'temperature' } as const
    await put(target, high(29))
    await app.db.updateTable('device').set({ roomId: otherRoomId, name: '移走' }).where('id', '=', deviceId).execute()
    await Promise.all([app.directory.reloadDevice(deviceId), put(target, high(28), 1)])
    expect([rackId, aisleId].map(highOf)).toEqual([27, 27])
    expect((await limits().sets()).map(({ points }) => points)).toEqual([0])
    await app.db.updateTable('device').set({ retiredAtMs: 1 }).where('id', '=', deviceId).execute()
    await app.directory.reloadDevice(deviceId)
    expect(await put({ scope: 'kind', kind: 'temperature' }, high(31))).toEqual({ version: 1, points: 1 })
    expect((await limits().levels({ pointId: rackId }))[0]).toMatchObject({ label: '移走 · 温度' })
  })

  it('refuses what does not fit, naming the field and the point', async () => {
    const narrow = await app.db
      .updateTable('point')
      .set({ low: 0, high: 50 })
      .where('id', '=', aisleId)
      .returningAll()
      .executeTakeFirstOrThrow()
    await app.directory.putPoint(narrow)
    const room = { scope: 'room', roomId, kind: 'temperature' } as const
    await expect(put(room, high(60))).rejects.toMatchObject({
      code: 'INVALID',
      message: expect.stringContaining('probe1 · 温度'),
      data: { field: 'limits[0].value', allowed: '0 … 50' },
    })
    await expect(put({ scope: 'kind', kind: 'temperature' }, high(600))).rejects.toMatchObject({ data: { allowed: '-40 … 84.9' } })
    await expect(put({ scope: 'kind', kind: 'warmth' }, high(20))).rejects.toMatchObject({ data: { field: 'target.kind' } })
    await expect(put({ scope: 'device', deviceId, kind: 'leak' }, [])).resolves.toEqual({ version: 1, points: 0 })
    const leak = put({ scope: 'device', deviceId, kind: 'smoke' }, [limit({ condition: 'state', tokens: ['true'] })])
    await expect(leak).rejects.toMatchObject({ data: { field: 'target.kind', allowed: 'temperature, humidity' } })
    await expect(put({ scope: 'room', roomId: 999, kind: 'temperature' }, high(20))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(put({ scope: 'point', pointId: 999 }, high(20))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await limits().sets()).length).toBe(0)
  })

  it('clears every alarm whose limit is gone, and goes on with the others', async () => {
    await put({ scope: 'kind', kind: 'temperature' }, [
      limit({ value: 27 }),
      limit({ condition: 'high-high', value: 32, priority: 'critical' }),
    ])
    await read(rackId, 33)
    await read(farId, 28)
    app.changes.length = 0
    await put({ scope: 'room', roomId, kind: 'temperature' }, [limit({ condition: 'high-high', value: 31, priority: 'critical' })])
    expect((await alarms()).sort()).toEqual([
      ['high', 'RTNUN', 'high'],
      ['high', 'UNACK', 'high'],
      ['high-high', 'UNACK', 'critical'],
    ])
    expect(app.changes).toContainEqual({ topic: 'limits' })
    expect(app.changes).toContainEqual({ topic: 'rooms', id: roomId })
    // It stands on under the changed limit, and clears by it.
    expect((await read(rackId, 31.5, 30)).map(({ kind }) => kind)).toEqual(['clear'])
  })

  it('steps an alarm up and down, and switches it off by the time of day', async () => {
    const step = { value: 30, priority: 'critical' as const }
    await put({ scope: 'point', pointId: rackId }, [limit({ value: 27, deadband: 0.5, priority: 'medium', latching: true, steps: [step] })])
    const changes = await read(rackId, 28, 31, 29.8, 29)
    expect(changes.map(({ kind, signal }) => [kind, signal.priority, signal.limit, signal.latching])).toEqual([
      ['raise', 'medium', 27, true],
      ['re-alarm', 'critical', 30, true],
      ['step-down', 'medium', 27, true],
    ])
    const always = { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '00:00' }
    await put({ scope: 'point', pointId: rackId }, [limit({ value: 27, variants: [{ ...always, enabled: false }] })], 1)
    expect((await read(rackId, 40, 40)).map(({ kind }) => kind)).toEqual(['clear'])
  })

  it('forecasts when a room that heats reaches its limit', async () => {
    const values = Array.from({ length: 8 }, (_, minute) => 20 + minute * 0.5)
    for (const value of values) {
      app.clock.advance(60_000)
      entry(rackId).judge.good(value, app.clock.nowMs(), () => undefined)
      entry(aisleId).judge.good(22, app.clock.nowMs(), () => undefined)
    }
    for (const id of [rackId, aisleId]) Object.assign(entry(id).live, { timeMs: app.clock.nowMs(), quality: 'good' })
    expect(await limits().forecasts({ roomId })).toEqual([
      { pointId: rackId, condition: 'high', limit: 27, atMs: app.clock.nowMs() + 7 * 60_000, perHour: 30 },
    ])
    entry(rackId).live.quality = 'stale'
    expect(await limits().forecasts({ roomId })).toEqual([])
    await expect(limits().forecasts({ roomId: 999 })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})
