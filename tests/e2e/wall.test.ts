import type { Alarm } from '@roomkeeper/shared/http'
import type { CDPSession, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
const MONITOR = { width: 1920, height: 1080 }

describe.skipIf(missing !== undefined)(`the wall${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let page: Page
  let errors: string[]

  beforeAll(async () => {
    const person = await demo.openAsAdmin({ screen: MONITOR })
    page = person.page
    errors = person.errors
    await waitFor('the room has readings', 40_000, async () => {
      const [room] = await demo.server.get<{ leading: { timeMs: number | null }[] }[]>('/api/rooms')
      return room && room.leading.length > 4 && room.leading.every(({ timeMs }) => timeMs !== null) ? true : undefined
    })
  })

  it('is opened from the overview, shows the room in large figures without the menu, and is steered by keys', async () => {
    await page.goto('/')
    await page.click(byTestId('wall-link'))
    await page.waitForSelector('[data-testid^="wall-block-"][data-state="quiet"]')
    expect(await page.locator('.shell-nav').count()).toBe(0)
    await page.keyboard.press('ArrowRight')
    const figure = page.locator('[data-testid="wall-figure-temperature"][data-look="good"] .wall-value')
    await figure.waitFor()
    await expect.poll(() => figure.innerText()).toMatch(/^\d+\.\d\s*℃$/)
    const tall = await textPx(page, `${byTestId('wall-figure-temperature')} .wall-value`)
    expect(tall).toBeGreaterThanOrEqual(0.08 * MONITOR.height)
    for (const kind of ['humidity', 'voltage', 'ups-status', 'battery-charge']) {
      await expect.poll(() => page.locator(`[data-testid="wall-figure-${kind}"][data-look="good"]`).count(), { message: kind }).toBe(1)
    }
    await expect.poll(() => page.locator(byTestId('wall-clock')).innerText()).toMatch(/^\d\d:\d\d:\d\d$/)
    await page.keyboard.press(' ')
    await page.waitForSelector(byTestId('wall-paused'))
    await page.keyboard.press('ArrowLeft')
    await page.waitForSelector(byTestId('wall-all'))
  })

  it('stays flat over hundreds of screenfuls', async () => {
    await page.goto('/wall?seconds=0.05')
    await page.waitForSelector(byTestId('wall-progress'))
    const cdp = await page.context().newCDPSession(page)
    await cdp.send('Performance.enable')
    await turnsReach(page, 100)
    const early = await memoryOf(cdp)
    await turnsReach(page, 300)
    const late = await memoryOf(cdp)
    console.log(`wall memory after 100 and 300 screenfuls: ${JSON.stringify({ early, late })}`)
    for (const name of ['JSHeapUsedSize', 'Nodes', 'JSEventListeners'] as const) {
      expect((late[name] ?? 0) / (early[name] ?? 1), name).toBeLessThanOrEqual(1.1)
    }
  })

  it('fills the screen by a key and keeps the monitor awake, also after the tab was hidden', async () => {
    // Headless there is no monitor to keep awake; the browser's own function is asked all the same.
    await page.addInitScript(`(() => {
      const lock = navigator.wakeLock
      const request = lock.request.bind(lock)
      window.wakeLocks = { asked: 0, held: undefined }
      lock.request = async (kind) => {
        window.wakeLocks.asked++
        const held = await request(kind)
        window.wakeLocks.held = held
        return held
      }
    })()`)
    await page.goto('/wall?seconds=600')
    await page.waitForSelector(byTestId('wall-all'))
    await page.keyboard.press('f')
    await waitFor('full screen', 20_000, () => page.evaluate<true | undefined>('document.fullscreenElement !== null || undefined'))
    await page.keyboard.press('f')
    await waitFor('no full screen', 20_000, () => page.evaluate<true | undefined>('document.fullscreenElement === null || undefined'))
    await waitFor('the lock is held', 20_000, () =>
      page.evaluate<true | undefined>('window.wakeLocks.held?.released === false || undefined'),
    )
    // As the browser does when the tab is hidden.
    await page.evaluate(`window.wakeLocks.held.release().then(() => { document.dispatchEvent(new Event('visibilitychange')) })`)
    await waitFor('the lock is held again', 20_000, () =>
      page.evaluate<true | undefined>('(window.wakeLocks.asked >= 2 && window.wakeLocks.held.released === false) || undefined'),
    )
    await page.click('a[href="/"]')
    await waitFor('the lock is given back', 20_000, () => page.evaluate<true | undefined>('window.wakeLocks.held.released || undefined'))
  })

  it('says so when the rooms have not been answered for long, and takes it back', async () => {
    await page.goto('/wall?seconds=600')
    await page.waitForSelector('[data-testid^="wall-block-"][data-state="quiet"]')
    await page.route('**/api/rooms', (route) => route.abort())
    await page.evaluate(`(() => { const now = Date.now.bind(Date); window.realNow = now; Date.now = () => now() + 60_000 })()`)
    await page.waitForSelector('[data-testid="wall-notice"][data-why="stale"]')
    await expect.poll(() => page.locator(byTestId('wall-notice')).innerText()).toContain('现在的情况未知')
    await page.unroute('**/api/rooms')
    await page.evaluate('Date.now = window.realNow')
    await page.waitForSelector(byTestId('wall-notice'), { state: 'detached', timeout: 40_000 })
    errors.length = 0
  })

  it('brings the room of an alarm to the front at once, also out of a pause', async () => {
    await page.goto('/wall?seconds=600')
    await page.waitForSelector(byTestId('wall-all'))
    await page.keyboard.press(' ')
    await page.waitForSelector(byTestId('wall-paused'))
    await demo.play({ leak: true })
    const alarm = await waitFor('the leak is an alarm', 40_000, async () =>
      (await demo.server.get<Alarm[]>('/api/alarms')).find(({ condition }) => condition === 'state-critical'),
    )
    await page.waitForSelector(byTestId(`wall-room-${alarm.roomId}`), { timeout: 5000 })
    expect(await page.locator(byTestId('wall-paused')).count()).toBe(0)
    for (const known of ['漏水', '未确认']) await expect.poll(() => page.locator(byTestId('wall-alarms')).innerText()).toContain(known)
  })

  it('says in big letters that it is cut off, and shows no figure as if it were of now', async () => {
    await page.goto('/wall?seconds=600')
    await page.waitForSelector('[data-testid="wall-figure-temperature"][data-look="good"]')
    expect(errors).toEqual([])
    await demo.server.stop('SIGKILL')
    await page.waitForSelector('[data-testid="wall-notice"][data-why="lost"]', { timeout: 3500 })
    const letters = await textPx(page, `${byTestId('wall-notice')} b`)
    expect(letters).toBeGreaterThanOrEqual(0.08 * MONITOR.height)
    await page.waitForSelector('[data-testid="wall-figure-temperature"][data-look="old"]')
    expect(await page.locator('[data-look="good"]').count()).toBe(0)
    await expect.poll(() => page.locator(`${byTestId('wall-figure-temperature')} .wall-value`).innerText()).toBe('未知')
    await page.keyboard.press('ArrowRight')
    await page.waitForSelector(byTestId('wall-all'))
    expect(await page.locator('[data-state="quiet"]').count()).toBe(0)
  })
})

const textPx = (page: Page, selector: string): Promise<number> =>
  page.evaluate<number>(`parseFloat(getComputedStyle(document.querySelector(${JSON.stringify(selector)})).fontSize)`)

/** Asked from here: the page's policy forbids the browser a condition as text. */
const turnsReach = (page: Page, turns: number): Promise<unknown> =>
  waitFor(`${turns} screenfuls`, 60_000, async () =>
    Number(await page.locator(byTestId('wall-progress')).getAttribute('data-turn')) >= turns ? true : undefined,
  )

/** What is still held after the collector went through twice: finalizers of the first round free more in the second. */
async function memoryOf(cdp: CDPSession): Promise<Record<string, number>> {
  for (let round = 0; round < 2; round++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const wanted = ['JSHeapUsedSize', 'Nodes', 'JSEventListeners']
  return Object.fromEntries(metrics.filter(({ name }) => wanted.includes(name)).map(({ name, value }) => [name, value]))
}
