import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { waitFor } from './services/child-program.ts'
import { missingProgram } from './services/require-program.ts'
import { ADMIN_PASSWORD } from './services/server-process.ts'

const CHROMIUM_PATH = '/usr/bin/chromium'
/** How long an element or a page is waited for where a test says nothing else: half of what a test may take. */
const PATIENCE_MS = 60_000

/** Why no browser can be started here, or undefined when it can. With `CI=true` a missing browser is a failure, not a skip. */
export const missingBrowser = (): string | undefined => missingProgram([CHROMIUM_PATH], 'chromium')

/** The dashboard as `npm run build -w dashboard` left it; the browser tests serve this. */
const DASHBOARD = new URL('../../dashboard/dist/index.html', import.meta.url)

export interface Screen {
  width: number
  height: number
}
export const DESK: Screen = { width: 1440, height: 900 }
export const PHONE: Screen = { width: 390, height: 844 }

export interface PersonOptions {
  /** Where the dashboard is, e.g. http://127.0.0.1:8080. */
  url: string
  screen?: Screen
  /** Chinese by default, as in a fresh browser. */
  language?: 'zh-CN' | 'en'
  /** The program is kept in the browser, to open without a server. Off by default: fetching all of it in each test takes its time. */
  keepsProgram?: boolean
  /** Fingers instead of a mouse: the device's own pickers of dates and times. */
  hasTouch?: boolean
}

/** One person's browser: own cookies and storage. */
export interface Person {
  page: Page
  context: BrowserContext
  /** Errors on the page's console and uncaught ones, each as one line; `forget` empties it. */
  errors: string[]
}

export interface TestBrowser {
  open(options: PersonOptions): Promise<Person>
  /** Every request that went to another host than the dashboard's own. The product must make none. */
  readonly outsideRequests: readonly string[]
  close(): Promise<void>
}

/**
 * Chromium with a fresh profile, and without the requests that Chromium makes for itself. Names are not resolved at all, so a
 * request to another host fails, and is listed.
 */
export async function startBrowser(): Promise<TestBrowser> {
  if (!existsSync(DASHBOARD)) throw new Error('the dashboard is not built: npm run build -w dashboard')
  const browser: Browser = await chromium.launch({
    executablePath: CHROMIUM_PATH,
    headless: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  })
  const outsideRequests: string[] = []
  return {
    outsideRequests,
    close: () => browser.close(),
    open: async ({ url, screen = DESK, language = 'zh-CN', keepsProgram = false, hasTouch = false }) => {
      const context = await browser.newContext({
        viewport: screen,
        hasTouch,
        isMobile: hasTouch,
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        acceptDownloads: true,
        serviceWorkers: keepsProgram ? 'allow' : 'block',
        baseURL: url,
      })
      context.setDefaultTimeout(PATIENCE_MS)
      const { host } = new URL(url)
      const isOutside = (address: string): boolean => /^(https?|wss?):/.test(address) && new URL(address).host !== host
      context.on('request', (request) => {
        if (isOutside(request.url())) outsideRequests.push(`${request.method()} ${request.url()}`)
      })
      if (language === 'en') await context.addInitScript("localStorage.setItem('roomkeeper.language', 'en')")
      const page = await context.newPage()
      const errors: string[] = []
      page.on('websocket', (socket) => {
        if (isOutside(socket.url())) outsideRequests.push(`WebSocket ${socket.url()}`)
      })
      page.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`))
      page.on('console', (message) => {
        // Nobody is signed in yet: the question who is answers 401, which Chromium itself reports.
        const isSignedOutAnswer = /\b401\b/.test(message.text()) && message.location().url.endsWith('/api/session')
        if (message.type() === 'error' && !isSignedOutAnswer) errors.push(`${message.text()} (${message.location().url})`)
      })
      return { page, context, errors }
    },
  }
}

/** A part of the page by its data-testid. */
export const byTestId = (testId: string): string => `[data-testid="${testId}"]`

/** The label of a radio button or check box, which is what a person sees and clicks. */
export const labelOf = (testId: string): string => `label:has(${byTestId(testId)})`

/** Signs in through the form; a password that must be changed is changed to the same with `-2` behind it. Returns the password in force. */
export async function signIn(page: Page, username: string, password: string): Promise<string> {
  await page.goto('/')
  await page.fill(byTestId('username'), username)
  await page.fill(byTestId('password'), password)
  await page.click(byTestId('sign-in'))
  const first = await Promise.race([
    page.waitForSelector(byTestId('user-menu')).then(() => 'in' as const),
    page.waitForSelector(byTestId('new-password')).then(() => 'change' as const),
  ])
  if (first === 'in') return password
  const next = `${password}-2`
  await page.fill(byTestId('current-password'), password)
  await page.fill(byTestId('new-password'), next)
  await page.fill(byTestId('repeat-password'), next)
  await page.click(byTestId('change-password'))
  await page.waitForSelector(byTestId('user-menu'))
  return next
}

/** As the administrator, without the form, which other tests are for; then the overview. */
export async function signInQuietly(page: Page): Promise<void> {
  const answer = await page.context().request.post('/api/session', { data: { username: 'admin', password: ADMIN_PASSWORD } })
  if (!answer.ok()) throw new Error(`sign-in answered ${answer.status()}: ${await answer.text()}`)
  await page.goto('/')
  await page.waitForSelector(byTestId('user-menu'))
}

/** To another page as a click in the menu goes there: the program is not loaded again. Done when the page of before is gone. */
export async function goWithin(page: Page, path: string): Promise<void> {
  await page.evaluate(`(() => {
    const next = new URL(${JSON.stringify(path)}, location.href)
    if (next.pathname !== location.pathname) document.querySelector('main h1')?.setAttribute('data-left', '')
    history.pushState(null, '', next)
    dispatchEvent(new PopStateEvent('popstate', { state: null }))
  })()`)
  await page.waitForSelector('main h1:not([data-left])')
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** Where the element is, once it stands still: it may be drawn anew, or pushed down by what arrives above it, while one looks. */
export async function boxOf(locator: Locator): Promise<Box> {
  let before: string | undefined
  return waitFor(`${locator} stands still`, 30_000, async () => {
    const box = await locator.boundingBox()
    const now = JSON.stringify(box)
    const isStill = box !== null && box.width > 0 && box.height > 0 && now === before
    before = now
    return isStill ? box : undefined
  })
}

/** How wide the page is, px: wider than the screen means that one has to scroll sideways. */
export const pageWidth = (page: Page): Promise<number> => page.evaluate<number>('document.documentElement.scrollWidth')

/** Notes in the page itself when each selector first matches: what a person sees is measured there, without the way to the test. */
export async function noteFirstSeen(page: Page, selectors: readonly string[]): Promise<void> {
  await page.evaluate(`(() => {
    const seen = (window.firstSeenMs = {})
    const look = () => {
      for (const selector of ${JSON.stringify(selectors)}) if (!(selector in seen) && document.querySelector(selector)) seen[selector] = Date.now()
    }
    new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true })
    look()
  })()`)
}

/** The time noted for the selector, ms since the epoch; waits for it. */
export function firstSeenMs(page: Page, selector: string, timeoutMs: number): Promise<number> {
  return waitFor(`${selector} is on the page`, timeoutMs, () =>
    page.evaluate<number | undefined>(`window.firstSeenMs[${JSON.stringify(selector)}]`),
  )
}
