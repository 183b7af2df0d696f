import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { MinuteTick, SILENCE_MS } from './minute-tick.ts'

const log = pino({ level: 'silent' })

function setUp(onTick: () => Promise<void> = () => Promise.resolve()) {
  let nowMs = 0
  const tasks: { fire: () => void; destroyed: boolean }[] = []
  const ticks = vi.fn(onTick)
  const tick = new MinuteTick({
    onTick: ticks,
    monotonicMs: () => nowMs,
    log,
    startTask: (fire) => {
      const task = { fire, destroyed: false }
      tasks.push(task)
      return {
        destroy: () => {
          task.destroyed = true
        },
      }
    },
  })
  return { tick, tasks, ticks, advance: (ms: number) => (nowMs += ms) }
}

/** Lets the promise of a tick settle. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

describe('MinuteTick', () => {
  const running: MinuteTick[] = []
  afterEach(async () => {
    for (const tick of running.splice(0)) await tick.stop()
  })
  const start = (tick: MinuteTick) => {
    running.push(tick)
    tick.start()
  }

  it('ticks at the start, and then with its task', async () => {
    const { tick, tasks, ticks } = setUp()
    start(tick)
    expect(ticks).toHaveBeenCalledTimes(1)
    await settle()
    tasks[0]?.fire()
    expect(ticks).toHaveBeenCalledTimes(2)
  })

  it('makes a task that fell silent anew, and ticks at once', async () => {
    const { tick, tasks, ticks, advance } = setUp()
    start(tick)
    await settle()
    advance(SILENCE_MS - 1)
    tick.watch()
    expect(tasks).toHaveLength(1)
    advance(1)
    tick.watch()
    expect(tasks).toHaveLength(2)
    expect(tasks[0]?.destroyed).toBe(true)
    expect(ticks).toHaveBeenCalledTimes(2)
    // The new task has its own three minutes.
    tick.watch()
    expect(tasks).toHaveLength(2)
  })

  it('goes on after a tick that failed, and never runs two at once', async () => {
    let fail: (error: Error) => void = () => undefined
    const { tick, tasks, ticks } = setUp(() => new Promise<void>((_resolve, reject) => (fail = reject)))
    start(tick)
    tasks[0]?.fire()
    expect(ticks).toHaveBeenCalledTimes(1)
    fail(new Error('database is locked'))
    await settle()
    tasks[0]?.fire()
    expect(ticks).toHaveBeenCalledTimes(2)
    fail(new Error('again'))
  })

  it('starts and stops with the real node-cron', async () => {
    const ticks = vi.fn(() => Promise.resolve())
    const tick = new MinuteTick({ onTick: ticks, monotonicMs: () => performance.now(), log })
    tick.start()
    await tick.stop()
    expect(ticks).toHaveBeenCalledTimes(1)
  })
})
