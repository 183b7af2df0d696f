import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { missingBrowser, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { DASHBOARD_PAGES, type DashboardPage, type PageIds } from '../kit/dashboard-pages.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missing = missingBrowser()
/** Pages mostly wait here, for the tries after a failure. */
const TABS = 6
/** Nothing has these on a server that is new. */
const NOTHING: PageIds = { roomId: 4711, deviceId: 4711, pointIds: [4711], incidentId: 4711, assetId: 4711, inspectionId: 4711 }

/** What people must never read: it says that the program lost its way, and nothing about the room. */
const NONSENSE = /undefined|\bNaN\b|\[object |Infinity|Invalid Date|\{\{/

/** Also behind an open panel. How many there were. */
const PRESS_RETRY = `(() => {
  const buttons = [...document.querySelectorAll('.state-failure button, [data-testid="alarms-unknown"] button')]
  for (const button of buttons) button.click()
  return buttons.length
})()`

describe.skipIf(missing !== undefined)(`pages without an answer${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: ServerProcess
  let browser: TestBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServerProcess(), startBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.dispose()
  }, 30_000)
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}`)
  })

  const signedIn = async (): Promise<BrowserContext> => {
    const { page, context } = await browser.open({ url: server.url })
    await signIn(page, 'admin', ADMIN_PASSWORD)
    return context
  }

  it('says on a new server that there is nothing yet, or that this is not there', async () => {
    const problems = await eachPage(await signedIn(), DASHBOARD_PAGES, async (tab, { path, ready }) => {
      await tab.goto(path(NOTHING))
      await tab
        .locator(ready ?? 'main h1, main .state-box')
        .first()
        .waitFor()
      await tab.locator('.spinner').first().waitFor({ state: 'detached' })
      return [...(await nonsenseOf(tab))]
    })
    expect(problems).toEqual([])
  })

  it('says when the server refuses every question, and goes on when it answers again', async () => {
    // The last of all pages asks nothing.
    const asking = DASHBOARD_PAGES.filter(({ route }) => route !== '*')
    const problems = await eachPage(await signedIn(), asking, async (tab, { name, path }) => {
      // As a proxy answers while the server behind it starts.
      await tab.route(/\/api\/(?!session$)/, (route) => route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>503</h1>' }))
      await tab.goto(path(NOTHING))
      const failure = tab.locator('.state-failure')
      await failure.first().waitFor()
      const found = await nonsenseOf(tab)
      if (!(await failure.first().innerText()).includes('服务器暂时不能回答（503）'))
        found.push('does not say that the server cannot answer')
      // The wall without its rooms has nothing on it that could be taken for quiet.
      if (name !== 'wall') await tab.locator('[data-testid="alarms-unknown"]').waitFor()
      await tab.unroute(/\/api\/(?!session$)/)
      // What is not there on a new server offers no second try.
      await waitFor('every failure can be tried again, and is gone then', 30_000, async () =>
        (await tab.evaluate<number>(PRESS_RETRY)) === 0 ? true : undefined,
      )
      return found
    })
    expect(problems).toEqual([])
  }, 240_000)
})

/** What is wrong on each page, side by side in some tabs; a page that throws is a problem too. */
async function eachPage(
  context: BrowserContext,
  pages: readonly DashboardPage[],
  problemsOf: (tab: Page, page: DashboardPage) => Promise<string[]>,
): Promise<string[]> {
  const waiting = [...pages]
  const problems: string[] = []
  const work = async (): Promise<void> => {
    const tab = await context.newPage()
    const errors: string[] = []
    tab.on('pageerror', (error) => errors.push(`uncaught: ${error.message}`))
    for (let page = waiting.shift(); page; page = waiting.shift()) {
      const found = await problemsOf(tab, page).catch((error: Error) => [error.message])
      for (const problem of [...found, ...errors.splice(0)]) problems.push(`${page.name}: ${problem}`)
    }
    await tab.close()
  }
  await Promise.all(Array.from({ length: TABS }, work))
  await context.close()
  return problems
}

async function nonsenseOf(tab: Page): Promise<string[]> {
  const text = await tab.locator('body').innerText()
  const nonsense = NONSENSE.exec(text)
  const around = nonsense && text.slice(Math.max(0, nonsense.index - 40), nonsense.index + 40)
  return around === null ? [] : [`reads “${around}”`]
}
