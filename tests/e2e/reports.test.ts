import { readFile } from 'node:fs/promises'
import type { ReportRun } from '@roomkeeper/shared/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, pageWidth } from '../kit/browser.ts'
import { OFFICE_PROGRAMS, pdfText } from '../kit/office.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type SmtpServer, startSmtpServer } from '../kit/services/smtp-server.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing =
  missingBrowser() ??
  missingPythonModule('aiosmtpd', 'python3-aiosmtpd') ??
  missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc poppler-utils')
const DIRECTOR = 'director@hospital.example'

describe.skipIf(missing !== undefined)(`reports, in the browser${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let mail: SmtpServer
  let admin: Person

  beforeAll(async () => {
    mail = await startSmtpServer({ tls: 'none' })
    admin = await demo.openAsAdmin()
  })
  afterAll(() => mail?.stop(), 30_000)

  it('one is made now and downloaded; without a mail channel the page says that nothing can be sent', async () => {
    const { page } = admin
    await page.goto('/reports')
    await expect.poll(() => page.locator(byTestId('report-no-mail')).innerText()).toContain('发不出去')
    await page.click(byTestId('report-daily'))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(byTestId('report-pdf'))])
    const period = (await page.locator(byTestId('report-means')).innerText()).slice(0, 10)
    expect(download.suggestedFilename()).toBe(`全院机房日报 ${period}.pdf`)
    await page.waitForSelector(byTestId('report-saved'))
  })

  it('a schedule is made, sent now, seen among what was sent, and its file is the one that was mailed', async () => {
    const { page } = admin
    const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'roomkeeper@hospital.example' }
    await demo.server.send('POST', '/api/channels', { kind: 'mail', label: '邮件', enabled: true, minPriority: 'high', settings })
    await page.goto('/reports')
    await page.click(byTestId('report-add'))
    await page.waitForSelector(byTestId('report-form'))
    await page.click(byTestId('form-save'))
    // Nobody in the demonstration has a mail address to be proposed: a recipient is to be named.
    await expect.poll(() => page.locator('.field-error').allInnerTexts()).toEqual(['请选择至少一个收件人或邮箱'])
    await page.locator(`${byTestId('form-addresses')} input`).fill(DIRECTOR)
    await page.keyboard.press('Enter')
    await page.click(byTestId('form-day'))
    await page.locator('.ant-select-item-option', { hasText: /^5 日$/ }).click()
    expect(await page.locator(byTestId('form-every')).innerText()).toBe('每月 5 日 08:00，报上个月')
    await page.click(byTestId('form-save'))
    await page.locator(byTestId('report-schedules')).getByText('每月 5 日 08:00，报上个月').waitFor()
    await page.click(byTestId('report-send-1'))
    await page.click(byTestId('send-all'))
    await page.waitForSelector(`${byTestId('run-1')} [data-outcome="sent"]`)
    const [run] = await demo.server.get<ReportRun[]>('/api/report-runs')
    expect(run).toMatchObject({ kind: 'monthly', cause: 'now', deliveries: [{ address: DIRECTOR, answer: '250 2.0.0 Ok: queued as 4F1' }] })
    const mailed = await waitFor('the mail is there', 20_000, async () => mail.messages.find(({ to }) => to.includes(DIRECTOR)))
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(`${byTestId('run-1')} ${byTestId('report-file-pdf')}`)])
    const bytes = await readFile(await download.path())
    expect(bytes.toString('base64')).toBe(mailed.files[0]?.base64)
    expect(await pdfText(bytes)).toContain(`全院机房月报${run?.period}`)
    expect(admin.errors).toEqual([])
  })

  it('fits a phone, also with the form', async () => {
    const { page, errors } = await demo.openAsAdmin({ screen: PHONE, language: 'en' })
    await page.goto('/reports')
    await page.waitForSelector(`${byTestId('run-1')} [data-outcome="sent"]`)
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
    await page.goto('/reports?schedule=1')
    await page.waitForSelector(byTestId('report-form'))
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
    expect(errors).toEqual([])
  })
})
