import { afterAll, beforeAll, expect, it } from 'vitest'
import { byTestId, firstSeenMs, missingBrowser, noteFirstSeen, type Person, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missing = missingBrowser()
const BUDGET_MS = 8000
const FRESH = '[data-testid^="point-value-"][data-freshness="fresh"]'

let browser: TestBrowser
let person: Person
let server: ServerProcess | undefined
beforeAll(async () => {
  if (missing === undefined) browser = await startBrowser()
})
afterAll(async () => {
  await browser?.close()
  await server?.dispose()
})

it.skipIf(missing !== undefined)(
  `a first start has a live reading on the screen within ${BUDGET_MS} ms, sign-in included ${missing ?? ''}`,
  async () => {
    const startedAtMs = Date.now()
    // An empty data folder: the database, the account, the simulated room and its history are all made now.
    server = await startServerProcess({ command: 'demo' })
    person = await browser.open({ url: server.url })
    const { page } = person
    await page.goto('/')
    await page.fill(byTestId('username'), 'admin')
    await page.fill(byTestId('password'), ADMIN_PASSWORD)
    await noteFirstSeen(page, [FRESH])
    await page.click(byTestId('sign-in'))
    const tookMs = (await firstSeenMs(page, FRESH, 20_000)) - startedAtMs
    console.log(`start → first live reading on the screen: ${tookMs} ms`)
    const shown = await waitFor(
      'the value is a number or a word',
      5000,
      async () => (await page.locator(FRESH).first().innerText()).trim() || undefined,
    )
    expect(shown).toMatch(/\d|正常|市电|无|未/)
    expect(tookMs).toBeLessThanOrEqual(BUDGET_MS)
    expect(person.errors).toEqual([])
    expect(browser.outsideRequests).toEqual([])
  },
)
