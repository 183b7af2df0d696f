import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { accessibilityProblems } from '../kit/accessible.ts'
import { byTestId, missingBrowser, PHONE, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missing = missingBrowser()
const DEVICES = 10_000
const ALARMS = 10_000
/** More than the interface gives at once. */
const OPEN_ALARMS = 1200
/** Elements on the whole page, however long its list is: the shell, and the rows around the window. */
const MOST_ELEMENTS = 6000

describe.skipIf(missing !== undefined)(`lists of ten thousand rows${missing === undefined ? '' : ` (${missing})`}`, () => {
  let server: ServerProcess
  let browser: TestBrowser
  let dataDir: string
  let page: Page
  let errors: string[]

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'roomkeeper-long-'))
    const db = await openDatabase(join(dataDir, 'roomkeeper.db'))
    await fill(db)
    await db.destroy()
    ;[server, browser] = await Promise.all([startServerProcess({ dataDir }), startBrowser()])
    const person = await browser.open({ url: server.url })
    page = person.page
    errors = person.errors
    await signIn(page, 'admin', ADMIN_PASSWORD)
  })
  afterAll(async () => {
    await browser?.close()
    await server?.dispose()
    await rm(dataDir, { recursive: true, force: true })
  })

  it('devices: opens at once, draws what is looked at, and its last row is reached by the End key', async () => {
    const openedMs = await openList(page, '/devices', '[data-testid^="device-row-"]')
    expect(openedMs).toBeLessThan(5000)
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
    await expect.poll(() => page.locator('main table').getAttribute('aria-rowcount')).toBe(String(DEVICES + 1))
    expect(await accessibilityProblems(page)).toEqual([])

    const slowestMs = await scrollThrough(page)
    console.log(
      `devices: opened in ${openedMs} ms, ${await elements(page)} elements, slowest frame while scrolling ${Math.round(slowestMs)} ms`,
    )
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)

    await toEnd(page, byTestId(`device-row-${DEVICES}`))
    const last = page.locator(byTestId(`device-row-${DEVICES}`))
    await expect.poll(() => last.getAttribute('aria-rowindex')).toBe(String(DEVICES + 1))
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
  })

  it('the keyboard goes from row to row past what was drawn at first, and keeps its row when one looks elsewhere', async () => {
    await openList(page, '/devices', '[data-testid^="device-row-"]')
    const nameOf = (at: number) => page.locator(`tr[aria-rowindex="${at}"] [data-testid^="device-open-"]`)
    await nameOf(2).focus()
    // Each row has three places for the keyboard: its name, its room and its button.
    const focusedRow = () =>
      page.evaluate<string | undefined>(`document.activeElement?.closest('tr')?.getAttribute('aria-rowindex') ?? undefined`)
    for (let at = 2; at < 90; at++) {
      for (let tab = 0; tab < 3; tab++) await page.keyboard.press('Tab')
      // A person looks where they are, and the next rows are drawn meanwhile.
      await expect.poll(focusedRow).toBe(String(at + 1))
    }
    await page.evaluate(`document.querySelector('#main').scrollTop = 200000`)
    await waitFor('other rows are drawn', 20_000, async () => ((await lastDrawn(page)) > 2000 ? true : undefined))
    expect(await focusedRow()).toBe('90')
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
  })

  it('open alarms: none is left out beyond what the interface gives at once', async () => {
    await openList(page, '/alarms', '[data-testid^="alarm-row-"]')
    await waitFor('all are known', 30_000, async () => {
      const count = Number(await page.locator('main table').getAttribute('aria-rowcount'))
      return count >= OPEN_ALARMS + 1 ? true : undefined
    })
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
    await toEnd(page, `tr[aria-rowindex="${await page.locator('main table').getAttribute('aria-rowcount')}"]`)
  })

  it('all alarms: goes on by itself, page after page', async () => {
    await openList(page, '/alarms?scope=all', '[data-testid^="alarm-row-"]')
    const rows = async () => Number((await page.locator('main table').getAttribute('aria-rowcount')) ?? 0)
    await waitFor('1,000 rows were fetched by scrolling', 40_000, async () => {
      await page.evaluate(`document.querySelector('#main').scrollTop = 1e9`)
      return (await rows()) > 1000 ? true : undefined
    })
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
  })

  it('as cards on a phone', async () => {
    await page.setViewportSize(PHONE)
    await openList(page, '/devices', '[data-testid^="device-row-"]')
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
    await toEnd(page, byTestId(`device-row-${DEVICES}`))
    expect(await elements(page)).toBeLessThan(MOST_ELEMENTS)
    expect(errors).toEqual([])
  })
})

/** Straight into the tables: a thousand agents would take longer to tell the same. */
async function fill(db: Db): Promise<void> {
  const nowMs = Date.now()
  const roomId = await createRoom(db, { site: '总院', name: '中心机房', class: 'computer-room' }, nowMs)
  const node = { site: '总院', node: 'many', version: null, lastSeenMs: nowMs, online: 0 }
  const { id: nodeId } = await db.insertInto('edgeNode').values(node).returning('id').executeTakeFirstOrThrow()
  const device = (at: number) => ({
    nodeId,
    device: `rack-${at}`,
    // Some wrap, so that rows differ in height.
    name: at % 7 === 0 ? `第 ${at} 号机柜的温湿度一体传感器（北侧冷通道，靠近列头柜）` : `机柜 ${at}`,
    nameEn: `Rack ${at}`,
    nameByPerson: 1,
    maker: 'APC',
    model: 'AP9640',
    roomId,
    online: 0,
    bornAtMs: nowMs - at * 1000,
    commissionedAtMs: nowMs,
    commissionedBy: 'admin',
  })
  const alarm = (at: number) => {
    const isOpen = at <= OPEN_ALARMS
    return {
      source: 'device',
      sourceId: at,
      condition: 'device-offline',
      priority: (['low', 'medium', 'high', 'critical'] as const)[at % 4] ?? 'low',
      state: isOpen ? 'ACKED' : 'NORM',
      roomId,
      deviceId: at,
      pointId: null,
      valueJson: 'null',
      limitJson: 'null',
      raisedAtMs: nowMs - (ALARMS - at) * 60_000,
      recordedAtMs: nowMs - (ALARMS - at) * 60_000,
      lastEventAtMs: nowMs - (ALARMS - at) * 60_000,
      clearedAtMs: isOpen ? null : nowMs,
      acknowledgedAtMs: nowMs,
      acknowledgedBy: '张伟',
      note: null,
      late: 0,
      incidentId: null,
      active: isOpen ? 1 : 0,
      holdId: null,
      windowId: null,
      causeId: null,
    }
  }
  await db.transaction().execute(async (transaction) => {
    // In parts: SQLite takes 32,766 values in one statement.
    for (let from = 1; from <= DEVICES; from += 500) {
      const numbers = Array.from({ length: 500 }, (_, at) => from + at)
      await transaction.insertInto('device').values(numbers.map(device)).execute()
      await transaction.insertInto('alarm').values(numbers.map(alarm)).execute()
    }
  })
}

/** How long from the address to the first row, ms. */
async function openList(page: Page, path: string, firstRow: string): Promise<number> {
  const startedMs = performance.now()
  await page.goto(path)
  await page.locator(firstRow).first().waitFor()
  return Math.round(performance.now() - startedMs)
}

const elements = (page: Page): Promise<number> => page.evaluate<number>('document.querySelectorAll("*").length')

const lastDrawn = async (page: Page): Promise<number> =>
  Number(await page.locator('main tr[aria-rowindex]').last().getAttribute('aria-rowindex'))

/** Scrolls by a window's height from frame to frame, 60 times; the longest frame, ms. */
function scrollThrough(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const main = document.querySelector('#main')
    let [frames, before, slowest] = [0, performance.now(), 0]
    const step = () => {
      const now = performance.now()
      slowest = Math.max(slowest, now - before)
      before = now
      main.scrollTop += main.clientHeight
      if (++frames < 60) requestAnimationFrame(step)
      else resolve(slowest)
    }
    requestAnimationFrame(step)
  })`)
}

/** The End key until the row is there: heights that were estimated are corrected as their rows are drawn. */
async function toEnd(page: Page, row: string): Promise<void> {
  await page.locator('#main').focus()
  // In one look: a row that is there may be gone with the next scroll.
  const isSeen = `(() => {
    const top = document.querySelector(${JSON.stringify(row)})?.getBoundingClientRect().y ?? -1
    return top >= 0 && top < innerHeight
  })()`
  await waitFor('the last row is on the screen', 30_000, async () => {
    await page.keyboard.press('End')
    return (await page.evaluate<boolean>(isSeen)) ? true : undefined
  })
}
