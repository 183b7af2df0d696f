import type { ChecklistItem, InspectionSheet } from '@roomkeeper/shared/registers'
import { describe, expect, it } from 'vitest'
import { isDoubleTap, minutesAndSeconds, missingOf, progressOf } from './check-flow.ts'

const label = { zh: '项', en: 'Item' }
const dust: ChecklistItem = { key: 'dust', label }
const water: ChecklistItem = { key: 'water', label, photo: true }
const thermometer: ChecklistItem = { key: 'thermometer', label, measured: { unit: 'Cel' } }
const openAlarms = [
  { id: 1, text: label, priority: 'high', state: 'active', raisedAtMs: 0, items: ['water'] },
] as unknown as InspectionSheet['openAlarms']

describe('the flow of an inspection', () => {
  it.each([
    [dust, undefined, 'answer'],
    [dust, { result: 'normal' }, null],
    [dust, { result: 'abnormal', note: '  ' }, 'note'],
    [dust, { result: 'abnormal', note: '有积灰' }, null],
    [thermometer, { result: 'normal' }, 'measured'],
    [thermometer, { result: 'normal', measured: 0 }, null],
    [thermometer, { result: 'not-applicable' }, null],
    [water, { result: 'abnormal', note: '积水' }, 'photo'],
    [water, { result: 'abnormal', note: '积水', photos: [-5] }, null],
    // A leak alarm stands: dry needs an explanation.
    [water, { result: 'normal', photos: [1] }, 'note'],
    [water, { result: 'normal', photos: [1], note: '已擦干，探头未干' }, null],
  ] as const)('%o with %o needs %s', (item, answer, missing) => {
    expect(missingOf(item, answer as never, { openAlarms })).toBe(missing)
  })

  it('asks for a word where the server found a contradiction', () => {
    const sheet = { contradictions: [{ item: 'thermometer', message: label }] }
    expect(missingOf(thermometer, { result: 'normal', measured: 24 }, sheet)).toBe('note')
  })

  it('goes through what is open in the order of the sheet', () => {
    const progress = progressOf({ items: [dust, water, thermometer] }, { water: { result: 'abnormal', note: 'x', photos: [1] } })
    expect(progress).toEqual({ answered: 1, abnormal: 1, total: 3, open: ['dust', 'thermometer'] })
  })

  it('takes a double tap for one', () => {
    expect(isDoubleTap(1000, 1200)).toBe(true)
    expect(isDoubleTap(1000, 1400)).toBe(false)
  })

  it('says how long it took', () => {
    expect(minutesAndSeconds(160_000)).toEqual({ minutes: 2, seconds: '40' })
  })
})
