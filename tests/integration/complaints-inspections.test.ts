import type { ChecklistValue, InspectionSheet } from '@roomkeeper/shared/registers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inspect } from '../kit/inspecting.ts'
import { type RecordsApp, SIGNATURE, START_MS, startRecordsApp } from '../kit/records-app.ts'

// What people complain about in other systems, about inspections. The number is that of the list.

const DAY_MS = 86_400_000

describe('complaints about inspections', () => {
  let app: RecordsApp
  let keeper: Awaited<ReturnType<RecordsApp['addPerson']>>
  let head: typeof keeper
  let roomId: number
  let upsId: number
  let scheduleId: number

  beforeEach(async () => {
    app = await startRecordsApp(':memory:')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    head = await app.addPerson('head', ['department-head'])
    roomId = await app.addRoom('主机房')
    upsId = await app.addDevice(roomId, 'UPS1')
    await app.addPoint(upsId, 'ups.status', 'ups-status', '1')
    scheduleId = (await app.as(keeper).schedules.list()).find(({ register }) => register === 'inspection')?.id ?? 0
  })
  afterEach(() => app.stop())

  const followUpsOf = ({ sheet }: { sheet: Record<string, unknown> }) => (sheet as unknown as InspectionSheet).followUps

  it('18: a failed item opens work, which waits for its approval and leads back to the inspection (opens none elsewhere)', async () => {
    const answers: ChecklistValue = { extinguishers: { result: 'abnormal', note: '3 号灭火器过期' } }
    const inspection = await inspect(app, keeper, { scheduleId, answers })
    expect(inspection.links).toMatchObject([{ kind: 'follow-up', target: 'record', register: 'work-order', number: 'WOR-2026-0001' }])
    expect(followUpsOf(inspection)).toMatchObject([{ items: ['extinguishers'], kind: 'work-order', number: 'WOR-2026-0001' }])

    const [listed] = await app.as(head).registers.list({ register: 'work-order', phase: 'mine' })
    const order = await app.as(head).registers.get({ register: 'work-order', recordId: listed?.id ?? 0 })
    expect(order).toMatchObject({ state: 'requested', createdBy: 'keeper (name)', moves: ['approve', 'refuse', 'withdraw'] })
    expect(order.fields).toMatchObject({
      room: { id: roomId, name: '主机房' },
      reason: '巡检 INS-2026-0001：灭火器在位、在有效期内：3 号灭火器过期',
    })
    expect(order.links).toMatchObject([{ target: 'record', targetId: inspection.id, register: 'inspection', number: 'INS-2026-0001' }])
  })

  it('18: what is wrong with a UPS opens an incident, one for all of its items (opens none elsewhere)', async () => {
    const [panel, batteries] = [`ups-panel-d${upsId}`, `ups-batteries-d${upsId}`]
    const answers: ChecklistValue = {
      [panel]: { result: 'abnormal', note: '故障灯亮' },
      [batteries]: { result: 'abnormal', note: '2 节鼓包' },
      water: { result: 'abnormal', note: '空调下有水', followUp: 'work-order' },
    }
    const inspection = await inspect(app, keeper, { scheduleId, answers })
    const incidents = await app.as(keeper).incidents.list({ state: 'open' })
    expect(incidents).toMatchObject([{ roomId, deviceId: upsId, openedAtMs: START_MS, submittedBy: null, alarms: [] }])
    expect(incidents[0]?.fields.note).toBe('巡检 INS-2026-0001：UPS1 面板无告警，无异响异味：故障灯亮；电池无鼓包、漏液、锈蚀：2 节鼓包')
    expect(followUpsOf(inspection).map(({ items, kind, opened }) => ({ items, kind, opened }))).toEqual([
      { items: ['water'], kind: 'work-order', opened: true },
      { items: [panel, batteries], kind: 'incident', opened: true },
    ])
    expect(inspection.links.map(({ target, number }) => `${target} ${number}`)).toEqual(['record WOR-2026-0001', 'incident #1'])
    const seen = await app.as(keeper).incidents.get({ incidentId: 1 })
    expect(seen.records).toMatchObject([{ kind: 'follow-up', register: 'inspection', recordId: inspection.id, number: 'INS-2026-0001' }])
    expect(await app.auditOf('incident:1')).toMatchObject([{ action: 'incident.open', actor: 'keeper', after: { reason: 'inspection' } }])

    // Found again a week later: it is the same incident still.
    app.clock.advance(7 * DAY_MS)
    const again = await inspect(app, keeper, { scheduleId, answers: { [panel]: { result: 'abnormal', note: '仍未修好' } } })
    expect(followUpsOf(again)).toMatchObject([{ kind: 'incident', targetId: 1, opened: false }])
    expect(await app.as(keeper).incidents.list({ state: 'open' })).toHaveLength(1)
  })

  it('18: neither exists without the other: an inspection that is refused opens nothing', async () => {
    const client = app.as(keeper).registers
    const { id: recordId, revision } = await client.create({ register: 'inspection', scheduleId })
    const fields = { checklist: { water: { result: 'abnormal', note: '水' } } }
    const signature = { password: SIGNATURE }
    await expect(client.move({ register: 'inspection', recordId, move: 'submit', revision, fields, signature })).rejects.toMatchObject({
      code: 'INVALID',
    })
    expect(await app.as(keeper).incidents.list({})).toEqual([])
    expect(await app.as(keeper).registers.list({ register: 'work-order' })).toEqual([])
  })

  it('18: a signature is never inherited: the next inspection begins empty and is signed anew (inherited elsewhere)', async () => {
    const first = await inspect(app, keeper, { scheduleId, answers: { dust: { result: 'normal', note: '已清扫' } } })
    expect(first.steps.at(-1)?.signatures).toMatchObject([{ by: 'keeper (name)', kind: 'password' }])
    app.clock.advance(7 * DAY_MS)
    const client = app.as(head).registers
    const next = await client.create({ register: 'inspection', scheduleId })
    expect(next).toMatchObject({ state: 'in-progress', createdBy: 'head (name)', fields: { room: { id: roomId } } })
    expect(next.fields.checklist).toBeUndefined()
    expect(next.steps.flatMap(({ signatures }) => signatures)).toEqual([])
    const unsigned = client.move({
      register: 'inspection',
      recordId: next.id,
      move: 'submit',
      revision: next.revision,
      fields: first.fields,
    })
    await expect(unsigned).rejects.toMatchObject({ code: 'INVALID' })
    const signed = await inspect(app, head, { scheduleId })
    expect(signed.steps.flatMap(({ signatures }) => signatures.map(({ by }) => by))).toEqual(['head (name)'])
  })
})
