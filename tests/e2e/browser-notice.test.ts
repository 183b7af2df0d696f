import type { Alarm } from '@roomkeeper/shared/http'
import { beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, signInQuietly } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
/** Chromium without a screen shows no notifications: what the page asks of it is noted, with the permission as a person gives it. */
const NOTE_NOTIFICATIONS = `(() => {
  window.noted = { asked: 0, open: [] }
  window.Notification = class extends EventTarget {
    static permission = localStorage.getItem('test.permission') ?? 'default'
    static async requestPermission() {
      window.noted.asked++
      localStorage.setItem('test.permission', 'granted')
      return 'granted'
    }
    constructor(title, options) {
      super()
      this.text = title + ': ' + options.body
      window.noted.open.push(this)
    }
    close() {
      window.noted.open = window.noted.open.filter((other) => other !== this)
    }
  }
  let visibility = 'visible'
  Object.defineProperty(document, 'visibilityState', { get: () => visibility })
  window.setVisibility = (next) => {
    visibility = next
    document.dispatchEvent(new Event('visibilitychange'))
  }
})()`
const state = (name: string): string => `${byTestId('sound-state')}[data-state="${name}"]`

describe.skipIf(missing !== undefined)(`the notice in the browser${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let onCall: Person
  let keeper: Person

  beforeAll(async () => {
    ;[onCall, keeper] = await Promise.all([demo.open(), demo.openAsAdmin()])
    await onCall.context.addInitScript(NOTE_NOTIFICATIONS)
    await signInQuietly(onCall.page)
    if ((await onCall.page.getAttribute(byTestId('duty-switch'), 'aria-checked')) !== 'true')
      await onCall.page.click(byTestId('duty-switch'))
    await onCall.page.waitForSelector(`${byTestId('duty-switch')}[aria-checked="true"]`)
  })

  const noted = (): Promise<{ asked: number; open: string[] }> =>
    onCall.page.evaluate('({ asked: window.noted.asked, open: window.noted.open.map(({ text }) => text) })')
  const notices = (count: number): Promise<string[]> =>
    waitFor(`${count} notifications`, 30_000, async () => {
      const { open } = await noted()
      return open.length === count ? open : undefined
    })

  it('asks for permission only when the person clicks, and says what for', async () => {
    const offer = onCall.page.locator(byTestId('notice-offer'))
    await offer.waitFor()
    await expect.poll(() => offer.innerText()).toContain('桌面通知')
    expect((await noted()).asked).toBe(0)
    await onCall.page.click(byTestId('notice-allow'))
    await offer.waitFor({ state: 'detached' })
    expect((await noted()).asked).toBe(1)
  })

  it('sounds in the page that is seen, and notifies outside of the one that is hidden', async () => {
    await demo.play({ leak: true })
    await onCall.page.waitForSelector(state('sounding'), { timeout: 30_000 })
    expect((await noted()).open).toEqual([])
    await onCall.page.evaluate('window.setVisibility("hidden")')
    const [text] = await notices(1)
    expect(text).toMatch(/严重告警未确认: .+/)
  })

  it('a page nobody has clicked on may make no sound; the strip says so, and a click on it makes it sound', async () => {
    const page = await onCall.context.newPage()
    // The test's own looking at the page counts as a person's doing for Chromium, which lets it sound; so the page is told that there was none.
    await page.addInitScript("Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive: false, isActive: false } })")
    await page.goto('/alarms')
    await page.waitForSelector(state('blocked'))
    const banner = page.locator(byTestId('sound-banner'))
    await expect.poll(() => banner.innerText()).toContain('点击此处启用声音')
    await banner.click()
    await page.waitForSelector(state('sounding'))
    await banner.waitFor({ state: 'detached' })
    await page.close()
  })

  it('goes on when the leak has ended, until somebody acknowledges in any browser; then it is quiet and the notification is gone', async () => {
    await demo.play({})
    await waitFor('the leak has ended', 30_000, async () => {
      const alarms = await demo.server.get<Alarm[]>('/api/alarms')
      return alarms.length > 0 && alarms.every(({ clearedAtMs }) => clearedAtMs !== null) ? true : undefined
    })
    expect(await onCall.page.locator(state('sounding')).count()).toBe(1)
    expect((await noted()).open).toHaveLength(1)
    for (const { id } of await demo.server.get<Alarm[]>('/api/alarms'))
      await keeper.page.evaluate(
        `fetch('/api/alarms/${id}/acknowledge', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ note: '' }) })`,
      )
    await onCall.page.waitForSelector(state('quiet'))
    await notices(0)
    expect(onCall.errors).toEqual([])
  })
})
