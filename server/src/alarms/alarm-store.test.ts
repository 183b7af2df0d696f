import pino from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { attachIncident } from '../incidents/incident-births.ts'
import { createPipeline } from '../notify/pipeline.ts'
import { AlarmStateError, AlarmStore } from './alarm-store.ts'
import type { AlarmChange, AlarmSignal, AlarmTransitionNotice } from './alarm-types.ts'
import { nextState } from './transition-table.ts'

const signal = (atMs: number, more: Partial<AlarmSignal> = {}): AlarmSignal => ({
  source: 'point',
  sourceId: 1,
  condition: 'high',
  priority: 'medium',
  atMs,
  value: 11,
  limit: 10,
  late: false,
  roomId: 1,
  deviceId: 1,
  pointId: 1,
  ...more,
})
const change = (kind: 'raise' | 'clear' | 're-alarm' | 'began-earlier', atMs: number, more: Partial<AlarmSignal> = {}): AlarmChange => ({
  kind,
  signal: signal(atMs, more),
})
const excursion = (atMs: number, endedAtMs: number): AlarmChange => ({ kind: 'excursion', signal: signal(atMs, { late: true }), endedAtMs })

describe('ISA-18.2 transitions', () => {
  it.each([
    ['NORM', 'raise', 'UNACK'],
    ['UNACK', 'raise', undefined],
    ['ACKED', 'raise', undefined],
    ['RTNUN', 'raise', 'UNACK'],
    ['UNACK', 'clear', 'RTNUN'],
    ['ACKED', 'clear', 'NORM'],
    ['RTNUN', 'clear', undefined],
    ['NORM', 'clear', undefined],
    ['UNACK', 'acknowledge', 'ACKED'],
    ['RTNUN', 'acknowledge', 'NORM'],
    ['ACKED', 'acknowledge', undefined],
    ['NORM', 'acknowledge', undefined],
    ['ACKED', 're-alarm', 'UNACK'],
    ['UNACK', 're-alarm', 'UNACK'],
    ['RTNUN', 're-alarm', undefined],
    ['UNACK', 'step-down', 'UNACK'],
    ['ACKED', 'step-down', 'ACKED'],
    ['UNACK', 'shelve', 'SHLVD'],
    ['RTNUN', 'shelve', undefined],
    ['NORM', 'shelve', undefined],
    ['ACKED', 'suppress', undefined],
    ['SHLVD', 'out-of-service', 'OOSRV'],
    ['RTNUN', 'out-of-service', undefined],
    ['SHLVD', 'acknowledge', undefined],
    ['UNACK', 'release', undefined],
  ] as const)('%s, %s: %s', (from, event, to) => {
    expect(nextState(from, event)).toBe(to)
  })

  it.each([
    ['SHLVD', 'raise', { active: false }, 'SHLVD'],
    ['SHLVD', 'raise', { active: true }, undefined],
    ['OOSRV', 'clear', { active: true }, 'OOSRV'],
    ['OOSRV', 'clear', { active: false }, undefined],
    ['DSUPR', 're-alarm', { active: true }, 'DSUPR'],
    ['DSUPR', 'release', { active: true }, 'UNACK'],
    ['DSUPR', 'release', { active: false }, 'NORM'],
    ['SHLVD', 'release', { active: false, latching: true }, 'RTNUN'],
    ['ACKED', 'clear', { active: true, latching: true }, 'RTNUN'],
    ['UNACK', 'clear', { active: true, latching: true }, 'RTNUN'],
  ] as const)('%s, %s with %o: %s', (from, event, condition, to) => {
    expect(nextState(from, event, condition)).toBe(to)
  })
})

describe('AlarmStore', () => {
  let db: Db
  let nowMs: number
  let failing: (signal: AlarmSignal) => boolean
  let store: AlarmStore
  let told: AlarmTransitionNotice[]

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    nowMs = 1_000_000
    failing = () => false
    store = new AlarmStore({
      db,
      clock: { nowMs: () => nowMs },
      log: pino({ level: 'silent' }),
      attachIncident: async (transaction, alarm, atMs) => {
        if (failing(alarm)) throw new Error('cannot be written')
        return attachIncident(transaction, alarm, atMs)
      },
      queueNotices: createPipeline({ placeKinds: new Set(), urlOf: () => undefined }),
    })
    await store.start()
    told = []
    store.onTransition((notice) => told.push(notice))
  })
  afterEach(async () => {
    failing = () => false
    await store.stop()
    await db.destroy()
  })

  const submit = async (...changes: AlarmChange[]): Promise<void> => {
    for (const one of changes) store.submit(one)
    await store.flush()
  }
  const transitions = async (): Promise<string[]> =>
    (await db.selectFrom('alarmTransition').selectAll().orderBy('id').execute()).map(
      ({ alarmId, event, toState, atMs }) => `${alarmId} ${event} ${toState} ${atMs}`,
    )
  const alarms = () => db.selectFrom('alarm').selectAll().orderBy('id').execute()

  it('keeps one row from NORM to NORM, with person, time and note', async () => {
    await submit(change('raise', 10), change('clear', 20), change('raise', 30))
    nowMs = 1_000_500
    await store.acknowledge(1, 'Li Na', '已联系厂家')
    await submit(change('clear', 40))
    expect(await transitions()).toEqual([
      '1 raise UNACK 10',
      '1 clear RTNUN 20',
      '1 raise UNACK 30',
      '1 acknowledge ACKED 1000500',
      '1 clear NORM 40',
    ])
    expect(await alarms()).toEqual([
      expect.objectContaining({
        state: 'NORM',
        raisedAtMs: 10,
        clearedAtMs: 40,
        acknowledgedBy: 'Li Na',
        acknowledgedAtMs: 1_000_500,
        note: '已联系厂家',
      }),
    ])
    await submit(change('raise', 50))
    expect((await alarms()).map(({ state }) => state)).toEqual(['NORM', 'UNACK'])
  })

  it('refuses to acknowledge what needs none, and knows no alarm that is not there', async () => {
    await submit(change('raise', 10))
    await store.acknowledge(1, 'Li Na', '')
    await expect(store.acknowledge(1, 'Wang', '')).rejects.toThrow(AlarmStateError)
    expect(await store.acknowledge(99, 'Li Na', '')).toBeUndefined()
  })

  it('alarms anew when it becomes more severe after it was acknowledged', async () => {
    await submit(change('raise', 10))
    await store.acknowledge(1, 'Li Na', '')
    await submit(change('re-alarm', 20))
    expect((await alarms())[0]?.state).toBe('UNACK')
  })

  it('tells listeners only what is durable, and all of them', async () => {
    const durable: boolean[] = []
    store.onTransition(() => {
      throw new Error('a bad listener')
    })
    const checks: Promise<void>[] = []
    store.onTransition(({ transitionId }) => {
      checks.push(
        db
          .selectFrom('alarmTransition')
          .select('id')
          .where('id', '=', transitionId)
          .executeTakeFirst()
          .then((row) => void durable.push(row !== undefined)),
      )
    })
    await submit(change('raise', 10), change('clear', 20))
    await Promise.all(checks)
    expect(durable).toEqual([true, true])
    expect(told.map(({ event, state }) => `${event} ${state}`)).toEqual(['raise UNACK', 'clear RTNUN'])
    expect(store.lastTransitionId()).toBe(2)
  })

  it('gives a high alarm its incident, in the same transaction', async () => {
    await submit(change('raise', 10, { priority: 'high' }))
    const incidents = await db.selectFrom('incident').selectAll().execute()
    expect(incidents).toHaveLength(1)
    expect(told[0]).toMatchObject({ incidentId: incidents[0]?.id, incidentOpened: true })
    failing = () => true
    store.submit(change('raise', 20, { sourceId: 2, priority: 'high' }))
    await vi.waitFor(() => expect(store.health().ok).toBe(false), 5000)
    expect(await alarms()).toHaveLength(1)
  })

  it('tries again until the database takes it, and keeps the order of each alarm', async () => {
    let isAway = true
    failing = ({ sourceId }) => isAway && sourceId === 1
    const high = { priority: 'high' } as const
    for (const one of [change('raise', 10, high), change('clear', 20, high), change('raise', 15, { sourceId: 2 })]) store.submit(one)
    await vi.waitFor(async () => expect(await transitions()).toEqual(['1 raise UNACK 15']), 5000)
    expect(store.health()).toEqual({ ok: false, message: expect.stringContaining('2 waiting') })
    store.submit(change('raise', 30, high))
    store.submit(change('clear', 35, { sourceId: 2 }))
    // Not held up by the other's next try.
    await vi.waitFor(async () => expect(await transitions()).toHaveLength(2), 800)
    // People can go on with the other alarms.
    await store.acknowledge(1, 'Li Na', '')
    isAway = false
    await store.flush()
    const ofFirst = (await transitions()).filter((text) => text.startsWith('2 '))
    expect(ofFirst).toEqual(['2 raise UNACK 10', '2 clear RTNUN 20', '2 raise UNACK 30'])
    expect(store.health().ok).toBe(true)
  })

  describe('what a replay tells', () => {
    it('makes a late occurrence that waits for a person', async () => {
      await submit(excursion(10, 20))
      expect(await transitions()).toEqual(['1 late-raise UNACK 10', '1 late-clear RTNUN 20'])
      expect(await alarms()).toEqual([expect.objectContaining({ late: 1, state: 'RTNUN', raisedAtMs: 10, clearedAtMs: 20 })])
    })

    it('is recognised when it was told already', async () => {
      await submit(change('raise', 10), change('clear', 20), excursion(10, 20), excursion(12, 18))
      await submit(excursion(30, 40), excursion(30, 40), change('began-earlier', 30))
      expect(await transitions()).toEqual([
        '1 raise UNACK 10',
        '1 clear RTNUN 20',
        '2 late-raise UNACK 30',
        '2 late-clear RTNUN 40',
        '2 raise UNACK 30',
      ])
    })

    it('is not taken for an alarm that stood before and after it', async () => {
      await submit(change('raise', 10), change('clear', 20), change('raise', 50), excursion(30, 40))
      expect((await alarms()).map(({ id, raisedAtMs, state }) => [id, raisedAtMs, state])).toEqual([
        [1, 10, 'UNACK'],
        [2, 30, 'RTNUN'],
      ])
      // The standing one is cleared, not the late one beside it.
      await submit(change('clear', 60))
      expect((await alarms()).map(({ state }) => state)).toEqual(['RTNUN', 'RTNUN'])
    })

    it('puts the beginning of a standing alarm right', async () => {
      await submit(change('raise', 20), change('began-earlier', 10), change('began-earlier', 15))
      expect(await transitions()).toEqual(['1 raise UNACK 20', '1 late-raise UNACK 10'])
      expect((await alarms())[0]?.raisedAtMs).toBe(10)
    })

    it('raises what began in the replay and stands', async () => {
      await submit(change('began-earlier', 10))
      await submit(change('clear', 20), change('began-earlier', 30))
      expect(await transitions()).toEqual(['1 raise UNACK 10', '1 clear RTNUN 20', '1 raise UNACK 30'])
    })

    it('never ends before it began', async () => {
      await submit(excursion(10, 0))
      expect((await alarms())[0]).toMatchObject({ raisedAtMs: 10, clearedAtMs: 10 })
    })
  })

  it('writes every transition into the audit chain', async () => {
    await submit(change('raise', 10), change('clear', 20))
    await store.acknowledge(1, 'Li Na', '')
    const rows = await db.selectFrom('audit').select(['actor', 'action']).orderBy('seq').execute()
    expect(rows).toEqual([
      { actor: 'system', action: 'alarm.raise' },
      { actor: 'system', action: 'alarm.clear' },
      { actor: 'Li Na', action: 'alarm.acknowledge' },
    ])
  })

  it('takes thousands of changes in order', async () => {
    const changes = Array.from({ length: 1000 }, (_, i) => change(i % 2 === 0 ? 'raise' : 'clear', i, { sourceId: 1 + (i % 3) }))
    await submit(...changes)
    const rows = await db
      .selectFrom('alarmTransition')
      .innerJoin('alarm', 'alarm.id', 'alarmId')
      .select(['sourceId', 'atMs'])
      .orderBy('alarmTransition.id')
      .execute()
    for (const source of [1, 2, 3]) {
      const times = rows.filter(({ sourceId }) => sourceId === source).map(({ atMs }) => atMs)
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(times.length).toBeGreaterThan(300)
    }
  })
})
