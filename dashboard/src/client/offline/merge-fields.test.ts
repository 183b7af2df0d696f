import { describe, expect, it } from 'vitest'
import { mergeFields, sameFields } from './merge-fields.ts'
import { localIds, withFileId, withoutFile } from './paper.ts'

describe('fields of a record', () => {
  it('are the same when they say the same', () => {
    expect(sameFields({ room: { id: 1, name: '一号' }, note: '' }, { room: { id: 1, name: '机房一号' } })).toBe(true)
    expect(sameFields({ photos: [1, 2] }, { photos: [2, 1] })).toBe(false)
    expect(sameFields({ photos: [] }, {})).toBe(true)
    expect(sameFields({ done: false }, {})).toBe(false)
    expect(sameFields({ measured: 0 }, { measured: null })).toBe(false)
  })

  it('are merged by item, and a reference as a whole', () => {
    const base = { room: { id: 1, name: 'a' }, checklist: { dust: { result: 'normal' } } }
    const mine = { room: { id: 1, name: 'a' }, checklist: { dust: { result: 'abnormal' } } }
    const theirs = { room: { id: 2, name: 'b' }, checklist: { dust: { result: 'normal' }, fire: { result: 'normal' } } }
    expect(mergeFields(base, mine, theirs)).toEqual({
      merged: { room: { id: 2, name: 'b' }, checklist: { dust: { result: 'abnormal' }, fire: { result: 'normal' } } },
      clashes: [],
    })
  })

  it('carry photos by local ids until they are sent', () => {
    const photo = -1_700_000_000_000_001
    const fields = { checklist: { dust: { measured: -4, photos: [3, photo] } }, photos: [photo] }
    expect(localIds(fields)).toEqual([photo, photo])
    expect(withFileId(fields, photo, 9)).toEqual({ checklist: { dust: { measured: -4, photos: [3, 9] } }, photos: [9] })
    expect(withoutFile(fields, photo)).toEqual({ checklist: { dust: { measured: -4, photos: [3] } }, photos: [] })
  })
})
