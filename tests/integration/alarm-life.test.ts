import { SHELVE_MAX_HOURS } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type LifeApp, startLifeApp } from '../kit/life-app.ts'
import { MINUTE_MS } from '../kit/notify-app.ts'

const HOUR_MS = 60 * MINUTE_MS

describeEachDatabase('the life of alarms', (newDatabase) => {
  let app: LifeApp
  let duty: Actor
  let keeper: Actor
  let room: number
  let hot: Awaited<ReturnType<LifeApp['point']>>

  beforeEach(async () => {
    app = await startLifeApp(await newDatabase())
    duty = await app.reachable('duty', ['on-call'], { onDuty: true })
    keeper = await app.reachable('keeper', ['room-keeper'])
    room = await app.room('主机房')
    hot = await app.point(room, '空调1', 'temperature', 'temperature')
  })
  afterEach(() => app.stop())

  const raise = async (signal: Parameters<LifeApp['submit']>[1] = {}) => {
    app.clock.advance(1)
    app.submit('raise', { ...hot, ...signal })
    await app.settle()
  }
  const clear = async (signal: Parameters<LifeApp['submit']>[1] = {}) => {
    app.clock.advance(1)
    app.submit('clear', { ...hot, ...signal })
    await app.settle()
  }
  const arrivals = () => app.arrived.map(({ notice, address }) => `${notice.kind} ${address.split('@')[0]}`)
  /** The time leaps: what came of it is done at once. */
  const later = async (ms: number) => {
    app.clock.advance(ms)
    await app.settle()
  }
  const states = async () => (await app.db.selectFrom('alarm').select('state').orderBy('id').execute()).map(({ state }) => state)
  const alarmOf = async (id: number) => app.as(duty).alarms.get({ alarmId: id })
  const shelve = (hours: number) => app.as(duty).life.shelve({ alarmId: 1, untilMs: app.clock.nowMs() + hours * HOUR_MS, reason: '等备件' })
  const escalations = () => app.db.selectFrom('escalation').select('alarmId').execute()

  describe('shelving', () => {
    it('says who, why and until when, and ends the calls; the end of what was told is told, once', async () => {
      await raise()
      expect(await escalations()).toHaveLength(1)
      const alarm = await shelve(2)
      expect(alarm).toMatchObject({ state: 'SHLVD', active: true })
      expect(alarm.hold).toEqual({
        kind: 'shelve',
        holdId: 1,
        by: 'duty',
        reason: '等备件',
        fromMs: app.clock.nowMs(),
        untilMs: app.clock.nowMs() + 2 * HOUR_MS,
      })
      expect(await escalations()).toEqual([])
      await clear()
      await raise()
      await clear()
      await later(HOUR_MS)
      expect(arrivals()).toEqual(['raise duty', 'clear duty'])
      expect((await alarmOf(1)).transitions.map(({ event, to, decision }) => [event, to, decision])).toEqual([
        ['raise', 'UNACK', 'told'],
        ['shelve', 'SHLVD', 'silenced'],
        ['clear', 'SHLVD', 'told'],
        ['raise', 'SHLVD', 'silenced'],
        ['clear', 'SHLVD', null],
      ])
      await later(HOUR_MS)
      expect(await states()).toEqual(['NORM'])
      expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
    })

    it('announces its end to whoever shelved and whoever is on duty, and tells what still stands as new', async () => {
      await raise()
      await app.as(keeper).life.shelve({ alarmId: 1, untilMs: app.clock.nowMs() + HOUR_MS, reason: '等备件' })
      await later(49 * MINUTE_MS)
      expect(arrivals()).toEqual(['raise duty'])
      await later(2 * MINUTE_MS)
      expect(arrivals().slice(1).sort()).toEqual(['system duty', 'system keeper'])
      const announced = app.arrived.find(({ notice }) => notice.kind === 'system')?.notice
      expect(announced?.title).toBe('[搁置即将结束] 主机房 · 空调1 · 温度 · 过高')
      expect(announced?.text).toContain('目前有 1 条告警仍然存在')
      expect(announced?.text).toContain('等备件 (keeper')
      await later(10 * MINUTE_MS)
      expect(arrivals().slice(3)).toEqual(['raise duty'])
      expect(app.arrived.at(-1)?.notice.title).toContain('静默结束，仍在告警')
      expect(await states()).toEqual(['UNACK'])
      expect(await escalations()).toHaveLength(1)
      expect(await app.as(duty).life.holds({ scope: 'ended' })).toMatchObject([{ endedBy: null, by: 'keeper' }])
    })

    it('can be ended and extended by a person; an extension is announced anew', async () => {
      await raise()
      await shelve(1)
      await later(51 * MINUTE_MS)
      const untilMs = app.clock.nowMs() + 2 * HOUR_MS
      const extended = await app.as(keeper).life.extend({ holdId: 1, untilMs, reason: '备件明天到' })
      expect(extended).toMatchObject({ untilMs, reason: '备件明天到', by: 'keeper', label: '主机房 · 空调1 · 温度 · 过高', standing: 1 })
      expect(extended.labelEn).toContain('high')
      await later(HOUR_MS)
      expect(await states()).toEqual(['SHLVD'])
      await app.as(duty).life.end({ holdId: 1 })
      await app.settle()
      const released = (await alarmOf(1)).transitions.at(-1)
      expect(released).toMatchObject({ event: 'release', from: 'SHLVD', to: 'UNACK', person: 'duty', decision: 'told' })
      await expect(app.as(duty).life.end({ holdId: 1 })).rejects.toThrow(/已结束.*ended already/)
      const audit = await app.db.selectFrom('audit').select(['action', 'actor']).where('entity', '=', 'hold:1').orderBy('seq').execute()
      expect(audit.map(({ action, actor }) => `${action} ${actor}`)).toEqual([
        'shelve.begin duty',
        'shelve.extend keeper',
        'shelve.end duty',
      ])
    })

    it('is refused with what is allowed', async () => {
      await raise()
      const until = (hours: number) => app.as(duty).life.shelve({ alarmId: 1, untilMs: app.clock.nowMs() + hours * HOUR_MS, reason: 'x' })
      await expect(until(SHELVE_MAX_HOURS.high + 1)).rejects.toMatchObject({
        code: 'INVALID',
        message: expect.stringContaining('24 小时'),
        data: { field: 'untilMs', allowed: expect.stringMatching(/^≤ 2026/) },
      })
      await expect(until(0)).rejects.toMatchObject({ code: 'INVALID' })
      await expect(app.as(duty).life.shelve({ alarmId: 99, untilMs: app.clock.nowMs() + HOUR_MS, reason: 'x' })).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
      await until(1)
      await expect(until(1)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('change its end') })
      await expect(app.as(duty).alarms.acknowledge({ alarmId: 1 })).rejects.toThrow(/已搁置/)
      await app.as(duty).life.end({ holdId: 1 })
      await clear()
      await expect(until(1)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('acknowledge it instead') })
    })

    it('is cut short when the alarm becomes more severe', async () => {
      await raise({ priority: 'low' })
      await shelve(100)
      app.submit('re-alarm', { ...hot, priority: 'critical' })
      await app.settle()
      expect(await alarmOf(1)).toMatchObject({ state: 'SHLVD', priority: 'critical', hold: { untilMs: app.clock.nowMs() + 4 * HOUR_MS } })
      expect(arrivals()).toEqual(['raise duty'])
    })
  })

  describe('out of service', () => {
    it('keeps everything of a room silent, without incidents, until it is ended; then what stands is told and gets its incident', async () => {
      const hold = await app.as(keeper).life.takeOut({ scope: 'room', scopeId: room, untilMs: null, reason: '空调大修' })
      expect(hold).toMatchObject({ kind: 'out-of-service', label: '主机房', untilMs: null })
      await raise()
      await raise({ sourceId: hot.deviceId, source: 'device', condition: 'device-offline', pointId: null })
      await later(5 * MINUTE_MS)
      expect(await states()).toEqual(['OOSRV', 'OOSRV'])
      expect(arrivals()).toEqual([])
      expect(await app.db.selectFrom('incident').select('id').execute()).toEqual([])
      expect((await app.as(duty).life.holds({}))[0]?.standing).toBe(2)
      await clear({ sourceId: hot.deviceId, source: 'device', condition: 'device-offline', pointId: null })
      await expect(app.as(duty).life.end({ holdId: hold.id })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await app.as(keeper).life.end({ holdId: hold.id })
      await app.settle()
      expect(await states()).toEqual(['UNACK', 'NORM'])
      expect(arrivals()).toEqual(['raise duty'])
      expect(await app.db.selectFrom('incident').select('id').execute()).toHaveLength(1)
      expect(await app.decisions()).toContain('release told')
    })

    it('takes what stands out of the calls, also the calls that wait for a summary', async () => {
      for (let i = 0; i < 12; i += 1) await raise({ condition: 'low', sourceId: 100 + i, pointId: null, priority: 'medium' })
      await raise({ priority: 'medium' })
      const before = await app.db.selectFrom('noticeLater').select('id').execute()
      await app.as(keeper).life.takeOut({ scope: 'device', scopeId: hot.deviceId, untilMs: null, reason: '检修' })
      await later(3 * MINUTE_MS)
      expect(before.length).toBeGreaterThan(0)
      expect(await app.db.selectFrom('noticeLater').select('id').where('outboxId', 'is', null).execute()).toEqual([])
      expect((await states()).every((state) => state === 'OOSRV')).toBe(true)
      expect(app.arrived.filter(({ notice }) => notice.title.includes('汇总'))).toEqual([])
    })

    it('is refused for what is not there, and twice', async () => {
      const takeOut = (scopeId: number) => app.as(keeper).life.takeOut({ scope: 'device', scopeId, untilMs: null, reason: 'x' })
      await expect(takeOut(99)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await takeOut(hot.deviceId)
      await expect(takeOut(hot.deviceId)).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('keeper') })
    })

    it('without an end is asked after, and stale, after 30 days', async () => {
      await app.as(keeper).life.takeOut({ scope: 'device', scopeId: hot.deviceId, untilMs: null, reason: '检修' })
      await raise()
      expect(await app.as(duty).alarms.list({ scope: 'stale' })).toEqual([])
      app.clock.advance(30 * 24 * HOUR_MS + 1)
      await app.settle()
      expect(await app.as(duty).alarms.list({ scope: 'stale' })).toMatchObject([{ id: 1, state: 'OOSRV', stale: true }])
      expect(arrivals().sort()).toEqual(['system duty', 'system keeper'])
      expect(app.arrived[0]?.notice.title).toContain('仍在停用')
    })
  })

  describe('mains lost', () => {
    const down = { condition: 'low', value: 0, limit: 198 } as const
    const phase = (line: string) => app.point(room, '配电柜', `input.${line}-N.voltage`, 'voltage')

    it('is told once: the consequences fold under it, join its incident, and what is left a minute later is told', async () => {
      const [l1, l2, l3] = [await phase('L1'), await phase('L2'), await phase('L3')]
      const frequency = await app.point(room, '配电柜', 'input.frequency', 'frequency')
      const ups = await app.point(room, 'UPS2', 'ups.status', 'ups-status')
      await raise({ ...l1, ...down })
      await raise({ ...l2, ...down })
      await raise({ ...l3, ...down })
      await raise({ ...frequency, condition: 'low', priority: 'medium', value: 0 })
      await raise({ ...ups, condition: 'state', value: 'OB DISCHRG' })
      expect(await states()).toEqual(['UNACK', 'DSUPR', 'DSUPR', 'DSUPR', 'DSUPR'])
      expect(arrivals()).toEqual(['raise duty'])
      expect((await alarmOf(1)).suppresses).toEqual({ devices: 0, points: 0, alarms: 4 })
      expect((await alarmOf(4)).cause).toMatchObject({ alarmId: 1, condition: 'low', deviceName: '配电柜' })
      const incidents = await app.db.selectFrom('alarm').select('incidentId').execute()
      expect(new Set(incidents.map(({ incidentId }) => incidentId)).size).toBe(1)
      // Water, heat and an empty battery are never a consequence.
      await raise({ ...hot, condition: 'high-high', priority: 'critical' })
      await raise({ ...ups, condition: 'state-critical', priority: 'critical', value: 'OB LB' })
      expect((await states()).slice(5)).toEqual(['UNACK', 'UNACK'])
      await clear({ ...ups, condition: 'state-critical', value: 'OL' })
      for (const line of [l1, l2]) await clear({ ...line, ...down })
      await later(50_000)
      expect((await states()).slice(0, 5)).toEqual(['RTNUN', 'DSUPR', 'DSUPR', 'DSUPR', 'DSUPR'])
      await clear({ ...frequency, condition: 'low' })
      await clear({ ...ups, condition: 'state' })
      await later(20_000)
      // The third phase is the cause now of whatever else comes.
      expect((await states()).slice(0, 5)).toEqual(['RTNUN', 'DSUPR', 'UNACK', 'DSUPR', 'DSUPR'])
      expect((await alarmOf(3)).transitions.map(({ event, decision }) => [event, decision])).toEqual([
        ['raise', 'silenced'],
        ['release', expect.stringMatching(/told|grouped/)],
      ])
      await clear({ ...l3, ...down })
      await later(70_000)
      expect((await states()).slice(0, 5)).toEqual(['RTNUN', 'NORM', 'RTNUN', 'NORM', 'NORM'])
    })

    it('folds what was noticed a moment before it, and ends its calls', async () => {
      const air = await app.point(room, '空调2', 'fault', 'cooling-fault')
      await raise({ ...air, condition: 'state', value: true })
      expect(await escalations()).toHaveLength(1)
      app.clock.advance(MINUTE_MS)
      await raise({ ...(await phase('L1')), ...down })
      expect(await states()).toEqual(['DSUPR', 'UNACK'])
      expect(await escalations()).toEqual([{ alarmId: 2 }])
    })

    it('that is shelved hides nothing: the next that tells of it is told', async () => {
      const [l1, l2, l3] = [await phase('L1'), await phase('L2'), await phase('L3')]
      for (const line of [l1, l2, l3]) await raise({ ...line, ...down })
      await shelve(1)
      await later(70_000)
      expect(await states()).toEqual(['SHLVD', 'UNACK', 'DSUPR'])
      await later(3 * MINUTE_MS)
      // In the summary of their incident.
      expect(app.arrived.at(-1)?.notice.title).toBe('[汇总] 1 条告警，1 条未恢复')
    })

    it('is none in another room', async () => {
      const other = await app.room('副机房')
      await raise({ ...(await phase('L1')), ...down })
      await raise({ ...(await app.point(other, 'UPS9', 'input.voltage', 'voltage')), ...down })
      expect(await states()).toEqual(['UNACK', 'UNACK'])
    })
  })

  it('a latched alarm stays until a person resets it', async () => {
    await raise({ latching: true })
    await app.as(duty).alarms.acknowledge({ alarmId: 1 })
    await clear()
    expect(await states()).toEqual(['RTNUN'])
    expect(await app.as(duty).alarms.acknowledge({ alarmId: 1 })).toMatchObject({ state: 'NORM', latching: true })
  })

  it('an alarm that becomes more severe is told anew and gets its incident; less severe, nobody is told', async () => {
    await raise({ priority: 'medium' })
    await app.as(duty).alarms.acknowledge({ alarmId: 1 })
    app.submit('re-alarm', { ...hot, priority: 'high' })
    await app.settle()
    expect(await alarmOf(1)).toMatchObject({ state: 'UNACK', priority: 'high', incidentId: 1 })
    app.submit('step-down', { ...hot, priority: 'medium' })
    await app.settle()
    expect(await alarmOf(1)).toMatchObject({ state: 'UNACK', priority: 'medium' })
    expect(arrivals()).toEqual(['raise duty', 're-alarm duty'])
  })

  it('a drill opens no incident and counts as no load', async () => {
    await raise({ drill: true })
    expect(await alarmOf(1)).toMatchObject({ drill: true, incidentId: null })
    expect(await app.as(duty).life.quality({ days: 1 })).toMatchObject({ annunciated: 0, nuisances: [] })
  })

  describe('how good the alarms are', () => {
    it('is summed up: states, stale, flood; a flood is kept with its peak and ends by itself', async () => {
      for (let i = 1; i <= 12; i += 1) await raise({ sourceId: 200 + i, pointId: null, priority: 'low' })
      expect(await app.as(duty).life.summary()).toMatchObject({ unacknowledged: 12, flood: { inTenMinutes: 12, operators: 1 } })
      await app.as(duty).alarms.acknowledge({ alarmId: 1 })
      await app.as(duty).life.shelve({ alarmId: 2, untilMs: app.clock.nowMs() + HOUR_MS, reason: 'x' })
      await later(11 * MINUTE_MS)
      const summary = await app.as(duty).life.summary()
      expect(summary).toEqual({
        ...{ unacknowledged: 10, acknowledged: 1, returned: 0, shelved: 1, suppressed: 0, outOfService: 0, stale: 0, flood: null },
      })
      app.clock.advance(25 * HOUR_MS)
      await app.settle()
      expect((await app.as(duty).life.summary()).stale).toBe(12)
      expect(await app.as(duty).alarms.list({ scope: 'stale' })).toHaveLength(12)
      const quality = await app.as(duty).life.quality({ days: 2 })
      expect(quality.floods).toMatchObject([{ peak: 12, toMs: expect.any(Number) }])
      // The shelved one was told again.
      expect(quality).toMatchObject({ annunciated: 13, operators: 1, byPriority: { low: 13, medium: 0, high: 0, critical: 0 } })
      expect(quality.nuisances[0]?.kinds).toContain('stale')
    })

    it('finds what chatters, with its names', async () => {
      for (let i = 0; i < 4; i += 1) {
        await raise()
        app.clock.advance(5000)
        await clear()
      }
      const [nuisance] = (await app.as(duty).life.quality({ days: 1 })).nuisances
      expect(nuisance).toMatchObject({
        ...{ kinds: ['chattering', 'fleeting'], raised: 4, share: 1, mostInAMinute: 4, deviceName: '空调1', roomName: '主机房' },
      })
      expect(nuisance?.medianMs).toBe(5001)
    })

    it('lists by scope', async () => {
      await raise()
      await raise({ condition: 'low' })
      await shelve(1)
      const ids = async (scope: 'open' | 'silent' | 'all') => (await app.as(duty).alarms.list({ scope })).map(({ id }) => id)
      expect([await ids('open'), await ids('silent'), await ids('all')]).toEqual([[2], [1], [2, 1]])
    })
  })
})
