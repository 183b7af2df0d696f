import { createRouterClient } from '@orpc/server'
import type { Role } from '@roomkeeper/shared/model'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAccounts } from '../../server/src/accounts/accounts.ts'
import { type Actor, api } from '../../server/src/api/base.ts'
import { createNoticeHandlers, type NoticesDeps } from '../../server/src/api/notices.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { MINUTE_MS, type NotifyApp, refused, START_MS, startNotifyApp } from '../kit/notify-app.ts'

const PASSWORD = 'correct horse battery staple'
const HOUR_MS = 60 * MINUTE_MS

function clientFor(deps: NoticesDeps, actor: Actor) {
  const router = { notices: api.notices.router(createNoticeHandlers(deps)) }
  return createRouterClient(router, { context: { actor, address: '127.0.0.1', setSessionCookie: () => undefined } })
}

describeEachDatabase('the API of telling people', (newDatabase) => {
  let app: NotifyApp
  let head: Actor
  let duty: Actor
  let officer: Actor
  let as: (actor: Actor) => ReturnType<typeof clientFor>

  beforeEach(async () => {
    app = await startNotifyApp(await newDatabase())
    const accounts = createAccounts({ db: app.db, clock: app.clock, log: app.log })
    const deps = { ...app, accounts, change: () => undefined }
    as = (actor) => clientFor(deps, actor)
    const setup: Actor = { accountId: null, username: 'setup', name: 'setup', roles: [], sessionHash: null, mustChangePassword: false }
    const person = async (username: string, roles: Role[]): Promise<Actor> => {
      const { id } = await accounts.create(setup, { username, name: username, roles, password: PASSWORD })
      return { accountId: id, username, name: username, roles, sessionHash: 'test', mustChangePassword: false }
    }
    head = await person('head', ['department-head'])
    duty = await person('duty', ['on-call'])
    officer = await person('officer', ['information-officer'])
  })
  afterEach(() => app.stop())

  const mail = (settings: Record<string, unknown> = { label: 'mail', id: 1, token: 'secret-token' }) =>
    as(head).notices.createChannel({ kind: 'played', label: '院内邮件', enabled: true, minPriority: 'low', settings })
  const contactOf = (actor: Actor, channelId: number, address = 'duty@test') => ({
    accountId: actor.accountId ?? 0,
    channelId,
    address,
    minPriority: 'low' as const,
    language: 'zh' as const,
    enabled: true,
  })

  describe('channels', () => {
    it('come with the schema of their settings', async () => {
      const kinds = await as(duty).notices.channelKinds()
      expect(kinds.find(({ name }) => name === 'played')).toMatchObject({
        secrets: ['token'],
        settings: { type: 'object', properties: { label: { type: 'string' }, token: { type: 'string' } } },
        address: { label: { zh: '地址' }, pattern: expect.stringContaining('@test') as string },
      })
      expect(kinds.find(({ name }) => name === 'played-place')?.address).toBeNull()
    })

    it('never give a secret back, keep one that is left out, and name a wrong setting', async () => {
      const made = await mail()
      expect(made).toMatchObject({ settings: { label: 'mail', id: 1 }, secretsSet: ['token'], revision: 0 })
      const { id, label, enabled, minPriority } = made
      const changed = await as(head).notices.updateChannel({
        channelId: id,
        revision: 0,
        label,
        enabled,
        minPriority,
        settings: { label: 'mail2', id: 1 },
      })
      expect(changed).toMatchObject({ settings: { label: 'mail2' }, secretsSet: ['token'], revision: 1 })
      expect((await app.db.selectFrom('channelSecret').selectAll().execute()).map(({ value }) => value)).toEqual(['secret-token'])
      expect(JSON.stringify(await as(duty).notices.channels())).not.toContain('secret-token')
      expect(JSON.stringify(await app.db.selectFrom('audit').selectAll().execute())).not.toContain('secret-token')
      const stale = { channelId: id, revision: 0, label, enabled, minPriority, settings: { label: 'x', id: 1 } }
      await expect(as(head).notices.updateChannel(stale)).rejects.toMatchObject({ code: 'CONFLICT' })
      await expect(mail({ label: 5, id: 1 })).rejects.toMatchObject({ code: 'INVALID', data: { field: 'settings.label' } })
    })

    it('are tried out with their real answer, good or bad', async () => {
      const { id } = await mail()
      expect(await as(head).notices.testChannel({ channelId: id, address: 'duty@test' })).toMatchObject({ ok: true, answer: 'OK' })
      app.behaviour.set('mail', refused)
      expect(await as(head).notices.testChannel({ channelId: id, address: 'duty@test' })).toMatchObject({
        ok: false,
        answer: '535 wrong password',
      })
      await expect(as(head).notices.testChannel({ channelId: id, address: 'nonsense' })).rejects.toMatchObject({ code: 'INVALID' })
      const rows = await as(duty).notices.list({})
      expect(rows.map(({ kind, state, attempts }) => [kind, state, attempts.length])).toEqual([
        ['test', 'failed', 1],
        ['test', 'sent', 1],
      ])
      expect((await as(duty).notices.channels())[0]?.health).toMatchObject({ ok: false, message: '535 wrong password', failedLastDay: 1 })
    })

    it('that are removed stay in the history and take their contacts and secrets along', async () => {
      const { id } = await mail()
      await as(duty).notices.putContact(contactOf(duty, id))
      await as(head).notices.testChannel({ channelId: id, address: 'duty@test' })
      await as(head).notices.removeChannel({ channelId: id, reason: '换新服务器' })
      expect(await as(duty).notices.channels()).toEqual([])
      expect(await as(duty).notices.contacts({})).toEqual([])
      expect(await app.db.selectFrom('channelSecret').selectAll().execute()).toEqual([])
      expect(await as(duty).notices.list({})).toMatchObject([{ channel: { label: '院内邮件' } }])
    })
  })

  describe('contacts', () => {
    it('are one’s own; everybody’s only for those who set up channels', async () => {
      const { id } = await mail()
      const own = await as(duty).notices.putContact(contactOf(duty, id))
      await expect(as(duty).notices.putContact(contactOf(head, id))).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(as(officer).notices.contacts({ accountId: duty.accountId ?? 0 })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(as(officer).notices.removeContact({ contactId: own.id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      expect(await as(officer).notices.contacts({})).toEqual([])
      await as(head).notices.putContact({ ...contactOf(duty, id), minPriority: 'high' })
      expect(await as(head).notices.contacts({})).toEqual([{ ...own, minPriority: 'high' }])
      await expect(as(duty).notices.putContact(contactOf(duty, id, 'nonsense'))).rejects.toMatchObject({
        code: 'INVALID',
        data: { field: 'address', allowed: 'name@test' },
      })
    })
  })

  describe('the escalation', () => {
    it('shows the default, keeps author and reason, and refuses a stale or backward one', async () => {
      const first = await as(duty).notices.escalation()
      expect(first).toMatchObject({
        revision: 0,
        changedBy: null,
        tiers: [{ afterMinutes: 0 }, { afterMinutes: 10 }, { afterMinutes: 30 }],
      })
      const { changedBy: _by, changedAtMs: _at, ...policy } = first
      const changed = await as(head).notices.putEscalation({ ...policy, repeatMinutes: 15, reason: '夜间更快' })
      expect(changed).toMatchObject({ repeatMinutes: 15, revision: 1, changedBy: 'head', changedAtMs: START_MS })
      await expect(as(head).notices.putEscalation({ ...policy, reason: 'x' })).rejects.toMatchObject({
        code: 'CONFLICT',
        data: { by: 'head' },
      })
      const tiers = policy.tiers.toReversed()
      await expect(as(head).notices.putEscalation({ ...policy, tiers, revision: 1, reason: 'x' })).rejects.toMatchObject({
        code: 'INVALID',
      })
      const row = await app.db.selectFrom('audit').selectAll().where('action', '=', 'escalation.update').executeTakeFirstOrThrow()
      expect(JSON.parse(row.afterJson)).toMatchObject({ repeatMinutes: 15, reason: '夜间更快' })
    })
  })

  describe('the roster', () => {
    const shift = (actor: Actor, fromMs: number, toMs: number) => ({ accountId: actor.accountId ?? 0, fromMs, toMs, note: '' })

    it('says who is on duty, and refuses overlaps and shifts that end before they begin', async () => {
      const made = await as(head).notices.createShift(shift(duty, START_MS - HOUR_MS, START_MS + HOUR_MS))
      await app.db
        .updateTable('account')
        .set({ onDuty: 1 })
        .where('id', '=', head.accountId ?? 0)
        .execute()
      const { shifts, onDutyNow } = await as(officerless()).notices.shifts({ fromMs: START_MS - HOUR_MS, toMs: START_MS + HOUR_MS })
      expect(shifts).toEqual([made])
      expect(onDutyNow.map(({ name, because }) => [name, because])).toEqual([
        ['duty', 'shift'],
        ['head', 'switch'],
      ])
      await expect(as(head).notices.createShift(shift(duty, START_MS, START_MS + 9 * HOUR_MS))).rejects.toMatchObject({
        code: 'INVALID',
        data: { field: 'fromMs' },
      })
      await expect(as(head).notices.createShift(shift(duty, START_MS, START_MS))).rejects.toMatchObject({
        code: 'INVALID',
        data: { field: 'toMs' },
      })
      const swapped = await as(head).notices.updateShift({ ...shift(head, made.fromMs, made.toMs), shiftId: made.id, reason: '换班' })
      expect(swapped.name).toBe('head')
      app.clock.advance(2 * HOUR_MS)
      expect(
        (await as(head).notices.shifts({ fromMs: START_MS, toMs: START_MS + HOUR_MS })).onDutyNow.map(({ because }) => because),
      ).toEqual(['switch'])
      await as(head).notices.removeShift({ shiftId: made.id, reason: '误排' })
      expect((await as(head).notices.shifts({ fromMs: START_MS - HOUR_MS, toMs: START_MS + HOUR_MS })).shifts).toEqual([])
    })

    it('has a hand-over note that the next person signs with the own password', async () => {
      const { id } = await as(head).notices.createShift(shift(duty, START_MS - HOUR_MS, START_MS + HOUR_MS))
      await expect(as(head).notices.handOver({ shiftId: id, text: 'x' })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await as(duty).notices.handOver({ shiftId: id, text: '空调2号已报修' })
      await expect(as(duty).notices.signHandOver({ shiftId: id, password: PASSWORD })).rejects.toMatchObject({ code: 'FORBIDDEN' })
      await expect(as(head).notices.signHandOver({ shiftId: id, password: 'wrong' })).rejects.toMatchObject({ code: 'INVALID' })
      const signed = await as(head).notices.signHandOver({ shiftId: id, password: PASSWORD })
      expect(signed.handover).toEqual({ text: '空调2号已报修', by: 'duty', atMs: START_MS, signedBy: 'head', signedAtMs: START_MS })
      await expect(as(duty).notices.handOver({ shiftId: id, text: '改写' })).rejects.toMatchObject({ code: 'CONFLICT' })
      await expect(as(head).notices.removeShift({ shiftId: id, reason: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' })
    })

    const officerless = (): Actor => duty
  })

  it('a failed notice is tried again when a person asks for it', async () => {
    const { id } = await mail()
    await app.db
      .updateTable('account')
      .set({ onDuty: 1 })
      .where('id', '=', duty.accountId ?? 0)
      .execute()
    await as(duty).notices.putContact(contactOf(duty, id))
    app.behaviour.set('mail', refused)
    app.submit('raise', { priority: 'medium' })
    await app.settle()
    const { id: alarmId } = await app.db.selectFrom('alarm').select('id').where('source', '=', 'point').executeTakeFirstOrThrow()
    const [failed] = await as(duty).notices.list({ state: 'failed', alarmId })
    expect(failed).toMatchObject({ state: 'failed', answer: '535 wrong password', person: { name: 'duty' }, address: 'duty@test' })
    app.behaviour.delete('mail')
    await as(head).notices.retry({ noticeId: failed?.id ?? 0 })
    await app.settle()
    expect(await as(duty).notices.list({ alarmId })).toMatchObject([
      { state: 'sent', attempts: [{ outcome: 'failed' }, { outcome: 'sent' }] },
    ])
  })
})
