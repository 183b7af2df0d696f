import { readFile } from 'node:fs/promises'
import type { Device, RoomOverview } from '@roomkeeper/shared/http'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { boxOf, byTestId, missingBrowser } from '../kit/browser.ts'
import { writePast } from '../kit/past-readings.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

describe.skipIf(missing !== undefined)(`history page${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let page: Page
  let errors: string[]
  let pointId: number
  /** A whole hour, two days ago; the last day has one warm hour. */
  let dayMs: number

  beforeAll(async () => {
    const { server } = demo
    const temperature = await waitFor('the room has its points', 40_000, async () => {
      for (const { id } of await server.get<RoomOverview[]>('/api/rooms'))
        for (const { points } of (await server.get<{ deviceList: Device[] }>(`/api/rooms/${id}`)).deviceList)
          for (const point of points) if (point.kind === 'temperature') return point
      return undefined
    })
    pointId = temperature.id
    dayMs = Math.floor((Date.now() - 2 * DAY_MS) / DAY_MS) * DAY_MS
    await writePast(server, {
      ...{ fromMs: dayMs - DAY_MS, toMs: dayMs + DAY_MS, stepMs: 10_000 },
      readingAt: (key, timeMs) => {
        if (key !== temperature.key) return undefined
        const isWarm = timeMs >= dayMs + 12 * HOUR_MS && timeMs < dayMs + 13 * HOUR_MS
        return isWarm ? 33.5 : 21 + Math.round(10 * Math.sin(timeMs / HOUR_MS)) / 10
      },
    })
    const person = await demo.openAsAdmin()
    page = person.page
    errors = person.errors
  })

  const open = (more = '') => page.goto(`/history?points=${pointId}&from=${dayMs}&to=${dayMs + DAY_MS}${more}`)
  const figure = (name: string) => page.locator(`${byTestId(`figures-${pointId}`)} dl div:has(dt:text-is("${name}")) dd`).innerText()
  const addressRange = () => {
    const search = new URL(page.url()).searchParams
    return [Number(search.get('from')), Number(search.get('to'))]
  }

  it('says what the day was like: extremes with their time, time outside the limits, distribution', async () => {
    await open()
    await page.waitForSelector(byTestId(`figures-${pointId}`))
    await expect.poll(() => figure('最高')).toContain('33.5 ℃')
    await expect.poll(() => figure('最低')).toContain('20.0 ℃')
    await expect.poll(() => figure('无数据')).toMatch(/^0 秒/)
    const bars = page.locator(`${byTestId(`figures-${pointId}`)} svg title`)
    await expect.poll(() => bars.last().textContent()).toBe('33.0 ℃ – 34.0 ℃：60 分钟，其中超限 60 分钟')
  })

  it('shows temperature and humidity of the rooms before anything is chosen', async () => {
    await page.goto('/history')
    await page.waitForURL(/\?points=\d+%2C\d+$/)
    await page.locator('.uplot canvas').nth(1).waitFor()
    const titles = page.locator('.panel-head h2')
    await expect
      .poll(() => titles.allInnerTexts())
      .toEqual(expect.arrayContaining([expect.stringContaining('温度'), expect.stringContaining('湿度')]))
  })

  it('zooms by drag into an address of its own, back by the browser, and by keys', async () => {
    await open()
    await page.waitForSelector(byTestId(`figures-${pointId}`))
    const box = await boxOf(page.locator('.u-over').first())
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2, { steps: 5 })
    await page.mouse.up()
    await waitFor('the address has the range', 20_000, async () => (addressRange()[0] === dayMs ? undefined : true))
    const [fromMs = 0, toMs = 0] = addressRange()
    expect((fromMs - dayMs) / HOUR_MS).toBeCloseTo(9.6, 0)
    expect((toMs - fromMs) / HOUR_MS).toBeCloseTo(4.8, 0)
    await page.goBack()
    await waitFor('the whole day again', 20_000, async () => (addressRange()[0] === dayMs ? true : undefined))
    await page.locator('.u-over').first().waitFor()
    await page.click('[aria-label="更晚"]')
    await waitFor('half a day later', 20_000, async () => (addressRange()[0] === dayMs + DAY_MS / 2 ? true : undefined))
  })

  it('lays the day before over the chart, and shares and saves what is seen', async () => {
    await open('&compare=day')
    await page.waitForSelector('text=(前一天)')
    const image = page.waitForEvent('download')
    await page.click(byTestId('history-image'))
    const picture = await readFile(await (await image).path())
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    const excel = page.waitForEvent('download')
    await page.click(byTestId('history-xlsx'))
    const book = await readFile(await (await excel).path())
    expect(book.subarray(0, 2).toString()).toBe('PK')
    expect((await excel).suggestedFilename()).toMatch(/^历史数据 \d{8}-\d{8}\.xlsx$/)
    expect(errors).toEqual([])
  })
})
