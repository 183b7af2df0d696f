import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dashboardFiles } from '../../server/src/api/web/dashboard-files.ts'
import { missingBrowser, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'

const missing = missingBrowser()
const WORKER = new URL('../../dashboard/dist/service-worker.js', import.meta.url)

/** The real worker over a dashboard of three files, of which two carry the version in their name as a build gives them. */
describe.skipIf(missing !== undefined)(`a new version of the dashboard${missing === undefined ? '' : ` (${missing})`}`, () => {
  let folder: string
  let server: Server
  let browser: TestBrowser
  let url: string

  async function build(version: number): Promise<void> {
    await rm(join(folder, 'assets'), { recursive: true, force: true })
    await mkdir(join(folder, 'assets'))
    const files = [`/assets/app-${version}.js`, `/assets/part-${version}.js`, '/index.html']
    await writeFile(join(folder, 'index.html'), `<!doctype html><title>${version}</title><script type="module" src="${files[0]}"></script>`)
    await writeFile(
      join(folder, 'assets', `app-${version}.js`),
      `window.part = () => import('./part-${version}.js').then((part) => part.text)`,
    )
    await writeFile(join(folder, 'assets', `part-${version}.js`), `export const text = 'part of ${version}'`)
    const worker = await readFile(WORKER, 'utf8')
    const list = JSON.stringify({ version: String(version), files })
    await writeFile(join(folder, 'service-worker.js'), worker.replace(/^const PRECACHE=\{.*?\};/, `const PRECACHE=${list};`))
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-version-'))
    await build(1)
    const app = express()
    app.get('/api/now', (_request, response) => void response.json({ nowMs: Date.now() }))
    app.use(dashboardFiles(folder))
    server = createServer(app)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    server?.closeAllConnections()
    await new Promise((resolve) => server?.close(resolve))
    await rm(folder, { recursive: true, force: true })
  })

  it('leaves the open tab whole until a person takes it, opens without a server, and never answers for the server', async () => {
    const { page } = await browser.open({ url, keepsProgram: true })
    const part = () => page.evaluate<string>('window.part()')
    const isTrue = (script: string) => async () => ((await page.evaluate<boolean>(script)) ? true : undefined)
    await page.goto('/')
    await page.evaluate("navigator.serviceWorker.register('/service-worker.js').then(() => undefined)")
    await waitFor('the program is kept', 20_000, isTrue('navigator.serviceWorker.controller !== null'))

    await build(2)
    await page.evaluate('navigator.serviceWorker.getRegistration().then((registration) => registration.update()).then(() => undefined)')
    const isWaiting = 'navigator.serviceWorker.getRegistration().then((registration) => registration.waiting !== null)'
    await waitFor('the new version waits', 20_000, isTrue(isWaiting))
    // Its file is gone from the server: the tab of before the update still gets it.
    expect(await part()).toBe('part of 1')

    await page.evaluate("navigator.serviceWorker.getRegistration().then((registration) => registration.waiting.postMessage('take-over'))")
    await waitFor('the new version takes over', 20_000, isTrue(isWaiting.replace('!==', '===')))
    // Another tab that nobody has loaded again.
    expect(await part()).toBe('part of 1')
    await page.reload()
    await expect.poll(() => page.title()).toBe('2')
    expect(await part()).toBe('part of 2')

    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await page.goto('/inspections/7')
    await expect.poll(() => page.title()).toBe('2')
    expect(await part()).toBe('part of 2')
    const answer = await page.evaluate<string>("fetch('/api/now').then(() => 'an answer', () => 'no answer')")
    expect(answer).toBe('no answer')
    expect(
      await page.evaluate<string[]>(
        'caches.keys().then((names) => Promise.all(names.map((name) => caches.open(name).then((cache) => cache.keys())))).then((all) => all.flat().map(({ url }) => new URL(url).pathname))',
      ),
    ).not.toContain('/api/now')
  })
})
