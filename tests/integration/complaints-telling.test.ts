import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Recurrence } from '@roomkeeper/shared/http'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { soundDecision } from '../../dashboard/src/features/sound/sound-decision.ts'
import { windowTimes } from '../../server/src/alarms/windows/window-times.ts'
import { startLifeApp } from '../kit/life-app.ts'
import { MINUTE_MS, type NotifyApp, refused, startNotifyApp, unreachable } from '../kit/notify-app.ts'

// What people complain about in other systems, about telling. The numbers are those of the list; 17 and 18 belong to reports and registers.

const HOUR_MS = 60 * MINUTE_MS

describe('complaints about alarms that are told', () => {
  const started: NotifyApp[] = []
  afterEach(async () => {
    for (const app of started.splice(0)) await app.stop()
  })
  /** Duty, room keeper and department head, all by one channel. */
  const start = async (location = ':memory:'): Promise<NotifyApp> => {
    const app = await startNotifyApp(location)
    started.push(app)
    if (await app.db.selectFrom('channel').select('id').executeTakeFirst()) return app
    const mail = await app.channel('mail')
    for (const [name, role] of [
      ['duty', 'on-call'],
      ['keeper', 'room-keeper'],
      ['head', 'department-head'],
    ] as const)
      await app.contact(await app.person(name, [role], { onDuty: name === 'duty' }), mail, `${name}@test`)
    return app
  }
  const told = (app: NotifyApp): string[] => app.arrived.map(({ notice, address }) => `${notice.kind} ${address}`)
  const stateOf = async ({ db }: NotifyApp): Promise<string | undefined> =>
    (await db.selectFrom('alarm').select('state').where('source', '=', 'point').executeTakeFirst())?.state

  it('1: a firing alarm can be acknowledged, and then nobody is called again (no way to do so elsewhere)', async () => {
    const app = await start()
    app.submit('raise', {})
    await app.settle()
    await app.alarms.acknowledge(1, 'duty', 'on my way')
    await app.pass(31 * MINUTE_MS)
    expect(await stateOf(app)).toBe('ACKED')
    expect(told(app)).toEqual(['raise duty@test'])
  })

  it('2: "resolved" is told when the alarm was shelved meanwhile (never sent elsewhere when silenced)', async () => {
    const app = await startLifeApp(':memory:')
    started.push(app)
    const duty = await app.reachable('duty', ['room-keeper'], { onDuty: true })
    app.submit('raise', {})
    await app.settle()
    await app.as(duty).life.shelve({ alarmId: 1, untilMs: app.clock.nowMs() + HOUR_MS, reason: 'the fan is being changed' })
    app.submit('clear', {})
    await app.settle()
    expect(told(app)).toEqual(['raise duty@test', 'clear duty@test'])
  })

  it('2: "resolved" is told after a restart (never sent elsewhere)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-complaints-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const before = await start(join(folder, 'roomkeeper.db'))
    before.submit('raise', {})
    await before.settle()
    await before.stop()
    started.length = 0
    const app = await start(join(folder, 'roomkeeper.db'))
    app.clock.advance(MINUTE_MS)
    app.submit('clear', {})
    await app.settle()
    expect([...told(before), ...told(app)]).toEqual(['raise duty@test', 'clear duty@test'])
  })

  it('5: when nobody reacts the next people are called, and everybody again for ever (no escalation elsewhere)', async () => {
    const app = await start()
    app.submit('raise', {})
    await app.settle()
    for (let minute = 0; minute < 62; minute += 1) {
      app.clock.advance(MINUTE_MS)
      await app.settle()
    }
    const people = (address: string): number => told(app).filter((one) => one.endsWith(` ${address}`)).length
    expect([people('duty@test'), people('keeper@test'), people('head@test')]).toEqual([2, 2, 2])
  })

  it('6: a notice that fails is tried again, and each attempt is kept with the answer (neither retried nor logged elsewhere)', async () => {
    const app = await start()
    app.behaviour.set('mail', unreachable)
    app.submit('raise', {})
    await app.settle()
    app.behaviour.delete('mail')
    await app.pass(20_000)
    expect(told(app)).toEqual(['raise duty@test'])
    const attempts = await app.db.selectFrom('outboxAttempt').select(['outcome', 'text']).orderBy('id').execute()
    expect(attempts).toEqual([
      { outcome: 'failed', text: 'connection refused' },
      { outcome: 'sent', text: 'OK' },
    ])
  })

  it('8: a maintenance window keeps its local time over daylight saving, and opens once in the night of the change', () => {
    const sunday: Recurrence = { kind: 'weekly', days: [7], at: '01:30', minutes: 60 }
    const startsAfter = (text: string): string =>
      new Date(windowTimes(sunday, 'America/New_York', Date.parse(text)).next?.fromMs ?? 0).toISOString()
    expect(startsAfter('2026-03-01T12:00Z')).toBe('2026-03-08T06:30:00.000Z')
    expect(startsAfter('2026-03-08T12:00Z')).toBe('2026-03-15T05:30:00.000Z')
    // 01:30 comes twice on this night.
    expect(startsAfter('2026-11-01T00:00Z')).toBe('2026-11-01T05:30:00.000Z')
    expect(startsAfter('2026-11-01T05:30Z')).toBe('2026-11-08T06:30:00.000Z')
  })

  it('16: the sound goes on until somebody acknowledges, also when the alarm has cleared (stops before elsewhere)', async () => {
    const app = await start()
    const sound = async (): Promise<string> => {
      const alarms = await app.db.selectFrom('alarm').select(['id', 'state', 'priority']).execute()
      const seen = alarms.map((alarm) => ({ ...alarm, drill: false })) as Parameters<typeof soundDecision>[0]['alarms']
      return soundDecision({ alarms: seen, isOnDuty: true, mute: null, nowMs: app.clock.nowMs() }).state
    }
    app.submit('raise', {})
    await app.settle()
    expect(await sound()).toBe('sounding')
    app.clock.advance(MINUTE_MS)
    app.submit('clear', {})
    await app.settle()
    expect([await stateOf(app), await sound()]).toEqual(['RTNUN', 'sounding'])
    await app.alarms.acknowledge(1, 'duty', '')
    expect(await sound()).toBe('quiet')
  })

  it('20: when everybody was tried in vain the alarm stays unacknowledged and the calls go on (auto-acknowledged elsewhere)', async () => {
    const app = await start()
    app.behaviour.set('mail', refused)
    app.submit('raise', {})
    await app.settle()
    for (let minute = 0; minute < 150; minute += 1) {
      app.clock.advance(MINUTE_MS)
      await app.settle()
    }
    expect(app.arrived).toEqual([])
    expect(await stateOf(app)).toBe('UNACK')
    app.behaviour.delete('mail')
    for (let minute = 0; minute < 31; minute += 1) {
      app.clock.advance(MINUTE_MS)
      await app.settle()
    }
    expect(new Set(app.arrived.filter(({ notice }) => notice.facts.alarmId === 1).map(({ address }) => address))).toEqual(
      new Set(['duty@test', 'keeper@test', 'head@test']),
    )
  })
})
