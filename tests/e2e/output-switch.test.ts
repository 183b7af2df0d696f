import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, pageWidth, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingPythonModule } from '../kit/services/require-program.ts'
import { ADMIN_PASSWORD, type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'

const missing = missingBrowser() ?? missingPythonModule('pymodbus', 'python3-pymodbus')
const host = '127.0.0.1'

describe.skipIf(missing !== undefined)(`a beacon on the room's page${missing === undefined ? '' : ` (${missing})`}`, () => {
  let module: Pymodbus
  let server: ServerProcess
  let agent: AgentProcess
  let browser: TestBrowser
  let keeper: Person
  let roomId: number
  let beaconId: number

  beforeAll(async () => {
    ;[module, server, browser] = await Promise.all([startPymodbus(), startServerProcess(), startBrowser()])
    await module.set('coil', 0, [0])
    await module.set('discrete', 0, [0])
    agent = await startAgentProcess({
      site: '本院',
      node: 'a1',
      mqttUrl: `mqtt://${host}:${server.mqttPort}`,
      credential: await issueCredential(server, '本院', 'a1'),
      devices: [
        {
          id: 'module',
          driver: 'modbus',
          intervalMs: 1000,
          host,
          port: module.port,
          points: [
            { key: 'beacon', kind: 'output', type: 'coil', register: 0, writable: true, name: { zh: '声光报警器', en: 'Beacon' } },
            { key: 'leak', kind: 'leak', type: 'discrete', register: 0, normally: 'open' },
          ],
        },
      ],
    })
    const device = await waitFor('the module is on the page', 40_000, async () => {
      for (const { id } of await server.get<RoomOverview[]>('/api/rooms')) {
        roomId = id
        const { deviceList } = await server.get<{ deviceList: Device[] }>(`/api/rooms/${id}`)
        const found = deviceList.find(({ points }) => points.length === 2 && points.every(({ timeMs }) => timeMs !== null))
        if (found) return found
      }
      return undefined
    })
    beaconId = device.points.find(({ key }) => key === 'beacon')?.id ?? 0
    keeper = await browser.open({ url: server.url, screen: PHONE })
    await signIn(keeper.page, 'admin', ADMIN_PASSWORD)
    await keeper.page.goto(`/rooms/${roomId}`)
  })
  afterAll(async () => {
    await browser?.close()
    await agent?.dispose()
    await server?.dispose()
    await module?.stop()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}`)
  })

  it('is switched after a question only, and then shows what the module says', async () => {
    const { page } = keeper
    const beacon = page.locator(byTestId(`output-${beaconId}`))
    await beacon.waitFor()
    await expect.poll(() => page.locator('.output-switch').count()).toBe(1)
    await expect.poll(() => beacon.getAttribute('aria-checked')).toBe('false')

    await beacon.click()
    await page.getByText('接通“声光报警器”？').waitFor()
    await page.locator('.ant-modal-footer button').first().click()
    await page.locator('.ant-modal-wrap').waitFor({ state: 'hidden' })
    expect(await module.get('coil', 0)).toBe(0)

    await beacon.click()
    await page.locator('.ant-modal-footer .ant-btn-primary').click()
    await page.getByText('设备已确认').waitFor()
    expect(await module.get('coil', 0)).toBe(1)
    await expect.poll(() => beacon.getAttribute('aria-checked')).toBe('true')
    await expect.poll(() => page.locator(byTestId(`point-${beaconId}`)).innerText()).toContain('接通')
    // The line with its switch fits a phone, and neither state of an output is an alarm.
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
    expect(await server.get('/api/alarms')).toEqual([])
    expect(keeper.errors).toEqual([])
  })
})
