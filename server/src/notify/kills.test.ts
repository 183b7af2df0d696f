import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AlarmStore } from '../alarms/alarm-store.ts'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { openDatabase } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { attachIncident } from '../incidents/incident-births.ts'
import { LEASE_MS } from './outbox-claims.ts'
import { createPipeline } from './pipeline.ts'
import { Sender } from './sender.ts'

const log = pino({ level: 'silent' })
const queueNotices = createPipeline({ placeKinds: new Set(['place']), urlOf: () => undefined })

class Killed extends Error {}

/** A program that dies before or after its n-th step: transactions, and the two sides of a send. Whatever it does afterwards has no effect. */
function mortal(db: Db, dieAtStep: number) {
  let step = 0
  let isDead = false
  const live = (): void => {
    if (isDead || step === dieAtStep) isDead = true
    if (isDead) throw new Killed('killed')
    step += 1
  }
  const mortalDb = new Proxy(db, {
    get(target, key) {
      if (isDead) throw new Killed('killed')
      if (key !== 'transaction') {
        const own: unknown = Reflect.get(target, key)
        return typeof own === 'function' ? (own.bind(target) as unknown) : own
      }
      return () => ({
        execute: async <T>(work: (transaction: Db) => Promise<T>): Promise<T> => {
          live()
          const result = await target.transaction().execute(work)
          live()
          return result
        },
      })
    },
  })
  return { db: mortalDb, live, isDead: () => isDead, steps: () => step }
}

function signal(sourceId: number, atMs: number): AlarmSignal {
  const place = { roomId: null, deviceId: null, pointId: null }
  return { source: 'point', sourceId, condition: 'high', priority: 'critical', atMs, value: 31, limit: 28, late: false, ...place }
}

describe('kills', () => {
  let dir: string
  let files = 0
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-notify-kills-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function openWithPlace(): Promise<Db> {
    files += 1
    const db = await openDatabase(join(dir, `${files}.db`))
    const place = { kind: 'place', label: 'place', enabled: 1, minPriority: 'low', settingsJson: '{}' }
    await db
      .insertInto('channel')
      .values({ ...place, revision: 0, changedAtMs: 0, removedAtMs: null })
      .execute()
    return db
  }

  /** Two alarms, told by programs that die one after the other at these steps; the last one lives. */
  async function tell(kills: readonly number[]): Promise<{ arrived: Map<string, number>; raised: number; kills: number; steps: number }> {
    const db = await openWithPlace()
    let nowMs = 1_000_000
    const arrived = new Map<string, number>()
    const alarms: [number, number][] = [
      [1, nowMs],
      [2, nowMs + 1],
    ]
    let killed = 0
    let steps = 0
    for (const dieAt of [...kills, Number.POSITIVE_INFINITY]) {
      const life = mortal(db, dieAt)
      const clock = { nowMs: () => nowMs }
      const store = new AlarmStore({ db: life.db, clock, log, attachIncident, queueNotices })
      await store.start()
      const sender = new Sender({
        db: life.db,
        clock,
        log,
        random: () => 0.5,
        onEnd: () => undefined,
        connections: {
          of: async () => ({
            send: async (notice) => {
              life.live()
              arrived.set(notice.id, (arrived.get(notice.id) ?? 0) + 1)
              life.live()
              return { answer: 'OK' }
            },
            close: async () => undefined,
          }),
        },
      })
      // What was not durable comes again from the agents' logs: an alarm that stands is not raised twice.
      for (const [sourceId, atMs] of alarms) store.submit({ kind: 'raise', signal: signal(sourceId, atMs) })
      // A dead program's store would try for ever: whatever is durable is so after one write.
      await Promise.race([
        store.flush(),
        new Promise((resolve) => setTimeout(resolve, life.isDead() || dieAt !== Number.POSITIVE_INFINITY ? 30 : 2000)),
      ])
      for (let round = 0; round < 3 && !life.isDead(); round += 1) {
        await sender.run().catch(() => undefined)
        await sender.idle()
      }
      if (life.isDead()) killed += 1
      else steps = life.steps()
      await Promise.race([store.stop(), new Promise((resolve) => setTimeout(resolve, 20))])
      await sender.stop()
      nowMs += LEASE_MS + 1000
    }
    const raised = (await db.selectFrom('alarm').selectAll().execute()).length
    const rows = await db.selectFrom('outbox').select(['noticeId', 'state']).execute()
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'sent'])
    expect([...arrived.keys()].sort()).toEqual(rows.map(({ noticeId }) => noticeId).sort())
    expect(raised).toBe(2)
    await db.destroy()
    return { arrived, raised, kills: killed, steps }
  }

  it('between every pair of steps lose nothing, and bring one more copy at most, of the same notice id', async () => {
    const { steps } = await tell([])
    expect(steps).toBeGreaterThanOrEqual(10)
    for (let dieAt = 0; dieAt < steps; dieAt += 1) {
      const { arrived, kills } = await tell([dieAt])
      expect(kills).toBe(1)
      const copies = [...arrived.values()].reduce((sum, count) => sum + count - 1, 0)
      expect(copies).toBeLessThanOrEqual(kills)
    }
  }, 120_000)

  it('several in a row lose nothing either', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 14 }), { minLength: 2, maxLength: 4 }), async (deaths) => {
        const { arrived, kills } = await tell(deaths)
        const copies = [...arrived.values()].reduce((sum, count) => sum + count - 1, 0)
        expect(copies).toBeLessThanOrEqual(kills)
      }),
      { numRuns: 12 },
    )
  }, 120_000)
})

describe('every transition', () => {
  it('has its decision, whatever happens in whatever order', async () => {
    const db = await openDatabase(':memory:')
    const place = { kind: 'place', label: 'place', enabled: 1, minPriority: 'medium', settingsJson: '{}' }
    await db
      .insertInto('channel')
      .values({ ...place, revision: 0, changedAtMs: 0, removedAtMs: null })
      .execute()
    let nowMs = 1_000_000
    const store = new AlarmStore({ db, clock: { nowMs: () => nowMs }, log, attachIncident, queueNotices })
    await store.start()
    const step = fc.record({
      kind: fc.constantFrom('raise', 'clear', 're-alarm', 'began-earlier', 'excursion', 'acknowledge'),
      sourceId: fc.integer({ min: 1, max: 3 }),
      priority: fc.constantFrom('low', 'medium', 'high', 'critical'),
      agoMs: fc.nat({ max: 5000 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        for (const { kind, sourceId, priority, agoMs } of steps) {
          nowMs += 1000
          const one = { ...signal(sourceId, nowMs - agoMs), priority } as AlarmSignal
          if (kind === 'acknowledge') {
            const open = await db.selectFrom('alarm').select('id').where('state', 'in', ['UNACK', 'RTNUN']).executeTakeFirst()
            if (open) await store.acknowledge(open.id, 'Li Na', '')
          } else if (kind === 'excursion') store.submit({ kind, signal: { ...one, late: true }, endedAtMs: one.atMs + 500 })
          else store.submit({ kind: kind as 'raise' | 'clear' | 're-alarm' | 'began-earlier', signal: one })
          await store.flush()
        }
        const undecided = await db
          .selectFrom('alarmTransition')
          .leftJoin('noticeDecision', 'noticeDecision.transitionId', 'alarmTransition.id')
          .select('alarmTransition.id')
          .where('noticeDecision.decision', 'is', null)
          .execute()
        expect(undecided).toEqual([])
        // Told or grouped means that there is a row for it.
        const told = await db.selectFrom('noticeDecision').select('transitionId').where('decision', 'in', ['told', 'grouped']).execute()
        const rows = await db
          .selectFrom('outbox')
          .select('transitionId')
          .union(db.selectFrom('noticeLater').select('transitionId'))
          .execute()
        const withRow = new Set(rows.map(({ transitionId }) => transitionId))
        expect(told.filter(({ transitionId }) => !withRow.has(transitionId))).toEqual([])
      }),
      { numRuns: 40 },
    )
    await store.stop()
    await db.destroy()
  }, 60_000)
})
