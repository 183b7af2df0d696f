import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RoomOverview } from '@roomkeeper/shared/http'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { signIn, startBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, startServerProcess } from '../kit/services/server-process.ts'
import { startLoadGenerator } from './load-generator.ts'

const DEVICES = 10
const POINTS_PER_DEVICE = 50
const POINTS = DEVICES * POINTS_PER_DEVICE
const NODE = { site: 'bench', node: 'generator' }
/** Design budget: a core's share that the page of one browser may take. */
const CORE_SHARE = 0.1
const WARM_UP_MS = 8000

interface PageFigures {
  /** The page's process, of one core: scripts, layout, painting into layers. */
  core_share: number
  /** All processes of the browser; without a graphics card it also composes the picture by software. */
  browser_core_share: number
  /** Of the page's main thread, longest stretch without an answer, ms. */
  longest_task_ms: number
}

export interface DashboardFigures {
  points_per_s: number
  overview: PageFigures
  room: PageFigures
  within_budget: boolean
}

/** 500 points of one room that all change each second, looked at in Chromium: on the overview and on the room's own page. */
export async function benchDashboard(options: { seconds: number }): Promise<DashboardFigures> {
  const server = await startServerProcess({ env: { ROOMKEEPER_LOG_LEVEL: 'error' } })
  const browser = await startBrowser()
  const { username, password } = await server.send<{ username: string; password: string }>('POST', '/api/agents', NODE)
  const generator = startLoadGenerator({
    ...{ url: `mqtt://127.0.0.1:${server.mqttPort}`, username, password, ...NODE },
    ...{ devices: DEVICES, pointsPerDevice: POINTS_PER_DEVICE, kind: 'temperature' },
    ...{ maxUncommittedReadings: 100_000, epoch: randomUUID() },
  })
  try {
    await waitFor('the generator is ready', 30_000, async () => (generator.last()?.ready ? true : undefined))
    generator.rate(POINTS)
    await waitFor('readings are committed', 60_000, async () => ((generator.last()?.committedOffset ?? 0) > DEVICES ? true : undefined))
    const [room] = await server.get<RoomOverview[]>('/api/rooms')
    const { context, page: signInPage } = await browser.open({ url: server.url })
    await signIn(signInPage, 'admin', ADMIN_PASSWORD)
    // A page of its own: what waits for elements in the other one would be counted too.
    await signInPage.close()
    const page = await context.newPage()
    await page.goto('/')
    const overview = await watch(page, options.seconds)
    await page.goto(`/rooms/${room?.id}`)
    const onRoom = await watch(page, options.seconds)
    const within = overview.core_share < CORE_SHARE && onRoom.core_share < CORE_SHARE
    return { points_per_s: POINTS, overview, room: onRoom, within_budget: within }
  } finally {
    await generator.stop()
    await browser.close()
    await server.dispose()
  }
}

async function watch(page: Page, seconds: number): Promise<PageFigures> {
  await sleep(WARM_UP_MS)
  await page.evaluate(`(() => {
    window.longestTaskMs = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longestTaskMs = Math.max(window.longestTaskMs, duration)
    }).observe({ type: 'longtask' })
  })()`)
  const cdp = await (page.context().browser() as Browser).newBrowserCDPSession()
  const [before, startMs] = [await cpuSeconds(cdp), performance.now()]
  await sleep(seconds * 1000)
  const after = await cpuSeconds(cdp)
  const elapsed = (performance.now() - startMs) / 1000
  await cdp.detach()
  const share = (of: (cpu: Cpu) => number): number => Math.round(((of(after) - of(before)) / elapsed) * 1000) / 1000
  const longestTaskMs = await page.evaluate<number>('window.longestTaskMs')
  return { core_share: share(({ page }) => page), browser_core_share: share(({ all }) => all), longest_task_ms: Math.round(longestTaskMs) }
}

interface Cpu {
  page: number
  all: number
}

async function cpuSeconds(cdp: CDPSession): Promise<Cpu> {
  const { processInfo } = await cdp.send('SystemInfo.getProcessInfo')
  const sum = (type?: string): number =>
    processInfo.reduce((total, each) => total + (type === undefined || each.type === type ? each.cpuTime : 0), 0)
  return { page: sum('renderer'), all: sum() }
}
