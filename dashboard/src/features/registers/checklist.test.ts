import type { ChecklistItem } from '@roomkeeper/shared/registers'
import { describe, expect, it } from 'vitest'
import { groupsOf, isAnswered, progressOf, readOff, sheetBeside, sheetContradictions, sheetItems } from './checklist.ts'

const label = { zh: '项', en: 'Item' }
const plain: ChecklistItem = { key: 'dust', label }
const measured: ChecklistItem = { key: 'temperature', label, measured: { unit: 'Cel', kind: 'temperature' } }
const withPhoto: ChecklistItem = { key: 'extinguisher', label, photo: true }

describe('checklist', () => {
  it.each([
    [plain, undefined, false],
    [plain, { result: 'normal' }, true],
    [plain, { result: 'abnormal' }, false],
    [plain, { result: 'abnormal', note: ' ' }, false],
    [plain, { result: 'abnormal', note: '积灰' }, true],
    [measured, { result: 'normal' }, false],
    [measured, { result: 'normal', measured: 0 }, true],
    [measured, { result: 'not-applicable' }, true],
    [withPhoto, { result: 'normal', photos: [] }, false],
    [withPhoto, { result: 'normal', photos: [7] }, true],
  ] as const)('knows whether more is asked of an item', (item, answer, expected) => {
    expect(isAnswered(item, answer && ({ ...answer, ...('photos' in answer ? { photos: [...answer.photos] } : {}) } as never))).toBe(
      expected,
    )
  })

  it('counts what is answered and finds the first open item', () => {
    const value = { dust: { result: 'abnormal', note: '积灰' }, temperature: { result: 'normal' } } as const
    expect(progressOf([plain, measured, withPhoto], value)).toEqual({ answered: 1, abnormal: 1, total: 3, firstOpen: 'temperature' })
  })

  it('puts items under their headings in order', () => {
    const ups = { zh: 'UPS 1', en: 'UPS 1' }
    const groups = groupsOf([plain, { ...plain, key: 'a', group: ups }, { ...plain, key: 'b', group: ups }, { ...plain, key: 'c' }])
    expect(groups.map(({ heading, items }) => [heading?.zh, items.map(({ key }) => key)])).toEqual([
      [undefined, ['dust']],
      ['UPS 1', ['a', 'b']],
      [undefined, ['c']],
    ])
  })

  it('reads what the server wrote into the sheet, and does without', () => {
    const beside = { temperature: { value: 23.46, low: 23, high: 24, unit: 'Cel', atMs: 1, sensors: 2 } }
    expect(sheetBeside({ beside }).temperature?.value).toBe(23.46)
    expect(sheetItems({ items: [plain] })).toEqual([plain])
    expect([sheetBeside({}), sheetItems({}), sheetContradictions({})]).toEqual([{}, undefined, []])
    expect(readOff(23.46)).toBe(23.5)
  })
})
