import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Alarm, RoomOverview } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { byTestId, DESK, labelOf, missingBrowser, PHONE, signIn, startBrowser } from '../kit/browser.ts'
import { startDemoServer } from '../kit/demo-server.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'

/**
 * `npm run screenshots`: the pictures of the documents, made from the running demonstration with real alarms. It takes about three
 * minutes, because the curves on the pictures are the demonstration's own.
 * `npm run screenshots -- folder` writes them elsewhere, and every page in both languages and sizes with them, to be looked at.
 */
const [folder] = process.argv.slice(2)
const IMAGES = folder ?? fileURLToPath(new URL('../../docs/images', import.meta.url))
/** So that the sparklines and curves show something. */
const WARM_UP_MS = Number(process.env.ROOMKEEPER_SCREENSHOT_WARM_UP_MS ?? 120_000)

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
const demo = await startDemoServer()
const browser = await startBrowser()
try {
  const { url } = demo.server
  const keepers = { username: 'zhangwei', name: '张伟', roles: ['room-keeper'], password: 'screenshots-password' }
  await demo.server.send('POST', '/api/accounts', keepers)
  await delay(WARM_UP_MS)
  await demo.play({ 'mains-lost': true })
  await waitFor('the mains are lost', 60_000, async () => {
    const alarms = await demo.server.get<Alarm[]>('/api/alarms')
    return alarms.some(({ incidentId }) => incidentId !== null) ? true : undefined
  })
  const [room] = await demo.server.get<RoomOverview[]>('/api/rooms')

  const desk = await browser.open({ url, screen: DESK })
  const password = await signIn(desk.page, keepers.username, keepers.password)
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
  await signIn(english.page, keepers.username, password)
  await delay(1500)
  await putOffForms(english.page)
  await shoot(english.page, 'overview-en')

  const phone = await browser.open({ url, screen: PHONE })
  await signIn(phone.page, keepers.username, password)
  await delay(1500)
  await putOffForms(phone.page)
  await phone.page.goto('/alarms')
  await delay(500)
  await putOffForms(phone.page)
  await shoot(phone.page, 'alarms-phone-zh')

  if (folder !== undefined) await shootEverything(room?.id ?? 1)
} finally {
  await browser.close()
  await demo.dispose()
}

async function shootEverything(roomId: number): Promise<void> {
  const [alarm] = (await demo.server.get<Alarm[]>('/api/alarms')).filter(({ incidentId }) => incidentId !== null)
  const [overview] = await demo.server.get<RoomOverview[]>('/api/rooms')
  const points = overview?.leading.filter(({ unit }) => unit !== '1').slice(0, 3)
  const paths: Record<string, string> = {
    overview: '/',
    room: `/rooms/${roomId}`,
    point: `/rooms/${roomId}?point=${points?.[0]?.id}`,
    alarms: '/alarms',
    incidents: '/incidents',
    incident: `/incidents/${alarm?.incidentId}`,
    inspections: '/inspections',
    history: `/history?points=${points?.map(({ id }) => id).join(',')}&range=1h`,
    notices: '/notices',
    channels: '/notices?tab=channels',
    escalation: '/notices?tab=escalation',
    roster: '/roster',
    network: '/network',
    ports: '/network?tab=ports',
    agents: '/agents',
    accounts: '/accounts',
    audit: '/audit',
    'alarms-silent': '/alarms?scope=silent',
    limits: '/limits',
    'limits-defaults': '/limits?tab=built-in',
    combinations: '/limits?tab=combinations',
    maintenance: '/maintenance',
    quality: '/alarm-quality',
    proof: '/proof',
  }
  for (const language of ['zh-CN', 'en'] as const) {
    const { page, context } = await browser.open({ url: demo.server.url, language })
    await page.goto('/')
    for (const screen of [DESK, PHONE]) {
      await page.setViewportSize(screen)
      await shoot(page, `all-sign-in-${language}-${screen.width}`)
    }
    await signIn(page, 'admin', ADMIN_PASSWORD)
    await delay(1500)
    for (const screen of [DESK, PHONE]) {
      await page.setViewportSize(screen)
      await page.goto('/')
      await delay(1500)
      if (await page.locator(byTestId('incident-later')).isVisible()) await shoot(page, `all-form-${language}-${screen.width}`)
      await putOffForms(page)
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(path)
        await shoot(page, `all-${name}-${language}-${screen.width}`)
      }
    }
    await context.close()
  }
}
