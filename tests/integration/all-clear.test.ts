import type { PartState } from '@roomkeeper/shared/http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dropOldNotices } from '../../server/src/notify/outbox-retention.ts'
import { type AllClearDeps, allClearMinute } from '../../server/src/proof/all-clear.ts'
import { type AllClearFacts, renderAllClear } from '../../server/src/proof/all-clear-text.ts'
import { queueHeartbeats } from '../../server/src/proof/heartbeat.ts'
import { writeProofSetting } from '../../server/src/proof/stored-settings.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, type NotifyApp, refused, START_MS, startNotifyApp } from '../kit/notify-app.ts'

const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const COUNTS = { points: 12, pointsLive: 12, agents: 2, agentsOnline: 2 }

describeEachDatabase('the daily all-clear', (newDatabase) => {
  let app: NotifyApp
  let deps: AllClearDeps
  let parts: Record<string, PartState>

  beforeEach(async () => {
    app = await startNotifyApp(await newDatabase())
    parts = { database: { ok: true, message: '' } }
    deps = {
      db: app.db,
      clock: app.clock,
      timeZone: 'Asia/Shanghai',
      health: () => parts,
      counts: () => COUNTS,
      change: () => undefined,
      wake: () => app.notifier.wake(),
    }
    const mail = await app.channel('mail')
    const robot = await app.channel('robot', { place: true })
    await app.contact(await app.person('head', ['department-head'], { onDuty: true }), mail, 'head@test', { language: 'en' })
    const { id } = await app.db.selectFrom('contact').select('id').executeTakeFirstOrThrow()
    await writeProofSetting(app.db, 'allClearPlan', { enabled: true, at: '08:00', contactIds: [id], channelIds: [robot] })
    await allClearMinute(deps)
  })
  afterEach(() => app.stop())

  /** At this time of the clock, as often as the minute's tick may come. */
  const at = async (ms: number): Promise<string[]> => {
    app.clock.advance(ms - app.clock.nowMs())
    const before = app.arrived.length
    for (let tick = 0; tick < 3; tick += 1) await allClearMinute(deps)
    await app.settle()
    const news = app.arrived.slice(before).filter(({ notice }) => notice.kind === 'all-clear')
    // Two channels send side by side: English first, whichever was quicker.
    return news.map(({ notice }) => notice.title).sort()
  }
  /** 08:00 in Shanghai, so many days after the start (16:00 there). */
  const morning = (day: number): number => START_MS - 8 * HOUR_MS + day * DAY_MS

  it('comes once a day, to those who were chosen, in their language', async () => {
    expect(await at(morning(1) - 1)).toEqual([])
    expect(await at(morning(1))).toEqual(['[Daily] all well', '[每日平安] 一切正常'])
    expect(await at(morning(1) + HOUR_MS)).toEqual([])
    expect(await at(morning(2) + MINUTE_MS)).toHaveLength(2)
    expect(app.arrived.map(({ notice }) => notice.text).join('\n')).not.toContain('late')
  })

  it('that is late says so', async () => {
    expect(await at(morning(1) + 3 * HOUR_MS)).toHaveLength(2)
    const texts = app.arrived.map(({ notice }) => notice.text)
    expect(texts.sort((a, b) => Number(a.includes('晚发')) - Number(b.includes('晚发')))).toEqual([
      expect.stringContaining('Sent 180 min late') as string,
      expect.stringContaining('晚发 180 分钟') as string,
    ])
  })

  it('never says that all is well while an alarm stands, waits or is silent, or a part is ill', async () => {
    app.submit('raise', { priority: 'high' })
    await app.settle()
    expect((await at(morning(1))).at(-1)).toContain('1 项不正常：1 条告警未恢复（高 1）')
    app.submit('clear', {})
    await app.settle()
    expect((await at(morning(2))).at(-1)).toContain('无人确认')
    await app.db.updateTable('alarm').set({ state: 'SHLVD', active: 1 }).execute()
    expect((await at(morning(3))).at(-1)).toContain('搁置')
    await app.db.updateTable('alarm').set({ state: 'NORM', active: 0 }).execute()
    parts = { database: { ok: true, message: '' }, readings: { ok: false, message: 'away' } }
    expect((await at(morning(4))).at(-1)).toContain('读数存储异常')
    parts = {}
    expect((await at(morning(5))).at(-1)).toContain('一切正常')
  })

  describe('heartbeats', () => {
    let watcher: number
    const beat = async (): Promise<void> => {
      await queueHeartbeats({ ...deps, counts: () => COUNTS })
      await app.settle()
    }
    const rows = () =>
      app.db.selectFrom('outbox').select(['state', 'text', 'channelId']).where('kind', '=', 'heartbeat').orderBy('id').execute()
    beforeEach(async () => {
      const channel = { kind: 'watcher', label: 'watchdog', enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 0 }
      const row = await app.db
        .insertInto('channel')
        .values({ ...channel, changedAtMs: app.clock.nowMs() - 1, removedAtMs: null })
        .returning('id')
        .executeTakeFirstOrThrow()
      watcher = row.id
    })

    it('go to watchers only, one a minute, and none when alarms could not be told', async () => {
      await beat()
      expect(await rows()).toMatchObject([{ channelId: watcher, text: expect.stringContaining('"pointsLive":12') as string }])
      parts = { notices: { ok: false, message: 'stuck' } }
      app.clock.advance(MINUTE_MS)
      await beat()
      expect(await rows()).toHaveLength(1)
    })

    it('are no alarms: nothing else goes to a watcher, and what fails for three minutes is the alarm of its channel', async () => {
      app.submit('raise', { priority: 'critical' })
      await app.settle()
      expect((await app.db.selectFrom('outbox').select('channelId').execute()).map(({ channelId }) => channelId)).not.toContain(watcher)
      const failing = async (): Promise<number> =>
        (await app.db.selectFrom('alarm').select('id').where('condition', '=', 'channel-failing').where('sourceId', '=', watcher).execute())
          .length
      // There is no such kind among the channels of this test: every attempt fails.
      for (let minute = 0; minute < 2; minute += 1) {
        await beat()
        await app.pass(MINUTE_MS)
      }
      expect(await failing()).toBe(0)
      for (let minute = 0; minute < 3; minute += 1) {
        await beat()
        await app.pass(MINUTE_MS)
      }
      expect(await failing()).toBe(1)
      expect((await rows()).filter(({ state }) => state === 'pending').length).toBeLessThanOrEqual(1)
    })

    it('are forgotten after a day, and other notices after 400 with their attempts', async () => {
      await beat()
      app.behaviour.set('mail', refused)
      app.submit('raise', { priority: 'critical' })
      await app.settle()
      const count = async (table: 'outbox' | 'outboxAttempt'): Promise<number> =>
        (await app.db.selectFrom(table).select('id').execute()).length
      const [before, attempts] = [await count('outbox'), await count('outboxAttempt')]
      const heartbeats = (await rows()).length
      expect([heartbeats, before > heartbeats, attempts > heartbeats]).toEqual([1, true, true])
      expect(await dropOldNotices(app.db, app.clock.nowMs() + DAY_MS - 1)).toBe(0)
      expect(await dropOldNotices(app.db, app.clock.nowMs() + DAY_MS + 1)).toBe(1)
      expect(await dropOldNotices(app.db, app.clock.nowMs() + 400 * DAY_MS + 1)).toBe(before - heartbeats)
      expect([await count('outbox'), await count('outboxAttempt')]).toEqual([0, 0])
    })
  })
})

describe('the words of the all-clear', () => {
  const facts: AllClearFacts = {
    standing: {},
    returned: 0,
    silent: 0,
    ...COUNTS,
    failingChannels: [],
    isNobodyOnDuty: false,
    illParts: [],
    drill: { state: 'passed', atMs: START_MS - DAY_MS, acknowledgedMs: 42_000, reason: null },
    isDrillPlanned: true,
    nowMs: START_MS,
    lateMs: 0,
  }

  it.each([
    ['alarms', { standing: { low: 1 } }],
    ['unacknowledged ones', { returned: 1 }],
    ['silent ones', { silent: 1 }],
    ['stale points', { pointsLive: 11 }],
    ['no points', { points: 0, pointsLive: 0 }],
    ['an agent that is away', { agentsOnline: 1 }],
    ['no agents', { agents: 0, agentsOnline: 0 }],
    ['a failing channel', { failingChannels: ['短信'] }],
    ['nobody on duty', { isNobodyOnDuty: true }],
    ['an ill part', { illParts: [{ name: 'broker', message: 'away' }] }],
    ['a failed drill', { drill: { state: 'failed', atMs: START_MS, acknowledgedMs: null, reason: { zh: '没人', en: 'nobody' } } }],
    ['no drill for long', { drill: { state: 'passed', atMs: START_MS - 9 * DAY_MS, acknowledgedMs: 1, reason: null } }],
  ] as const)('with %s do not say that all is well', (_what, change) => {
    expect(renderAllClear(facts, 'zh')).toMatchObject({
      title: '[每日平安] 一切正常',
      text: expect.stringContaining('42 秒后有人确认') as string,
    })
    for (const language of ['zh', 'en'] as const) {
      const { title, text } = renderAllClear({ ...facts, ...change } as AllClearFacts, language)
      expect(title).not.toMatch(/一切正常|all well/)
      expect(text).not.toMatch(/一切正常|all well|没有未恢复的告警|undefined|NaN/)
    }
  })
})
