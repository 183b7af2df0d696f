import { afterEach, beforeEach, expect, it } from 'vitest'
import type { DrillNode } from '../../server/src/proof/drill-node.ts'
import { Drills } from '../../server/src/proof/drills.ts'
import { loadResponseTimes } from '../../server/src/proof/response-times.ts'
import { readProofSetting, writeProofSetting } from '../../server/src/proof/stored-settings.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, type NotifyApp, refused, START_MS, startNotifyApp } from '../kit/notify-app.ts'

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** The plan's time in UTC, Wednesday 10:00; the app starts on Monday 08:00. */
const WEDNESDAY_MS = START_MS + 2 * DAY_MS + 2 * HOUR_MS

describeEachDatabase('drills by plan', (newDatabase) => {
  let app: NotifyApp
  let drills: Drills
  let sent: number[]
  /** What the test reading meets on its way. */
  let way: 'open' | 'no broker' | 'no judge'

  beforeEach(async () => {
    app = await startNotifyApp(await newDatabase())
    await app.db.insertInto('room').values({ site: 'main', name: '主机房', class: 'computer-room', createdAtMs: START_MS }).execute()
    sent = []
    way = 'open'
    drills = newDrills()
    app.alarms.onTransition(drills.noticed)
    await drills.minute()
  })
  afterEach(async () => {
    await drills.stop()
    await app.stop()
  })

  function newDrills(): Drills {
    const node = (): DrillNode => ({
      isConnected: true,
      publish: async (value) => {
        sent.push(value)
        if (way === 'open') app.submit(value === 1 ? 'raise' : 'clear', { drill: true, priority: 'critical', sourceId: 99 })
        await app.alarms.flush()
        return app.clock.nowMs()
      },
      close: async () => undefined,
    })
    return new Drills({
      ...app,
      timeZone: 'UTC',
      credentials: { replace: async () => ({ nodeId: 1, username: 'drill', password: 'x' }), revoke: async () => undefined },
      broker: () => ({ url: 'mqtt://127.0.0.1:1' }),
      change: () => undefined,
      connect: async () => {
        if (way === 'no broker') throw new Error('ECONNREFUSED')
        return node()
      },
    })
  }
  const pass = async (ms: number): Promise<void> => {
    const endMs = app.clock.nowMs() + ms
    while (app.clock.nowMs() < endMs) {
      await app.pass(MINUTE_MS)
      await drills.minute()
      await drills.look()
    }
    await app.settle()
  }
  /** Nobody was there meanwhile. */
  const downtime = async (ms: number): Promise<void> => {
    await drills.stop()
    app.clock.advance(ms)
    drills = newDrills()
    app.alarms.onTransition(drills.noticed)
    await drills.minute()
    await drills.look()
  }
  const held = () => app.db.selectFrom('drill').selectAll().orderBy('id').execute()
  const states = async (): Promise<string[]> => (await held()).map(({ state }) => state)
  const standing = async (condition: string): Promise<string[]> =>
    (await app.db.selectFrom('alarm').select('state').where('condition', '=', condition).where('state', '<>', 'NORM').execute()).map(
      ({ state }) => state,
    )
  const someoneOnDuty = async (): Promise<void> => {
    const channel = await app.channel('mail')
    const person = await app.person('duty', ['on-call'], { onDuty: true })
    await app.contact(person, channel, 'duty@test', { minPriority: 'critical' })
  }
  const acknowledge = async (): Promise<void> => {
    const { id } = await app.db
      .selectFrom('alarm')
      .select('id')
      .where('drill', '=', 1)
      .where('state', '=', 'UNACK')
      .executeTakeFirstOrThrow()
    await app.alarms.acknowledge(id, 'duty', '')
    await drills.look()
    await app.settle()
  }

  it('are not held before the first channel is set up, and fail while nobody is on duty', async () => {
    await downtime(WEDNESDAY_MS - START_MS)
    expect(await states()).toEqual([])
    await app.channel('mail')
    await downtime(7 * DAY_MS)
    expect(await held()).toMatchObject([
      { state: 'failed', startedBy: null, reasonJson: expect.stringContaining('nobody is on duty') as string },
    ])
    await app.alarms.flush()
    expect(await standing('drill-failed')).toEqual(['UNACK'])
  })

  it('are held once a week, told as drills at once, passed by an acknowledgement, and over with it', async () => {
    await someoneOnDuty()
    await downtime(WEDNESDAY_MS - START_MS)
    await app.settle()
    expect(sent).toEqual([1])
    expect(app.arrived.map(({ notice }) => [notice.kind, notice.title.slice(0, 9)])).toEqual([['drill', '[演练 DRILL']])
    app.clock.advance(90_000)
    await acknowledge()
    expect(await held()).toMatchObject([{ state: 'passed', endedAtMs: WEDNESDAY_MS + 90_000, alarmId: expect.any(Number) as number }])
    expect(sent).toEqual([1, 0])
    expect(await standing('high')).toEqual([])
    await pass(3 * MINUTE_MS)
    expect(await states()).toEqual(['passed'])
    expect(await app.db.selectFrom('incident').selectAll().execute()).toEqual([])

    await downtime(WEDNESDAY_MS + 7 * DAY_MS - app.clock.nowMs())
    await app.settle()
    app.clock.advance(30_000)
    await acknowledge()
    expect(await states()).toEqual(['passed', 'passed'])
    const times = await loadResponseTimes(app.db, { of: 'drills', fromMs: START_MS, toMs: app.clock.nowMs() })
    expect(times).toMatchObject({
      alarms: 2,
      acknowledged: 2,
      detectToAcknowledged: { count: 2, p50Ms: 30_000, p95Ms: 90_000 },
      byChannel: [{ label: 'mail', detectToSent: { count: 2 }, failed: 0 }],
      byPerson: [{ name: 'duty', acknowledged: 2, detectToAcknowledged: { p50Ms: 30_000, p95Ms: 90_000 } }],
    })
    expect(await loadResponseTimes(app.db, { of: 'alarms', fromMs: START_MS, toMs: app.clock.nowMs() })).toMatchObject({
      alarms: 0,
      byChannel: [],
    })
  })

  it('escalate as real alarms do, fail when nobody acknowledges in time, and raise an alarm that the next one clears', async () => {
    await someoneOnDuty()
    const head = await app.person('keeper', ['room-keeper'])
    const { id: channel } = await app.db.selectFrom('channel').select('id').executeTakeFirstOrThrow()
    await app.contact(head, channel, 'keeper@test', { minPriority: 'critical' })
    const plan = await readProofSetting(app.db, 'drillPlan')
    await writeProofSetting(app.db, 'drillPlan', { ...plan, failsAfterMinutes: 12 })
    await drills.begin('主任', 'head', '')
    await pass(11 * MINUTE_MS)
    expect(await states()).toEqual(['running'])
    expect(app.arrived.map(({ address }) => address)).toContain('keeper@test')
    expect(app.arrived.every(({ notice }) => notice.kind === 'drill')).toBe(true)
    await pass(2 * MINUTE_MS)
    expect(await held()).toMatchObject([{ state: 'failed', reasonJson: expect.stringContaining('12 分钟内无人确认') as string }])
    expect(await standing('drill-failed')).toEqual(['UNACK'])
    // Its own alarm has ended with it and is not told any more.
    expect(await standing('high')).toEqual(['RTNUN'])

    await drills.begin('主任', 'head', '')
    await app.settle()
    await acknowledge()
    await app.settle()
    expect(await states()).toEqual(['failed', 'passed'])
    expect(await standing('drill-failed')).toEqual(['RTNUN'])
  })

  it('name the link that is broken: broker, judge, channel', async () => {
    await someoneOnDuty()
    way = 'no broker'
    await drills.begin(null, 'system', '')
    await pass(2 * MINUTE_MS)
    way = 'no judge'
    await drills.begin(null, 'system', '')
    await pass(2 * MINUTE_MS)
    way = 'open'
    app.behaviour.set('mail', refused)
    await writeProofSetting(app.db, 'drillPlan', { ...(await readProofSetting(app.db, 'drillPlan')), failsAfterMinutes: 2 })
    await drills.begin(null, 'system', '')
    await pass(3 * MINUTE_MS)
    const reasons = (await held()).map(({ reasonJson }) => (JSON.parse(reasonJson ?? '{}') as { en: string }).en)
    expect(reasons).toEqual([
      'no alarm came of the test reading: ECONNREFUSED',
      'no alarm came of the test reading',
      'no channel took a notice: 535 wrong password',
    ])
  })

  it('that were missed are made up by day and within a day, and otherwise let go', async () => {
    await someoneOnDuty()
    // The server comes back at night, 13 hours late: not now, and not later either.
    await downtime(WEDNESDAY_MS + 13 * HOUR_MS - START_MS)
    expect(await states()).toEqual([])
    await downtime(10 * HOUR_MS)
    expect(await states()).toEqual([])
    // Three hours late, in the afternoon.
    await downtime(WEDNESDAY_MS + 7 * DAY_MS + 3 * HOUR_MS - app.clock.nowMs())
    expect(await states()).toEqual(['running'])
    await app.settle()
    await acknowledge()
    // Two weeks away: one is not held for each, and this one is too old.
    await downtime(WEDNESDAY_MS + 23 * DAY_MS - app.clock.nowMs())
    expect(await states()).toEqual(['passed'])
  })

  it('go on after a restart, and nobody can begin a second one meanwhile', async () => {
    await someoneOnDuty()
    await drills.begin('主任', 'head', '')
    await app.settle()
    await downtime(5 * MINUTE_MS)
    await expect(drills.begin('主任', 'head', '')).rejects.toThrow('演练正在进行')
    await acknowledge()
    expect(await states()).toEqual(['passed'])
    expect(sent).toEqual([1, 0])
  })
})
