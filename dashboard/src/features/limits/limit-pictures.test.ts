import type { LimitCondition } from '@roomkeeper/shared/model'
import { describe, expect, it } from 'vitest'
import { minutesUntil } from './forecast.ts'
import { bandsOf } from './limit-bands.ts'
import { type LimitDraft, newDraft } from './limit-draft.ts'
import { verdictOf } from './rehearsal-verdict.ts'
import { parseTargetKey, targetKey } from './target-key.ts'
import { begun, changed, undone } from './undo.ts'

const level = (condition: LimitCondition, value: number, patch: Partial<LimitDraft> = {}): LimitDraft => ({
  ...newDraft(condition, value),
  value,
  clear: value,
  ...patch,
})

describe('number line', () => {
  it('puts each priority outwards from its limit, steps included', () => {
    const steps = [{ key: 0, by: 'value', value: 30, afterMinutes: null, priority: 'high' }] as const
    const line = bandsOf(
      [level('high-high', 32, { priority: 'critical' }), level('low', 18, { priority: 'low' }), level('high', 27, { steps })],
      [21],
    )
    expect(line?.isOrderWrong).toBe(false)
    expect(line?.bands).toEqual([
      { from: line?.from, to: 18, priority: 'low' },
      { from: 27, to: 30, priority: 'medium' },
      { from: 30, to: 32, priority: 'high' },
      { from: 32, to: line?.to, priority: 'critical' },
    ])
  })

  it('holds the present values, and leaves out limits that are off', () => {
    const line = bandsOf([level('high', 27), level('low', 90, { enabled: false })], [40])
    expect(line?.marks.map(({ value }) => value)).toEqual([27])
    expect(line?.to).toBeGreaterThan(40)
    expect(bandsOf([newDraft('no-data', 0)], [40])).toBeUndefined()
  })

  it('says when the order is wrong instead of drawing it', () => {
    expect(bandsOf([level('low', 28), level('high', 27)], [])).toMatchObject({ isOrderWrong: true, bands: [] })
  })
})

describe('verdict of a rehearsal', () => {
  const figures = { alarms: 9, chatter: 0, floods: 0, standingMs: 0, perDay: 0.1 }
  const none = { count: 0, newest: [] }
  const lost = (priority: string) => ({
    count: 1,
    newest: [
      { pointId: 1, pointName: '', pointNameEn: '', condition: 'high' as const, priority, raisedAtMs: 1, clearedAtMs: null, value: 1 },
    ],
  })

  it.each([
    ['silent', { lost: lost('critical') }],
    ['noisy', { draft: { ...figures, perDay: 1.2 } }],
    ['noisy', { draft: { ...figures, floods: 1 } }],
    ['more', { draft: { ...figures, alarms: 12 }, gained: { count: 3, newest: [] } }],
    ['fewer', { draft: { ...figures, alarms: 8 }, lost: lost('low') }],
    ['same', {}],
  ] as const)('is %s', (verdict, patch) => {
    expect(verdictOf({ now: figures, draft: figures, gained: none, lost: none, ...patch } as Parameters<typeof verdictOf>[0])).toBe(verdict)
  })
})

describe('target of an address', () => {
  it.each(['point:12', 'device:7:load', 'room:3:temperature', 'room-class:auxiliary:humidity', 'kind:leak'])(
    '%s is read and written',
    (key) => {
      const target = parseTargetKey(key)
      expect(target && targetKey(target)).toBe(key)
    },
  )
  it.each(['', 'point:x', 'room:3', 'room-class:cellar:humidity', 'device:-1:load', 'kind:'])('%j is none', (key) => {
    expect(parseTargetKey(key)).toBeUndefined()
  })
})

describe('undo', () => {
  it('goes back one place at a time; typing in one place is one step', () => {
    let state = begun('a')
    state = changed(state, 'b', 'value')
    state = changed(state, 'c', 'value')
    state = changed(state, 'd', 'clear')
    state = undone(state)
    expect(state.now).toBe('c')
    expect(undone(state).now).toBe('a')
    expect(undone(undone(undone(state))).now).toBe('a')
  })
})

describe('minutes until a limit is reached', () => {
  it('are whole, at least one, and none beyond an hour or in the past', () => {
    expect([14.4, 0.2, 60].map((minutes) => minutesUntil(minutes * 60_000, 0))).toEqual([14, 1, 60])
    expect(minutesUntil(61 * 60_000, 0)).toBeUndefined()
    expect(minutesUntil(5, 5)).toBeUndefined()
  })
})
