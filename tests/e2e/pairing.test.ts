import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { runAgentCommand } from '../kit/services/agent-command.ts'
import { type ChildProgram, startChildProgram } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const AGENT_CLI = fileURLToPath(new URL('../../agent/src/cli.ts', import.meta.url))
const missing = missingBrowser()

describe.skipIf(missing)(`a new agent is paired in the browser ${missing ?? ''}`, () => {
  let server: ServerProcess
  let browser: TestBrowser
  let folder: string
  let agent: ChildProgram | undefined
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-pairing-'))
    server = await startServerProcess()
    browser = await startBrowser()
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

  it('from the empty page to the agent that is online, without a reload', async () => {
    const { page, errors } = await browser.open({ url: server.url })
    await signIn(page, 'admin', ADMIN_PASSWORD)
    await page.goto('/agents')
    await page.click(byTestId('agent-pair'))
    await page.fill(byTestId('agent-site'), '总院')
    await page.fill(byTestId('agent-node'), 'ups-room-1')
    await page.click('#pairing-make')
    const code = (await page.locator(byTestId('pairing-code')).innerText()).trim()
    expect(code).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/)
    const command = await page.locator(byTestId('secret')).innerText()
    expect(command).toBe(`roomkeeper agent pair --server ${server.url} --code ${code}`)
    await page.locator('.pairing-countdown', { hasText: /9:\d\d|10:00/ }).waitFor()

    // What the page says, typed word for word.
    const ended = await runAgentCommand(folder, command.split(' ').slice(2))
    expect(ended, ended.stderr).toMatchObject({ status: 0 })
    await page.locator(byTestId('pairing-done'), { hasText: '已配对，采集器来自 127.0.0.1' }).waitFor()
    agent = startChildProgram(process.execPath, [AGENT_CLI, 'run', '--config', join(folder, 'agent.yaml')])
    await page.locator(byTestId('pairing-done'), { hasText: '采集器已在线' }).waitFor({ timeout: 40_000 })
    await expect.poll(() => page.locator(byTestId('pairing-code')).count()).toBe(0)
    expect(errors).toEqual([])
  })

  it('a code can be cancelled, and is told so', async () => {
    const { page, errors } = await browser.open({ url: server.url, language: 'en' })
    await signIn(page, 'admin', ADMIN_PASSWORD)
    await page.goto('/agents')
    await page.click(byTestId('agent-pair'))
    await page.fill(byTestId('agent-node'), 'another')
    await page.fill(byTestId('agent-site'), '总院')
    await page.click('#pairing-make')
    const code = (await page.locator(byTestId('pairing-code')).innerText()).trim()
    await page.click(byTestId('pairing-cancel'))
    await page.getByText('The code is cancelled and cannot be used any more.').waitFor()
    const ended = await runAgentCommand(folder, ['pair', '--server', server.url, '--code', code])
    expect(ended.status).toBe(1)
    expect(errors).toEqual([])
  })
})
