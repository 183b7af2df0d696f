import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommitQueue, type TrackedScan } from './commit-queue.ts'
import { LogFrontier, type LogRecord } from './log-frontier.ts'

const live = (offset: number, previousOffset = offset - 1): LogRecord => ({ offset, previousOffset, isHistorical: false })
const replayed = (offset: number, previousOffset = offset - 1): LogRecord => ({ offset, previousOffset, isHistorical: true })

function feed(frontier: LogFrontier, ...records: LogRecord[]): string[] {
  return records.map((record) => {
    const verdict = frontier.decide(record)
    frontier.take(record, verdict)
    return verdict
  })
}

describe('LogFrontier', () => {
  it('joins at the first live record when nothing is missing, and goes on', () => {
    expect(feed(new LogFrontier(1), live(1), live(2), live(3))).toEqual(['joins', 'next', 'next'])
  })

  it('goes on live ahead of a gap until the replay has closed it', () => {
    const frontier = new LogFrontier(1)
    expect(feed(frontier, live(1), live(4), live(5), replayed(2), live(6), replayed(3), live(7))).toEqual([
      'joins',
      'next-after-gap',
      'ahead',
      'replayed',
      'ahead',
      'replayed-last',
      'next',
    ])
    expect(frontier.next).toBe(8)
  })

  it('begins a new run when live records are lost again', () => {
    const frontier = new LogFrontier(1)
    expect(feed(frontier, live(1), live(3), live(5), replayed(2), replayed(3), replayed(4), live(6))).toEqual([
      'joins',
      'next-after-gap',
      'ahead-anew',
      'replayed',
      'replayed',
      'replayed-last',
      'next',
    ])
  })

  it('does not wait for offsets that do not exist', () => {
    expect(feed(new LogFrontier(1), live(1), live(1001, 1), live(1002))).toEqual(['joins', 'next', 'next'])
    const frontier = new LogFrontier(2)
    expect(feed(frontier, live(1001), replayed(1001, 1), live(1002))).toEqual(['ahead-anew', 'closes', 'next'])
    expect(frontier.next).toBe(1003)
  })

  it('asks again when a replay lost a message, and knows what it has', () => {
    expect(feed(new LogFrontier(5), replayed(5), replayed(7), replayed(5), replayed(6))).toEqual([
      'replayed',
      'replay-broken',
      'repeated',
      'replayed',
    ])
  })

  it('is replayed from the first record the writer refused', () => {
    const frontier = new LogFrontier(1)
    feed(frontier, live(1), live(2))
    frontier.refuse()
    expect([frontier.next, frontier.isCatchingUp]).toEqual([3, true])
    expect(feed(frontier, replayed(3), live(5), replayed(4), live(6))).toEqual(['replayed', 'ahead-anew', 'replayed-last', 'next'])
  })

  it('skips what the log lost, and says how much', () => {
    const frontier = new LogFrontier(10)
    expect(frontier.skipTo(10)).toEqual({ lost: 0, closes: false })
    expect(frontier.skipTo(25)).toEqual({ lost: 15, closes: false })
    feed(frontier, live(30), live(31))
    expect(frontier.skipTo(31)).toEqual({ lost: 5, closes: true })
    expect([frontier.next, frontier.isCatchingUp]).toEqual([32, true])
    expect(feed(frontier, live(32))).toEqual(['joins'])
  })
})

function scanAt(offset: number, isHistorical: boolean): TrackedScan {
  const device = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1 }
  return { device, epoch: 'e', offset, points: [], timesMs: [], values: [], reasons: undefined, isHistorical, isStored: false }
}

describe('CommitQueue', () => {
  it('commits nothing beyond the oldest scan that is not stored, whatever the order they are stored in', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ isHistorical: fc.boolean(), order: fc.nat() }), { minLength: 1, maxLength: 50 }), (entries) => {
        const queue = new CommitQueue()
        const scans = entries.map(({ isHistorical }, i) => scanAt(i + 1, isHistorical))
        for (const scan of scans) queue.push(scan)
        const next = scans.length + 1
        const left: number[] = []
        for (const [, i] of entries.map(({ order }, i) => [order, i] as const).sort((a, b) => a[0] - b[0])) {
          ;(scans[i] as TrackedScan).isStored = true
          const oldest = scans.find(({ isStored }) => !isStored)?.offset ?? next
          expect(queue.committable(next, ({ offset }) => left.push(offset))).toBe(oldest - 1)
        }
        expect(left.sort((a, b) => a - b)).toEqual(scans.map(({ offset }) => offset))
      }),
    )
  })

  it('commits nothing beyond the frontier', () => {
    const queue = new CommitQueue()
    queue.push({ ...scanAt(9, false), isStored: true })
    expect(queue.committable(4, () => undefined)).toBe(3)
  })

  it('stays cheap over thousands of scans', () => {
    const queue = new CommitQueue()
    for (let offset = 1; offset <= 5000; offset++) queue.push({ ...scanAt(offset, false), isStored: true })
    let left = 0
    expect(queue.committable(5001, () => left++)).toBe(5000)
    expect(left).toBe(5000)
    queue.clear()
    expect(queue.committable(1, () => undefined)).toBe(0)
  })
})
