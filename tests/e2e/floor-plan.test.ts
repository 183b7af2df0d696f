import type { SavedPlan } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../kit/accessible.ts'
import { boxOf, byTestId, missingBrowser, PHONE } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
/** How many cells of the heat map are coloured. */
const WARM_CELLS = `(() => {
  const canvas = document.querySelector('[data-testid="plan-heat"]')
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  return data.filter((value, index) => index % 4 === 3 && value > 0).length
})()`

describe.skipIf(missing !== undefined)(`the floor plan${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let page: Page
  let errors: string[]
  let roomId: number

  const saved = () => demo.server.get<SavedPlan>(`/api/rooms/${roomId}/plan`)
  const rackOf = async (id: string) => (await saved()).plan?.items.find((item) => item.id === id)

  beforeAll(async () => {
    const person = await demo.openAsAdmin()
    page = person.page
    errors = person.errors
    roomId = await waitFor('the demonstration has drawn its plan', 40_000, async () => {
      const [room] = await demo.server.get<{ id: number }[]>('/api/rooms')
      return room && (await demo.server.get<SavedPlan>(`/api/rooms/${room.id}/plan`)).version > 0 ? room.id : undefined
    })
  })

  it('shows the heat between the probes, and a probe opens its trend', async () => {
    await page.goto(`/rooms/${roomId}`)
    await page.waitForSelector(`${byTestId('plan-heat')}[data-probes="12"]`)
    await expect.poll(() => page.evaluate<number>(WARM_CELLS)).toBeGreaterThan(2000)
    await page.waitForSelector(byTestId('plan-calm'))
    // The layer of the floor has the three probes before the racks only.
    await page.click(byTestId('plan-layer-bottom'))
    await page.waitForSelector(`${byTestId('plan-heat')}[data-probes="3"]`)
    await page.locator('.plan-probe [aria-label^="R03 下部"]').press('Enter')
    await page.waitForSelector('.side-panel .uplot canvas')
    await expect.poll(() => page.locator('.side-head').innerText()).toContain('R03 下部温度')
    await page.keyboard.press('Escape')
    await page.click('[data-testid="plan-item-ups-1"]')
    await page.waitForSelector('.side-panel')
    await expect.poll(() => page.locator('.side-head').innerText()).toContain('UPS')
    await page.keyboard.press('Escape')
  })

  it('names a place above its limit, and marks it', async () => {
    const items = (await saved()).plan?.items ?? []
    const top = items.filter((item) => item.type === 'probe' && item.z === 2).at(-1)
    const pointId = top?.type === 'probe' ? (top.pointIds[0] as number) : 0
    const limits = [{ condition: 'high', value: 20, priority: 'medium', onDelayMs: 3_600_000 }]
    const lookedUp = { target: { scope: 'point', pointId }, limits, reason: '试验', basedOn: 0 }
    await demo.server.send('PUT', '/api/limit-sets', lookedUp)
    const spot = page.locator(byTestId(`hot-spot-${pointId}`))
    await spot.waitFor()
    await expect.poll(() => spot.innerText()).toMatch(/R03 顶部 \d\d\.\d ℃.*达到高限[\s\S]*比机房均值高 \d\.\d ℃/)
    await page.click(byTestId('plan-layer-top'))
    await page.waitForSelector(`.plan-hot${byTestId(`plan-probe-${pointId}`)}`)
  })

  it('is drawn with mouse and keys, taken back, saved, and seen at once by who looks at the room', async () => {
    const viewer = await demo.openAsAdmin({ screen: PHONE, hasTouch: true })
    await viewer.page.goto(`/rooms/${roomId}`)
    await viewer.page.waitForSelector(`${byTestId('plan-heat')}[data-probes="12"]`)

    await page.click(byTestId('plan-edit'))
    await page.click(byTestId('plan-add-rack'))
    const rack = page.locator(byTestId('board-rack-4'))
    await rack.focus()
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Shift+ArrowUp')
    await page.keyboard.press('r')
    await page.keyboard.press('Control+z')
    const box = await boxOf(page.locator(byTestId('board-ups-1')))
    const [x, y] = [box.x + 20, box.y + 20]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x - 90, y + 130, { steps: 5 })
    await page.mouse.up()
    expect(await accessibilityProblems(page)).toEqual([])
    const before = await rackOf('ups-1')
    await page.click(byTestId('plan-save'))
    await waitFor('it is saved', 20_000, async () => ((await saved()).version === 2 ? true : undefined))
    // In the middle of the room, on the half-tile grid, then a tile to the left and a decimetre up.
    expect(await rackOf('rack-4')).toMatchObject({ name: 'R04', x: 3, width: 0.6, facing: 'down' })
    const moved = await rackOf('ups-1')
    expect([before, moved].map((item) => (((item?.x ?? 0) / 0.6) % 1).toFixed(3))).toContainEqual('0.000')
    expect(moved?.y).toBeGreaterThan(before?.y ?? 99)
    await viewer.page.waitForSelector(byTestId('plan-item-rack-4'))
    expect(viewer.errors).toEqual([])
    await viewer.context.close()
  })

  it('tells who is late that someone else has saved, and loses neither', async () => {
    const { plan } = await saved()
    await page.locator(byTestId('board-rack-4')).focus()
    await page.keyboard.press('Delete')
    await demo.server.send('PUT', `/api/rooms/${roomId}/plan`, { version: 2, plan: { ...plan, reach: 4 } })
    await page.click(byTestId('plan-save'))
    await page.click(byTestId('conflict-mine'))
    await waitFor('mine is saved', 20_000, async () => ((await saved()).version === 4 ? true : undefined))
    expect(await rackOf('rack-4')).toBeUndefined()
    expect((await demo.server.get<SavedPlan>(`/api/rooms/${roomId}/plan/versions/3`)).plan?.reach).toBe(4)
  })

  it('asks before what was drawn is lost', async () => {
    await page.locator(byTestId('board-rack-1')).focus()
    await page.keyboard.press('Delete')
    await page.locator('main h1 a').last().click()
    await page.click(byTestId('discard-changes'))
    await page.waitForSelector(byTestId('plan-item-rack-1'))
    // Chromium itself reports the answer to who was late.
    expect(errors.filter((error) => !/\b409\b/.test(error))).toEqual([])
  })
})
