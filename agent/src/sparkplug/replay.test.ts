import { describe, expect, it } from 'vitest'
import type { LoggedScan } from '../log/index.ts'
import { type ReplayTarget, replay } from './replay.ts'
import { TokenBucket } from './token-bucket.ts'

/** A log that holds these offsets; others below `nextOffset` are damaged or dropped. */
function logWith(offsets: number[], nextOffset: number) {
  return {
    nextOffset,
    async *readFrom(from: number, until = Number.POSITIVE_INFINITY): AsyncGenerator<LoggedScan[]> {
      for (const offset of offsets) if (offset >= from && offset < until) yield [{ offset, device: 'd', timeMs: 0, readings: [] }]
    },
  }
}

async function run(log: ReturnType<typeof logWith>, fromOffset: number, more: Partial<ReplayTarget> = {}) {
  const sent: [number, number][] = []
  const gaps: number[] = []
  const target: ReplayTarget = {
    historical: (scan, previous) => sent.push([scan.offset, previous]),
    noteGapAfter: (offset) => gaps.push(offset),
    drained: () => Promise.resolve(),
    ...more,
  }
  await replay({ log, fromOffset, target, bucket: new TokenBucket(1e6, () => performance.now()), signal: new AbortController().signal })
  return { sent, gaps }
}

describe('replay', () => {
  it('sends everything from the offset on, in order', async () => {
    expect(await run(logWith([1, 2, 3, 4], 5), 2)).toEqual({
      sent: [
        [2, 1],
        [3, 2],
        [4, 3],
      ],
      gaps: [],
    })
  })

  it('says where the log has nothing: at the beginning and in the middle', async () => {
    const { sent } = await run(logWith([10, 11, 15], 16), 3)
    expect(sent).toEqual([
      [10, 2],
      [11, 10],
      [15, 11],
    ])
  })

  it('closes a hole at the end by the scan behind it, or by the next live one', async () => {
    const log = logWith([1, 2, 9, 10], 5)
    expect(await run(log, 1)).toEqual({
      sent: [
        [1, 0],
        [2, 1],
        [9, 2],
      ],
      gaps: [],
    })
    expect(await run(logWith([1, 2], 5), 1)).toMatchObject({ gaps: [2] })
    expect(await run(logWith([], 100), 40)).toEqual({ sent: [], gaps: [39] })
  })

  it('sends nothing when nothing is missing', async () => {
    expect(await run(logWith([1, 2], 3), 3)).toEqual({ sent: [], gaps: [] })
  })

  it('waits for the network, and ends when it is aborted', async () => {
    const controller = new AbortController()
    const sent: number[] = []
    const running = replay({
      log: logWith([1, 2, 3], 4),
      fromOffset: 1,
      target: {
        historical: (scan) => {
          sent.push(scan.offset)
          if (scan.offset === 2) controller.abort(new Error('over'))
        },
        noteGapAfter: () => {},
        drained: async (signal) => signal.throwIfAborted(),
      },
      bucket: new TokenBucket(1e6, () => performance.now()),
      signal: controller.signal,
    })
    await expect(running).rejects.toThrow('over')
    expect(sent).toEqual([1, 2])
  })

  it('is paced', async () => {
    const bucket = new TokenBucket(1000, () => performance.now())
    const startedMs = performance.now()
    for (let i = 0; i < 30; i++) await bucket.take(10, new AbortController().signal)
    // 300 tokens at 1,000 a second, the first 100 of which were there.
    expect(performance.now() - startedMs).toBeGreaterThan(150)
    await expect(bucket.take(1e6, AbortSignal.timeout(1)).then(() => bucket.take(1, AbortSignal.timeout(1)))).rejects.toThrow()
  })
})
