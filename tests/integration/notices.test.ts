import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { Sender } from '../../server/src/notify/sender.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, type NotifyApp, refused, START_MS, startNotifyApp, unreachable } from '../kit/notify-app.ts'
import { waitFor } from '../kit/services/child-program.ts'

describeEachDatabase('telling people', (newDatabase) => {
  let app: NotifyApp
  let mail: number
  let sms: number
  let duty: number
  let keeper: number
  let head: number

  beforeEach(async () => {
    app = await startNotifyApp(await newDatabase())
    mail = await app.channel('mail')
    sms = await app.channel('sms')
    duty = await app.person('duty', ['on-call'], { onDuty: true })
    keeper = await app.person('keeper', ['room-keeper'])
    head = await app.person('head', ['department-head'])
    await app.contact(duty, mail, 'duty@test')
    await app.contact(keeper, mail, 'keeper@test')
    await app.contact(head, mail, 'head@test')
  })
  afterEach(() => app.stop())

  const arrivals = (): string[] => app.arrived.map(({ notice, address }) => `${notice.kind} ${address}`)
  const codeOf = (): string => app.arrived.find(({ notice }) => notice.replyCode !== undefined)?.notice.replyCode ?? ''

  describe('a raise', () => {
    it('reaches whoever is on duty at once, with what, value, limit and code; the channel answer is kept', async () => {
      app.submit('raise', {})
      await app.settle()
      expect(arrivals()).toEqual(['raise duty@test'])
      const [first] = app.arrived
      expect(first?.notice.text).toMatch(/过高/)
      expect(first?.notice.text).toMatch(/31\.5.*28/)
      expect(first?.notice.text).toContain(`回复 ${codeOf()} 即确认`)
      expect(codeOf()).toMatch(/^\d{6}$/)
      expect(await app.outbox()).toMatchObject([{ state: 'sent', answer: 'OK', tier: 0 }])
      expect(await app.decisions()).toEqual(['raise told'])
    })

    it('is told as late when it comes from a replay, with its end', async () => {
      app.alarms.submit({
        kind: 'excursion',
        endedAtMs: START_MS - 1000,
        signal: { ...signal(), atMs: START_MS - 60_000, late: true },
      })
      await app.settle()
      expect(arrivals()).toEqual(['raise duty@test'])
      expect(app.arrived[0]?.notice.title).toContain('补报')
      expect(app.arrived[0]?.notice.text).toMatch(/恢复: 2026/)
      expect(await app.decisions()).toEqual(['late-raise told', 'late-clear not-needed'])
    })

    it('says why nobody was told', async () => {
      await app.db.updateTable('contact').set({ minPriority: 'critical' }).execute()
      app.submit('raise', { priority: 'medium' })
      await app.settle()
      expect(await app.decisions()).toEqual(['raise below-priority'])
      await app.db.updateTable('channel').set({ enabled: 0 }).execute()
      app.submit('raise', { sourceId: 2 })
      await app.settle()
      expect(await app.decisions()).toEqual(['raise below-priority', 'raise no-channel'])
    })

    it('tells a place by its own priority', async () => {
      await app.channel('chat', { place: true, minPriority: 'high' })
      app.submit('raise', { priority: 'medium' })
      app.submit('raise', { sourceId: 2, priority: 'critical' })
      await app.settle()
      expect(arrivals().sort()).toEqual(['raise ', 'raise duty@test', 'raise duty@test'])
    })
  })

  describe('a clear', () => {
    it('goes only to those who were told of the raise', async () => {
      app.submit('raise', {})
      await app.settle()
      await app.db.updateTable('account').set({ onDuty: 1 }).where('id', '=', keeper).execute()
      app.submit('clear', {})
      await app.settle()
      expect(arrivals()).toEqual(['raise duty@test', 'clear duty@test'])
      expect(await app.decisions()).toEqual(['raise told', 'clear told'])
    })

    it('cancels a raise that was not sent yet, and says so', async () => {
      app.behaviour.set('mail', unreachable)
      app.submit('raise', { priority: 'medium' })
      await app.settle()
      app.submit('clear', { priority: 'medium' })
      await app.settle()
      app.behaviour.delete('mail')
      await app.pass(2 * MINUTE_MS)
      expect(app.arrived).toEqual([])
      expect(await app.outbox()).toMatchObject([
        { state: 'cancelled', answer: expect.stringContaining('cleared before it was sent') as string },
      ])
      expect(await app.decisions()).toEqual(['raise told', 'clear not-needed'])
    })
  })

  describe('a storm', () => {
    it('is told in one summary, nothing is left out, and what is critical is told at once', async () => {
      for (let sourceId = 1; sourceId <= 40; sourceId += 1) app.submit('raise', { sourceId, priority: 'medium' })
      app.submit('raise', { sourceId: 99, priority: 'critical', condition: 'high-high' })
      await app.settle()
      expect(app.arrived).toHaveLength(11)
      expect(app.arrived.at(-1)?.notice.priority).toBeDefined()
      expect(app.arrived.filter(({ notice }) => notice.priority === 'critical')).toHaveLength(1)
      await app.alarms.acknowledge(41, 'duty', '')
      await app.pass(3 * MINUTE_MS)
      const summary = app.arrived.at(-1)?.notice
      expect(app.arrived).toHaveLength(12)
      expect(summary?.title).toContain('30 条告警')
      const left = await app.db.selectFrom('noticeLater').selectAll().where('outboxId', 'is', null).execute()
      expect(left).toEqual([])
      const decisions = await app.decisions()
      expect(decisions.filter((one) => one === 'raise grouped')).toHaveLength(30)
    })

    it('of one incident is announced once, then summed up', async () => {
      await app.db.insertInto('room').values({ site: 's', name: 'r', class: 'a', createdAtMs: 1 }).execute()
      for (const sourceId of [1, 2, 3]) app.submit('raise', { sourceId, roomId: 1, deviceId: 7 })
      await app.settle()
      expect(arrivals()).toEqual(['raise duty@test'])
      await app.pass(3 * MINUTE_MS)
      expect(app.arrived.at(-1)?.notice.title).toContain('2 条告警')
      expect(await app.decisions()).toEqual(['raise told', 'raise grouped', 'raise grouped'])
    })
  })

  describe('an escalation', () => {
    it('goes up by the policy, repeats for ever, and stops at an acknowledgement', async () => {
      app.submit('raise', {})
      await app.settle()
      await app.pass(10 * MINUTE_MS)
      expect(arrivals()).toEqual(['raise duty@test', 'escalation keeper@test'])
      await app.pass(20 * MINUTE_MS)
      expect(arrivals().at(-1)).toBe('escalation head@test')
      await app.pass(31 * MINUTE_MS)
      expect(arrivals().slice(3).sort()).toEqual(['escalation duty@test', 'escalation head@test', 'escalation keeper@test'])
      await app.alarms.acknowledge(1, 'head', '')
      await app.pass(65 * MINUTE_MS)
      expect(app.arrived).toHaveLength(6)
      expect((await app.db.selectFrom('alarm').select(['state', 'acknowledgedBy']).execute())[0]).toEqual({
        state: 'ACKED',
        acknowledgedBy: 'head',
      })
    })

    it('goes to the next tier at once when nobody is on duty, which is an alarm of its own', async () => {
      await app.db.updateTable('account').set({ onDuty: 0 }).execute()
      app.submit('raise', {})
      await app.settle()
      expect(arrivals()).toEqual(['escalation keeper@test'])
      expect(await app.decisions()).toEqual(['raise nobody'])
      await app.notifier.minute()
      await app.settle()
      const own = await app.db.selectFrom('alarm').selectAll().where('source', '=', 'roster').execute()
      expect(own).toMatchObject([{ condition: 'no-one-on-duty', state: 'UNACK', incidentId: null }])
      await app.db.updateTable('account').set({ onDuty: 1 }).where('id', '=', duty).execute()
      await app.notifier.minute()
      await app.settle()
      expect(await app.db.selectFrom('alarm').select('state').where('source', '=', 'roster').execute()).toEqual([{ state: 'RTNUN' }])
    })
  })

  describe('a channel that fails', () => {
    it('is tried again until it takes the notice; every attempt is kept', async () => {
      app.behaviour.set('mail', unreachable)
      app.submit('raise', {})
      await app.settle()
      expect(await app.outbox()).toMatchObject([{ state: 'pending', answer: 'connection refused' }])
      await app.pass(20_000)
      app.behaviour.delete('mail')
      await app.pass(MINUTE_MS)
      expect(arrivals()).toEqual(['raise duty@test'])
      const attempts = await app.db.selectFrom('outboxAttempt').selectAll().orderBy('id').execute()
      expect(attempts.length).toBeGreaterThanOrEqual(3)
      expect(attempts.map(({ outcome }) => outcome)).toEqual([...attempts.slice(1).map(() => 'failed'), 'sent'])
    })

    it('hands over to the person’s other channel, then to the next tier, and is an alarm of its own', async () => {
      await app.contact(duty, sms, '111@test', { minPriority: 'critical' })
      app.behaviour.set('mail', refused)
      app.submit('raise', {})
      await app.settle()
      expect(app.arrived.filter(({ channelId }) => channelId === sms).map(({ address }) => address)).toContain('111@test')
      const own = await app.db.selectFrom('alarm').selectAll().where('source', '=', 'channel').execute()
      expect(own).toMatchObject([{ condition: 'channel-failing', sourceId: mail, valueJson: '"535 wrong password"' }])
      expect(await app.outbox()).toMatchObject([{ state: 'failed', answer: '535 wrong password' }, { state: 'sent' }, {}])

      // The other channel fails as well: the next tier does not wait its ten minutes.
      app.behaviour.set('sms', refused)
      app.submit('raise', { sourceId: 2 })
      await app.settle()
      const escalated = (await app.outbox()).filter(
        ({ kind, address, alarmId }) => kind === 'escalation' && address === 'keeper@test' && alarmId === 3,
      )
      expect(escalated).toHaveLength(1)
    })

    it('is alarmed when it is away for minutes, and clears when it is back; nothing is lost in between', async () => {
      app.behaviour.set('mail', unreachable)
      app.submit('raise', { priority: 'medium' })
      await app.pass(5 * MINUTE_MS)
      const own = () => app.db.selectFrom('alarm').select('state').where('source', '=', 'channel').execute()
      expect(await own()).toEqual([{ state: 'UNACK' }])
      await app.pass(60 * MINUTE_MS)
      app.behaviour.delete('mail')
      await app.pass(3 * MINUTE_MS)
      expect(arrivals().filter((one) => one === 'raise duty@test').length).toBeGreaterThanOrEqual(1)
      expect(await own()).toEqual([{ state: 'RTNUN' }])
      expect((await app.outbox()).filter(({ state }) => state === 'failed')).toEqual([])
    }, 120_000)
  })

  describe('an answer with the code', () => {
    const reply = async (from: string, text: string): Promise<void> => {
      const rows = async () => (await app.db.selectFrom('audit').select('seq').execute()).length
      const before = await rows()
      app.clock.advance(1000)
      await app.reply(mail, { from, text, atMs: app.clock.nowMs() })
      await waitFor('the answer is taken', 20_000, async () => ((await rows()) > before ? true : undefined))
      await app.notifier.idle()
    }
    const confirmations = () =>
      waitFor('a confirmation', 8000, async () => {
        await app.settle()
        const found = app.arrived.filter(({ notice }) => notice.kind === 'system').map(({ notice }) => notice.text)
        return found.length > 0 ? found : undefined
      })

    it('acknowledges in the person’s name and is confirmed', async () => {
      app.submit('raise', {})
      await app.settle()
      await reply('Duty@test', `收到 ${codeOf()}`)
      expect(await confirmations()).toEqual(['已确认告警 1。'])
      const transitions = await app.db.selectFrom('alarmTransition').select(['event', 'person']).orderBy('id').execute()
      expect(transitions.at(-1)).toEqual({ event: 'acknowledge', person: 'duty' })
      expect(await app.db.selectFrom('escalation').selectAll().execute()).toEqual([])
    })

    it('counts from a contact only; a wrong one is answered and audited', async () => {
      app.submit('raise', {})
      await app.settle()
      await reply('stranger@test', codeOf())
      await reply('duty@test', codeOf() === '000000' ? '111111' : '000000')
      expect(await confirmations()).toEqual(['回复码无效，未确认任何告警。'])
      expect((await app.db.selectFrom('alarm').select('state').execute())[0]?.state).toBe('UNACK')
      const audited = await app.db.selectFrom('audit').select('action').where('action', 'like', 'notice.%').orderBy('seq').execute()
      expect(audited.map(({ action }) => action)).toEqual(['notice.reply-from-stranger', 'notice.wrong-reply-code'])
      expect((await verifyAudit(app.db)).ok).toBe(true)
    })
  })

  it('is sent once by two servers on one database', async () => {
    const { db, clock, log } = app
    const other = new Sender({ db, clock, log, connections: app.notifier.connections, onEnd: () => undefined })
    for (let sourceId = 1; sourceId <= 20; sourceId += 1) app.submit('raise', { sourceId, priority: 'critical' })
    await app.alarms.flush()
    await Promise.all([app.notifier.turn(), other.run()])
    await Promise.all([app.settle(), other.idle()])
    await other.stop()
    expect(new Set(app.arrived.map(({ notice }) => notice.id)).size).toBe(20)
    expect(app.arrived).toHaveLength(20)
  })

  it('finds each minute what should be alarming and was not told, tells it and logs it', async () => {
    app.submit('raise', {})
    await app.alarms.flush()
    await app.notifier.idle()
    // As if a bug or a hand in the database had lost it.
    await app.db.deleteFrom('outboxAttempt').execute()
    await app.db.deleteFrom('outbox').execute()
    await app.db.deleteFrom('escalation').execute()
    app.arrived.length = 0
    app.clock.advance(2 * MINUTE_MS)
    await app.notifier.minute()
    await app.settle()
    expect(arrivals()).toEqual(['raise duty@test'])
    expect(app.errors).toMatchObject([{ module: 'notify', count: 1 }])
    await app.notifier.minute()
    expect(app.errors).toHaveLength(1)
  })

  function signal() {
    return {
      source: 'point',
      sourceId: 1,
      condition: 'high',
      priority: 'high',
      value: 31.5,
      limit: 28,
      roomId: null,
      deviceId: null,
      pointId: null,
    } as const
  }
})
