import type { Schedule, WholeRecord } from '@roomkeeper/shared/http'
import type { ChecklistItem } from '@roomkeeper/shared/registers'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { boxOf, byTestId, missingBrowser, type Person, PHONE } from '../kit/browser.ts'
import { PNG } from '../kit/photos.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
const PHOTO = { name: 'dust.png', mimeType: 'image/png', buffer: PNG }
/** A value of a usual room, for the items that are read off a meter. */
const READINGS: Record<string, string> = { Cel: '22', '%': '45', V: '225' }

describe.skipIf(missing !== undefined)(`an inspection in a basement${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let person: Person
  let schedule: Schedule

  const records = () => demo.server.get<WholeRecord[]>('/api/registers/inspection/records')

  beforeAll(async () => {
    schedule = await waitFor('the room is to be inspected', 40_000, async () =>
      (await demo.server.get<Schedule[]>('/api/schedules')).find(({ register, roomId }) => register === 'inspection' && roomId !== null),
    )
    person = await demo.openAsAdmin({ screen: PHONE, keepsProgram: true })
  })

  it('is begun, then filled in, photographed and signed without a server, outlives the page, and arrives once', async () => {
    const { page } = person
    await waitFor('the program is kept in the browser', 60_000, async () =>
      (await page.evaluate<boolean>('navigator.serviceWorker.controller !== null')) ? true : undefined,
    )
    await page.goto('/inspections')
    await page.click(byTestId(`inspection-start-${schedule.id}`))
    await page.waitForSelector(byTestId('sheet-summary'))
    const address = new URL(page.url()).pathname
    expect(await records()).toMatchObject([{ register: 'inspection', phase: 'draft', roomId: schedule.roomId }])

    await demo.server.stop()
    await page.waitForSelector(byTestId('connection-banner'))
    await expect.poll(() => page.locator(byTestId('sheet-summary')).innerText()).toContain('不是现在的数值')
    await answerEverything(page)
    await expect.poll(() => page.locator(byTestId('sign-offline')).innerText()).toContain('密码不会保存')
    expect(await page.locator(byTestId('inspection-password')).count()).toBe(0)
    await draw(page)
    await page.click(byTestId('inspection-submit'))
    await page.waitForSelector(byTestId('paper-waiting'))
    await expect.poll(() => page.locator(byTestId('waiting-line')).innerText()).toContain('1 份待发送')

    await page.close()
    const reopened = await person.context.newPage()
    await reopened.goto(address)
    await reopened.waitForSelector(byTestId('paper-waiting'))
    await expect.poll(() => reopened.locator(byTestId('check-dust')).innerText()).toContain('空调下方有积灰')
    // What is shown is never said to be live.
    expect(await reopened.locator(byTestId('connection-lamp')).getAttribute('data-phase')).not.toBe('live')

    await demo.server.start()
    await reopened.waitForSelector(byTestId('inspection-done'), { timeout: 60_000 })
    await reopened.waitForSelector(byTestId('waiting-line'), { state: 'detached' })
    const all = await records()
    expect(all).toHaveLength(1)
    const record = await demo.server.get<WholeRecord>(`/api/registers/inspection/records/${all[0]?.id}`)
    expect(record).toMatchObject({ state: 'signed', phase: 'done' })
    const moves = record.steps.filter(({ kind }) => kind === 'move')
    expect(moves).toHaveLength(1)
    expect(moves[0]?.claimedAtMs).toBeLessThan(moves[0]?.atMs as number)
    expect(moves[0]?.signatures).toMatchObject([{ kind: 'drawn' }])
    const { dust } = record.fields.checklist as Record<string, { result: string; photos: number[] }>
    expect(dust).toMatchObject({ result: 'abnormal', photos: record.files.filter(({ name }) => name === PHOTO.name).map(({ id }) => id) })
    expect(dust?.photos).toHaveLength(1)
    const schedules = await demo.server.get<Schedule[]>('/api/schedules')
    expect(schedules.find(({ id }) => id === schedule.id)?.dueAtMs).toBeGreaterThan(schedule.dueAtMs)
    expect(demo.outsideRequests).toEqual([])
  })

  /** Each item by itself; one of them is abnormal, with a note and a photo. By keyboard: taps that follow each other too fast are taken for one. */
  async function answerEverything(page: Page): Promise<void> {
    const [record] = await page.evaluate<{ sheet: { items: ChecklistItem[] } }[]>(PAPERS)
    for (const item of record?.sheet.items ?? []) {
      const result = item.key === 'dust' ? 'abnormal' : 'normal'
      await page.locator(byTestId(`check-${item.key}-${result}`)).press('Enter')
      const unit = item.measured?.unit
      if (unit) await page.fill(byTestId(`check-${item.key}-measured`), READINGS[unit] ?? '1')
    }
    await page.fill(byTestId('check-dust-note'), '空调下方有积灰')
    await page.setInputFiles(byTestId('check-dust-photo'), PHOTO)
    await page.waitForSelector('[data-local="true"]')
  }
})

/** What this browser keeps, as the page itself reads it. */
const PAPERS = `new Promise((resolve) => {
  indexedDB.open('roomkeeper-offline').onsuccess = ({ target: { result: db } }) => {
    db.transaction('papers').objectStore('papers').getAll().onsuccess = ({ target }) => (db.close(), resolve(target.result))
  }
})`

async function draw(page: Page): Promise<void> {
  const pad = page.locator(byTestId('signature-pad'))
  await pad.scrollIntoViewIfNeeded()
  const box = await boxOf(pad)
  await page.mouse.move(box.x + 40, box.y + 60)
  await page.mouse.down()
  for (const [x, y] of [
    [90, 100],
    [140, 50],
    [190, 110],
  ] as const)
    await page.mouse.move(box.x + x, box.y + y, { steps: 4 })
  await page.mouse.up()
}
