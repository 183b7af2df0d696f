import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { DriverError } from '../driver.ts'
import { Bus } from './bus.ts'
import { readQuestion } from './pdu.ts'

const question = readQuestion('holding', 0, 1)
const never = new AbortController().signal

/** A line with living units that answer at once, and dead ones. `asked` is who had the line, in order. */
function line(living: readonly number[]) {
  const asked: number[] = []
  let busy = 0
  const bus = new Bus({
    async ask(unitId, _question, timeoutMs, signal) {
      expect(++busy).toBe(1)
      asked.push(unitId)
      await sleep(living.includes(unitId) ? 1 : timeoutMs, undefined, { signal }).catch(() => {})
      busy -= 1
      if (living.includes(unitId)) return Buffer.from([3, 2, 0, unitId])
      throw new DriverError('unreachable', `unit ${unitId}: no answer`)
    },
    async close() {},
  })
  const ask = (unitId: number, signal = never, isUrgent = false): Promise<Buffer> =>
    bus.ask({ unitId, question, timeoutMs: 100, pauseMs: 0, isUrgent, signal })
  return { bus, ask, asked }
}

describe('Bus', () => {
  it('asks one at a time, in the order of coming', async () => {
    const { ask, asked } = line([1, 2, 3])
    await Promise.all([ask(3), ask(1), ask(2), ask(1)])
    expect(asked).toEqual([3, 1, 2, 1])
  })

  it('asks what a person waits for before what was there first', async () => {
    const { ask, asked } = line([1, 2, 3])
    await Promise.all([ask(1), ask(2), ask(3, never, true)])
    expect(asked).toEqual([1, 3, 2])
  })

  it('lets a living unit wait for at most one of many dead ones, and still gets to each of those', async () => {
    const { ask, asked } = line([1])
    const dead = [11, 12, 13, 14]
    await ask(1)
    await Promise.allSettled(dead.map((unitId) => ask(unitId)))
    let longestMs = 0
    const again = Promise.allSettled(dead.map((unitId) => ask(unitId)))
    for (let scan = 0; scan < 40; scan++) {
      const startedMs = performance.now()
      await ask(1)
      longestMs = Math.max(longestMs, performance.now() - startedMs)
      await sleep(20)
    }
    await again
    expect(longestMs).toBeLessThan(300)
    expect(asked.filter((unitId) => unitId > 10).sort()).toEqual([11, 11, 12, 12, 13, 13, 14, 14])
  })

  it('does not hold dead units back where nobody lives', async () => {
    const { ask } = line([])
    const startedMs = performance.now()
    await Promise.allSettled([1, 2, 3].map((unitId) => ask(unitId)))
    expect(performance.now() - startedMs).toBeLessThan(450)
  })

  it('lets go of a question that is no longer wanted, and of all when it is closed', async () => {
    const { bus, ask, asked } = line([1])
    const abort = new AbortController()
    const first = ask(9).catch((error: unknown) => error)
    const waiting = ask(1, abort.signal).catch((error: unknown) => error)
    const last = ask(1).catch((error: unknown) => error)
    abort.abort()
    expect(await waiting).toMatchObject({ kind: 'unreachable' })
    await bus.close()
    expect(await last).toMatchObject({ kind: 'unreachable' })
    await first
    expect(asked).toEqual([9])
  })
})
