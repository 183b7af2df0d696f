import { readFile } from 'node:fs/promises'
import type { Alarm, RegisterRecord, Room, Schedule, WholeRecord } from '@roomkeeper/shared/http'
import type { InspectionSheet } from '@roomkeeper/shared/registers'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../kit/accessible.ts'
import { byTestId, DESK, missingBrowser, type Person, PHONE, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { DASHBOARD_PAGES, type PageIds, pageIdsOf } from '../kit/dashboard-pages.ts'
import { type DemoServer, startDemoServer } from '../kit/demo-server.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'

const missing = missingBrowser()
/** Six pages take some 15 s on two cores that do nothing else, and thrice that beside much other work: far from the limit of a test. */
const GROUP_PAGES = 6
const PAGE_GROUPS = Array.from({ length: Math.ceil(DASHBOARD_PAGES.length / GROUP_PAGES) }, (_, at) => {
  const pages = DASHBOARD_PAGES.slice(at * GROUP_PAGES, (at + 1) * GROUP_PAGES)
  return { first: pages[0]?.name, last: pages.at(-1)?.name, pages }
})
/** How many pixels of the first chart are not transparent. */
const INK_PIXELS = `(() => {
  const canvas = document.querySelector('.uplot canvas')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return data.filter((value, index) => index % 4 === 3 && value > 0).length
})()`

describe.skipIf(missing !== undefined)(`the dashboard on the demonstration${missing === undefined ? '' : ` (${missing})`}`, () => {
  let demo: DemoServer
  let browser: TestBrowser
  let admin: Person
  let roomId: number
  let incidentId: number
  let temperatureId: number
  let deviceId: number
  let ids: PageIds

  const get = <Answer>(path: string): Promise<Answer> => demo.server.get<Answer>(path)

  beforeAll(async () => {
    ;[demo, browser] = await Promise.all([startDemoServer(), startBrowser()])
    await demo.play({ leak: true })
    const alarm = await waitFor('the leak is an alarm', 20_000, async () =>
      (await get<Alarm[]>('/api/alarms')).find(({ condition, incidentId }) => condition === 'state-critical' && incidentId !== null),
    )
    incidentId = alarm.incidentId as number
    roomId = alarm.roomId as number
    ids = await pageIdsOf(demo.server)
    temperatureId = ids.pointIds[0] as number
    deviceId = ids.deviceId
    admin = await browser.open({ url: demo.server.url })
    await signIn(admin.page, 'admin', ADMIN_PASSWORD)
  })
  afterAll(async () => {
    await browser?.close()
    await demo?.dispose()
  }, 30_000)
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${demo?.server.output()}`)
  })

  describe.each([
    ['zh-CN', 'light'],
    ['en', 'dark'],
  ] as const)('each page: %s, %s', (language, theme) => {
    let person: Person

    beforeAll(async () => {
      person = await browser.open({ url: demo.server.url, language })
      const { page, context } = person
      await context.addInitScript(`localStorage.setItem('roomkeeper.theme', '${theme}')`)
      await page.goto('/')
      const title = await page.locator('form h1').innerText()
      expect(title).toBe(language === 'en' ? 'Roomkeeper' : '机房管家')
      await page.setViewportSize(PHONE)
      expect(await sidewaysPx(page, PHONE.width)).toBe(0)
      await signIn(page, 'admin', ADMIN_PASSWORD)
    })
    afterAll(() => person?.context.close())

    it.each(PAGE_GROUPS)('$first – $last: WCAG AA, no error on the console, nothing to scroll sideways', async ({ pages }) => {
      const { page, errors } = person
      const problems: string[] = []
      for (const { name, path, ready } of pages) {
        await page.setViewportSize(DESK)
        await page.goto(path(ids), { waitUntil: 'domcontentloaded' })
        await page
          .locator(ready ?? 'main h1, main .state-box')
          .first()
          .waitFor()
        await page.locator('.spinner').first().waitFor({ state: 'detached' })
        for (const problem of await accessibilityProblems(page)) problems.push(`${name}: ${problem}`)
        for (const { width, height } of [DESK, PHONE]) {
          await page.setViewportSize({ width, height })
          const excessPx = await sidewaysPx(page, width)
          if (excessPx > 0) problems.push(`${name} at ${width} px: ${excessPx} px too wide`)
        }
        // As it is on a phone now; in one look, because the rules are the same in the other.
        if (theme === 'dark')
          for (const problem of await accessibilityProblems(page)) problems.push(`${name} at ${PHONE.width} px: ${problem}`)
        for (const error of errors.splice(0)) problems.push(`${name}: ${error}`)
      }
      expect(problems).toEqual([])
    })

    it('no word of the other language is in the menu', async () => {
      const { page } = person
      await page.setViewportSize(DESK)
      await page.goto('/')
      const menu = await page.locator('.shell-nav').innerText()
      expect(menu).toContain(language === 'en' ? 'Alarms' : '告警')
      expect(menu).not.toMatch(language === 'en' ? /\p{Script=Han}/u : /\b(Overview|Alarms|History)\b/)
    })
  })

  it('switches the language at once and remembers it', async () => {
    const { page, context } = await browser.open({ url: demo.server.url })
    await page.goto('/')
    await page.click(byTestId('language-switch'))
    await page.waitForSelector('h1:has-text("Roomkeeper")')
    await page.reload()
    await page.waitForSelector('h1:has-text("Roomkeeper")')
    expect(await page.locator('html').getAttribute('lang')).toBe('en')
    await context.close()
  })

  it('tells a wrong password in words, and lets the right one in afterwards', async () => {
    const { page, context } = await browser.open({ url: demo.server.url })
    await page.goto('/')
    await page.fill(byTestId('username'), 'admin')
    await page.fill(byTestId('password'), 'certainly wrong')
    await page.click(byTestId('sign-in'))
    expect(await page.locator(byTestId('sign-in-error')).innerText()).toContain('用户名或密码错误')
    await signIn(page, 'admin', ADMIN_PASSWORD)
    expect(await page.locator(byTestId('sign-in-error')).count()).toBe(0)
    await context.close()
  })

  it('shows an auditor everything, and nothing to change it with', async () => {
    await demo.server.send('POST', '/api/accounts', {
      username: 'auditor',
      name: '审计员',
      roles: ['auditor'],
      password: 'auditor-first-password',
    })
    const { page, context, errors } = await browser.open({ url: demo.server.url })
    await signIn(page, 'auditor', 'auditor-first-password')
    expect(await page.locator('.shell-nav').innerText()).not.toContain('账号')
    expect(await page.locator('.shell-nav').innerText()).toContain('审计')
    const writing: string[] = []
    for (const path of [
      '/',
      `/rooms/${roomId}`,
      `/rooms/${roomId}?point=${temperatureId}`,
      `/rooms/${roomId}?device=${deviceId}`,
      '/devices?scope=new',
      '/alarms',
      `/incidents/${incidentId}`,
      '/inspections',
      '/notices',
      '/roster',
      '/agents',
    ]) {
      await page.goto(path)
      await page.locator('main h1').first().waitFor()
      await page.locator('.loading').first().waitFor({ state: 'detached' })
      const offered = page.locator(
        [
          ...['incident-form', 'limits-edit', 'agent-issue', 'point-edit', 'device-save', 'confirm-all'].map(byTestId),
          ...['acknowledge-', 'incident-acknowledge-', 'inspection-start-'].map((start) => `[data-testid^="${start}"]`),
          'main .ant-btn-primary',
        ].join(', '),
      )
      for (const text of await offered.allInnerTexts()) writing.push(`${path}: ${text}`)
    }
    expect(writing).toEqual([])
    // The facts themselves are there.
    await page.goto(`/incidents/${incidentId}`)
    await page.waitForSelector(byTestId('incident-record'))
    expect(errors).toEqual([])
    await context.close()
  })

  it('takes an inspection from beginning to signature by password, keeps it in the ledger and moves the schedule', async () => {
    const { page } = admin
    const scheduleOf = async (): Promise<Schedule> =>
      (await get<Schedule[]>('/api/schedules')).find((each) => each.register === 'inspection' && each.roomId === roomId) as Schedule
    const before = await scheduleOf()
    await closeIncidentForm(page)
    await page.goto('/inspections')
    await page.click(byTestId(`inspection-start-${before.id}`))
    await page.waitForSelector(byTestId('sheet-summary'))
    const [begun] = await get<RegisterRecord[]>('/api/registers/inspection/records')
    const path = `/api/registers/inspection/records/${begun?.id}`
    const sheet = (await get<WholeRecord>(path)).sheet as unknown as InspectionSheet
    const isWet = ({ key }: { key: string }) => sheet.openAlarms.some(({ items }) => items.includes(key))
    const wet = sheet.items.filter(isWet)
    expect(wet.length).toBeGreaterThan(0)
    for (const item of sheet.items) {
      await page.locator(byTestId(`check-${item.key}-${isWet(item) ? 'abnormal' : 'normal'}`)).press('Enter')
      const beside = sheet.beside[item.key]
      if (item.measured) await page.fill(byTestId(`check-${item.key}-measured`), String(beside?.value ?? 1))
    }
    // An abnormal item without a word about it is not taken.
    const submit = page.locator(byTestId('inspection-submit'))
    expect(await submit.innerText()).toContain(`还有 ${wet.length} 项`)
    for (const { key } of wet) await page.fill(byTestId(`check-${key}-note`), '空调下方有积水，已通知维修')
    await page.getByText('用密码', { exact: true }).click()
    await page.fill(byTestId('inspection-password'), ADMIN_PASSWORD)
    await submit.click()
    await page.waitForSelector(byTestId('inspection-done'))
    const signed = await get<WholeRecord>(path)
    expect(signed).toMatchObject({ state: 'signed', roomName: (await get<Room[]>('/api/rooms')).find(({ id }) => id === roomId)?.name })
    expect(signed.steps.at(-1)?.claimedAtMs).toBeNull()
    const after = await scheduleOf()
    expect(after.lastDoneAtMs).not.toBeNull()
    expect(after.dueAtMs).toBeGreaterThan(before.dueAtMs)
  })

  it('draws the history of a point and gives it as CSV', async () => {
    const { page } = admin
    await page.goto(`/history?points=${temperatureId}&range=1h`)
    await page.waitForSelector('.uplot canvas')
    const inkPixels = await waitFor('the chart is drawn', 5000, async () => (await page.evaluate<number>(INK_PIXELS)) || undefined)
    expect(inkPixels).toBeGreaterThan(200)
    const [download] = await Promise.all([page.waitForEvent('download'), page.click(byTestId('history-csv'))])
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n')
    expect(download.suggestedFilename()).toMatch(/\.csv$/)
    expect(lines[0]).toContain('数值 / Value')
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.slice(1).every((line) => /,\d+(\.\d+)?,℃,/.test(line))).toBe(true)
  })

  it('made no request to anywhere else', () => {
    expect(browser.outsideRequests).toEqual([])
  })
})

/** How many pixels the page, or what scrolls inside it, is wider than the screen. */
function sidewaysPx(page: Page, widthPx: number): Promise<number> {
  return page.evaluate<number>(`(() => {
    const main = document.querySelector('#main')
    return Math.max(0, document.documentElement.scrollWidth - ${widthPx}, main ? main.scrollWidth - main.clientWidth : 0)
  })()`)
}

/** The form that opened by itself is put off, so that it does not lie over what the test clicks. */
async function closeIncidentForm(page: Page): Promise<void> {
  const later = page.locator(byTestId('incident-later'))
  if (await later.isVisible()) await later.click()
}
