import { describe, expect, it } from 'vitest'
import { createDraft, type LocalCopy, type Snapshot } from './draft.ts'
import { isSame, mergeDrafts } from './merge.ts'

interface Fields {
  cause?: string
  measures?: string
  note?: string
}
type Outcome = Snapshot<Fields> | 'conflict' | 'network'

function snapshot(revision: number, fields: Fields, by: string | null = null): Snapshot<Fields> {
  return { revision, fields, by, atMs: null }
}

/** A draft with a hand-driven timer and a scripted server. */
function bench(server: Snapshot<Fields>, options: { local?: LocalCopy<Fields>; outcomes?: Outcome[]; theirs?: Snapshot<Fields> } = {}) {
  const outcomes = options.outcomes ?? []
  const saves: [number, Fields][] = []
  let due: (() => void) | undefined
  let kept: LocalCopy<Fields> | null = options.local ?? null
  const draft = createDraft<Fields>(server, server.fields, options.local ?? null, {
    save: async (revision, fields) => {
      saves.push([revision, fields])
      const outcome = outcomes.shift() ?? snapshot(revision + 1, fields)
      if (typeof outcome === 'string') throw new Error(outcome)
      return outcome
    },
    load: async () => options.theirs ?? server,
    kindOf: (error) => (error instanceof Error && (error.message === 'conflict' || error.message === 'network') ? error.message : 'other'),
    keep: (copy) => {
      kept = copy
    },
    schedule: (run) => {
      due = run
      return () => {
        due = undefined
      }
    },
  })
  return {
    draft,
    saves,
    kept: () => kept,
    isScheduled: () => due !== undefined,
    fire: async () => {
      const run = due
      due = undefined
      run?.()
      await draft.settle()
      // settle() stops the timer; a retry scheduled during the save is what the next assertion asks for.
      for (let n = 0; n < 5; n++) await Promise.resolve()
    },
  }
}

describe('draft', () => {
  it('saves once after several changes and forgets the local copy only then', async () => {
    const { draft, saves, fire, kept } = bench(snapshot(3, {}))
    draft.change({ cause: '空调' })
    draft.change({ cause: '空调故障' })
    expect(kept()).toMatchObject({ fields: { cause: '空调故障' }, revision: 3 })
    await fire()
    expect(saves).toEqual([[3, { cause: '空调故障' }]])
    expect(draft.get()).toMatchObject({ status: 'saved', revision: 4 })
    expect(kept()).toBeNull()
  })

  it('keeps everything here when there is no connection', async () => {
    const { draft, fire, kept } = bench(snapshot(1, {}), { outcomes: ['network'] })
    draft.change({ cause: 'x' })
    await fire()
    expect(draft.get().status).toBe('offline')
    expect(kept()?.fields).toEqual({ cause: 'x' })
  })

  it('never overwrites another person: it stops and shows theirs', async () => {
    const theirs = snapshot(2, { cause: '市电中断', note: 'n' }, '李敏')
    const { draft, fire, saves } = bench(snapshot(1, {}), { outcomes: ['conflict'], theirs })
    draft.change({ cause: '空调', measures: '重启' })
    await fire()
    expect(draft.get()).toMatchObject({ status: 'conflict', clashes: ['cause'], theirs: { by: '李敏' } })
    draft.change({ measures: '重启空调' })
    expect(saves).toHaveLength(1)
    draft.resolve('merge')
    expect(draft.get()).toMatchObject({ fields: { cause: '空调', measures: '重启空调', note: 'n' }, revision: 2, status: 'dirty' })
    await fire()
    expect(saves[1]).toEqual([2, { cause: '空调', measures: '重启空调', note: 'n' }])
  })

  it('takes theirs on reload', async () => {
    const theirs = snapshot(2, { cause: '市电中断' }, '李敏')
    const { draft, fire, kept } = bench(snapshot(1, {}), { outcomes: ['conflict'], theirs })
    draft.change({ cause: '空调' })
    await fire()
    draft.resolve('reload')
    expect(draft.get()).toMatchObject({ fields: { cause: '市电中断' }, status: 'saved', revision: 2 })
    expect(kept()).toBeNull()
  })

  it('follows another person silently while nothing was changed here', () => {
    const { draft } = bench(snapshot(1, {}))
    draft.adopt(snapshot(2, { cause: 'a' }))
    expect(draft.get()).toMatchObject({ fields: { cause: 'a' }, status: 'saved' })
    draft.adopt(snapshot(1, {}))
    expect(draft.get().revision).toBe(2)
  })

  it('takes over what another writes in other fields, while changes are waiting here, and says whose', async () => {
    const { draft, fire, saves } = bench(snapshot(1, {}))
    draft.change({ cause: 'mine' })
    draft.adopt(snapshot(2, { measures: 'theirs' }, '李敏'))
    expect(draft.get()).toMatchObject({ status: 'dirty', revision: 2, news: { by: '李敏', fields: ['measures'] } })
    await fire()
    expect(saves).toEqual([[2, { cause: 'mine', measures: 'theirs' }]])
    expect(draft.get()).toMatchObject({ status: 'saved', fields: { cause: 'mine', measures: 'theirs' } })
  })

  it('does so too when its save finds that another was faster', async () => {
    const theirs = snapshot(5, { note: 'n' }, '李敏')
    const { draft, fire, saves } = bench(snapshot(1, {}), { outcomes: ['conflict'], theirs })
    draft.change({ cause: 'mine' })
    await fire()
    expect(draft.get()).toMatchObject({ status: 'dirty', revision: 5 })
    draft.resume()
    await fire()
    expect(saves.at(-1)).toEqual([5, { cause: 'mine', note: 'n' }])
  })

  it('asks at once when both wrote in the same field', () => {
    const { draft, isScheduled } = bench(snapshot(1, {}))
    draft.change({ cause: 'mine' })
    draft.adopt(snapshot(2, { cause: 'theirs' }))
    expect(draft.get()).toMatchObject({ status: 'conflict', clashes: ['cause'] })
    expect(isScheduled()).toBe(false)
  })

  it('brings back what an earlier page could not save', () => {
    const local = { fields: { cause: 'kept' }, base: {}, revision: 1 }
    expect(bench(snapshot(1, {}), { local }).draft.get()).toMatchObject({ fields: { cause: 'kept' }, status: 'dirty' })
    expect(bench(snapshot(2, { cause: 'other' }), { local }).draft.get()).toMatchObject({ status: 'conflict', clashes: ['cause'] })
    expect(bench(snapshot(2, { cause: 'kept' }), { local }).draft.get()).toMatchObject({ status: 'saved', revision: 2 })
  })
})

describe('merge', () => {
  it('goes into nested answers field by field', () => {
    const base = { answers: { fire: { result: 'normal' }, water: {} } }
    const mine = { answers: { fire: { result: 'abnormal' }, water: {} } }
    const theirs = { answers: { fire: { result: 'normal' }, water: { result: 'normal' } } }
    expect(mergeDrafts(base, mine, theirs)).toEqual({
      merged: { answers: { fire: { result: 'abnormal' }, water: { result: 'normal' } } },
      clashes: [],
    })
  })
  it('treats undefined as absent', () => {
    expect(isSame({ a: 1, b: undefined }, { a: 1 })).toBe(true)
    expect(isSame({ a: { b: 1 } }, { a: { b: 2 } })).toBe(false)
  })
})
