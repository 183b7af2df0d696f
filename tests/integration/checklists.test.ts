import type { Checklist } from '@roomkeeper/shared/http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, startRecordsApp } from '../kit/records-app.ts'

type Sent = Pick<Checklist['items'][number], 'label'> & { key?: string; active?: boolean; photo?: boolean }

describeEachDatabase('checklists', (newDatabase) => {
  let app: RecordsApp
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>

  beforeEach(async () => {
    app = await startRecordsApp(await newDatabase())
    await app.addRoom('主机房')
    keeper = await app.addPerson('keeper', ['room-keeper'])
  })
  afterEach(() => app.stop())

  const room = async () => (await app.as(keeper).checklists.list()).find(({ deviceClass }) => deviceClass === 'room')
  const change = (revision: number, ...items: Sent[]) => app.as(keeper).checklists.change({ deviceClass: 'room', revision, items })
  const askedKeys = async () => {
    const [schedule] = (await app.as(keeper).schedules.list()).filter(({ register }) => register === 'inspection')
    const record = await app.as(keeper).registers.create({ register: 'inspection', scheduleId: schedule?.id ?? 0 })
    return (record.sheet.items as { key: string; label: { zh: string } }[]).map(({ key, label }) => `${key} ${label.zh}`)
  }

  it('are the defaults, shown as such, until people change them', async () => {
    const list = await room()
    expect(list).toMatchObject({ title: { zh: '机房环境' }, revision: 0 })
    expect(list?.items.every(({ origin, active }) => origin === 'default' && active)).toBe(true)
  })

  it('are changed, left out and added to; the next inspection asks accordingly, and the trail says who', async () => {
    const dust = { key: 'dust', label: { zh: '地面无积灰', en: 'No dust on the floor' } }
    const changed = await change(
      0,
      dust,
      { key: 'lights', label: { zh: '照明', en: 'Lights' }, active: false },
      { label: { zh: '鼠笼已检查', en: 'Mouse traps checked' }, photo: true },
    )
    expect(changed.items.filter(({ origin }) => origin !== 'default')).toMatchObject([
      { key: 'dust', origin: 'changed', changedBy: 'keeper (name)' },
      { key: 'lights', origin: 'changed', active: false },
      { key: 'own-1', origin: 'own', photo: true },
    ])
    const asked = await askedKeys()
    expect(asked).toContain('dust 地面无积灰')
    expect(asked).toContain('own-1 鼠笼已检查')
    expect(asked.some((one) => one.startsWith('lights'))).toBe(false)
    expect(await app.auditOf('checklist:room')).toMatchObject([
      {
        action: 'checklist.update',
        actor: 'keeper',
        before: { dust: { label: { zh: '清洁无积灰' } } },
        after: { 'own-1': { photo: true } },
      },
    ])
  })

  it('keeps the alarms of which an item speaks, whatever people call it', async () => {
    await change(0, { key: 'water', label: { zh: '地面干燥', en: 'Dry floor' } })
    const record = await app.as(keeper).registers.create({ register: 'inspection', fields: { room: { id: 1 } } })
    expect((record.sheet.items as object[]).find((item) => 'key' in item && item.key === 'water')).toMatchObject({ alarmKinds: ['leak'] })
  })

  it('tells the second of two people who changed them, and refuses an item that is not there', async () => {
    await change(0, { key: 'dust', label: { zh: '一', en: 'one' } })
    await expect(change(0, { key: 'dust', label: { zh: '二', en: 'two' } })).rejects.toMatchObject({
      code: 'CONFLICT',
      data: { by: 'keeper (name)' },
    })
    const revision = (await room())?.revision ?? 0
    await expect(change(revision, { key: 'nothing', label: { zh: '无', en: 'none' } })).rejects.toMatchObject({
      data: { field: 'items.0.key' },
    })
    expect((await change(revision, { key: 'dust', label: { zh: '一', en: 'one' } })).revision).toBe(revision)
  })
})
