import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Alarm, RoomOverview } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { byTestId, DESK, labelOf, missingBrowser, PHONE, type Screen, signIn, startBrowser } from '../kit/browser.ts'
import { DASHBOARD_PAGES, type DashboardPage, type PageIds, pageIdsOf } from '../kit/dashboard-pages.ts'
import { startDemoServer } from '../kit/demo-server.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'

/**
 * `npm run screenshots`: the pictures of the documents, made from the running demonstration with real alarms. It takes about three
 * minutes, because the curves on the pictures are the demonstration's own.
 * `npm run screenshots -- folder` writes them elsewhere, and every page in both languages, themes and sizes with them, to be looked at;
 * `-- folder zh-light-1440` only those, `-- folder zh- alarms rooms` only these pages of them (their names in `tests/kit/dashboard-pages.ts`).
 */
const [folder, only = '', ...pages] = process.argv.slice(2)
const IMAGES = folder ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
/** So that the sparklines and curves show something. */
const WARM_UP_MS = Number(process.env.ROOMKEEPER_SCREENSHOT_WARM_UP_MS ?? 120_000)

const LANGUAGES = ['zh-CN', 'en'] as const
const THEMES = ['light', 'dark'] as const
const KEEPER = { username: 'zhangwei', name: '张伟', roles: ['room-keeper'], password: 'screenshots-password' }
/** A page that is longer is cut off there. */
const HIGHEST_PX = 4000

const missing = missingBrowser()
if (missing !== undefined) {
  console.error(missing)
  process.exit(1)
}

async function shoot(page: Page, name: string): Promise<void> {
  await page.locator('.loading').first().waitFor({ state: 'detached' })
  // Charts draw themselves after their data; values flash when they change.
  await delay(1500)
  const path = join(IMAGES, `${name}.png`)
  await page.screenshot({ path, animations: 'disabled' })
  console.log(`${path}  ${Math.round((await stat(path)).size / 1024)} kB`)
}

/** The form opens by itself; it is put off where the picture is of something else. */
async function putOffForms(page: Page): Promise<void> {
  const later = page.locator(byTestId('incident-later'))
  while (await later.isVisible()) {
    await later.click()
    await delay(500)
  }
}

await mkdir(IMAGES, { recursive: true })
// As its readers have it: the browser's zone is this one too.
const demo = await startDemoServer({ ROOMKEEPER_TIME_ZONE: 'Asia/Shanghai' })
const browser = await startBrowser()
try {
  await demo.server.send('POST', '/api/accounts', KEEPER)
  await delay(WARM_UP_MS)
  await demo.play({ 'mains-lost': true })
  await waitFor('the mains are lost', 60_000, async () => {
    const alarms = await demo.server.get<Alarm[]>('/api/alarms')
    return alarms.some(({ incidentId }) => incidentId !== null) ? true : undefined
  })
  if (only === '' && pages.length === 0) await shootDocuments()
  if (folder !== undefined) await shootEverything()
} finally {
  await browser.close()
  await demo.dispose()
}

/** The pictures in docs/images: an incident's form, the room, the overview, and a phone. */
async function shootDocuments(): Promise<void> {
  const [room] = await demo.server.get<RoomOverview[]>('/api/rooms')

  const { url } = demo.server
  const desk = await browser.open({ url, screen: DESK })
  const password = await signIn(desk.page, KEEPER.username, KEEPER.password)
  const duty = desk.page.locator(byTestId('duty-switch'))
  if ((await duty.getAttribute('aria-checked')) !== 'true') await duty.click()
  await desk.page.goto(`/rooms/${room?.id}`)
  await desk.page.waitForSelector(byTestId('incident-form'))
  await desk.page.click(labelOf('incident-fault-class-power'))
  await desk.page.fill(byTestId('incident-cause'), '市电中断，供电局通知线路抢修')
  await desk.page.fill(byTestId('incident-measures'), 'UPS 供电；已通知总务科，关闭非关键服务器')
  await desk.page.waitForSelector(`${byTestId('draft-status')}[data-status="saved"]`)
  // As high as the form, so that what is prefilled and what is to be filled in are both on the picture.
  await desk.page.setViewportSize({ ...DESK, height: 1320 })
  await desk.page.locator('.incident-facts').scrollIntoViewIfNeeded()
  await desk.page.locator('h1').hover()
  await shoot(desk.page, 'incident-form-zh')
  await desk.page.setViewportSize(DESK)
  await putOffForms(desk.page)
  await shoot(desk.page, 'room-zh')
  await desk.page.goto('/')
  await shoot(desk.page, 'overview-zh')

  const english = await browser.open({ url, screen: DESK, language: 'en' })
  await signIn(english.page, KEEPER.username, password)
  await delay(1500)
  await putOffForms(english.page)
  await shoot(english.page, 'overview-en')

  const phone = await browser.open({ url, screen: PHONE })
  await signIn(phone.page, KEEPER.username, password)
  await delay(1500)
  await putOffForms(phone.page)
  await phone.page.goto('/alarms')
  await delay(500)
  await putOffForms(phone.page)
  await shoot(phone.page, 'alarms-phone-zh')
}

/** Every page in both languages and both themes, at both widths: about five hundred pictures in some minutes, because pages are drawn side by side. */
async function shootEverything(): Promise<void> {
  const ids = await pageIdsOf(demo.server)
  const looks = LANGUAGES.flatMap((language) => THEMES.flatMap((theme) => [DESK, PHONE].map((screen) => ({ language, theme, screen }))))
  for (const look of looks) if (lookName(look).includes(only)) await shootLook(ids, look)
}

interface Look {
  language: (typeof LANGUAGES)[number]
  theme: (typeof THEMES)[number]
  screen: Screen
}

function lookName({ language, theme, screen }: Look): string {
  return `${language.slice(0, 2)}-${theme}-${screen.width}`
}

/** All pages in one look. `overview-zh-light-1440.png`; higher than the window where the page is. */
async function shootLook(ids: PageIds, look: Look): Promise<void> {
  const { language, theme, screen } = look
  const { context, page } = await browser.open({ url: demo.server.url, language, screen })
  await context.addInitScript(`localStorage.setItem('roomkeeper.theme', '${theme}')`)
  const pictureOf = (name: string) => join(IMAGES, `${name}-${lookName(look)}.png`)
  await page.goto('/')
  await page.locator(byTestId('username')).waitFor()
  await page.screenshot({ path: pictureOf('sign-in'), animations: 'disabled' })
  await demo.server.send('PUT', '/api/session/duty', { onDuty: true })
  await signIn(page, 'admin', ADMIN_PASSWORD)
  await page
    .locator(byTestId('incident-later'))
    .first()
    .waitFor({ timeout: 5000 })
    .catch(() => undefined)
  await page.screenshot({ path: pictureOf('incident-form'), animations: 'disabled' })
  // Off duty no form opens by itself over the next page.
  await page.evaluate(
    `fetch('/api/session/duty', { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"onDuty":false}' })`,
  )
  // Offered to every new browser; it would be on top of every page.
  const decline = page.locator(byTestId('notice-decline'))
  if (await decline.isVisible()) await decline.click()
  let made = 2
  await page.close()
  const waiting = DASHBOARD_PAGES.filter(({ name }) => pages.length === 0 || pages.includes(name))
  const work = async (): Promise<void> => {
    const tab = await context.newPage()
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      try {
        await shootPage(tab, next, ids, pictureOf(next.name), screen)
        made++
      } catch (error) {
        console.error(`${pictureOf(next.name)}: ${(error as Error).message}`)
        process.exitCode = 1
      }
    }
  }
  await Promise.all([work(), work(), work()])
  await context.close()
  console.log(`${language} ${theme} ${screen.width}: ${made} pictures`)
}

async function shootPage(tab: Page, { path, ready }: DashboardPage, ids: PageIds, file: string, screen: Screen): Promise<void> {
  await tab.setViewportSize(screen)
  await tab.goto(path(ids))
  await tab
    .locator(ready ?? 'main h1, main .state-box')
    .first()
    .waitFor({ timeout: 10_000 })
  await tab
    .locator('.spinner')
    .first()
    .waitFor({ state: 'detached', timeout: 5000 })
    .catch(() => undefined)
  await putOffForms(tab)
  // What scrolls is inside the page: the window is made as high as that, so that the picture has all of it.
  const highPx = await tab.evaluate<number>(
    'Math.max(0, ...[...document.querySelectorAll("#main, .side-body")].map((each) => each.scrollHeight))',
  )
  if (highPx > screen.height - 80) await tab.setViewportSize({ ...screen, height: Math.min(highPx + 120, HIGHEST_PX) })
  // Charts draw themselves after their data.
  await delay(500)
  await tab.screenshot({ path: file, animations: 'disabled' })
}
