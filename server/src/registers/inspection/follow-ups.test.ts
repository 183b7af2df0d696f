import type { ChecklistItem, ChecklistValue } from '@roomkeeper/shared/registers'
import { expect, it } from 'vitest'
import { findingText, planFollowUps, workOrderFields } from './follow-ups.ts'

const item = (key: string, more: Partial<ChecklistItem> = {}): ChecklistItem => ({ key, label: { zh: `${key}项`, en: key }, ...more })
const ups = { group: { zh: 'UPS1', en: 'UPS1' }, deviceId: 1, followUp: 'incident' as const }
const ITEMS = [
  item('dust', { followUp: 'work-order' }),
  item('water', { followUp: 'incident' }),
  item('panel', ups),
  item('batteries', ups),
]
const abnormal = (note: string, more: object = {}) => ({ result: 'abnormal' as const, note, ...more })
const plan = (answers: ChecklistValue) => planFollowUps(ITEMS, answers).map(({ kind, items }) => [kind, ...items.map(({ key }) => key)])

it('plans nothing of what is normal or unanswered', () => {
  expect(plan({ dust: { result: 'normal', note: 'swept' }, water: {} })).toEqual([])
})

it('makes one incident of one device, and one follow-up of each finding in the room', () => {
  const answers = { dust: abnormal('灰'), water: abnormal('水'), panel: abnormal('红灯'), batteries: abnormal('鼓包') }
  expect(plan(answers)).toEqual([
    ['work-order', 'dust'],
    ['incident', 'water'],
    ['incident', 'panel', 'batteries'],
  ])
})

it('lets the person choose per item', () => {
  const answers: ChecklistValue = { dust: abnormal('灰', { followUp: 'incident' }), panel: abnormal('红灯', { followUp: 'work-order' }) }
  expect(plan(answers)).toEqual([
    ['incident', 'dust'],
    ['work-order', 'panel'],
  ])
})

it('says what was found, where, and what was read', () => {
  const measured = item('temperature', { measured: { unit: 'Cel' } })
  const answers = { temperature: abnormal('空调停机', { measured: 31 }), panel: abnormal('红灯'), batteries: abnormal('鼓包') }
  const texts = planFollowUps([measured, ...ITEMS], answers).map((one) => findingText(one, answers))
  expect(texts).toEqual(['temperature项（31 ℃）：空调停机', 'UPS1 panel项：红灯；batteries项：鼓包'])
})

it('fits the fields of a work order, however much was written', () => {
  const answers = { panel: abnormal('很长'.repeat(800), { followUp: 'work-order' }) }
  const [one] = planFollowUps(ITEMS, answers)
  const fields = one && workOrderFields(one, answers, { number: 'INS-2026-0001', roomId: 4 })
  expect(fields).toMatchObject({ kind: 'repair', room: { id: 4 }, device: { id: 1 } })
  expect([...String(fields?.what)]).toHaveLength(200)
  expect([...String(fields?.reason)]).toHaveLength(1000)
})
