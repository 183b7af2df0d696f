import { setTimeout as delay } from 'node:timers/promises'
import pino from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { type DeviceConnection, type Driver, DriverError, type RawReading } from '../drivers/driver.ts'
import { backoffMs } from './backoff.ts'
import { watchClock } from './clock-watch.ts'
import { DevicePoller } from './device-poller.ts'

interface Script {
  open?: () => Promise<void>
  read?: (n: number, signal: AbortSignal) => Promise<readonly RawReading[]>
  /** Rejects where the device does not say yet what it has. */
  describe?: () => Promise<void>
  listensWhileUnread?: boolean
  isDescriptionStale?: () => boolean
}

const running: DevicePoller[] = []
afterEach(async () => {
  for (const poller of running.splice(0)) await poller.stop()
})

function start(script: Script, intervalMs = 20, timeoutMs = 50) {
  const events: string[] = []
  let wake = (): void => {}
  const scans: number[] = []
  let reads = 0
  let concurrent = 0
  const driver: Driver = {
    name: 'scripted',
    summary: { zh: '', en: '' },
    options: z.unknown(),
    async open(_options, context): Promise<DeviceConnection> {
      wake = context.wake
      await script.open?.()
      events.push('open')
      return {
        listensWhileUnread: script.listensWhileUnread,
        get isDescriptionStale() {
          return script.isDescriptionStale?.()
        },
        describe: async () => {
          await script.describe?.()
          return { points: [] }
        },
        async read(signal) {
          concurrent++
          if (concurrent > 1) events.push('two at a time')
          try {
            return (await script.read?.(++reads, signal)) ?? []
          } finally {
            concurrent--
          }
        },
        write: async (key, value) => {
          events.push(`write ${key} ${value}`)
        },
        close: async () => {
          events.push('close')
        },
      }
    },
  }
  const poller = new DevicePoller({
    driver,
    options: {},
    intervalMs,
    timeoutMs,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
    log: pino({ level: 'silent' }),
    onDescribed: async () => {},
    onScan: (_raw, _timeMs, monotonicMs) => scans.push(monotonicMs),
    onFault: (kind) => events.push(`fault ${kind}`),
    onDead: () => events.push('dead'),
    onWell: () => events.push('well'),
  })
  running.push(poller)
  poller.start()
  return { poller, events, scans, wake: () => wake() }
}

describe('device poller', () => {
  it('keeps its rhythm without drifting, and skips what a slow scan missed', async () => {
    const read = async (n: number) => {
      if (n === 3) await delay(210)
      return []
    }
    const { scans, events } = start({ read }, 100, 500)
    await vi.waitFor(() => expect(scans.length).toBeGreaterThan(8), 5000)
    const [, second, , fourth, , , , , ninth] = scans as [number, number, number, number, number, number, number, number, number]
    // The third scan, due 100 ms after the second, ends 310 ms after it: the fourth waits for 400, and no missed one is made up for.
    expect(fourth - second).toBeGreaterThan(360)
    expect(ninth - second).toBeGreaterThan(860)
    expect(ninth - second).toBeLessThan(1100)
    expect(events).toEqual(['open', 'well'])
  })

  it('opens again after a failed scan, and tells of death only after three intervals', async () => {
    let isDown = false
    const read = async () => {
      if (isDown) throw new DriverError('unreachable', 'gone')
      return []
    }
    const { scans, events, poller } = start({ read }, 100)
    await vi.waitFor(() => expect(scans.length).toBe(2))
    isDown = true
    await vi.waitFor(() => expect(events).toContain('dead'), 5000)
    expect(performance.now() - (scans[1] as number)).toBeGreaterThan(295)
    expect(poller.isAlive).toBe(false)
    isDown = false
    await vi.waitFor(() => expect(events.at(-1)).toBe('well'), 5000)
    expect(events.filter((event) => event === 'dead')).toHaveLength(1)
    expect(events.filter((event) => event.startsWith('fault'))).toEqual(['fault unreachable'])
  })

  it('does not tell of a single failure', async () => {
    const read = async (n: number) => {
      if (n === 2) throw new DriverError('unreachable', 'once')
      return []
    }
    const { scans, events } = start({ read }, 2000, 50)
    await vi.waitFor(() => expect(scans.length).toBe(2), 5000)
    expect(events).toEqual(['open', 'well', 'close', 'open', 'well'])
  })

  it('leaves a driver behind that ignores its signal', async () => {
    const { events } = start({ read: () => new Promise(() => {}) })
    await vi.waitFor(() => expect(events).toContain('fault unreachable'), 5000)
    expect(events.filter((event) => event === 'open')).toHaveLength(1)
  })

  it('says what kind of fault it is, and tries again slowly what an edit must mend', async () => {
    const wrong = start({ open: () => Promise.reject(new DriverError('configuration', 'no such point')) })
    const broken = start({ open: () => Promise.reject(new TypeError('undefined is not a function')) })
    await vi.waitFor(() => expect(wrong.events).toEqual(['fault configuration']))
    await vi.waitFor(() => expect(broken.events).toEqual(['fault bug']))
    await wrong.poller.stop()
  })

  it('scans at once when the device calls, and not more than four times a second', async () => {
    const { scans, wake } = start({}, 60_000)
    await vi.waitFor(() => expect(scans.length).toBe(1))
    await delay(300)
    const calledMs = performance.now()
    wake()
    await vi.waitFor(() => expect(scans.length).toBe(2))
    expect((scans[1] as number) - calledMs).toBeLessThan(150)
    const flood = setInterval(wake, 5)
    await delay(900)
    clearInterval(flood)
    expect(scans.length).toBeGreaterThanOrEqual(4)
    expect(scans.length).toBeLessThanOrEqual(7)
  })

  it('keeps a device open that listens, through failed descriptions and scans, and tries at once when it speaks', async () => {
    let isKnown = false
    const describe = async () => {
      if (!isKnown) throw new DriverError('unreachable', 'nothing heard yet')
    }
    const read = async (n: number) => {
      if (n === 2) throw new DriverError('unreachable', 'offline')
      return []
    }
    const { scans, events, wake, poller } = start({ describe, read, listensWhileUnread: true }, 60_000)
    await vi.waitFor(() => expect(events).toEqual(['open', 'fault unreachable']))
    isKnown = true
    wake()
    await vi.waitFor(() => expect(scans.length).toBe(1), 1500)
    wake()
    await vi.waitFor(() => expect(scans.length).toBe(2), 3000)
    await poller.stop()
    expect(events).toEqual(['open', 'fault unreachable', 'well', 'well', 'close'])
  })

  it('asks for a description again when it changed, before the next scan and without a fault', async () => {
    let described = 0
    let isStale = false
    const describe = async () => {
      described++
      isStale = false
    }
    const { scans, events, wake } = start({ describe, isDescriptionStale: () => isStale }, 60_000)
    await vi.waitFor(() => expect(scans.length).toBe(1))
    expect(described).toBe(1)
    isStale = true
    wake()
    await vi.waitFor(() => expect(scans.length).toBe(2))
    expect(described).toBe(2)
    expect(events).toEqual(['open', 'well'])
  })

  it('takes a new interval at once', async () => {
    const { scans, poller } = start({}, 60_000)
    await vi.waitFor(() => expect(scans.length).toBe(1))
    poller.setIntervalMs(100)
    await vi.waitFor(() => expect(scans.length).toBeGreaterThan(4), 5000)
  })

  it('switches an output and reads right after, and refuses while the device is away', async () => {
    const { scans, events, poller } = start({}, 60_000)
    await expect(poller.write('relay', true)).rejects.toMatchObject({ kind: 'unreachable' })
    await vi.waitFor(() => expect(scans.length).toBe(1))
    await poller.write('relay', true)
    expect(events).toContain('write relay true')
    await vi.waitFor(() => expect(scans.length).toBe(2))
  })

  it('stops in the middle of a scan and closes the device', async () => {
    const { poller, events } = start({ read: () => delay(60_000, [], { ref: false }) }, 20, 10_000)
    await vi.waitFor(() => expect(events).toContain('open'))
    const startedMs = performance.now()
    await poller.stop()
    expect(performance.now() - startedMs).toBeLessThan(1000)
    expect(events).toEqual(['open', 'close'])
  })
})

it('is stuck when it does not go on long after every deadline, and not while a device is only silent', async () => {
  let nowMs = 0
  let isHanging = false
  let release = (): void => {}
  let opened = 0
  const poller = new DevicePoller({
    driver: {
      name: 'scripted',
      summary: { zh: '', en: '' },
      options: z.unknown(),
      async open(): Promise<DeviceConnection> {
        opened++
        if (!isHanging) throw new DriverError('unreachable', 'silent')
        return { describe: async () => ({ points: [] }), read: async () => [], close: async () => {} }
      },
    },
    options: {},
    intervalMs: 100,
    timeoutMs: 50,
    clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
    log: pino({ level: 'silent' }),
    // Stands for a wait that was forgotten to be bounded.
    onDescribed: () =>
      new Promise((resolve) => {
        release = resolve
      }),
    onScan: () => {},
    onFault: () => {},
    onDead: () => {},
    onWell: () => {},
  })
  running.push(poller)
  poller.start()
  await vi.waitFor(() => expect(opened).toBe(1))
  nowMs += 50_000
  expect(poller.isStuck).toBe(false)
  isHanging = true
  poller.wake()
  await vi.waitFor(() => expect(opened).toBe(2), 5000)
  nowMs += 30_000
  expect(poller.isStuck).toBe(false)
  nowMs += 60_000
  expect(poller.isStuck).toBe(true)
  release()
  await vi.waitFor(() => expect(poller.isStuck).toBe(false))
})

it('backs off from 1 s to 60 s with jitter', () => {
  expect([1, 2, 3, 7, 50].map((n) => backoffMs(n, 0.5))).toEqual([1000, 2000, 4000, 60_000, 60_000])
  expect(backoffMs(1, 0)).toBe(800)
  expect(backoffMs(1, 1)).toBeCloseTo(1200)
})

it('hears the wall clock jump, and not the monotonic one', async () => {
  let offsetMs = 0
  const jumps: number[] = []
  const stop = watchClock({ nowMs: () => Date.now() + offsetMs, monotonicMs: () => performance.now() }, (jump) => jumps.push(jump), 5)
  await delay(30)
  offsetMs = 3_600_000
  await vi.waitFor(() => expect(jumps).toHaveLength(1))
  expect(Math.abs((jumps[0] as number) - 3_600_000)).toBeLessThan(1000)
  await delay(20)
  expect(jumps).toHaveLength(1)
  stop()
})
