import type { LiveUpdate } from '@roomkeeper/shared/push'
import { describe, expect, it } from 'vitest'
import type { LiveValue } from '../live/live-values.ts'
import { LiveFlush, type LiveWatcher } from './live-flush.ts'

const value = (pointId: number, roomId: number, reading: number): LiveValue => ({
  pointId,
  roomId,
  timeMs: reading,
  receivedAtMs: reading,
  value: reading,
  quality: 'good',
  reason: null,
  isChanged: false,
})

function startFlush() {
  const toGroup: { group: string; butIds: string[]; updates: LiveUpdate[] }[] = []
  const toOne: { id: string; updates: LiveUpdate[] }[] = []
  const flush = new LiveFlush({
    toGroup: (group, butIds, updates) => toGroup.push({ group, butIds: [...butIds], updates }),
    toOne: (id, updates) => toOne.push({ id, updates }),
  })
  return { flush, toGroup, toOne }
}

const watcher = (id: string, roomIds: number[], ready = { now: true }): LiveWatcher => ({
  id,
  group: roomIds.join(','),
  roomIds: new Set(roomIds),
  isReady: () => ready.now,
})

describe('LiveFlush', () => {
  it('sends each group of equal watchers one message with the values of its rooms only', () => {
    const { flush, toGroup, toOne } = startFlush()
    flush.flush([value(1, 1, 20), value(2, 2, 21), value(3, 3, 22)], [watcher('a', [1, 2]), watcher('b', [1, 2]), watcher('c', [3])])
    expect(toGroup).toEqual([
      {
        group: '1,2',
        butIds: [],
        updates: [
          [1, 20, 20, 'good', null],
          [2, 21, 21, 'good', null],
        ],
      },
      { group: '3', butIds: [], updates: [[3, 22, 22, 'good', null]] },
    ])
    expect(toOne).toEqual([])
  })

  it('sends nothing when nothing changed', () => {
    const { flush, toGroup, toOne } = startFlush()
    flush.flush([], [watcher('a', [1])])
    flush.flush([value(9, 9, 1)], [watcher('a', [1])])
    expect([toGroup, toOne]).toEqual([[], []])
  })

  it('owes a slow watcher only the latest of each point, and sends it once it is ready', () => {
    const { flush, toGroup, toOne } = startFlush()
    const ready = { now: false }
    const watchers = [watcher('slow', [1], ready), watcher('fast', [1])]
    for (let reading = 1; reading <= 100; reading += 1) flush.flush([value(1, 1, reading)], watchers)
    flush.flush([value(2, 1, 7)], watchers)
    expect(toOne).toEqual([])
    expect(toGroup).toHaveLength(101)
    expect(toGroup.every((each) => each.butIds.join() === 'slow')).toBe(true)
    ready.now = true
    flush.flush([], watchers)
    expect(toOne).toEqual([
      {
        id: 'slow',
        updates: [
          [1, 100, 100, 'good', null],
          [2, 7, 7, 'good', null],
        ],
      },
    ])
    flush.flush([value(1, 1, 101)], watchers)
    expect(toGroup.at(-1)?.butIds).toEqual([])
  })

  it('forgets what it owed to one who left', () => {
    const { flush, toOne } = startFlush()
    flush.flush([value(1, 1, 1)], [watcher('a', [1], { now: false })])
    flush.forget('a')
    flush.flush([], [watcher('a', [1])])
    expect(toOne).toEqual([])
  })
})
