import { limitSchema } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { CombinationWatch } from '../../server/src/limits/combinations/combination-watch.ts'
import { PointJudge } from '../../server/src/limits/point-judge.ts'
import { loadAlarmFacts } from '../../server/src/notify/render/alarm-facts.ts'
import { renderAlarmNotice } from '../../server/src/notify/render/alarm-notice.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

describeEachDatabase('limits over several points', (newDatabase) => {
  let app: RecordsApp
  let roomId: number
  let deviceId: number
  let points: number[]
  let doorId: number
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    roomId = await app.addRoom('主机房')
    deviceId = await app.addDevice(roomId, 'probes')
    points = [
      await app.addPoint(deviceId, 't1', 'temperature', 'Cel'),
      await app.addPoint(deviceId, 't2', 'temperature', 'Cel'),
      await app.addPoint(deviceId, 't3', 'temperature', 'Cel'),
    ]
    doorId = await app.addPoint(deviceId, 'door', 'door', '1')
    keeper = await app.addPerson('keeper', ['room-keeper'])
  })
  afterEach(() => app.stop())

  const limit = (values: object) => limitSchema.parse({ priority: 'medium', ...values })
  const body = (more: object = {}) => ({
    roomId,
    name: '冷通道平均温度',
    combination: 'average' as const,
    pointIds: points,
    limits: [limit({ condition: 'high', value: 27, deadband: 0.5 })],
    enabled: true,
    reason: '三个探头取平均',
    ...more,
  })
  const create = (more: object = {}) => app.as(keeper).limits.createCombination(body(more))
  const read = (...values: (number | undefined)[]): void => {
    app.clock.advance(1000)
    for (const [index, value] of values.entries()) if (value !== undefined) app.read(points[index] ?? 0, value)
    app.combinations.tick()
  }
  const alarms = async () => {
    await app.alarms.flush()
    return (await app.as(keeper).alarms.list({})).map(({ condition, state, value }) => [condition, state, value])
  }

  it('is added, changed and removed as versions with author, reason and audit', async () => {
    const made = await create()
    const noData = limit({ condition: 'no-data' })
    expect(made).toEqual({
      ...body(),
      limits: [...body().limits, noData],
      id: made.id,
      version: 1,
      author: 'keeper (name)',
      atMs: START_MS,
      kind: 'temperature',
      unit: 'Cel',
      value: null,
      missing: 3,
    })
    read(20, 22, 27)
    expect(await app.as(keeper).limits.combinations()).toEqual([{ ...made, value: 23, missing: 0 }])
    const change = { combinationId: made.id, ...body({ limits: [limit({ condition: 'high', value: 26 }), noData], reason: '更严' }) }
    const changed = await app.as(keeper).limits.updateCombination({ ...change, version: 1 })
    expect(changed).toMatchObject({ version: 2, reason: '更严', value: 23 })
    const stale = app.as(keeper).limits.updateCombination({ ...change, version: 1 })
    await expect(stale).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'keeper (name)' } })
    await app.as(keeper).limits.removeCombination({ combinationId: made.id, reason: '不再需要' })
    expect(await app.as(keeper).limits.combinations()).toEqual([])
    await expect(app.as(keeper).limits.removeCombination({ combinationId: made.id, reason: 'x' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    expect((await app.auditOf(`combination:${made.id}`)).map(({ action, actor, after }) => [action, actor, after])).toMatchObject([
      ['combination.create', 'keeper', { version: 1, name: '冷通道平均温度' }],
      ['combination.update', 'keeper', { version: 2, reason: '更严' }],
      ['combination.remove', 'keeper', { reason: '不再需要' }],
    ])
    expect(app.changes.filter(({ topic }) => topic === 'limits')).toHaveLength(3)
  })

  it('refuses what cannot be combined or judged, naming the field', async () => {
    const add = (key: string, kind: string, unit: string) => app.addPoint(deviceId, key, kind, unit)
    const [first] = points
    const refusals: [more: object, field: string][] = [
      [{ pointIds: [first, await add('ups', 'ups-status', '1')] }, 'pointIds[1]'],
      [{ pointIds: [first, await add('rh', 'humidity', '%')] }, 'pointIds[1]'],
      [{ pointIds: [first, doorId] }, 'pointIds[1]'],
      [{ pointIds: [first, 999] }, 'pointIds[1]'],
      [{ pointIds: [first, first] }, 'pointIds[1]'],
      [{ roomId: 999 }, 'roomId'],
      [{ pointIds: [doorId, await add('d2', 'door', '1')], limits: [limit({ condition: 'no-data' })] }, 'combination'],
      [{ limits: [limit({ condition: 'rate-of-change', value: 5 })] }, 'limits[0].condition'],
      [{ limits: [limit({ condition: 'low', value: 28 }), limit({ condition: 'high', value: 27 })] }, 'limits[1].value'],
      [{ combination: 'difference', limits: [limit({ condition: 'low', value: -1 })] }, 'limits[0].value'],
    ]
    for (const [more, field] of refusals)
      await expect(create(more), JSON.stringify(more)).rejects.toMatchObject({ code: 'INVALID', data: { field } })
    expect(await app.as(keeper).limits.combinations()).toEqual([])
  })

  it('raises and clears an alarm by the combined value, named after the combination', async () => {
    const made = await create()
    read(26, 26, 30)
    read(27, 27, 30)
    await app.alarms.flush()
    const [alarm] = await app.as(keeper).alarms.list({})
    expect(alarm).toMatchObject({
      source: 'combination',
      sourceId: made.id,
      condition: 'high',
      roomName: '主机房',
      deviceId: null,
      pointId: null,
      pointName: '冷通道平均温度',
      pointNameEn: '冷通道平均温度',
      pointKind: 'temperature',
      unit: 'Cel',
      value: 27.333,
      limit: 27,
      raisedAtMs: app.clock.nowMs() - 1000,
    })
    const row = await app.db.selectFrom('alarm').selectAll().executeTakeFirstOrThrow()
    const news = { kind: 'raise', event: 'raise', atMs: row.raisedAtMs, tier: 0, waitedMs: 0 } as const
    expect(renderAlarmNotice(await loadAlarmFacts(app.db, row, null), news, 'zh').title).toBe('[告警] 主机房 冷通道平均温度 过高 27.3 ℃')
    read(26, 26, 26)
    expect(await alarms()).toMatchObject([['high', 'RTNUN', expect.anything()]])
  })

  it('clears nothing because sensors fell silent, and tells when it cannot be judged', async () => {
    await create()
    read(29, 29, 30)
    for (let second = 0; second < 32; second++) read(29, 23, undefined)
    expect(await alarms()).toEqual([['high', 'UNACK', 29.333]])
    // Two of three are missing: less than half is left.
    for (let second = 0; second < 70; second++) read(20, undefined, undefined)
    expect((await alarms()).map(([condition, state]) => `${condition} ${state}`).sort()).toEqual(['high UNACK', 'no-data UNACK'])
    expect((await app.as(keeper).limits.combinations())[0]).toMatchObject({ value: null, missing: 2 })
    read(20, 20, 20)
    expect((await alarms()).map(([condition, state]) => `${condition} ${state}`).sort()).toEqual(['high RTNUN', 'no-data RTNUN'])
  })

  it('goes on over a restart, and clears what was removed or switched off', async () => {
    const made = await create()
    const other = await create({ name: '另一个' })
    read(29, 29, 30)
    await app.alarms.flush()
    await app.combinations.stop()
    // Removed just before the server died.
    await app.db.updateTable('combination').set({ removedAtMs: START_MS }).where('id', '=', other.id).execute()
    const newJudge = (...[limits, snapshot]: ConstructorParameters<typeof PointJudge>) => new PointJudge(limits, snapshot)
    const { db, clock, directory, live, alarms: store } = app
    const log = app.session.log
    const again = new CombinationWatch({ db, clock, log, directory, live, alarms: store, newJudge })
    await again.start()
    const states = async () =>
      (await db.selectFrom('alarm').select(['sourceId', 'state']).orderBy('sourceId').execute()).map((row) => [row.sourceId, row.state])
    expect(await states()).toEqual([
      [made.id, 'UNACK'],
      [other.id, 'RTNUN'],
    ])
    app.clock.advance(1000)
    for (const pointId of points.slice(0, 2)) app.read(pointId, 20)
    app.clock.advance(30_000)
    for (const pointId of points.slice(0, 2)) app.read(pointId, 20)
    again.tick()
    await store.flush()
    // The third probe saw the alarm and is silent.
    expect((await states())[0]).toEqual([made.id, 'UNACK'])
    app.read(points[2] ?? 0, 20)
    again.tick()
    await store.flush()
    expect((await states())[0]).toEqual([made.id, 'RTNUN'])
    await again.stop()
  })

  it('clears its alarm when it is switched off, and begins anew when it is on again', async () => {
    const made = await create()
    read(29, 29, 30)
    expect(await alarms()).toMatchObject([['high', 'UNACK', 29.333]])
    await app.as(keeper).limits.updateCombination({ ...body({ enabled: false }), combinationId: made.id, version: 1 })
    expect(await alarms()).toMatchObject([['high', 'RTNUN', expect.anything()]])
    read(29, 29, 31)
    await app.as(keeper).limits.updateCombination({ ...body(), combinationId: made.id, version: 2 })
    read(29, 29, 31)
    expect((await alarms())[0]?.slice(0, 2)).toEqual(['high', 'UNACK'])
  })

  it('joins the incident of the same cause', async () => {
    await create({ limits: [limit({ condition: 'high', value: 27, priority: 'high' })] })
    await app.raise({ pointId: points[0] ?? 0, sourceId: points[0] ?? 0, condition: 'high', priority: 'high', value: 30, limit: 27 })
    read(29, 29, 30)
    await app.alarms.flush()
    const incidents = await app.as(keeper).incidents.list({})
    expect(incidents).toHaveLength(1)
    expect(await app.db.selectFrom('incidentAlarm').select('reason').orderBy('alarmId').execute()).toEqual([
      { reason: 'no-related-open-incident' },
      { reason: 'room-warming' },
    ])
  })

  it('judges contacts: any of them', async () => {
    const second = await app.addPoint(deviceId, 'door2', 'door', '1')
    await create({
      name: '任一门开',
      combination: 'any',
      pointIds: [doorId, second],
      limits: [limit({ condition: 'state', tokens: ['true'], priority: 'high' })],
    })
    app.read(doorId, false)
    app.read(second, false)
    app.combinations.tick()
    expect(await alarms()).toEqual([])
    app.clock.advance(1000)
    app.read(second, true)
    app.combinations.tick()
    expect(await alarms()).toEqual([['state', 'UNACK', true]])
    expect(await app.as(keeper).incidents.list({})).toMatchObject([{ roomName: '主机房' }])
  })
})
