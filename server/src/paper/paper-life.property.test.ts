import fc from 'fast-check'
import pino from 'pino'
import { expect, it } from 'vitest'
import { AlarmStore } from '../alarms/alarm-store.ts'
import type { AlarmSignal } from '../alarms/alarm-types.ts'
import { openDatabase } from '../database/database.ts'
import { attachIncident } from '../incidents/incident-births.ts'
import { createPipeline } from '../notify/pipeline.ts'
import { PAPER_MARGIN_MS, PAPER_WAIT_MS } from './paper-cover.ts'

const START_MS = Date.UTC(2026, 2, 2, 8)
const MINUTE_MS = 60_000

interface Opening {
  atMs: number
  roomId: number
}
interface Stay {
  recordId: number
  roomId: number
  inAtMs: number
  outAtMs: number | null
}

const roomId = fc.integer({ min: 1, max: 2 })
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open' as const), roomId, seconds: fc.constantFrom(0, 5, 150) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('learn-of' as const), roomId, minutes: fc.integer({ min: 4, max: 90 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('check-in' as const), roomId }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('check-out' as const), roomId }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 20, 70, 119, 200, 1800) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('acknowledge' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
)

it('an opening that nothing covers is always told, one that a visit covers never', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (given) => {
      const house = await start()
      try {
        for (const one of given) await house.take(one)
        await house.check()
      } finally {
        await house.stop()
      }
    }),
    { numRuns: 60 },
  )
}, 120_000)

async function start() {
  const db = await openDatabase(':memory:')
  for (const name of ['a', 'b']) await db.insertInto('room').values({ site: 's', name, class: 'computer-room', createdAtMs: 0 }).execute()
  await db.insertInto('edgeNode').values({ site: 's', node: 'n', version: null, lastSeenMs: null, online: 1 }).execute()
  const named = { name: '', nameEn: '', nameByPerson: 0 }
  for (const id of [1, 2]) {
    const device = { ...named, nodeId: 1, device: `d${id}`, maker: '', model: '', roomId: id, online: 1, bornAtMs: 0 }
    await db.insertInto('device').values(device).execute()
    const point = { ...named, deviceId: id, key: 'door', kind: 'door', unit: '1', intervalMs: 1000, low: null, high: null }
    await db.insertInto('point').values(point).execute()
  }
  const person = { username: 'duty', name: 'duty', passwordHash: '-', rolesJson: '[]', onDuty: 1, disabled: 0, mustChangePassword: 0 }
  await db
    .insertInto('account')
    .values({ ...person, lastSignInMs: null, createdAtMs: 0 })
    .execute()
  const channel = { kind: 'played', label: 'c', enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 0, changedAtMs: 0 }
  await db
    .insertInto('channel')
    .values({ ...channel, removedAtMs: null })
    .execute()
  const contact = { accountId: 1, channelId: 1, address: 'a@test', minPriority: 'low', language: 'zh', enabled: 1 }
  await db.insertInto('contact').values(contact).execute()

  let nowMs = START_MS
  const dependencies = {
    db,
    clock: { nowMs: () => nowMs },
    log: pino({ level: 'silent' }),
    attachIncident,
    queueNotices: createPipeline({ placeKinds: new Set<string>(), urlOf: () => undefined }),
  }
  let store = new AlarmStore(dependencies)
  await store.start()
  const openings: Opening[] = []
  const stays: Stay[] = []

  const signalOf = (room: number, atMs: number, late = false): AlarmSignal => ({
    ...{ source: 'point', sourceId: room, condition: 'door-opened', priority: 'medium', atMs, value: true, limit: 'true', late },
    ...{ roomId: room, deviceId: room, pointId: room },
  })
  const isOpen = async (room: number) =>
    (await db.selectFrom('alarm').select('id').where('sourceId', '=', room).where('active', '=', 1).executeTakeFirst()) !== undefined
  const settle = async () => {
    await store.flush()
    await store.reconcileSilence()
  }
  const pass = async (ms: number) => {
    nowMs += ms
    await settle()
  }
  const move = async (recordId: number, from: string, to: string) => {
    await db
      .updateTable('registerRecord')
      .set({ state: to, phase: to === 'left' ? 'done' : 'open', stateSinceMs: nowMs })
      .where('id', '=', recordId)
      .execute()
    const how = { kind: 'move', move: to, by: 'x', byId: null, claimedAtMs: null, comment: '', emergency: 0, atRoom: 0, changesJson: '[]' }
    await db
      .insertInto('registerStep')
      .values({ ...how, recordId, fromState: from, toState: to, atMs: nowMs })
      .execute()
  }

  const take = async (one: typeof step extends fc.Arbitrary<infer S> ? S : never): Promise<void> => {
    nowMs += 1
    const inside = 'roomId' in one ? stays.find((stay) => stay.roomId === one.roomId && stay.outAtMs === null) : undefined
    switch (one.do) {
      case 'open': {
        if (await isOpen(one.roomId)) break
        openings.push({ atMs: nowMs, roomId: one.roomId })
        store.submit({ kind: 'raise', signal: signalOf(one.roomId, nowMs) })
        await settle()
        await pass(one.seconds * 1000 + 1)
        store.submit({ kind: 'clear', signal: signalOf(one.roomId, nowMs) })
        break
      }
      case 'learn-of': {
        const atMs = nowMs - one.minutes * MINUTE_MS
        const isOther = openings.every((opening) => opening.roomId !== one.roomId || Math.abs(opening.atMs - atMs) > 4 * MINUTE_MS)
        if (!isOther) break
        openings.push({ atMs, roomId: one.roomId })
        store.submit({ kind: 'excursion', signal: signalOf(one.roomId, atMs, true), endedAtMs: atMs + 3000 })
        break
      }
      case 'check-in': {
        if (inside) break
        const who = { createdBy: 'x', createdById: null, createdAtMs: nowMs, changedBy: 'x', changedAtMs: nowMs, stateSinceMs: nowMs }
        const text = { title: 't', searchText: '', fieldsJson: '{}', sheetJson: '{}', revision: 1, whenMs: nowMs, scheduleId: null }
        const none = { dueAtMs: null, remindAtMs: null, remindedAtMs: null, headAtMs: null, headToldAtMs: null, clientKey: null }
        const about = { register: 'visit', number: `VIS-${stays.length}`, state: 'approved', phase: 'open', roomId: one.roomId }
        const { id } = await db
          .insertInto('registerRecord')
          .values({ ...who, ...text, ...none, ...about })
          .returning('id')
          .executeTakeFirstOrThrow()
        await move(id, 'approved', 'inside')
        stays.push({ recordId: id, roomId: one.roomId, inAtMs: nowMs, outAtMs: null })
        break
      }
      case 'check-out':
        if (!inside) break
        await move(inside.recordId, 'inside', 'left')
        inside.outAtMs = nowMs
        break
      case 'pass':
        nowMs += one.seconds * 1000
        break
      case 'acknowledge': {
        const row = await db.selectFrom('alarm').select('id').where('state', 'in', ['UNACK', 'RTNUN']).limit(1).executeTakeFirst()
        if (row) await store.acknowledge(row.id, 'Li Na', '')
        break
      }
      case 'restart':
        await store.stop()
        store = new AlarmStore(dependencies)
        await store.start()
    }
    await settle()
  }

  const check = async (): Promise<void> => {
    await pass(PAPER_MARGIN_MS)
    const told = await db
      .selectFrom('alarm')
      .innerJoin('alarmTransition', 'alarmTransition.alarmId', 'alarm.id')
      .innerJoin('noticeDecision', 'noticeDecision.transitionId', 'alarmTransition.id')
      .select(['alarm.raisedAtMs', 'alarm.roomId'])
      .where('noticeDecision.decision', 'in', ['told', 'grouped'])
      .where('alarmTransition.event', 'in', ['raise', 'release', 'late-raise'])
      .execute()
    for (const { atMs, roomId: room } of openings) {
      const within = (beforeMs: number, stay: Stay) =>
        stay.roomId === room && atMs > stay.inAtMs - beforeMs && atMs < (stay.outAtMs ?? Number.POSITIVE_INFINITY) + PAPER_MARGIN_MS
      const wasTold = told.some((one) => one.raisedAtMs === atMs && one.roomId === room)
      if (stays.some((stay) => within(PAPER_WAIT_MS - 1000, stay))) expect({ atMs, wasTold }).toEqual({ atMs, wasTold: false })
      else if (!stays.some((stay) => within(PAPER_MARGIN_MS + 1, stay))) expect({ atMs, wasTold }).toEqual({ atMs, wasTold: true })
    }
    expect(await store.reconcileSilence()).toBe(false)
    expect(await db.selectFrom('alarm').select('id').where('active', '=', 0).where('state', '=', 'DSUPR').execute()).toEqual([])
  }
  const stop = async (): Promise<void> => {
    await store.stop()
    await db.destroy()
  }
  return { take, check, stop }
}
