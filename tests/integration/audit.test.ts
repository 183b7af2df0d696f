import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendAudit, verifyAudit } from '../../server/src/audit/audit.ts'
import { ADMIN_PASSWORD, type ApiApp, PASSWORD, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'

interface AuditAnswer {
  seq: number
  actor: string
  action: string
  entity: string
  before: unknown
  after: unknown
}

describeEachDatabase('the audit trail', (newDatabase) => {
  let app: ApiApp
  let cookie: string
  beforeAll(async () => {
    app = await startApiApp(await newDatabase())
    cookie = await app.signIn('admin', ADMIN_PASSWORD)
  })
  afterAll(async () => {
    await app?.stop()
  })

  const latest = async (count: number): Promise<AuditAnswer[]> =>
    (await app.call('GET', `/api/audit?limit=${count}`, { cookie })).body as AuditAnswer[]

  it('has a row for every change, with what was and what became', async () => {
    const made = await app.call('POST', '/api/accounts', {
      cookie,
      body: { username: 'audited', name: '被审计', roles: ['on-call'], password: PASSWORD },
    })
    const { id } = made.body as { id: number }
    await app.call('PUT', `/api/accounts/${id}`, { cookie, body: { roles: ['technician'], name: '被审计' } })
    await app.call('PUT', `/api/accounts/${id}/password`, { cookie, body: { password: 'another given password' } })
    await app.call('PUT', `/api/accounts/${id}`, { cookie, body: { disabled: true } })
    await app.call('PUT', '/api/session/duty', { cookie, body: { onDuty: false } })
    const rows = (await latest(5)).reverse()
    expect(rows).toMatchObject([
      {
        actor: 'admin',
        action: 'account.create',
        entity: `account:${id}`,
        before: null,
        after: { username: 'audited', name: '被审计', roles: ['on-call'] },
      },
      { action: 'account.update', before: { roles: ['on-call'] }, after: { roles: ['technician'] } },
      { action: 'account.password-reset', entity: `account:${id}`, before: null, after: null },
      { action: 'account.update', before: { disabled: false }, after: { disabled: true } },
      { action: 'account.duty', before: { onDuty: true }, after: { onDuty: false } },
    ])
  })

  it('has no row for a change that was refused or changed nothing', async () => {
    const { accountId } = await app.addPerson('unchanged', ['on-call'])
    const [before] = await latest(1)
    const body = { username: 'unchanged', name: 'x', roles: ['on-call'], password: PASSWORD }
    expect((await app.call('POST', '/api/accounts', { cookie, body })).status).toBe(409)
    expect((await app.call('PUT', `/api/accounts/${accountId}`, { cookie, body: { roles: ['on-call'] } })).status).toBe(200)
    expect((await app.call('DELETE', '/api/tokens/999999', { cookie })).status).toBe(404)
    expect((await latest(1))[0]).toEqual(before)
  })

  it('notes who came in and who was refused, and never what they typed', async () => {
    await app.addPerson('visitor', ['on-call'])
    await app.call('POST', '/api/session', { body: { username: 'visitor', password: 'a-wrong-password' } })
    await app.call('POST', '/api/session', { body: { username: 'my-password-typed-as-name', password: 'x' } })
    expect((await latest(3)).map(({ actor, action }) => [actor, action])).toEqual([
      ['anonymous', 'session.refused'],
      ['anonymous', 'session.refused'],
      ['visitor', 'session.sign-in'],
    ])
    const everything = JSON.stringify(await app.db.selectFrom('audit').selectAll().execute())
    expect(everything).not.toMatch(/argon2|a-wrong-password|my-password-typed-as-name/)
    expect(everything).not.toContain(PASSWORD)
    expect(everything).not.toContain(ADMIN_PASSWORD)
  })

  it('is read in pages, newest first', async () => {
    const [first, second] = await latest(2)
    const next = (await app.call('GET', `/api/audit?limit=1&before=${first?.seq}`, { cookie })).body as AuditAnswer[]
    expect(next).toEqual([second])
  })

  it('stays one chain when many write at once', async () => {
    const before = await verifyAudit(app.db)
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        app.db
          .transaction()
          .execute((transaction) => appendAudit(transaction, { actor: `writer ${index}`, action: 'test', entity: 'x' }, 1)),
      ),
    )
    const after = await verifyAudit(app.db)
    expect(after).toMatchObject({ ok: true, rows: before.rows + 40, brokenAtSeq: null })
  })

  it('goes back with the transaction of its change', async () => {
    const before = await verifyAudit(app.db)
    const failing = app.db.transaction().execute(async (transaction) => {
      await appendAudit(transaction, { actor: 'nobody', action: 'test', entity: 'x' }, 1)
      throw new Error('the change failed')
    })
    await expect(failing).rejects.toThrow('the change failed')
    expect(await verifyAudit(app.db)).toEqual(before)
  })

  describe('that someone tampered with', () => {
    let rows: number
    beforeEach(async () => {
      rows = (await verifyAudit(app.db)).rows
      expect(rows).toBeGreaterThan(10)
    })
    const verification = async () => (await app.call('GET', '/api/audit/verification', { cookie })).body

    it.each([
      ['actor', 'somebody else'],
      ['atMs', 12345],
      ['action', 'account.delete'],
      ['entity', 'account:2'],
      ['beforeJson', '{"x":1}'],
      ['afterJson', 'not even JSON'],
      ['hash', '0'.repeat(64)],
    ] as const)('is found by its %s', async (column, forged) => {
      const original = await app.db.selectFrom('audit').selectAll().where('seq', '=', 7).executeTakeFirstOrThrow()
      await app.db
        .updateTable('audit')
        .set({ [column]: forged })
        .where('seq', '=', 7)
        .execute()
      expect(await verification()).toMatchObject({ ok: false, rows: 6, brokenAtSeq: 7 })
      expect((await app.call('GET', '/api/audit?limit=500', { cookie })).status).toBe(200)
      await app.db.updateTable('audit').set(original).where('seq', '=', 7).execute()
      expect(await verification()).toMatchObject({ ok: true, rows })
    })

    it('is found where a row is missing', async () => {
      const original = await app.db.selectFrom('audit').selectAll().where('seq', '=', 5).executeTakeFirstOrThrow()
      await app.db.deleteFrom('audit').where('seq', '=', 5).execute()
      expect(await verification()).toMatchObject({ ok: false, brokenAtSeq: 6 })
      await app.db.insertInto('audit').values(original).execute()
      await app.db.updateTable('audit').set({ seq: 1_000_005 }).where('seq', '=', 5).execute()
      expect(await verification()).toMatchObject({ ok: false, brokenAtSeq: 6 })
      await app.db.updateTable('audit').set({ seq: 5 }).where('seq', '=', 1_000_005).execute()
      expect(await verification()).toMatchObject({ ok: true, rows })
    })

    it('shows by its head that the end was cut off: the chain alone cannot', async () => {
      const { head } = (await verification()) as { head: string }
      const original = await app.db.selectFrom('audit').selectAll().where('seq', '=', rows).executeTakeFirstOrThrow()
      await app.db.deleteFrom('audit').where('seq', '=', rows).execute()
      const cut = (await verification()) as { ok: boolean; head: string; rows: number }
      expect(cut).toMatchObject({ ok: true, rows: rows - 1 })
      expect(cut.head).not.toBe(head)
      await app.db.insertInto('audit').values(original).execute()
    })
  })
})
