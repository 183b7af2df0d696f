import readExcel from 'read-excel-file/node'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeEachDatabase, type NewDatabase } from '../kit/each-database.ts'
import { OFFICE_PROGRAMS, pdfText } from '../kit/office.ts'
import { MINUTE_MS, type ReportApp, startReportApp } from '../kit/report-app.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type SmtpServer, startSmtpServer, type TakenMail } from '../kit/services/smtp-server.ts'

const DIRECTOR = 'director@hospital.example'
const HOUR_MS = 60 * MINUTE_MS
const missing = missingPythonModule('aiosmtpd', 'python3-aiosmtpd') ?? missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')

/** Without the alarms that were told meanwhile. */
const reportsOf = ({ messages }: SmtpServer): TakenMail[] => messages.filter(({ headers }) => headers['x-roomkeeper-kind'] === 'report')
/** The mail server's answer may be here before what it says of the mail. */
const reportsAt = (server: SmtpServer, count: number): Promise<TakenMail[]> =>
  waitFor(`${count} reports are at the mail server`, 20_000, async () =>
    reportsOf(server).length >= count ? reportsOf(server) : undefined,
  )

const suite = (newDatabase: NewDatabase): void => {
  let app: ReportApp
  let head: Awaited<ReturnType<ReportApp['addPerson']>>
  const servers: SmtpServer[] = []
  const smtp = async (options: Parameters<typeof startSmtpServer>[0] = { tls: 'none' }): Promise<SmtpServer> => {
    const server = await startSmtpServer(options)
    servers.push(server)
    return server
  }
  beforeEach(async () => {
    app = await startReportApp(await newDatabase())
    head = await app.addPerson('head', ['department-head'])
    const roomId = await app.addRoom('主机房')
    const pointId = await app.addProbe(roomId)
    const day = Date.parse('2026-03-01T16:00Z')
    app.readings.put(pointId, ...Array.from({ length: 48 }, (_, hour) => ({ timeMs: day + hour * HOUR_MS, value: 22 + (hour % 5) / 2 })))
  })
  afterEach(async () => {
    await app.stop()
    await Promise.all(servers.splice(0).map((server) => server.stop()))
  })
  const audited = async (): Promise<string[]> =>
    (await app.db.selectFrom('audit').select(['action', 'actor']).where('action', 'like', 'report%').orderBy('seq').execute()).map(
      ({ action, actor }) => `${action} ${actor}`,
    )
  const standing = (): Promise<{ source: string; condition: string; valueJson: string }[]> =>
    app.db
      .selectFrom('alarm')
      .select(['source', 'condition', 'valueJson'])
      .where('active', '=', 1)
      .where('source', '<>', 'roster')
      .execute()

  it('are made for the period that is over, sent to people and addresses with both files, once, and kept', async () => {
    const server = await smtp()
    const channelId = await app.mail(server.port)
    await app.contact(head.accountId ?? 0, channelId, 'head@hospital.example')
    const scheduleId = await app.addSchedule(head, {
      kind: 'daily',
      formats: ['pdf', 'xlsx'],
      accountIds: [head.accountId ?? 0],
      addresses: [DIRECTOR, 'Head@hospital.example'],
    })
    await app.at('2026-03-02T23:59Z')
    expect(await app.runs()).toEqual([])
    await app.at('2026-03-03T00:00Z')
    await app.at('2026-03-03T00:05Z')
    const [run, ...others] = await app.runs()
    expect(others).toEqual([])
    expect(run).toMatchObject({
      scheduleId,
      kind: 'daily',
      period: '2026-03-02',
      cause: 'due',
      startedBy: null,
      outcome: 'sent',
      reason: null,
    })
    expect(run?.deliveries.map(({ name, address, state, answer }) => [name, address, state, answer])).toEqual([
      ['head', 'head@hospital.example', 'sent', '250 2.0.0 Ok: queued as 4F1'],
      ['', DIRECTOR, 'sent', '250 2.0.0 Ok: queued as 4F1'],
    ])
    const mails = await reportsAt(server, 2)
    expect(mails.map(({ to }) => to[0]).sort()).toEqual([DIRECTOR, 'head@hospital.example'])
    const [mail] = mails
    expect(mail?.headers.subject).toBe('全院机房日报 2026-03-02')
    expect(mail?.headers.importance).toBeUndefined()
    expect(mail?.parts['text/plain']).toContain('主机房：')
    expect(mail?.files.map(({ name, type }) => [name, type.split('/')[1]])).toEqual([
      ['全院机房日报 2026-03-02.pdf', 'pdf'],
      ['全院机房日报 2026-03-02.xlsx', 'vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ])
    const [pdf, excel] = (mail?.files ?? []).map(({ base64 }) => Buffer.from(base64, 'base64'))
    expect(await pdfText(pdf ?? new Uint8Array())).toContain('全院机房日报2026-03-02')
    expect((await readExcel(excel ?? Buffer.alloc(0))).map(({ sheet }) => sheet)).toContain('主机房')
    const stored = await app.db.selectFrom('reportFile').select(['size', 'data']).orderBy('id').execute()
    expect(stored.map(({ data }) => Buffer.from(data ?? []).equals(pdf ?? Buffer.alloc(0)))).toEqual([true, false])
    expect(stored.map(({ size }) => size)).toEqual(run?.files.map(({ bytes }) => bytes))
    expect(await standing()).toEqual([])
    expect(await audited()).toEqual(['report-schedule.create head'])
  })

  it('that a downtime missed are made up for, the latest three of them, and the others are named', async () => {
    const server = await smtp()
    await app.mail(server.port)
    await app.addSchedule(head, { kind: 'daily' })
    await app.at('2026-03-09T12:00Z')
    expect((await app.runs()).map(({ period, outcome, reason }) => [period, outcome, reason?.en.includes('4 missed') ?? null])).toEqual([
      ['2026-03-05', 'skipped', true],
      ['2026-03-06', 'sent', null],
      ['2026-03-07', 'sent', null],
      ['2026-03-08', 'sent', null],
    ])
    expect((await reportsAt(server, 3)).map(({ headers }) => headers.subject)).toEqual(
      ['2026-03-06', '2026-03-07', '2026-03-08'].map((day) => `全院机房日报 ${day}`),
    )
  })

  it('go out on the day of sending that was chosen, and a day that is moved sends no period twice', async () => {
    const server = await smtp()
    await app.mail(server.port)
    const monthly = await app.addSchedule(head, { kind: 'monthly', dayOfMonth: 5, weekday: 3, month: 7 })
    const weekly = await app.addSchedule(head, { kind: 'weekly', weekday: 4 })
    const yearly = await app.addSchedule(head, { kind: 'yearly', month: 3, dayOfMonth: 31 })
    const schedules = async () => (await app.as(head).reports.overview()).schedules
    const next = async () => (await schedules()).map((each) => each.next && [each.next.period, new Date(each.next.atMs).toISOString()])
    // What the kind has no use for is not kept.
    expect((await schedules()).map(({ weekday, dayOfMonth, month }) => [weekday, dayOfMonth, month])).toEqual([
      [1, 5, 1],
      [4, 1, 1],
      [1, 31, 3],
    ])
    expect(await next()).toEqual([
      ['2026-02', '2026-03-05T00:00:00.000Z'],
      ['2026-W09', '2026-03-05T00:00:00.000Z'],
      ['2025', '2026-03-31T00:00:00.000Z'],
    ])
    await app.at('2026-03-04T23:59Z')
    expect(await app.runs()).toEqual([])
    await app.at('2026-03-05T00:00Z')
    expect((await app.runs()).map(({ scheduleId, period }) => [scheduleId, period])).toEqual([
      [monthly, '2026-02'],
      [weekly, '2026-W09'],
    ])
    const change = async (scheduleId: number, day: { weekday?: number; dayOfMonth?: number; month?: number }) => {
      const schedule = (await schedules()).find(({ id }) => id === scheduleId)
      if (!schedule) throw new Error('the schedule is there')
      const { kind, roomId, language, formats, accountIds, addresses, at, enabled, revision } = schedule
      await app
        .as(head)
        .reports.change({ ...{ kind, roomId, language, formats, accountIds, addresses, at, enabled, revision }, scheduleId, ...day })
    }
    await change(monthly, { dayOfMonth: 31 })
    await change(yearly, { month: 3, dayOfMonth: 10 })
    // February was sent on the 5th: March is the next, on the last of April.
    expect((await next())[0]).toEqual(['2026-03', '2026-04-30T00:00:00.000Z'])
    await app.at('2026-03-10T00:00Z')
    const [, , ...later] = await app.runs()
    expect(later.map(({ scheduleId, period, outcome }) => [scheduleId, period, outcome])).toEqual([[yearly, '2025', 'sent']])
    const changes = await app.db
      .selectFrom('audit')
      .select(['beforeJson', 'afterJson'])
      .where('action', '=', 'report-schedule.change')
      .orderBy('seq')
      .execute()
    expect(changes.map(({ beforeJson, afterJson }) => [JSON.parse(beforeJson), JSON.parse(afterJson)] as unknown)).toMatchObject([
      [
        { dayOfMonth: 5, month: 1 },
        { dayOfMonth: 31, month: 1, weekday: 1 },
      ],
      [
        { dayOfMonth: 31, month: 3 },
        { dayOfMonth: 10, month: 3, weekday: 1 },
      ],
    ])
  }, 60_000)

  it('wait for a readings store that is away, and say so', async () => {
    const server = await smtp()
    await app.mail(server.port)
    await app.addSchedule(head, { kind: 'daily' })
    app.readings.isAway = true
    await app.at('2026-03-03T00:00Z')
    expect(await app.runs()).toMatchObject([{ outcome: 'retrying', reason: { zh: expect.stringContaining('读数库没有应答') as string } }])
    expect(await standing()).toMatchObject([{ source: 'report', condition: 'report-failed' }])
    app.readings.isAway = false
    await app.at('2026-03-03T00:01Z')
    expect(await app.runs()).toMatchObject([{ outcome: 'sent', reason: null }])
    expect(await standing()).toEqual([])
    expect(await reportsAt(server, 1)).toHaveLength(1)
  })

  it('are an alarm when there is no mail channel or no address, and can be sent again when there is', async () => {
    const scheduleId = await app.addSchedule(head, { kind: 'daily' })
    expect(await app.as(head).reports.overview()).toMatchObject({ mail: null, schedules: [{ next: { period: '2026-03-02' } }] })
    await app.at('2026-03-03T00:00Z')
    expect(await app.runs()).toMatchObject([{ outcome: 'not-sent', deliveries: [{ state: 'none' }], files: [{ isKept: true }] }])
    expect(await standing()).toMatchObject([
      { condition: 'report-failed', valueJson: expect.stringContaining('没有可用的邮件通道') as string },
    ])
    await expect(app.as(head).reports.send({ scheduleId })).rejects.toThrow('没有可用的邮件通道')
    const server = await smtp()
    const channelId = await app.mail(server.port)
    await expect(app.as(head).reports.send({ scheduleId, onlyToMe: true })).rejects.toThrow('没有登记邮箱地址')
    await app.contact(head.accountId ?? 0, channelId, 'head@hospital.example')
    await app.as(head).reports.send({ scheduleId, onlyToMe: true })
    await app.turn()
    // A test says nothing about those who are waiting for the report.
    expect(await standing()).toHaveLength(1)
    await app.as(head).reports.send({ scheduleId })
    await app.turn()
    expect((await reportsAt(server, 2)).map(({ to }) => to)).toEqual([['head@hospital.example'], [DIRECTOR]])
    expect((await app.runs()).map(({ outcome, cause, startedBy }) => [outcome, cause, startedBy])).toEqual([
      ['not-sent', 'due', null],
      ['sent', 'now', 'head'],
      ['sent', 'now', 'head'],
    ])
    expect(await standing()).toEqual([])
    expect(await audited()).toEqual(['report-schedule.create head', 'report.send head', 'report.send head'])
  })

  it('that are too large for the settings or for the mail server come with a link', async () => {
    const [roomy, narrow] = [await smtp(), await smtp({ tls: 'none', maxBytes: 5000 })]
    for (const [server, settings] of [
      [roomy, { maxFilesMb: 0 }],
      [narrow, {}],
    ] as const) {
      const channelId = await app.mail(server.port, settings)
      const scheduleId = await app.addSchedule(head, { kind: 'daily' })
      await app.as(head).reports.send({ scheduleId })
      await app.turn()
      const [run] = (await app.runs()).slice(-1)
      expect(run?.deliveries[0]?.answer).toMatch(/^250 .*文件过大/)
      const [mail] = await reportsAt(server, 1)
      expect(mail?.files).toEqual([])
      expect(mail?.parts['text/plain']).toContain('未随信附上')
      await app.db.updateTable('channel').set({ enabled: 0 }).where('id', '=', channelId).execute()
    }
  })

  it('that a mail server refuses are the channel’s alarm, until the address is mended', async () => {
    const server = await smtp()
    await app.mail(server.port)
    const scheduleId = await app.addSchedule(head, { kind: 'daily', addresses: ['nobody@hospital.example'] })
    await app.at('2026-03-03T00:00Z')
    expect(await app.runs()).toMatchObject([
      { outcome: 'not-sent', deliveries: [{ state: 'failed', answer: expect.stringContaining('550 5.1.1') as string }] },
    ])
    expect(await standing()).toMatchObject([{ source: 'channel', condition: 'channel-failing' }])
    const [schedule] = (await app.as(head).reports.overview()).schedules
    if (!schedule) throw new Error('the schedule is there')
    const { kind, roomId, language, formats, accountIds, at, enabled, revision } = schedule
    const input = { kind, roomId, language, formats, accountIds, at, enabled, scheduleId, addresses: [DIRECTOR] }
    await app.as(head).reports.change({ ...input, revision })
    await expect(app.as(head).reports.change({ ...input, revision })).rejects.toThrow('修改')
    await app.turn()
    expect(await standing()).toEqual([])
    await app.as(head).reports.remove({ scheduleId })
    expect((await app.as(head).reports.overview()).schedules).toEqual([])
    expect(await app.runs()).toHaveLength(1)
  })

  it('are for those who may, and what is wrong is named', async () => {
    const auditor = await app.addPerson('auditor', ['auditor'])
    await expect(app.addSchedule(auditor)).rejects.toThrow('没有权限')
    await expect(app.addSchedule(head, { addresses: [] })).rejects.toThrow('至少一个收件人')
    await expect(app.addSchedule(head, { roomId: 99 })).rejects.toThrow('没有这个机房')
    await expect(app.addSchedule(head, { addresses: ['not an address'] })).rejects.toMatchObject({ status: 400 })
    await expect(app.addSchedule(head, { at: '24:00' })).rejects.toMatchObject({ status: 400 })
    for (const wrong of [{ dayOfMonth: 29 }, { dayOfMonth: 0 }, { dayOfMonth: 1.5 }, { weekday: 8 }, { month: 13 }])
      await expect(app.addSchedule(head, wrong)).rejects.toMatchObject({
        status: 400,
        data: { issues: [{ path: Object.keys(wrong), message: expect.stringMatching(/^(日期|星期|月份)：.* \/ /) as string }] },
      })
    expect(await app.as(auditor).reports.runs({})).toEqual([])
  })
}

describe.skipIf(missing !== undefined)(missing ?? 'with a mail server', () => describeEachDatabase('reports by mail', suite))
