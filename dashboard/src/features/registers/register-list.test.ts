import { describe, expect, it } from 'vitest'
import { duePath, filterOf, groupEntries, inDueOrder, isSoon, searchOf } from './register-list.ts'

const DAY_MS = 86_400_000

describe('the list of a register', () => {
  it('keeps its filters in the address, and gets them back', () => {
    const filter = { phase: 'overdue', state: 'applied', roomId: 2, q: 'UPS', fromMs: 1000, toMs: 2000 } as const
    expect(filterOf(new URLSearchParams(searchOf(filter)))).toEqual(filter)
    expect(searchOf({ phase: 'all', q: '' })).toEqual({})
  })

  it('ignores what makes no sense in an address', () => {
    expect(filterOf(new URLSearchParams('phase=nope&roomId=x&fromMs=-1&q=%20'))).toEqual({ phase: 'all' })
  })
})

describe('what is due', () => {
  const item = { register: 'meeting', recordId: null, scheduleId: 4, roomId: null } as const

  it('leads to where the work is done', () => {
    expect(duePath({ ...item, recordId: 9 })).toBe('/registers/meeting/9')
    expect(duePath(item)).toBe('/registers/meeting/new?schedule=4')
    expect(duePath({ ...item, register: 'maintenance', roomId: 1 })).toBe('/registers/maintenance/new?schedule=4&room=1')
    expect(duePath({ ...item, register: 'inspection' })).toBe('/inspections')
  })

  it('is shown at once when it waits as a record or is near', () => {
    expect(isSoon({ recordId: 1, dueAtMs: 90 * DAY_MS }, 0)).toBe(true)
    expect(isSoon({ recordId: null, dueAtMs: 2 * DAY_MS }, 0)).toBe(true)
    expect(isSoon({ recordId: null, dueAtMs: 30 * DAY_MS }, 0)).toBe(false)
  })

  it('is in the order of its due times', () => {
    expect(inDueOrder([{ dueAtMs: 3 }, { dueAtMs: 1 }] as never).map(({ dueAtMs }) => dueAtMs)).toEqual([1, 3])
  })
})

describe('groups of registers', () => {
  it('stand in one order, without empty ones', () => {
    const entry = (name: string, group: string) => ({ definition: { name, group } })
    const groups = groupEntries([entry('asset', 'things'), entry('visit', 'people'), entry('violation', 'people')] as never)
    expect(groups.map(({ group, entries }) => [group, entries.length])).toEqual([
      ['people', 2],
      ['things', 1],
    ])
  })
})
