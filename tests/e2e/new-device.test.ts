import type { DeviceDetail, DeviceSummary } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, signIn, startBrowser, type TestBrowser } from '../kit/browser.ts'
import { type DemoServer, startDemoServer } from '../kit/demo-server.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { ADMIN_PASSWORD } from '../kit/services/server-process.ts'

const missing = missingBrowser()

describe.skipIf(missing !== undefined)(`a new device, on a phone beside it${missing === undefined ? '' : ` (${missing})`}`, () => {
  let demo: DemoServer
  let browser: TestBrowser
  let keeper: Person
  let device: DeviceSummary
  let temperatureId: number

  const detail = () => demo.server.get<DeviceDetail>(`/api/devices/${device.id}`)

  beforeAll(async () => {
    ;[demo, browser] = await Promise.all([startDemoServer(), startBrowser()])
    device = await waitFor('a device with a temperature is there', 20_000, async () => {
      for (const found of await demo.server.get<DeviceSummary[]>('/api/devices?scope=new')) {
        const { device: born } = await demo.server.get<DeviceDetail>(`/api/devices/${found.id}`)
        const point = born.points.find(({ kind, quality }) => kind === 'temperature' && quality === 'good')
        if (!point) continue
        temperatureId = point.id
        return found
      }
      return undefined
    })
    keeper = await browser.open({ url: demo.server.url, screen: PHONE })
    await signIn(keeper.page, 'admin', ADMIN_PASSWORD)
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await demo?.dispose()
  }, 30_000)
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${demo?.server.output()}`)
  })

  it('the overview says that there are new devices; one is named, given a room and calibrated', async () => {
    const { page } = keeper
    await page.click(byTestId('new-devices'))
    await page.click(byTestId(`device-open-${device.id}`))
    await page.fill(byTestId('device-name'), '机柜 3 前门')
    await page.fill(byTestId('device-name-en'), 'Rack 3 front')
    await page.locator('.device-room button').click()
    await page.fill(byTestId('room-site'), '本部')
    await page.fill(byTestId('room-name'), '东侧机房')
    await page.locator('.ant-modal-footer .ant-btn-primary').click()
    await page.locator('.ant-modal-wrap').waitFor({ state: 'hidden' })
    await page.fill(byTestId('device-interval'), '2')
    expect(await page.locator(byTestId('interval-effect')).innerText()).toMatch(/[\d,]{5,}/)
    await page.click(byTestId(`device-point-${temperatureId}`))
    await page.fill(byTestId('point-name'), '进风温度')
    await page.getByText('按修正值').click()
    await page.fill(byTestId('calibration-value'), '-1.5')
    await page.click(byTestId('calibration-save'))
    expect(await page.locator('.field-error').innerText()).toBe('必填')
    await page.fill(byTestId('calibration-reference'), 'HMP77 12 号')
    await page.click(byTestId('calibration-save'))
    await page.waitForSelector(byTestId('calibration-current'))
    // What was typed above is still there: the calibration is a change of its own.
    expect(await page.inputValue(byTestId('device-name'))).toBe('机柜 3 前门')
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(PHONE.width)
    await page.click(byTestId('device-save'))
    await page.locator(byTestId('device-form')).waitFor({ state: 'detached' })
    const saved = await waitFor('the agent has the settings', 20_000, async () => {
      const now = await detail()
      return now.settings.state === 'confirmed' ? now : undefined
    })
    expect(saved).toMatchObject({
      device: { name: '机柜 3 前门', nameEn: 'Rack 3 front', isNew: false },
      room: { name: '东侧机房' },
      settings: { intervalMs: 2000 },
      calibrations: [{ pointId: temperatureId, offset: -1.5, reference: 'HMP77 12 号' }],
    })
    expect(keeper.errors).toEqual([])
  }, 60_000)

  it('the room page shows the value with its calibration', async () => {
    const { page } = keeper
    await page.goto(`/rooms/${(await detail()).room.id}`)
    const line = page.locator(byTestId(`point-${temperatureId}`))
    // A line out of sight is not drawn, and has no inner text.
    await line.scrollIntoViewIfNeeded()
    expect(await line.locator(byTestId('calibration-mark')).textContent()).toMatch(/已校准 −1.5 ℃ .+ \d{4}-\d\d-\d\d/)
    expect(await line.textContent()).toContain('进风温度')
    expect(await page.locator('h2').allInnerTexts()).toContain('机柜 3 前门')
  })

  it('two people: the second sees what the first changed, and loses nothing', async () => {
    const { page } = keeper
    await page.click(byTestId(`device-edit-${device.id}`))
    await page.fill(byTestId('device-name-en'), 'Mine')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续修改' }).click()
    expect(await page.inputValue(byTestId('device-name-en'))).toBe('Mine')
    const { revision } = await detail()
    await demo.server.send('PUT', `/api/devices/${device.id}`, { revision, name: '机柜 4' })
    await page.waitForSelector(byTestId('device-conflict'))
    expect(await page.locator(byTestId('device-conflict')).innerText()).toContain('机柜 3 前门 → 机柜 4')
    expect(await page.locator(byTestId('device-save')).isDisabled()).toBe(true)
    await page.click(byTestId('device-conflict-accept'))
    await page.click(byTestId('device-save'))
    await waitFor('both changes are there', 10_000, async () => {
      const { device: now } = await detail()
      return now.name === '机柜 4' && now.nameEn === 'Mine' ? true : undefined
    })
    expect(keeper.errors).toEqual([])
  })

  it('the others are taken as they are', async () => {
    const { page } = keeper
    await page.goto('/devices?scope=new')
    await page.click(byTestId('confirm-all'))
    await page.locator('.ant-popconfirm .ant-btn-primary').click()
    await waitFor('none is new', 10_000, async () =>
      (await demo.server.get<DeviceSummary[]>('/api/devices?scope=new')).length === 0 ? true : undefined,
    )
    await page.goto('/')
    await page.waitForSelector('.tile')
    expect(await page.locator(byTestId('new-devices')).count()).toBe(0)
  })
})
