import type { CDPSession } from 'playwright-core'
import { byTestId, signIn, startBrowser } from '../kit/browser.ts'
import { startDemoServer } from '../kit/demo-server.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'

const MONITOR = { width: 1920, height: 1080 }
/** A screenful stays this long where nothing else is set (dashboard/src/pages/wall/wall-rules.ts). */
const USUAL_SECONDS = 15
/** Here; a shorter time is lengthened by the drawing itself. */
const QUICK_SECONDS = 0.05
/** By then the browser has compiled what it will compile: compiled code is nearly all that grows before. */
const SETTLED_SHARE = 0.25
const SAMPLES = 8
/** Between settled and the end. */
const MOST_GROWTH = 0.05

export interface WallFigures {
  hours: number
  screenfuls: number
  /** After forced collection, at equal distances; the first is the settled one. */
  heap_mb: number[]
  dom_nodes: number[]
  listeners: number[]
  heap_growth: number
  is_flat: boolean
}

/** The wall on a duty room's monitor, all screenfuls of so many hours one after the other, with the demonstration's live values. */
export async function benchWall(options: { hours: number; onProgress: (line: string) => void }): Promise<WallFigures> {
  const screenfuls = Math.round((options.hours * 3600) / USUAL_SECONDS)
  const demo = await startDemoServer()
  const browser = await startBrowser()
  try {
    const { context, page: first } = await browser.open({ url: demo.server.url, screen: MONITOR })
    await signIn(first, 'admin', ADMIN_PASSWORD)
    const page = await context.newPage()
    await first.close()
    await page.goto(`/wall?seconds=${QUICK_SECONDS}`)
    const cdp = await context.newCDPSession(page)
    await cdp.send('Performance.enable')
    const samples: Held[] = []
    for (let sample = 0; sample < SAMPLES; sample++) {
      const turns = Math.round(screenfuls * (SETTLED_SHARE + ((1 - SETTLED_SHARE) * sample) / (SAMPLES - 1)))
      await waitFor(`${turns} screenfuls`, 60_000 + turns * 1000, async () =>
        Number(await page.locator(byTestId('wall-progress')).getAttribute('data-turn')) >= turns ? true : undefined,
      )
      const held = await heldNow(cdp)
      samples.push(held)
      options.onProgress(`${turns} of ${screenfuls} screenfuls: ${held.heapMb} MB, ${held.nodes} nodes, ${held.listeners} listeners`)
    }
    const heaps = samples.map(({ heapMb }) => heapMb)
    const growth = (heaps.at(-1) ?? 0) / (heaps[0] ?? 1) - 1
    const steady = (of: (held: Held) => number): boolean => Math.max(...samples.map(of)) <= 1.1 * of(samples[0] as Held)
    return {
      hours: options.hours,
      screenfuls,
      heap_mb: heaps,
      dom_nodes: samples.map(({ nodes }) => nodes),
      listeners: samples.map(({ listeners }) => listeners),
      heap_growth: Math.round(growth * 1000) / 1000,
      is_flat: growth <= MOST_GROWTH && steady(({ nodes }) => nodes) && steady(({ listeners }) => listeners),
    }
  } finally {
    await browser.close()
    await demo.dispose()
  }
}

interface Held {
  heapMb: number
  nodes: number
  listeners: number
}

/** What is still held after the collector went through twice: finalizers of the first round free more in the second. */
async function heldNow(cdp: CDPSession): Promise<Held> {
  for (let round = 0; round < 2; round++) await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const value = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? Number.NaN
  return { heapMb: Math.round(value('JSHeapUsedSize') / 1e4) / 100, nodes: value('Nodes'), listeners: value('JSEventListeners') }
}
