import { describe, expect, it } from 'vitest'
import { changesOf } from './audit-changes.ts'

describe('audit changes', () => {
  it('names only the fields that differ', () => {
    expect(changesOf({ name: 'a', roles: ['x'], on: true }, { name: 'b', roles: ['x'], on: false })).toEqual([
      { path: 'name', before: 'a', after: 'b' },
      { path: 'on', before: 'true', after: 'false' },
    ])
  })
  it('shows a created and a removed row, and goes into nested fields', () => {
    expect(changesOf(null, { fields: { cause: 'x' } })).toEqual([{ path: 'fields.cause', before: '—', after: 'x' }])
    expect(changesOf('old', null)).toEqual([{ path: '', before: 'old', after: '—' }])
    expect(changesOf(null, null)).toEqual([])
  })
})
