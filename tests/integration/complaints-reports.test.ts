import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { OFFICE_PROGRAMS, pdfText } from '../kit/office.ts'
import { type ReportApp, startReportApp } from '../kit/report-app.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { startSmtpServer } from '../kit/services/smtp-server.ts'

// What people complain about in other systems, about reports. The number is that of the list.

const missing = missingPythonModule('aiosmtpd', 'python3-aiosmtpd') ?? missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')
const HOUR_MS = 3_600_000
const DUE = '2026-04-01T00:00Z'

describe.skipIf(missing !== undefined)(`complaints about reports${missing === undefined ? '' : ` (${missing})`}`, () => {
  const started: ReportApp[] = []
  afterEach(async () => {
    for (const app of started.splice(0)) await app.stop()
  })
  const start = async (location: string): Promise<ReportApp> => {
    const app = await startReportApp(location)
    started.push(app)
    return app
  }
  /** A room that was too hot for an hour, and the month's report for the director. */
  const prepare = async (app: ReportApp, port: number): Promise<void> => {
    const pointId = await app.addProbe(await app.addRoom('主机房'))
    fill(app, pointId)
    await app.mail(port)
    await app.addSchedule(await app.addPerson('head', ['department-head']))
  }
  const fill = (app: ReportApp, pointId: number): void => {
    const fromMs = Date.parse('2026-02-28T16:00Z')
    app.readings.put(
      pointId,
      ...Array.from({ length: 31 * 24 }, (_, hour) => ({ timeMs: fromMs + hour * HOUR_MS, value: hour === 100 ? 41 : 22 })),
    )
  }

  it('17: a PDF report comes by mail by its schedule, in Chinese, also over a restart at its hour (paid for elsewhere)', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'roomkeeper-complaints-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
    const server = await startSmtpServer({ tls: 'none' })
    onTestFinished(() => server.stop())
    const before = await start(join(folder, 'roomkeeper.db'))
    await prepare(before, server.port)
    before.clock.advance(Date.parse(DUE) - before.clock.nowMs())
    // It is due and being made: the server ends before it is.
    const minute = before.runner.minute()
    await before.stop()
    await minute
    started.length = 0
    const app = await start(join(folder, 'roomkeeper.db'))
    fill(app, 1)
    await app.at('2026-04-01T00:05Z')
    await app.at('2026-04-01T00:10Z')
    await waitFor('the mail is there', 20_000, async () => server.messages[0])
    const reports = server.messages.filter(({ to }) => to.includes('director@hospital.example'))
    expect(reports.map(({ headers }) => headers.subject)).toEqual(['全院机房月报 2026-03'])
    const [file] = reports[0]?.files ?? []
    expect(file).toMatchObject({ name: '全院机房月报 2026-03.pdf', type: 'application/pdf' })
    const said = await pdfText(Buffer.from(file?.base64 ?? '', 'base64'))
    for (const part of ['全院机房月报2026-03', '期间2026-03-01—2026-03-31', '主机房', '41']) expect(said, part).toContain(part)
    expect(await app.runs()).toMatchObject([
      { period: '2026-03', outcome: 'sent', deliveries: [{ answer: '250 2.0.0 Ok: queued as 4F1' }] },
    ])
  })

  it('17: a report that the mail server does not take is shown as not sent, told, tried again and comes (silent elsewhere)', async () => {
    const server = await startSmtpServer({ tls: 'none' })
    const { port } = server
    const app = await start(':memory:')
    await prepare(app, port)
    await server.stop()
    await app.at(DUE)
    await app.at('2026-04-01T00:03Z')
    expect(await app.runs()).toMatchObject([{ outcome: 'sending', deliveries: [{ state: 'pending' }] }])
    const [run] = await app.runs()
    expect(run?.deliveries[0]?.attempts).toBeGreaterThan(1)
    expect(run?.deliveries[0]?.answer).toContain('ECONNREFUSED')
    expect(await app.db.selectFrom('alarm').select(['source', 'active']).where('condition', '=', 'channel-failing').execute()).toEqual([
      { source: 'channel', active: 1 },
    ])
    const again = await startSmtpServer({ tls: 'none', port })
    onTestFinished(() => again.stop())
    await app.at('2026-04-01T01:30Z')
    await waitFor('the report is at the mail server', 20_000, async () =>
      again.messages.some(({ headers }) => headers.subject === '全院机房月报 2026-03') ? true : undefined,
    )
    expect(await app.runs()).toMatchObject([{ outcome: 'sent' }])
    await app.turn()
    expect(await app.db.selectFrom('alarm').select('active').where('condition', '=', 'channel-failing').execute()).toEqual([{ active: 0 }])
  })
})
