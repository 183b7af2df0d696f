import { readFile } from 'node:fs/promises'
import type { ReportRun } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { type DemoServer, startDemoServer } from '../kit/demo-server.ts'
import { OFFICE_PROGRAMS, pdfText } from '../kit/office.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'
import { type SmtpServer, startSmtpServer } from '../kit/services/smtp-server.ts'

const missing =
  missingBrowser() ??
  missingPythonModule('aiosmtpd', 'python3-aiosmtpd') ??
  missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')
const DIRECTOR = 'director@hospital.example'

describe.skipIf(missing !== undefined)(`reports, in the browser${missing === undefined ? '' : ` (${missing})`}`, () => {
  let demo: DemoServer
  let browser: TestBrowser
  let mail: SmtpServer
  let admin: Person
  let password: string

  beforeAll(async () => {
    ;[demo, browser, mail] = await Promise.all([startDemoServer(), startBrowser(), startSmtpServer({ tls: 'none' })])
    admin = await browser.open({ url: demo.server.url })
    password = await signIn(admin.page, 'admin', ADMIN_PASSWORD)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await Promise.all([mail?.stop(), demo?.dispose()])
  }, 30_000)
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${demo?.server.output()}`)
  })

  it('one is made now and downloaded; without a mail channel the page says that nothing can be sent', async () => {
    const { page } = admin
    await page.goto('/reports')
    expect(await page.locator(byTestId('report-no-mail')).innerText()).toContain('发不出去')
    await page.click(byTestId('report-daily'))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(byTestId('report-pdf'))])
    const period = (await page.locator(byTestId('report-means')).innerText()).slice(0, 10)
    expect(download.suggestedFilename()).toBe(`全院机房日报 ${period}.pdf`)
    await page.waitForSelector(byTestId('report-saved'))
  }, 30_000)

  it('a schedule is made, sent now, seen among what was sent, and its file is the one that was mailed', async () => {
    const { page } = admin
    const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'roomkeeper@hospital.example' }
    await demo.server.send('POST', '/api/channels', { kind: 'mail', label: '邮件', enabled: true, minPriority: 'high', settings })
    await page.goto('/reports')
    await page.click(byTestId('report-add'))
    await page.waitForSelector(byTestId('report-form'))
    await page.click(byTestId('form-save'))
    // Nobody in the demonstration has a mail address to be proposed: a recipient is to be named.
    expect(await page.locator('.field-error').allInnerTexts()).toEqual(['请选择至少一个收件人或邮箱'])
    await page.locator(`${byTestId('form-addresses')} input`).fill(DIRECTOR)
    await page.keyboard.press('Enter')
    await page.click(byTestId('form-save'))
    await page.click(byTestId('report-send-1'))
    await page.click(byTestId('send-all'))
    await page.waitForSelector(`${byTestId('run-1')} [data-outcome="sent"]`)
    const [run] = await demo.server.get<ReportRun[]>('/api/report-runs')
    expect(run).toMatchObject({ kind: 'monthly', cause: 'now', deliveries: [{ address: DIRECTOR, answer: '250 2.0.0 Ok: queued as 4F1' }] })
    const mailed = await waitFor('the mail is there', 5000, async () => mail.messages.find(({ to }) => to.includes(DIRECTOR)))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`${byTestId('run-1')} ${byTestId('report-file-pdf')}`)])
    const bytes = await readFile(await download.path())
    expect(bytes.toString('base64')).toBe(mailed.files[0]?.base64)
    expect(await pdfText(bytes)).toContain(`全院机房月报${run?.period}`)
    expect(admin.errors).toEqual([])
  }, 30_000)

  it('fits a phone, also with the form', async () => {
    const { page, errors } = await browser.open({ url: demo.server.url, screen: PHONE, language: 'en' })
    await signIn(page, 'admin', password)
    await page.goto('/reports')
    await page.waitForSelector(`${byTestId('run-1')} [data-outcome="sent"]`)
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
    await page.goto('/reports?schedule=1')
    await page.waitForSelector(byTestId('report-form'))
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
    expect(errors).toEqual([])
  }, 30_000)
})
