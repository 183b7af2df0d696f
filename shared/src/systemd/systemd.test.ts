import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { journalLine, writesToJournal } from './journal-lines.ts'
import { type ServiceState, watchdogMs } from './notify.ts'
import { startWatchdog } from './watchdog.ts'

const ENV = { NOTIFY_SOCKET: '/run/x', WATCHDOG_USEC: '30000000' }

describe('the watchdog', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is asked for by systemd, and for this process only', () => {
    expect(watchdogMs(ENV, 7)).toBe(30_000)
    expect(watchdogMs({ ...ENV, WATCHDOG_PID: '7' }, 7)).toBe(30_000)
    expect(watchdogMs({ ...ENV, WATCHDOG_PID: '8' }, 7)).toBeUndefined()
    expect(watchdogMs({ WATCHDOG_USEC: '30000000' }, 7)).toBeUndefined()
    expect(watchdogMs({ NOTIFY_SOCKET: '/run/x' }, 7)).toBeUndefined()
  })

  it('gives three signs within the time, none while something is stuck, and says once what', async () => {
    const told: ServiceState[] = []
    const stuck: string[] = []
    let reason: string | undefined
    const stop = startWatchdog({
      stuck: () => reason,
      status: () => 'well',
      onStuck: (what) => stuck.push(what),
      env: ENV,
      notify: async (state) => {
        told.push(state)
        return true
      },
    })
    expect(told).toEqual([{ ready: true, status: 'well' }])
    vi.advanceTimersByTime(30_000)
    expect(told).toHaveLength(4)
    reason = 'the poller of ups1'
    vi.advanceTimersByTime(60_000)
    expect(told).toHaveLength(4)
    expect(stuck).toEqual(['the poller of ups1'])
    reason = undefined
    vi.advanceTimersByTime(10_000)
    expect(told).toHaveLength(5)
    await stop()
    expect(told.at(-1)).toEqual({ stopping: true })
    vi.advanceTimersByTime(60_000)
    expect(told).toHaveLength(6)
  })

  it('does nothing without systemd', async () => {
    const notify = vi.fn(async () => true)
    await startWatchdog({ stuck: () => undefined, status: () => '', onStuck: () => {}, env: {}, notify })()
    vi.advanceTimersByTime(600_000)
    expect(notify).not.toHaveBeenCalled()
  })
})

describe('lines for the journal', () => {
  it('say priority, place, message and details', () => {
    const line = {
      level: 40,
      time: 1,
      pid: 2,
      hostname: 'h',
      name: 'agent',
      module: 'snmp',
      device: 'ups1',
      reason: 'time-out',
      msg: 'no answer',
    }
    expect(journalLine(JSON.stringify(line))).toBe('<4>snmp ups1: no answer (reason="time-out")')
    expect(journalLine(JSON.stringify({ level: 30, msg: 'the agent runs' }))).toBe('<6>the agent runs')
    expect(journalLine('plain text')).toBe('plain text')
  })

  it('show the stack of an error, each line with its priority', () => {
    const err = { type: 'Error', message: 'broken', stack: 'Error: broken\n    at a\n    at b' }
    expect(journalLine(JSON.stringify({ level: 50, msg: 'a bug', err }))).toBe('<3>a bug: broken\n<3>    at a\n<3>    at b')
    expect(journalLine(JSON.stringify({ level: 40, msg: 'no', err }))).toBe('<4>no: broken')
  })

  it('are written only when the journal reads them', () => {
    const stat = () => ({ dev: 9, ino: 123 })
    expect(writesToJournal({ JOURNAL_STREAM: '9:123' }, stat)).toBe(true)
    expect(writesToJournal({ JOURNAL_STREAM: '9:124' }, stat)).toBe(false)
    expect(writesToJournal({}, stat)).toBe(false)
  })
})
