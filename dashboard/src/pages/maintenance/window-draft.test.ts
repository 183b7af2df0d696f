import { recurrenceSchema } from '@roomkeeper/shared/http'
import { describe, expect, it } from 'vitest'
import { draftOf, draftProblems, recurrenceOf } from './window-draft.ts'

const draft = { ...draftOf(undefined, 'Asia/Shanghai'), from: '2026-11-30T02:00' }

describe('draft of a maintenance window', () => {
  it('gives what the server takes, for each kind', () => {
    for (const kind of ['once', 'weekly', 'monthly'] as const) {
      const recurrence = recurrenceOf({ ...draft, kind, days: [4, 1] })
      expect(recurrenceSchema.safeParse(recurrence).success, kind).toBe(true)
      expect(recurrence?.kind).toBe(kind)
    }
    expect(recurrenceOf({ ...draft, kind: 'weekly', days: [4, 1] })).toMatchObject({ days: [1, 4] })
  })
  it('names what is wrong, and gives nothing to save then', () => {
    expect([...draftProblems({ ...draft, from: '' })]).toEqual(['from'])
    expect([...draftProblems({ ...draft, kind: 'weekly', at: '2:00' })]).toEqual(['at', 'days'])
    expect([...draftProblems({ ...draft, kind: 'monthly', day: null, minutes: 2000, timeZone: 'nowhere' })]).toEqual([
      'day',
      'minutes',
      'timeZone',
    ])
    expect(recurrenceOf({ ...draft, minutes: 4 })).toBeUndefined()
  })
  it('allows a single time to last two weeks, one that comes back a day', () => {
    expect(draftProblems({ ...draft, minutes: 20_160 }).size).toBe(0)
    expect([...draftProblems({ ...draft, kind: 'monthly', minutes: 1441 })]).toEqual(['minutes'])
  })
})
