import type { Alarm, Channel, EscalationPolicy, Notice } from '@roomkeeper/shared/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, pageWidth, signIn } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram, PYTHON_PATH } from '../kit/services/require-program.ts'
import { type SmtpServer, startSmtpServer } from '../kit/services/smtp-server.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser() ?? missingProgram([PYTHON_PATH], 'python3-aiosmtpd')
const ADDRESS = 'keeper@hospital.example'

describe.skipIf(missing !== undefined)(`telling people, in the browser${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let mail: SmtpServer
  let admin: Person

  const notices = () => demo.server.get<Notice[]>('/api/notices')

  beforeAll(async () => {
    mail = await startSmtpServer({ tls: 'none' })
    admin = await demo.openAsAdmin()
  })
  afterAll(() => mail?.stop(), 30_000)

  it('a mail channel is set up from its schema: what is wrong is said at its field', async () => {
    const { page } = admin
    await page.goto('/notices?tab=channels')
    await page.click(byTestId('channel-add'))
    await page.click(byTestId('kind-mail'))
    await page.click(byTestId('channel-save'))
    await expect.poll(() => page.locator('.field-error').allInnerTexts()).toEqual(['必填', '必填'])
    await page.fill(byTestId('setting-host'), 'two words')
    await page.fill(byTestId('setting-from'), 'roomkeeper@hospital.example')
    await page.click(byTestId('channel-save'))
    // The server's own words, in the language of the page.
    const hostError = page.locator('.field', { has: page.locator(byTestId('setting-host')) }).locator('.field-error')
    await waitFor('the server has refused the host', 20_000, async () =>
      (await hostError.innerText()).includes('应为主机名') ? true : undefined,
    )
    await expect.poll(() => hostError.innerText()).toBe('应为主机名或 IP 地址')
    await page.fill(byTestId('setting-host'), '127.0.0.1')
    await page.fill(`input${byTestId('setting-port')}, ${byTestId('setting-port')} input`, String(mail.port))
    await page.click(byTestId('setting-tls'))
    await page.locator('.ant-select-item-option', { hasText: 'none' }).click()
    await page.click(byTestId('channel-save'))
    await page.waitForSelector(byTestId('channel-saved'))
    const [channel] = await demo.server.get<Channel[]>('/api/channels')
    expect(channel).toMatchObject({ kind: 'mail', settings: { host: '127.0.0.1', port: mail.port, tls: 'none' } })
  })

  it('a test shows the answer of the mail server, and the address is kept', async () => {
    const { page } = admin
    await page.fill(byTestId('test-address'), 'nobody@hospital.example')
    await page.click(byTestId('test-send'))
    await page.waitForSelector(byTestId('test-answer'))
    await expect.poll(() => page.locator(byTestId('test-answer')).innerText()).toContain('550 5.1.1')
    await page.fill(byTestId('test-address'), ADDRESS)
    await page.click(byTestId('test-send'))
    await page.waitForSelector(`${byTestId('test-answer')}.ant-alert-success`)
    await expect.poll(() => page.locator(byTestId('test-answer')).innerText()).toMatch(/答复：\s*250/)
    expect(mail.messages.map(({ to }) => to)).toEqual([[ADDRESS]])
    await page.click(byTestId('test-keep'))
    await page.locator(byTestId('test-keep')).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await page.locator(byTestId('channel-form')).waitFor({ state: 'detached' })
    await page.click(byTestId('user-menu'))
    await page.click(byTestId('my-contacts'))
    await waitFor('the contact is shown', 20_000, async () =>
      (await page.locator('[data-testid^="contact-address-"]').first().inputValue()) === ADDRESS ? true : undefined,
    )
    await page.click(byTestId('contacts-close'))
  })

  it('what did not arrive stands first and red, with every attempt; it is sent again', async () => {
    const { page } = admin
    await page.goto('/notices')
    const [failed] = (await notices()).filter(({ state }) => state === 'failed')
    const firstRow = page.locator(`${byTestId('failed-notices')} tr[data-testid^="notice-row-"]`).first()
    await firstRow.waitFor()
    await expect.poll(() => firstRow.getAttribute('data-testid')).toBe(`notice-row-${failed?.id}`)
    await expect.poll(() => firstRow.innerText()).toContain('未送达')
    await page.click(byTestId(`notice-open-${failed?.id}`))
    await expect.poll(() => page.locator('.attempts').innerText()).toContain('550 5.1.1')
    await page.click(byTestId(`notice-retry-${failed?.id}`))
    await page.locator('.ant-popconfirm .ant-btn-primary').click()
    await waitFor('it was tried again', 40_000, async () => {
      const again = (await notices()).find(({ id }) => id === failed?.id)
      return again && again.attempts.length > 1 ? true : undefined
    })
    await waitFor('the page shows the second attempt', 15_000, async () =>
      (await page.locator('.attempts li').count()) > 1 ? true : undefined,
    )
  })

  it('a shift is added on the page: its person is on duty now, by the roster', async () => {
    const { page } = admin
    await page.goto('/roster')
    await page.click(`${byTestId('roster-gaps')} button`)
    await page.click(byTestId('shift-person'))
    await page.locator('.ant-select-item-option').first().click()
    await page.click(byTestId('shift-save'))
    await page.locator('.week-shift').first().waitFor()
    await waitFor('the page says who is on duty', 20_000, async () =>
      (await page.locator(byTestId('duty-now')).innerText()).includes('按排班') ? true : undefined,
    )
    await page.click(byTestId('handover-write'))
    await page.fill(byTestId('handover-text'), 'UPS 1 已报修')
    await page.locator('.ant-modal-footer .ant-btn-primary').click()
    await page.locator('.handover-text').waitFor()
    await expect.poll(() => page.locator('.handover').innerText()).toContain('等待下一班签名')
  })

  it('the next person reads the note and signs it with the password', async () => {
    const next = { username: 'lina', name: '李娜', roles: ['on-call'], password: 'a-password-for-lina' }
    await demo.server.send('POST', '/api/accounts', next)
    const { page, errors } = await demo.open({ screen: PHONE })
    const password = await signIn(page, next.username, next.password)
    await page.goto('/roster')
    await page.fill(byTestId('handover-password'), 'not the password')
    await page.click(byTestId('handover-submit'))
    await waitFor('the wrong password is refused', 20_000, async () =>
      (await page.locator('.handover .field-error').allInnerTexts()).includes('密码错误，未签名') ? true : undefined,
    )
    await page.fill(byTestId('handover-password'), password)
    await page.click(byTestId('handover-submit'))
    await page.locator('.handover .mark-ok').waitFor()
    await expect.poll(() => page.locator('.handover .mark-ok').innerText()).toContain('李娜 已签名')
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
    expect(errors.filter((error) => !/\b422\b/.test(error))).toEqual([])
  })

  it('two people change the escalation: the second sees the version of the first, and overwrites it only on purpose', async () => {
    const { page } = admin
    const policy = await demo.server.get<EscalationPolicy & { revision: number }>('/api/escalation')
    await page.goto('/notices?tab=escalation')
    await page.click(byTestId('escalation-edit'))
    await page.fill(byTestId('escalation-reason'), '夜间加快')
    await demo.server.send('PUT', '/api/escalation', { ...policy, repeatMinutes: 7, reason: 'the other one' })
    const conflict = page.locator(byTestId('escalation-conflict'))
    await conflict.waitFor()
    await expect.poll(() => conflict.innerText()).toContain('之后每 7 分钟')
    await expect.poll(() => page.locator(byTestId('escalation-save')).isDisabled()).toBe(true)
    await conflict.getByRole('button', { name: '仍用我的覆盖' }).click()
    await page.click(byTestId('escalation-save'))
    await page.locator(byTestId('escalation-form')).waitFor({ state: 'detached' })
    const after = await demo.server.get<EscalationPolicy & { revision: number }>('/api/escalation')
    expect(after).toMatchObject({ repeatMinutes: policy.repeatMinutes, revision: policy.revision + 2 })
  })

  it('a beacon is chosen by the name of its device, not by a number', async () => {
    const { page } = admin
    await page.goto('/notices?tab=channels')
    await page.click(byTestId('channel-add'))
    await page.click(byTestId('kind-relay'))
    await page.click(byTestId('setting-deviceId'))
    await page.locator('.ant-select-item-option', { hasText: 'UPS 主机（模拟）' }).click()
    await expect.poll(() => page.locator(byTestId('setting-deviceId')).innerText()).toContain('UPS 主机（模拟）')
    await page.locator('.side-close').click()
  })

  it('an alarm is told to who is on duty; the alarm and the outbox show it', async () => {
    const { page } = admin
    await demo.play({ 'mains-lost': true })
    const told = await waitFor('the mail server has the alarm', 60_000, async () =>
      (await notices()).find(({ alarmId, state, person }) => alarmId !== null && state === 'sent' && person !== null),
    )
    expect(mail.messages.at(-1)?.to).toEqual([ADDRESS])
    const later = page.locator(byTestId('incident-later'))
    await page.goto('/alarms')
    await later.waitFor()
    await later.click()
    const row = page.locator(byTestId(`alarm-row-${told.alarmId}`))
    // What follows from it may have come by now, with a button of its own.
    await row.getByRole('button', { name: '经过', exact: true }).click()
    const section = page.locator(byTestId(`told-${told.alarmId}`))
    await section.locator('.told-sent').first().waitFor()
    await expect.poll(() => section.innerText()).toContain('1 人已送达')
    await expect.poll(() => section.innerText()).toContain(told.person?.name)
    await section.getByRole('link').click()
    await page.waitForSelector(byTestId(`notice-row-${told.id}`))
    await expect.poll(() => page.locator(byTestId(`notice-row-${told.id}`)).innerText()).toContain('已送达')
    const alarms = await demo.server.get<Alarm[]>('/api/alarms')
    expect(alarms.map(({ id }) => id)).toContain(told.alarmId)
    expect(admin.errors.filter((error) => !/\b422\b/.test(error))).toEqual([])
  })
})
