import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Device } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { accessibilityProblems } from '../kit/accessible.ts'
import { byTestId, DESK, missingBrowser, PHONE, pageWidth, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { runAgentCommand } from '../kit/services/agent-command.ts'
import { type ChildProgram, startChildProgram } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const missing = missingBrowser()

/** What `npm start` starts, then nothing but what the guide says, until a device of a real agent is confirmed. */
describe.skipIf(missing)(`the guide of the first days ${missing ?? ''}`, () => {
  let server: ServerProcess
  let browser: TestBrowser
  let page: Page
  let errors: string[]
  let folder: string
  let agent: ChildProgram | undefined

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-first-run-'))
    ;[server, browser] = await Promise.all([startServerProcess({ command: 'demo' }), startBrowser()])
    const person = await browser.open({ url: server.url })
    page = person.page
    errors = person.errors
  })
  afterAll(async () => {
    await agent?.stop()
    await browser?.close()
    await server?.dispose()
    await rm(folder, { recursive: true, force: true })
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output() ?? ''}`)
  })

  const isStep = (name: string, state: string) =>
    page.waitForSelector(`${byTestId(`first-run-${name}`)}[data-state="${state}"]`, { timeout: 40_000 })

  it('greets on the overview, and the demonstration counts for nothing', async () => {
    await signIn(page, 'admin', ADMIN_PASSWORD)
    const card = page.locator(byTestId('first-run-card'))
    await card.waitFor()
    await expect.poll(() => card.innerText()).toContain('已完成 2 / 7 步')
    await expect.poll(() => card.innerText()).toContain('下一步：写下医院和第一个机房')
    await page.click(byTestId('first-run-continue'))
    // The first account is on duty from the beginning.
    for (const name of ['password', 'duty']) await isStep(name, 'done')
    for (const name of ['room', 'agent', 'device', 'channel', 'drill']) await isStep(name, 'todo')
    expect(await accessibilityProblems(page)).toEqual([])
    await page.setViewportSize(PHONE)
    expect(await accessibilityProblems(page)).toEqual([])
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
    await page.setViewportSize(DESK)
  })

  it('leads from a room’s name to an agent that is paired and sends, without a reload', async () => {
    await page.click(byTestId('first-run-do-room'))
    await page.fill(byTestId('room-site'), '市一院')
    await page.fill(byTestId('room-name'), '中心机房')
    await page.click('.ant-modal-footer .ant-btn-primary')
    await isStep('room', 'done')

    await page.click(byTestId('first-run-do-agent'))
    // Site and room are known; only the agent's own name is missing.
    await expect.poll(() => page.inputValue(byTestId('agent-site'))).toBe('市一院')
    await page.fill(byTestId('agent-node'), 'room-1')
    await page.click('#pairing-make')
    const command = await page.locator(byTestId('secret')).innerText()
    await isStep('agent', 'waiting')
    const ended = await runAgentCommand(folder, command.split(' ').slice(2))
    expect(ended, ended.stderr).toMatchObject({ status: 0 })
    await page.locator(byTestId('pairing-done'), { hasText: '已配对' }).waitFor()

    // The device that somebody put into agent.yaml, as the guide says next.
    const config = join(folder, 'agent.yaml')
    const written = parse(await readFile(config, 'utf8')) as { devices?: object[] }
    const probe = { id: 'probe', driver: 'simulator', name: { zh: '温湿度', en: 'Probe' }, room: '中心机房', role: 'environment' }
    await writeFile(config, stringify({ ...written, devices: [probe] }))
    agent = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', config])
    await page.locator(byTestId('pairing-done'), { hasText: '采集器已在线' }).waitFor({ timeout: 40_000 })
    await page.click('.ant-modal-footer .ant-btn-primary')
    await isStep('agent', 'done')
  })

  it('leads on to the confirmed device and to somebody on duty', async () => {
    await isStep('device', 'waiting')
    await page.click(byTestId('first-run-do-device'))
    await page.click(byTestId('confirm-all'))
    await page.click('.ant-popconfirm .ant-btn-primary')
    await page.locator('[data-testid^="device-row-"]').first().waitFor({ state: 'detached' })
    const devices = await server.get<Device[]>('/api/devices?scope=all')
    expect(devices.some(({ name, isNew }) => name === '温湿度' && !isNew)).toBe(true)

    await page.click(byTestId('user-menu'))
    await page.click(byTestId('getting-started'))
    await isStep('device', 'done')
    await page.click(byTestId('duty-switch'))
    await isStep('duty', 'todo')
    await page.click(byTestId('first-run-do-duty'))
    await isStep('duty', 'done')
    await expect.poll(() => page.locator(byTestId('first-run-progress')).innerText()).toContain('已完成 5 / 7 步')
  })

  it('can be put off, stays in the user menu, and comes back when asked to', async () => {
    await page.click(byTestId('first-run-put-off'))
    await page.waitForSelector(byTestId('first-run-show'))
    await page.goto('/')
    await page.waitForSelector(byTestId('overview-summary'))
    expect(await page.locator(byTestId('first-run-card')).count()).toBe(0)
    await page.click(byTestId('user-menu'))
    await page.click(byTestId('getting-started'))
    await page.click(byTestId('first-run-show'))
    await page.waitForSelector(byTestId('first-run-put-off'))
    await page.goto('/')
    await page.waitForSelector(byTestId('first-run-card'))
    expect(errors).toEqual([])
  })
})
