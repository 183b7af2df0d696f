import type { RoomThermal, UpsTruth } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { byTestId, missingBrowser } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()

describe.skipIf(missing !== undefined)(`the thermal countdown${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let page: Page
  let errors: string[]
  let roomId: number

  beforeAll(async () => {
    const person = await demo.openAsAdmin()
    page = person.page
    errors = person.errors
    roomId = await waitFor('air conditioner and UPS of the room are known', 30_000, async () => {
      for (const { id } of await demo.server.get<{ id: number }[]>('/api/rooms')) {
        const { sources, quiet } = await demo.server.get<RoomThermal>(`/api/rooms/${id}/thermal`)
        if (sources.coolingUnits > 0 && sources.upses > 0 && quiet?.celsius) return id
      }
      return undefined
    })
  })

  it('says in quiet times what it knows, and keeps what a person says of the battery', async () => {
    await page.goto(`/rooms/${roomId}`)
    await expect.poll(() => page.locator(byTestId('thermal-quiet')).innerText()).toContain('还不知道')
    await page.click(byTestId('thermal-details'))
    const [ups] = await demo.server.get<UpsTruth[]>(`/api/rooms/${roomId}/ups-truth`)
    await page.click(byTestId(`battery-edit-${ups?.deviceId}`))
    await page.locator(byTestId('battery-installed')).fill('2021-01-15')
    await page.keyboard.press('Enter')
    await page.locator(byTestId('battery-nominal')).fill('8')
    await page.click('.ant-modal .ant-btn-primary')
    await page.waitForSelector('.ant-modal', { state: 'detached' })
    // Four years at 25 °C are over.
    await expect.poll(() => page.locator(byTestId('battery-due')).innerText()).toContain('已到更换期')
  })

  it('counts down once the mains are lost, on the room, the overview and the wall, and knows when they are back', async () => {
    await page.goto(`/rooms/${roomId}`)
    await page.waitForSelector(byTestId('thermal-quiet'))
    await demo.play({ 'mains-lost': true })
    // Pushed: nobody reloads.
    const countdown = page.locator(byTestId(`countdown-${roomId}`))
    await countdown.waitFor()
    await expect.poll(() => countdown.innerText()).toContain('市电中断，空调停机')
    await expect.poll(() => page.locator(byTestId('countdown-summary')).innerText()).toMatch(/32 ℃.*；UPS 剩 \d+ 分钟/)
    const clock = countdown.locator('.clock-value').last()
    const before = await clock.innerText()
    expect(before).toMatch(/^\d\d:\d\d$/)
    await waitFor('the clock goes on', 20_000, async () => ((await clock.innerText()) === before ? undefined : true))

    await page.goto('/')
    await expect
      .poll(() =>
        page
          .locator(byTestId(`countdown-line-${roomId}`))
          .first()
          .innerText(),
      )
      .toContain('UPS 剩')
    await page.goto('/wall?seconds=600')
    await expect.poll(() => page.locator(byTestId(`wall-countdown-${roomId}`)).innerText()).toContain('UPS 剩')

    await demo.play({})
    // The air conditioner takes its time to start again; the battery is no longer what counts.
    await waitFor('the UPS is off battery', 40_000, async () =>
      (await page.locator(byTestId(`wall-countdown-${roomId}`)).innerText()).includes('UPS') ? undefined : true,
    )
    expect(errors).toEqual([])
  })
})
