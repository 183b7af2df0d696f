import type { DeviceDetail, DeviceSummary } from '@roomkeeper/shared/http'
import { beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser, type Person, PHONE, pageWidth } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()

describe.skipIf(missing !== undefined)(`a new device, on a phone beside it${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let keeper: Person
  let device: DeviceSummary
  let temperatureId: number

  const detail = () => demo.server.get<DeviceDetail>(`/api/devices/${device.id}`)

  beforeAll(async () => {
    device = await waitFor('a device with a temperature is there', 40_000, async () => {
      for (const found of await demo.server.get<DeviceSummary[]>('/api/devices?scope=new')) {
        const { device: born } = await demo.server.get<DeviceDetail>(`/api/devices/${found.id}`)
        const point = born.points.find(({ kind, quality }) => kind === 'temperature' && quality === 'good')
        if (!point) continue
        temperatureId = point.id
        return found
      }
      return undefined
    })
    keeper = await demo.openAsAdmin({ screen: PHONE })
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
    await expect.poll(() => page.locator(byTestId('interval-effect')).innerText()).toMatch(/[\d,]{5,}/)
    await page.click(byTestId(`device-point-${temperatureId}`))
    await page.fill(byTestId('point-name'), '进风温度')
    await page.getByText('按修正值').click()
    await page.fill(byTestId('calibration-value'), '-1.5')
    await page.click(byTestId('calibration-save'))
    await expect.poll(() => page.locator('.field-error').innerText()).toBe('必填')
    await page.fill(byTestId('calibration-reference'), 'HMP77 12 号')
    await page.click(byTestId('calibration-save'))
    await page.waitForSelector(byTestId('calibration-current'))
    // What was typed above is still there: the calibration is a change of its own.
    await expect.poll(() => page.inputValue(byTestId('device-name'))).toBe('机柜 3 前门')
    await expect.poll(() => pageWidth(page)).toBe(PHONE.width)
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
  })

  it('the room page shows the value with its calibration', async () => {
    const { page } = keeper
    await page.goto(`/rooms/${(await detail()).room.id}`)
    const line = page.locator(byTestId(`point-${temperatureId}`))
    // A line out of sight is not drawn, and has no inner text.
    await line.scrollIntoViewIfNeeded()
    await expect.poll(() => line.locator(byTestId('calibration-mark')).textContent()).toMatch(/已校准 −1.5 ℃ .+ \d{4}-\d\d-\d\d/)
    await expect.poll(() => line.textContent()).toContain('进风温度')
    await expect.poll(() => page.locator('h2').allInnerTexts()).toContain('机柜 3 前门')
  })

  it('two people: the second sees what the first changed, and loses nothing', async () => {
    const { page } = keeper
    await page.click(byTestId(`device-edit-${device.id}`))
    await page.fill(byTestId('device-name-en'), 'Mine')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: '继续修改' }).click()
    await expect.poll(() => page.inputValue(byTestId('device-name-en'))).toBe('Mine')
    const { revision } = await detail()
    await demo.server.send('PUT', `/api/devices/${device.id}`, { revision, name: '机柜 4' })
    await page.waitForSelector(byTestId('device-conflict'))
    await expect.poll(() => page.locator(byTestId('device-conflict')).innerText()).toContain('机柜 3 前门 → 机柜 4')
    await expect.poll(() => page.locator(byTestId('device-save')).isDisabled()).toBe(true)
    await page.click(byTestId('device-conflict-accept'))
    await page.click(byTestId('device-save'))
    await waitFor('both changes are there', 20_000, async () => {
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
    await waitFor('none is new', 20_000, async () =>
      (await demo.server.get<DeviceSummary[]>('/api/devices?scope=new')).length === 0 ? true : undefined,
    )
    await page.goto('/')
    await page.waitForSelector('.tile')
    expect(await page.locator(byTestId('new-devices')).count()).toBe(0)
  })
})
