import type { Alarm } from '@roomkeeper/shared/http'
import type { Locator, Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../kit/accessible.ts'
import { byTestId, goWithin, missingBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
const DIALOG =
  '.ant-modal-wrap:not([style*="display: none"]) .ant-modal-container, .ant-modal-wrap:not([style*="display: none"]) .ant-modal-content'
const PANEL = '.side-over'
/** All that lies over the page; what lies below it is judged page by page elsewhere. */
const OVER = '.ant-modal-root, .side-over'

interface Opener {
  name: string
  path: string
  /** What opens it, by the keyboard. */
  by: string
  opens: string
  /** Before: what brings the opener to the page. */
  first?: string
}

/** Everything that opens over a page, with what opens it. */
const OPENERS: readonly Opener[] = [
  { name: 'a room', path: '/', by: '.page-actions button', opens: DIALOG },
  { name: 'contacts', path: '/', first: byTestId('user-menu'), by: byTestId('my-contacts'), opens: DIALOG },
  { name: 'a point', path: '/rooms/ROOM', by: '[data-testid^="point-"]', opens: PANEL },
  { name: 'a device', path: '/devices', by: '[data-testid^="device-open-"]', opens: PANEL },
  { name: 'pairing', path: '/agents', by: byTestId('agent-pair'), opens: DIALOG },
  { name: 'a credential', path: '/agents', by: byTestId('agent-issue'), opens: DIALOG },
  { name: 'an account', path: '/accounts', by: byTestId('account-add'), opens: DIALOG },
  { name: 'a shift', path: '/roster', by: byTestId('shift-add'), opens: DIALOG },
  { name: 'a channel', path: '/notices?tab=channels', by: byTestId('channel-add'), opens: PANEL },
  { name: 'a maintenance window', path: '/maintenance?tab=windows', by: byTestId('window-add'), opens: DIALOG },
  { name: 'a schedule', path: '/calendar?tab=rules', by: byTestId('add-schedule'), opens: PANEL },
  { name: 'a report by mail', path: '/reports', by: byTestId('report-add'), opens: PANEL },
  { name: 'a subnet', path: '/network', by: byTestId('subnet-add'), opens: DIALOG },
  { name: 'an import', path: '/network', by: byTestId('address-import'), opens: DIALOG },
  { name: 'switch ports', path: '/network?tab=ports', by: byTestId('port-add'), opens: DIALOG },
  { name: 'a set of limits', path: '/limits', by: byTestId('limit-set-add'), opens: PANEL },
]

describe.skipIf(missing !== undefined)(`what opens over a page${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let page: Page
  let roomId: number

  beforeAll(async () => {
    await demo.play({ leak: true })
    const alarm = await waitFor('the leak is an alarm', 40_000, async () =>
      (await demo.server.get<Alarm[]>('/api/alarms')).find(({ condition }) => condition === 'state-critical'),
    )
    roomId = alarm.roomId as number
    // Off duty: no form opens by itself over what is looked at.
    await demo.server.send('PUT', '/api/session/duty', { onDuty: false })
    page = (await demo.openAsAdmin()).page
  })

  it('is named and labelled, closes by Escape, and gives the keyboard back to what opened it', async () => {
    const problems: string[] = []
    let isLoaded = false
    for (const { name, path, first, by, opens } of OPENERS) {
      const note = (problem: string) => problems.push(`${name}: ${problem}`)
      const address = path.replace('ROOM', String(roomId))
      // What the one before left open after a failure goes with its page.
      if (isLoaded) await goWithin(page, address)
      else await page.goto(address, { waitUntil: 'domcontentloaded' })
      isLoaded = false
      if (first) await page.click(first)
      const opener = page.locator(by).first()
      try {
        await opener.press('Enter')
        const opened = page.locator(opens).first()
        await opened.waitFor()
        await page.locator('.spinner').first().waitFor({ state: 'detached' })
        // Half transparent while it opens.
        await waitFor('it stands still', 20_000, async () =>
          (await page.evaluate<number>(
            'document.getAnimations().filter((each) => each.playState === "running" && each.effect?.getTiming().iterations !== Infinity).length',
          )) === 0
            ? true
            : undefined,
        )
        for (const problem of await accessibilityProblems(page, OVER)) note(problem)
        const isInside = `document.activeElement !== document.body && [...document.querySelectorAll(${JSON.stringify(opens)})].some((each) => (each.closest('.ant-modal-wrap') ?? each).contains(document.activeElement))`
        await waitFor('the keyboard is in it', 10_000, async () => ((await page.evaluate<boolean>(isInside)) ? true : undefined))
        await page.keyboard.press('Escape')
        await opened.waitFor({ state: 'hidden', timeout: 10_000 })
        // What was in a menu is gone with the menu; the menu’s own button has the keyboard then.
        if (!first) await waitFor('the keyboard is back', 10_000, async () => ((await hasFocus(opener)) ? true : undefined))
        isLoaded = true
      } catch (error) {
        note((error as Error).message.split('\n')[0] ?? '')
      }
    }
    expect(problems).toEqual([])
  }, 240_000)

  it('the first stop of the keyboard skips the menu, and what has the keyboard is seen', async () => {
    await page.goto('/alarms')
    await page.locator('main h1').waitFor()
    await page.keyboard.press('Tab')
    const skip = page.locator('.skip-link')
    await expect.poll(() => hasFocus(skip)).toBe(true)
    await expect.poll(async () => (await skip.boundingBox())?.x).toBeGreaterThanOrEqual(0)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await expect.poll(() => page.evaluate<boolean>('document.querySelector("#main").contains(document.activeElement)')).toBe(true)
    const unseen: string[] = []
    for (let stop = 0; stop < 40; stop++) {
      const seen = await page.evaluate<string | null>(FOCUS_SEEN)
      if (seen !== null) unseen.push(seen)
      await page.keyboard.press('Tab')
    }
    expect(unseen).toEqual([])
  })
})

const hasFocus = async (locator: Locator): Promise<boolean> => (await locator.and(locator.page().locator(':focus')).count()) > 0

/** null when what has the keyboard has an outline, ring or frame; else what it is. antd draws some of them around a parent. */
const FOCUS_SEEN = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return null
  for (let each = element; each && each !== document.body && each.contains(element); each = each.parentElement) {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each)
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return null
    if (boxShadow !== 'none' && each !== document.documentElement && each.getBoundingClientRect().height < 80) return null
    if (each.getBoundingClientRect().height > 80) break
  }
  return element.outerHTML.slice(0, 120)
})()`
