import { afterEach, beforeEach, expect, it } from 'vitest'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'

const MINUTE_MS = 60_000
const complete = { faultClass: 'power' as const, noticedAtMs: START_MS, cause: '市电中断', measures: '启用发电机' }

describeEachDatabase('whose an incident is, its review and its figures', (newDatabase) => {
  let app: RecordsApp
  let incidentId: number
  let temperatureId: number
  type Person = Awaited<ReturnType<RecordsApp['addPerson']>>
  let head: Person
  let keeper: Person
  let onCall: Person

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    const roomId = await app.addRoom('主机房')
    const probeId = await app.addDevice(roomId, 'probe1')
    await app.db.updateTable('device').set({ name: '探头', nameEn: 'Probe' }).where('id', '=', probeId).execute()
    temperatureId = await app.addPoint(probeId, 'temperature', 'temperature', 'Cel')
    head = await app.addPerson('head', ['department-head'])
    keeper = await app.addPerson('keeper', ['room-keeper'])
    onCall = await app.addPerson('oncall', ['on-call'])
    await warm()
    incidentId = (await app.as(keeper).incidents.list({}))[0]?.id ?? 0
  })
  afterEach(() => app.stop())

  const warm = () => app.raise({ pointId: temperatureId, condition: 'high', priority: 'high', value: 28.4, limit: 27 })
  const submit = (revision: number, fields = complete) =>
    app.as(onCall).incidents.submit({ incidentId, revision, fields, password: SIGNATURE })
  const review = (revision: number, verdict: 'close' | 'return', text = '', by = head) =>
    app.as(by).incidents.review({ incidentId, revision, verdict, text, password: SIGNATURE })

  /** Two ways to reach the person, of which one is only for critical alarms. */
  async function addContacts(person: Person): Promise<void> {
    for (const [minPriority, language, address] of [
      ['low', 'zh', 'zh@hospital.example'],
      ['critical', 'en', 'en@hospital.example'],
    ] as const) {
      const channel = { kind: 'mail', label: address, enabled: 1, minPriority: 'low', settingsJson: '{}', revision: 1, changedAtMs: 0 }
      const row = app.db.insertInto('channel').values({ ...channel, removedAtMs: null })
      const { id: channelId } = await row.returning('id').executeTakeFirstOrThrow()
      const contact = { accountId: person.accountId ?? 0, channelId, address, minPriority, language, enabled: 1 }
      await app.db.insertInto('contact').values(contact).execute()
    }
  }
  const outbox = () =>
    app.db.selectFrom('outbox').selectAll().where('kind', '=', 'assignment').where('incidentId', '=', incidentId).orderBy('id').execute()

  it('tells the assignee by all of their contacts, each in its language, and everyone in the browser', async () => {
    await addContacts(onCall)
    app.changes.length = 0
    const accountId = onCall.accountId ?? 0
    const assigned = await app.as(keeper).incidents.assign({ incidentId, accountId, note: '先看空调' })
    expect(assigned.assignee).toEqual({ accountId, name: 'oncall (name)', by: 'keeper (name)', atMs: START_MS })
    expect(assigned.steps).toEqual([{ kind: 'assign', by: 'keeper (name)', atMs: START_MS, text: 'oncall (name)\n先看空调', signed: null }])
    expect(app.changes).toEqual([{ topic: 'incidents', id: incidentId }])
    const [zh, en, ...more] = await outbox()
    expect(more).toEqual([])
    expect([zh?.address, zh?.title]).toEqual(['zh@hospital.example', `[事件指派] #${incidentId} 主机房 探头`])
    expect(zh?.text).toContain('说明: 先看空调')
    expect([en?.address, en?.title]).toEqual(['en@hospital.example', `[Incident assigned] #${incidentId} 主机房 Probe`])
    expect(JSON.parse(en?.detailJson ?? '')).toMatchObject({ url: `http://roomkeeper.example/incidents/${incidentId}` })
    // Again the same: nothing new happened, so nobody is told twice.
    await app.as(keeper).incidents.assign({ incidentId, accountId })
    expect(await outbox()).toHaveLength(2)
    expect((await app.auditOf(`incident:${incidentId}`)).at(-1)).toMatchObject({ action: 'incident.assign', actor: 'keeper' })
  })

  it('is taken over by oneself without a notice, given back to nobody, and listed as mine', async () => {
    await addContacts(onCall)
    const mine = () => app.as(onCall).incidents.list({ assignee: 'me' })
    expect(await mine()).toEqual([])
    await app.as(onCall).incidents.assign({ incidentId, accountId: onCall.accountId })
    expect((await mine()).map(({ id }) => id)).toEqual([incidentId])
    expect(await app.as(keeper).incidents.list({ assignee: 'me' })).toEqual([])
    expect(await app.as({ ...onCall, accountId: null }).incidents.list({ assignee: 'me' })).toEqual([])
    expect(await outbox()).toEqual([])
    const nobody = await app.as(keeper).incidents.assign({ incidentId, accountId: null })
    expect([nobody.assignee, nobody.steps.map(({ text }) => text)]).toEqual([null, ['oncall (name)', '']])
  })

  it('is assigned only to someone who may fill it in, and only while it is open', async () => {
    const auditor = await app.addPerson('auditor', ['auditor'])
    const assign = (accountId: number | null, by = keeper) => app.as(by).incidents.assign({ incidentId, accountId })
    for (const accountId of [auditor.accountId ?? 0, 999])
      await expect(assign(accountId)).rejects.toMatchObject({ code: 'INVALID', data: { field: 'accountId' } })
    await app.db
      .updateTable('account')
      .set({ disabled: 1 })
      .where('id', '=', onCall.accountId ?? 0)
      .execute()
    await expect(assign(onCall.accountId)).rejects.toMatchObject({ code: 'INVALID' })
    await app.db.updateTable('account').set({ disabled: 0 }).execute()
    await expect(assign(keeper.accountId, auditor)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(app.as(keeper).incidents.assign({ incidentId: 999, accountId: null })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await submit(0)
    await expect(assign(keeper.accountId)).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'oncall (name)' } })
  })

  it('is given back with the reason to its assignee, signed again, and closed; every signed version is kept', async () => {
    await addContacts(onCall)
    await app.as(onCall).incidents.assign({ incidentId, accountId: onCall.accountId })
    await submit(0)
    await expect(review(1, 'return')).rejects.toMatchObject({ code: 'INVALID', data: { field: 'text' } })
    await expect(review(0, 'close')).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(review(1, 'close', '', keeper)).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const wrong = app.as(head).incidents.review({ incidentId, revision: 1, verdict: 'close', password: 'not my password' })
    await expect(wrong).rejects.toMatchObject({ code: 'INVALID', data: { field: 'password' } })

    app.clock.advance(MINUTE_MS)
    const returned = await review(1, 'return', '缺根本原因')
    expect(returned).toMatchObject({ state: 'open', revision: 2, submittedBy: null, submittedAtMs: null, fields: complete })
    const told = await outbox()
    expect(told.map(({ title }) => title)).toEqual([
      `[事件退回] #${incidentId} 主机房 探头`,
      `[Incident given back] #${incidentId} 主机房 Probe`,
    ])
    expect(told[0]?.text).toContain('缺根本原因')
    // It may be worked on again, and an alarm of its device joins it.
    const again = { ...complete, rootCause: '保险烧断' }
    await submit(2, again)
    const closed = await review(3, 'close', '已核实')
    expect(closed).toMatchObject({
      state: 'closed',
      closedBy: 'head (name)',
      closedAtMs: START_MS + MINUTE_MS,
      submittedBy: 'oncall (name)',
    })
    expect(closed.steps.map(({ kind, text, signed }) => [kind, text, signed])).toEqual([
      ['assign', 'oncall (name)', null],
      ['submit', '', complete],
      ['return', '缺根本原因', null],
      ['submit', '', again],
      ['close', '已核实', null],
    ])
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
    expect(JSON.stringify(await app.auditOf(`incident:${incidentId}`))).not.toContain(SIGNATURE)
  })

  it('never changes once it is closed, by no way there is', async () => {
    await submit(0)
    await review(1, 'close')
    const before = await app.as(keeper).incidents.get({ incidentId })
    for (const revision of [1, 2]) {
      await expect(review(revision, 'return', 'x')).rejects.toMatchObject({ code: 'CONFLICT', data: { by: 'head (name)' } })
      await expect(app.as(keeper).incidents.saveDraft({ incidentId, revision, fields: {} })).rejects.toMatchObject({ code: 'CONFLICT' })
    }
    const row = app.db.updateTable('incident').where('id', '=', incidentId)
    await expect(row.set({ state: 'open' }).execute()).rejects.toThrow(/cannot be changed/)
    await expect(app.db.updateTable('incidentStep').set({ text: 'x' }).execute()).rejects.toThrow(/cannot be changed/)
    await expect(app.db.deleteFrom('incidentStep').execute()).rejects.toThrow(/cannot be changed/)
    expect(await app.as(keeper).incidents.get({ incidentId })).toEqual(before)
  })

  it('lets nobody slip another text under a signature while it is reviewed', async () => {
    await submit(0)
    const row = app.db.updateTable('incident').where('id', '=', incidentId)
    await expect(row.set({ state: 'open', fieldsJson: '{}' }).execute()).rejects.toThrow(/cannot be changed/)
    await expect(row.set({ submittedBy: 'someone else' }).execute()).rejects.toThrow(/cannot be changed/)
  })

  it('lets exactly one of two reviews at once be the one', async () => {
    await submit(0)
    const outcomes = await Promise.allSettled([review(1, 'close'), review(1, 'return', 'x')])
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('asks what its class of fault needs: hardware when work began, software who was called and when', async () => {
    const wants = async (fields: object) => {
      try {
        await submit(0, fields as typeof complete)
      } catch (error) {
        const issues = (error as { cause?: { issues?: { path: PropertyKey[] }[] } }).cause?.issues ?? []
        return issues.map(({ path }) => path.join('.'))
      }
      return []
    }
    expect(await wants({ ...complete, faultClass: 'hardware' })).toEqual(['fields.handledAtMs'])
    expect(await wants({ ...complete, faultClass: 'software' })).toEqual(['fields.engineerCalledAtMs', 'fields.engineerName'])
    expect(await wants({ ...complete, faultClass: 'software', engineerCalledAtMs: START_MS, engineerName: '王工' })).toEqual([])
  })

  it('is measured from its first alarm: to the acknowledgement, and to recovery', async () => {
    const figures = () => app.as(keeper).incidents.statistics({})
    expect((await figures()).all).toMatchObject({ count: 1, open: 1, mttaMs: null, mttrMs: null })
    app.clock.advance(3 * MINUTE_MS)
    const [alarm] = await app.as(keeper).alarms.list({})
    await app.as(keeper).alarms.acknowledge({ alarmId: alarm?.id ?? 0 })
    expect(await app.as(keeper).incidents.get({ incidentId })).toMatchObject({ acknowledgedMs: 3 * MINUTE_MS, recoveredMs: null })
    await submit(0, { ...complete, recoveredAtMs: START_MS + 10 * MINUTE_MS } as typeof complete)
    expect(await app.as(keeper).incidents.get({ incidentId })).toMatchObject({ recoveredMs: 10 * MINUTE_MS })
    const after = await figures()
    const measured = {
      count: 1,
      open: 0,
      mttaMs: 3 * MINUTE_MS,
      mttaP90Ms: 3 * MINUTE_MS,
      mttrMs: 10 * MINUTE_MS,
      mttrP90Ms: 10 * MINUTE_MS,
    }
    expect(after).toMatchObject({ all: measured, byClass: [{ faultClass: 'power', ...measured }] })
    app.clock.advance(91 * 24 * 60 * MINUTE_MS)
    expect((await figures()).all.count).toBe(0)
    expect((await app.as(keeper).incidents.statistics({ days: 365 })).all.count).toBe(1)
  })

  it('is none of a drill', async () => {
    const other = await app.addPoint(await app.addDevice(1, 'probe9'), 'leak', 'leak', '1')
    await app.raise({ pointId: other, condition: 'state', priority: 'critical', value: true, limit: true, drill: true })
    expect((await app.as(keeper).incidents.list({})).map(({ id }) => id)).toEqual([incidentId])
    expect((await app.as(keeper).incidents.statistics({})).all.count).toBe(1)
  })
})
