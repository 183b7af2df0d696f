import type { Alarm, Channel, Incident, NoticePerson } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, signIn } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { SOCAT_PATH } from '../kit/services/modbus-serial-line.ts'
import { type PtyModem, startPtyModem } from '../kit/services/pty-modem.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { prepareSmsd, SMSD_PATH, type Smsd } from '../kit/services/smsd.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser() ?? missingProgram([SMSD_PATH, SOCAT_PATH], 'smstools socat')
const PHONE_OF_ZHANG = '+8613800138000'
const CAUSE = '空调冷凝水管接头脱落'
const MEASURES = '已关闭空调进水阀，铺吸水条，搬离地面插排'
const FORM = byTestId('incident-form')
const sound = (state: string): string => `${byTestId('sound-state')}[data-state="${state}"]`

/** Two people's Chromium, the server, and the daemon of smstools at a modem that the test plays. The tests are chapters of one story. */
describe.skipIf(missing !== undefined)(`two people and one form${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let modem: PtyModem
  let smsd: Smsd
  let zhang: Person
  let li: Person

  async function enter(username: string, name: string, role: string): Promise<Person> {
    const password = `${username}-first-password`
    await demo.server.send('POST', '/api/accounts', { username, name, roles: [role], password })
    const person = await demo.open()
    await signIn(person.page, username, password)
    const duty = person.page.locator(byTestId('duty-switch'))
    if ((await duty.getAttribute('aria-checked')) !== 'true') await duty.click()
    await person.page.waitForSelector(`${byTestId('duty-switch')}[aria-checked="true"]`)
    return person
  }

  /** The first of them is called by SMS. */
  async function tellBySms(name: string): Promise<void> {
    const settings = { spoolPath: smsd.spoolPath, logPath: smsd.logPath }
    const body = { kind: 'sms-modem', label: '短信', enabled: true, minPriority: 'low', settings }
    const channel = await demo.server.send<Channel>('POST', '/api/channels', body)
    const person = (await demo.server.get<NoticePerson[]>('/api/people')).find((one) => one.name === name)
    const contact = { channelId: channel.id, address: PHONE_OF_ZHANG, minPriority: 'low', language: 'zh', enabled: true }
    await demo.server.send('POST', '/api/contacts', { ...contact, accountId: person?.accountId })
  }

  beforeAll(async () => {
    modem = await startPtyModem()
    smsd = prepareSmsd(modem.path)
    await smsd.start()
    zhang = await enter('zhang', '张伟', 'on-call')
    li = await enter('li', '李娜', 'room-keeper')
    await tellBySms('张伟')
  })
  afterAll(async () => {
    await smsd?.stop()
    await modem?.stop()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── smsd\n${smsd?.log()}`)
  })

  it('a leak opens the form and sounds on both screens, and each names the other', async () => {
    await demo.play({ leak: true })
    for (const { page } of [zhang, li]) {
      await page.waitForSelector(FORM, { timeout: 30_000 })
      await page.waitForSelector(sound('sounding'))
    }
    await zhang.page.waitForSelector(`${byTestId('incident-presence')}:has-text("李娜")`)
    await li.page.waitForSelector(`${byTestId('incident-presence')}:has-text("张伟")`)
  })

  it('each sees in which field the other is; what both write at the same time is all there', async () => {
    await zhang.page.click(byTestId('incident-cause'))
    await li.page.waitForSelector(`${byTestId('incident-writing-cause')}:has-text("张伟")`)
    await li.page.click(byTestId('incident-measures'))
    await zhang.page.waitForSelector(`${byTestId('incident-writing-measures')}:has-text("李娜")`)
    await Promise.all([zhang.page.fill(byTestId('incident-cause'), CAUSE), li.page.fill(byTestId('incident-measures'), MEASURES)])
    const both = { cause: CAUSE, measures: MEASURES }
    await waitFor('both fields are kept', 30_000, async () => {
      const [incident] = await demo.server.get<Incident[]>('/api/incidents?state=open')
      return incident?.fields.cause === both.cause && incident.fields.measures === both.measures ? true : undefined
    })
    for (const { page } of [zhang, li])
      await waitFor('both fields are on the screen', 30_000, async () =>
        (await page.inputValue(byTestId('incident-cause'))) === CAUSE && (await page.inputValue(byTestId('incident-measures'))) === MEASURES
          ? true
          : undefined,
      )
  })

  it('the sound goes on until one of them answers the SMS with its code; both screens show it and are quiet', async () => {
    const code = await waitFor(
      'the SMS has come',
      30_000,
      async () =>
        // In one part or two.
        /回复 (\d{6}) 确认/.exec(modem.accepted.map(({ text }) => text).join(''))?.[1],
    )
    expect(modem.accepted[0]?.number).toBe(PHONE_OF_ZHANG)
    for (const { page } of [zhang, li]) expect(await page.locator(sound('sounding')).count()).toBe(1)
    modem.receive({ from: PHONE_OF_ZHANG, text: code, alphabet: 'gsm7' })
    const acknowledged = await waitFor('it is acknowledged', 30_000, async () => {
      const alarms = await demo.server.get<Alarm[]>('/api/alarms?scope=all')
      return alarms.find(({ acknowledgedBy }) => acknowledgedBy !== null)
    })
    expect(acknowledged.acknowledgedBy).toBe('张伟')
    for (const { page } of [zhang, li]) {
      await page.waitForSelector('.incident-alarms .alarm-state-ACKED')
      await page.waitForSelector(sound('quiet'))
    }
    // Who saves second is told so, and merges.
    const expected = /\b409\b.*\/draft\)$/
    expect([...zhang.errors, ...li.errors].filter((line) => !expected.test(line))).toEqual([])
  })
})
