import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type LifeApp, startLifeApp } from '../kit/life-app.ts'
import { MINUTE_MS, START_MS } from '../kit/notify-app.ts'

const HOUR_MS = 60 * MINUTE_MS

/** The clock begins on Monday 2026-03-02 at 16:00 in Shanghai. */
describeEachDatabase('maintenance windows', (newDatabase) => {
  let app: LifeApp
  let keeper: Actor
  let hot: Awaited<ReturnType<LifeApp['point']>>

  beforeEach(async () => {
    app = await startLifeApp(await newDatabase())
    keeper = await app.reachable('keeper', ['room-keeper'], { onDuty: true })
    hot = await app.point(await app.room('主机房'), '空调1', 'temperature', 'temperature')
  })
  afterEach(() => app.stop())

  const submit = async (kind: 'raise' | 'clear') => {
    app.clock.advance(1)
    app.submit(kind, hot)
    await app.settle()
  }
  /** The time leaps: what came of it is done at once. */
  const later = async (ms: number) => {
    app.clock.advance(ms)
    await app.settle()
  }
  const states = async () => (await app.db.selectFrom('alarm').select('state').orderBy('id').execute()).map(({ state }) => state)
  const create = (more: Partial<Parameters<ReturnType<LifeApp['as']>['life']['createWindow']>[0]> = {}) =>
    app.as(keeper).life.createWindow({
      ...{ scope: 'device', scopeId: hot.deviceId, title: '空调月检', timeZone: 'Asia/Shanghai', reason: '厂家保养' },
      recurrence: { kind: 'weekly', days: [1], at: '17:00', minutes: 60 },
      ...more,
    })

  it('open and close by themselves: silent within, told afterwards when it still stands', async () => {
    const window = await create()
    expect(window).toMatchObject({ label: '主机房 · 空调1', current: null, next: { fromMs: START_MS + HOUR_MS }, revision: 1 })
    await submit('raise')
    await submit('clear')
    await app.as(keeper).alarms.acknowledge({ alarmId: 1 })
    await later(HOUR_MS)
    await submit('raise')
    expect(await states()).toEqual(['NORM', 'OOSRV'])
    expect((await app.as(keeper).alarms.get({ alarmId: 2 })).hold).toEqual({
      ...{ kind: 'maintenance', holdId: null, by: 'keeper', reason: '空调月检: 厂家保养' },
      ...{ fromMs: START_MS + HOUR_MS, untilMs: START_MS + 2 * HOUR_MS },
    })
    expect(app.arrived.map(({ notice }) => notice.kind)).toEqual(['raise', 'clear'])
    await later(HOUR_MS)
    expect(await states()).toEqual(['NORM', 'UNACK'])
    expect(app.arrived.map(({ notice }) => notice.kind)).toEqual(['raise', 'clear', 'raise'])
  })

  it('keep what began before them silent as well, and what cleared within is over', async () => {
    await create()
    await submit('raise')
    await later(HOUR_MS + MINUTE_MS)
    expect(await states()).toEqual(['OOSRV'])
    await submit('clear')
    await later(HOUR_MS)
    expect(await states()).toEqual(['NORM'])
    expect(app.arrived.at(-1)?.notice.kind).toBe('clear')
  })

  it('hold over a restart, and when the server was away as they began', async () => {
    await create()
    await submit('raise')
    app.clock.advance(90 * MINUTE_MS)
    await app.life.start()
    expect(await states()).toEqual(['OOSRV'])
    await app.life.stop()
  })

  it('count for excursions learnt of afterwards by the time of these', async () => {
    await create()
    await later(3 * HOUR_MS)
    const excursion = (fromMs: number) => {
      const signal = {
        ...hot,
        source: 'point',
        condition: 'high',
        priority: 'medium',
        atMs: fromMs,
        value: 30,
        limit: 27,
        late: true,
      } as const
      app.alarms.submit({ kind: 'excursion', signal, endedAtMs: fromMs + MINUTE_MS })
    }
    excursion(START_MS + 90 * MINUTE_MS)
    excursion(START_MS + 130 * MINUTE_MS)
    await app.settle()
    expect(await states()).toEqual(['NORM', 'RTNUN'])
    expect(await app.decisions()).toEqual(['late-raise silenced', 'late-clear not-needed', 'late-raise told', 'late-clear not-needed'])
  })

  it('are changed by one person at a time, and removing one ends its silence', async () => {
    const { id: windowId, ...made } = await create({ recurrence: { kind: 'once', from: '2026-03-02T16:00', minutes: 60 } })
    await submit('raise')
    expect(await states()).toEqual(['OOSRV'])
    const body = { scope: made.scope, scopeId: made.scopeId, title: made.title, timeZone: made.timeZone, reason: made.reason }
    const weekly = { kind: 'weekly' as const, days: [2], at: '03:00', minutes: 30 }
    const update = () => app.as(keeper).life.updateWindow({ ...body, windowId, revision: 1, recurrence: weekly })
    expect(await update()).toMatchObject({ revision: 2, current: null })
    expect(await states()).toEqual(['UNACK'])
    await expect(update()).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('keeper') })
    await app.as(keeper).life.updateWindow({ ...body, windowId, revision: 2, recurrence: { ...weekly, days: [1], at: '16:00' } })
    expect(await states()).toEqual(['OOSRV'])
    await app.as(keeper).life.removeWindow({ windowId, reason: '不再需要' })
    expect(await states()).toEqual(['UNACK'])
    expect(await app.as(keeper).life.windows()).toEqual([])
    const audit = await app.db.selectFrom('audit').select('action').where('entity', '=', `maintenance-window:${windowId}`).execute()
    expect(audit.map(({ action }) => action.split('.')[1])).toEqual(['create', 'change', 'change', 'remove'])
  })

  it('are refused with what is allowed', async () => {
    const fieldOf = async (more: Parameters<typeof create>[0]) =>
      create(more).then(
        () => 'taken',
        (error: { data?: { field?: string } }) => error.data?.field,
      )
    expect(await fieldOf({ timeZone: 'Asia/Peking' })).toBe('timeZone')
    expect(await fieldOf({ scopeId: 99 })).toBe('scopeId')
    expect(await fieldOf({ recurrence: { kind: 'once', from: '2026-02-30T10:00', minutes: 60 } })).toBe('recurrence.from')
    expect(await fieldOf({ recurrence: { kind: 'once', from: '2026-03-01T10:00', minutes: 60 } })).toBe('recurrence.from')
    expect(await app.as(keeper).life.windows()).toEqual([])
  })
})
