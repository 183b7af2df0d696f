import type { Hold, RoomOverview, WholeRecord } from '@roomkeeper/shared/http'
import type { VisitSheet } from '@roomkeeper/shared/registers'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { boxOf, byTestId, missingBrowser, type Person, PHONE } from '../kit/browser.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { useDemo } from '../kit/use-demo.ts'

const missing = missingBrowser()
const SAVED = `${byTestId('draft-status')}[data-status="saved"]`
const HOUR_MS = 3_600_000

interface Room {
  deviceList: { points: { id: number; kind: string }[] }[]
}

interface Staff extends Person {
  name: string
  password: string
}

/** What is done with registers on a phone: people come and go, devices are changed, two write at once. One server, and its demonstration room. */
describe.skipIf(missing !== undefined)(`registers on a phone${missing === undefined ? '' : ` (${missing})`}`, () => {
  const demo = useDemo()
  let room: { id: number; name: string }
  let officer: Staff
  let head: Staff
  let keeper: Staff
  let technician: Staff
  let director: Staff

  /** A new account, signed in without the forms, which other tests are for. */
  async function enter(username: string, name: string, roles: readonly string[]): Promise<Staff> {
    const [first, password] = [`${username}-first-password`, `${username}-second-password`]
    await demo.server.send('POST', '/api/accounts', { username, name, roles, password: first })
    const person = await demo.open({ screen: PHONE, hasTouch: true })
    const { request } = person.context
    const answers = [
      await request.post('/api/session', { data: { username, password: first } }),
      await request.put('/api/session/password', { data: { currentPassword: first, newPassword: password } }),
    ]
    expect(answers.map((answer) => answer.ok())).toEqual([true, true])
    return { ...person, name, password }
  }
  const record = (register: string, id: number) => demo.server.get<WholeRecord>(`/api/registers/${register}/records/${id}`)
  const holds = (scope: 'open' | 'ended') => demo.server.get<Hold[]>(`/api/holds?scope=${scope}`)

  beforeAll(async () => {
    room = await waitFor('the room is there', 40_000, async () => (await demo.server.get<RoomOverview[]>('/api/rooms'))[0])
    ;[officer, head, keeper, technician, director] = await Promise.all([
      enter('chen', '陈小红', ['information-officer']),
      enter('wang', '王主任', ['department-head']),
      enter('li', '李娜', ['room-keeper']),
      enter('zhang', '张伟', ['technician', 'director']),
      enter('zhao', '赵院长', ['director']),
    ])
  })

  it('a visit: applied for in a minute, approved by password, checked in at the door, seen inside from elsewhere, checked out', async () => {
    // Applied for: the room and the time of most visits are there already.
    const { page } = officer
    const asked = { typed: 0, chosen: 0 }
    const type = async (testId: string, text: string) => {
      await page.fill(byTestId(testId), text)
      asked.typed += 1
    }
    await page.goto('/')
    await page.click(byTestId('quick-visit'))
    await type('field-visitors-0-name', '刘师傅')
    await type('field-visitors-0-organisation', '佳力图空调')
    await choose(page, 'field-purpose', '维修')
    asked.chosen += 1
    await type('field-purposeText', '更换空调加湿罐')
    await page.click(byTestId('move-apply'))
    await inState(page, 'applied')
    expect(asked).toEqual({ typed: 3, chosen: 1 })
    const id = idOf(page)

    // Approved: it waits on the head’s list; the applicant sees it without loading anew.
    await head.page.goto('/registers')
    await head.page.click(`${byTestId('waiting-list')} a:has-text("更换空调加湿罐")`)
    await sign(head, 'approve', 'password')
    await inState(head.page, 'approved')
    await inState(page, 'approved')

    // At the door, by the printed code.
    await technician.page.goto(`/rooms/${room.id}`)
    const code = new URL((await demo.server.get<{ url: string }>(`/api/rooms/${room.id}/code`)).url)
    expect(code.pathname).toBe(`/at/${room.id}`)
    await keeper.page.goto(code.pathname + code.hash)
    await keeper.page.waitForSelector(`${byTestId('room-code')}[data-state="shown"]`)
    await expect.poll(() => keeper.page.locator(byTestId(`at-record-${id}`)).innerText()).toContain('刘师傅 · 佳力图空调')
    await keeper.page.click(byTestId(`move-check-in-${id}`))
    await keeper.page.click(byTestId(`move-confirm-${id}`))
    const inside = technician.page.locator(`${byTestId('room-records')} .inside-list`)
    await inside.waitFor()
    for (const known of ['刘师傅（佳力图空调）', keeper.name]) await expect.poll(() => inside.innerText()).toContain(known)

    // Out again when the room has been read meanwhile.
    const { inAtMs = 0 } = (await record('visit', id)).sheet as VisitSheet
    const { deviceList } = await demo.server.get<Room>(`/api/rooms/${room.id}`)
    const point = deviceList.flatMap(({ points }) => points).find(({ kind }) => kind === 'temperature')
    await waitFor('a temperature of the visit is stored', 40_000, async () => {
      const readings = await demo.server.get<unknown[]>(`/api/points/${point?.id}/readings?fromMs=${inAtMs}&toMs=${Date.now()}`)
      return readings.length > 0 ? true : undefined
    })
    await keeper.page.click(byTestId(`move-check-out-${id}`))
    await keeper.page.click(byTestId(`move-confirm-${id}`))
    await inside.waitFor({ state: 'detached' })
    await keeper.page.goto(`/registers/visit/${id}`)
    const stay = keeper.page.locator(byTestId('visit-stay'))
    await expect.poll(() => stay.locator(byTestId('stay-escort')).innerText()).toBe(keeper.name)
    await expect.poll(() => stay.locator(byTestId('stay-readings')).innerText()).toMatch(/温度\s*\d+\.\d/)
    const left = (await record('visit', id)).sheet as VisitSheet
    expect(left.outAtMs).toBeGreaterThan(inAtMs)
  })

  it('a change: approved by another’s drawn signature, its device silent for its window only, done, compared, verified by another', async () => {
    const { page } = technician
    await page.goto('/registers/change/new')
    await choose(page, 'field-device', '精密空调')
    await write(page, {
      parameter: '精密空调回风设定温度',
      before: '24 ℃',
      after: '22 ℃',
      reason: '夏季负荷高',
      risk: '短时温度波动',
      rollback: '恢复为 24 ℃',
    })
    const fromMs = Math.floor(Date.now() / 60_000) * 60_000
    await page.fill(byTestId('field-plannedFrom'), localText(fromMs))
    await page.fill(byTestId('field-plannedUntil'), localText(fromMs + 2 * HOUR_MS))
    await page.click(byTestId('move-request'))
    await inState(page, 'requested')
    const id = idOf(page)
    // Its author has the director’s role too, and may not approve it all the same.
    expect(await page.locator(byTestId('move-approve')).count()).toBe(0)
    expect(await holds('open')).toEqual([])

    await director.page.goto(`/registers/change/${id}`)
    await sign(director, 'approve', 'drawn')
    await inState(director.page, 'approved')
    const silence = page.locator(byTestId('work-silence'))
    await page.waitForSelector(`${byTestId('work-silence')}[data-state="now"]`)
    const [hold] = await holds('open')
    expect(hold).toMatchObject({
      kind: 'out-of-service',
      scope: 'device',
      label: '信息楼中心机房（模拟） · 精密空调（模拟）',
      untilMs: fromMs + 2 * HOUR_MS,
    })
    await silence.locator('a').click()
    await page.waitForSelector(byTestId(`hold-${hold?.id}`))

    await page.goto(`/registers/change/${id}`)
    await page.click(byTestId('move-start'))
    await inState(page, 'in-work')
    await choose(page, 'field-doneBy', technician.name)
    await write(page, { workLog: '面板菜单修改设定值，观察压缩机启停正常', actual: '22 ℃' })
    await sign(technician, 'finish', 'password')
    await inState(page, 'done')
    await page.waitForSelector(`${byTestId('work-silence')}[data-state="past"]`)
    expect(await holds('open')).toEqual([])
    expect(await page.locator(byTestId('move-verify')).count()).toBe(0)

    await keeper.page.goto(`/registers/change/${id}`)
    await keeper.page.locator('[data-testid^="change-curve-"] canvas').first().waitFor()
    await write(keeper.page, { verification: '回风温度稳定在 22 ℃' })
    await sign(keeper, 'verify', 'password')
    await inState(keeper.page, 'verified')
    const { steps } = await record('change', id)
    expect(steps.flatMap(({ move, signatures }) => signatures.map(({ by, kind }) => [move, by, kind]))).toEqual([
      ['approve', director.name, 'drawn'],
      ['finish', technician.name, 'password'],
      ['verify', keeper.name, 'password'],
    ])
  })

  it('an emergency change: done at once, marked for ever, approved afterwards', async () => {
    const { page } = keeper
    await page.goto('/registers/change/new')
    await choose(page, 'field-device', 'UPS')
    await write(page, { parameter: 'UPS 旁路', before: '逆变输出', reason: '逆变器过温，将停机' })
    await page.click(byTestId('move-emergency'))
    await page.fill(byTestId('sign-comment'), '再过几分钟全机房断电')
    await confirmSigned(keeper, 'password')
    await inState(page, 'emergency-work')
    const id = idOf(page)
    await page.waitForSelector(`${byTestId('work-silence')}[data-state="now"]`)
    await choose(page, 'field-doneBy', keeper.name)
    await write(page, { after: '旁路供电', risk: '旁路期间无电池保护', workLog: '切至旁路，通知厂家', actual: '旁路供电' })
    await sign(keeper, 'finish-emergency', 'password')
    await inState(page, 'to-approve-afterwards')

    await director.page.goto('/registers')
    await director.page.click(`${byTestId('waiting-list')} a:has-text("UPS 旁路")`)
    await sign(director, 'approve-afterwards', 'drawn')
    await inState(director.page, 'done')
    await technician.page.goto(`/registers/change/${id}`)
    await write(technician.page, { verification: '已复核' })
    await sign(technician, 'verify', 'password')
    await inState(technician.page, 'verified')
    await technician.page.goto('/registers/change')
    await expect.poll(() => technician.page.locator(byTestId(`record-row-${id}`)).innerText()).toContain('紧急通道')
  })

  it('two people and one form: each sees what the other changed; where both changed the same, the second is asked and nothing is lost', async () => {
    const fields = {
      number: 'ZC-0001',
      name: '核心交换机',
      category: 'network',
      model: 'S12708',
      department: '信息科',
      custodianName: '张伟',
    }
    const draft = await demo.server.send<WholeRecord>('POST', '/api/registers/asset/records', { fields })
    const path = `/registers/asset/${draft.id}`
    const { revision } = draft
    await demo.server.send('POST', `/api/registers/asset/records/${draft.id}/moves/register`, { revision })
    await Promise.all([keeper.page.goto(path), technician.page.goto(path)])
    await write(keeper.page, { location: 'A03 机柜 20U' })
    await technician.page.waitForSelector(`${byTestId('record-news')}:has-text("${keeper.name} 刚刚修改了：位置")`)
    await expect.poll(() => technician.page.inputValue(byTestId('field-location'))).toBe('A03 机柜 20U')

    // What the technician saves is on its way while the keeper saves something else in the same field.
    const held = Promise.withResolvers<void>()
    await technician.page.route('**/api/registers/asset/records/*', async (route) => {
      if (route.request().method() === 'PUT') await held.promise
      await route.continue()
    })
    const isSent = technician.page.waitForRequest((request) => request.method() === 'PUT')
    await technician.page.fill(byTestId('field-location'), 'B01 机柜 5U')
    await isSent
    await write(keeper.page, { location: 'A04 机柜 1U' })
    await waitFor('the keeper has saved it', 20_000, async () =>
      (await record('asset', draft.id)).fields.location === 'A04 机柜 1U' ? true : undefined,
    )
    held.resolve()
    const conflict = technician.page.locator(byTestId('draft-conflict'))
    await conflict.waitFor()
    // However far down the form they write.
    const { y } = await boxOf(conflict)
    expect(y).toBeLessThan(PHONE.height / 2)
    expect(y).toBeGreaterThan(0)
    for (const known of [keeper.name, '位置', 'A04 机柜 1U', 'B01 机柜 5U']) await expect.poll(() => conflict.innerText()).toContain(known)
    expect((await record('asset', draft.id)).fields.location).toBe('A04 机柜 1U')
    await technician.page.click(byTestId('draft-merge'))
    await technician.page.waitForSelector(SAVED)
    const { steps } = await record('asset', draft.id)
    const written = steps.flatMap(({ by, changes }) => changes.filter(({ key }) => key === 'location').map(({ after }) => [by, after]))
    expect(written).toEqual([
      [keeper.name, 'A03 机柜 20U'],
      [keeper.name, 'A04 机柜 1U'],
      [technician.name, 'B01 机柜 5U'],
    ])
  })
})

/** Of the record whose page it is. */
const idOf = (page: Page): number => Number(new URL(page.url()).pathname.split('/').at(-1))

/** As the device’s own picker writes it, by the clock on the wall of these browsers. */
const localText = (ms: number): string => new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 16)

async function write(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, text] of Object.entries(fields)) await page.fill(byTestId(`field-${key}`), text)
  await page.waitForSelector(SAVED)
}

/** By keyboard: taps that follow each other too fast are taken for one. */
async function choose(page: Page, testId: string, text: string): Promise<void> {
  const input = page.locator(`${byTestId(testId)} input`)
  await input.fill(text)
  await page.waitForSelector(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option-active:has-text("${text}")`)
  await input.press('Enter')
  await page.waitForSelector(`${byTestId(testId)}:has-text("${text}")`)
}

async function inState(page: Page, state: string): Promise<void> {
  await page.waitForSelector(`${byTestId('record-state')}[data-state="${state}"]`)
}

type Way = 'password' | 'drawn'

async function sign(person: Staff, move: string, way: Way): Promise<void> {
  await person.page.click(byTestId(`move-${move}`))
  await confirmSigned(person, way)
}

async function confirmSigned({ page, password }: Staff, way: Way): Promise<void> {
  await page.waitForSelector(byTestId('sign-dialog'))
  if (way === 'drawn') await draw(page)
  else await page.fill(byTestId('sign-password'), password)
  await page.click(byTestId('sign-confirm'))
  await page.waitForSelector(byTestId('sign-dialog'), { state: 'detached' })
}

async function draw(page: Page): Promise<void> {
  await page.click(`${byTestId('sign-way')} :text("手写")`)
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
