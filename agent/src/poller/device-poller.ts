import { setTimeout as delay } from 'node:timers/promises'
import type { ReadingValue } from '@roomkeeper/shared/model'
import type { Logger } from 'pino'
import {
  type DeviceConnection,
  type DeviceDescription,
  type Driver,
  DriverError,
  type DriverErrorKind,
  type RawReading,
} from '../drivers/driver.ts'
import { backoffMs } from './backoff.ts'
import { withDeadline } from './deadline.ts'

export interface DevicePollerOptions {
  driver: Driver
  options: unknown
  /** Time between two scans, ms. */
  intervalMs: number
  timeoutMs: number
  profilesDir?: string
  clock: { nowMs(): number; monotonicMs(): number }
  log: Logger
  /** The device answered after opening; its first scan follows when this resolves. */
  onDescribed(description: DeviceDescription): Promise<void>
  onScan(raw: readonly RawReading[], timeMs: number, monotonicMs: number): void
  /** Something is wrong for longer than a moment; called again when it becomes something else. */
  onFault(kind: DriverErrorKind | 'bug', message: string): void
  /** Three intervals without an answer. */
  onDead(): void
  /** The first good scan after a fault, or at all. */
  onWell(): void
}

/** Intervals without an answer after which a device counts as dead. */
const DEAD_AFTER_INTERVALS = 3
/** A device that lacks what agent.yaml asks for may only be starting. */
const CONFIGURATION_RETRY_MS = 60_000
/** A device that keeps calling for scans gets no more than four a second. */
const WAKE_GAP_MS = 250
const RETRY_GAP_MS = 1000
/** Beyond the deadline of what it does, a poller that has not gone on is stuck: a busy machine is late by seconds, not by a minute. */
const STUCK_AFTER_MS = 60_000
/** Opening may read a whole device (an SNMP walk). */
export const OPEN_DEADLINE_TIMEOUTS = 6

/**
 * Reads one device in its own rhythm: open, describe, scan at fixed times on a monotonic clock; after a failure close and open again with
 * back-off. One scan runs at a time, and times missed by a slow one are skipped, not made up for. A device may call for a scan between
 * its times, and then waits for none.
 */
export class DevicePoller {
  readonly #options: DevicePollerOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  #failures = 0
  #lastGoodMs: number | undefined
  #isDead = false
  #toldFault = ''
  #connection: DeviceConnection | undefined
  #intervalMs: number
  #wake: (() => void) | undefined
  #isWoken = false
  #isMisconfigured = false
  /** By when the loop must have gone on, on the monotonic clock. Every wait of it has a deadline, so beyond this there is a bug. */
  #turnDueMs = Number.POSITIVE_INFINITY

  constructor(options: DevicePollerOptions) {
    this.#options = options
    this.#intervalMs = options.intervalMs
  }

  get isAlive(): boolean {
    return this.#lastGoodMs !== undefined && !this.#isDead
  }

  /** It does not turn any more, whatever the device does: only a new start helps. */
  get isStuck(): boolean {
    return !this.#stop.signal.aborted && this.#options.clock.monotonicMs() > this.#turnDueMs
  }

  start(): void {
    this.#running ??= this.#run().catch((error: unknown) => {
      if (this.#stop.signal.aborted) return
      this.#turnDueMs = Number.NEGATIVE_INFINITY
      this.#options.log.error({ err: error }, 'the poller of this device ended; this is a bug')
    })
  }

  /** Scans now, or right after the scan under way. */
  wake(): void {
    this.#isWoken = true
    this.#wake?.()
  }

  /** A new time between two scans, ms, from now on. */
  setIntervalMs(intervalMs: number): void {
    if (intervalMs === this.#intervalMs) return
    this.#intervalMs = intervalMs
    this.wake()
  }

  /** Switches an output of the device, and reads the device right after. Rejects with a DriverError. */
  async write(key: string, value: ReadingValue): Promise<void> {
    const connection = this.#connection
    if (connection === undefined) throw new DriverError('unreachable', 'the device does not answer now')
    const { write } = connection
    if (write === undefined) throw new DriverError('configuration', `the device has no outputs; "${key}" cannot be switched`)
    // The write, its reading back, and a device on the same line that does not answer just now.
    await withDeadline('switching', 3 * this.#options.timeoutMs, this.#stop.signal, (signal) => write.call(connection, key, value, signal))
    this.wake()
  }

  /** Ends the scan under way and closes the device. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the agent stops'))
    await this.#running
  }

  async #run(): Promise<void> {
    const stop = this.#stop.signal
    let connection: DeviceConnection | undefined
    while (!stop.aborted) {
      try {
        connection ??= await this.#open()
        await this.#describe(connection)
        this.#connection = connection
        await this.#scanUntilFailure(connection)
      } catch (error) {
        if (!stop.aborted) this.#failed(error)
      }
      this.#connection = undefined
      if (stop.aborted) break
      if (connection?.listensWhileUnread !== true) {
        await this.#close(connection)
        connection = undefined
      }
      // A device that calls while it cannot be read gets a try, but not more than one a second.
      await this.#rest(this.#waitMs(), this.#options.clock.monotonicMs() + RETRY_GAP_MS)
    }
    await this.#close(connection)
  }

  async #open(): Promise<DeviceConnection> {
    const { driver, options, timeoutMs, clock, log, profilesDir } = this.#options
    const deadlineMs = timeoutMs * OPEN_DEADLINE_TIMEOUTS
    this.#goesOnWithin(deadlineMs)
    return withDeadline(
      'opening',
      deadlineMs,
      this.#stop.signal,
      () => driver.open(options, { log, clock, timeoutMs, profilesDir, wake: () => this.wake() }),
      (late) => void this.#close(late),
    )
  }

  async #describe(connection: DeviceConnection): Promise<void> {
    const deadlineMs = this.#options.timeoutMs * OPEN_DEADLINE_TIMEOUTS
    this.#goesOnWithin(deadlineMs + this.#options.timeoutMs)
    const description = await withDeadline('describing', deadlineMs, this.#stop.signal, () => connection.describe())
    await this.#options.onDescribed(description)
  }

  async #close(connection: DeviceConnection | undefined): Promise<void> {
    if (connection === undefined) return
    const { timeoutMs, log } = this.#options
    const closing = Promise.race([connection.close(), delay(timeoutMs, undefined, { ref: false })])
    await closing.catch((error: unknown) => log.debug({ err: error }, 'closing the device failed'))
  }

  async #scanUntilFailure(connection: DeviceConnection): Promise<void> {
    const { clock, timeoutMs } = this.#options
    const stop = this.#stop.signal
    let dueMs = clock.monotonicMs()
    while (!stop.aborted) {
      const intervalMs = this.#intervalMs
      const deadlineMs = Math.max(intervalMs, 2 * timeoutMs)
      const startedMs = clock.monotonicMs()
      this.#isWoken = false
      if (connection.isDescriptionStale === true) await this.#describe(connection)
      this.#goesOnWithin(deadlineMs)
      const raw = await withDeadline('the scan', deadlineMs, stop, (signal) => connection.read(signal))
      if (stop.aborted) return
      this.#succeeded()
      this.#options.onScan(raw, clock.nowMs(), clock.monotonicMs())
      // Timers may fire a fraction of a millisecond early; that is not a missed scan less.
      const missed = Math.max(0, Math.floor((clock.monotonicMs() - dueMs) / intervalMs))
      dueMs += (missed + 1) * intervalMs
      await this.#rest(Math.max(0, dueMs - clock.monotonicMs()), startedMs + WAKE_GAP_MS)
      // Woken before its time: the rhythm begins anew here.
      if (clock.monotonicMs() < dueMs - 1) dueMs = clock.monotonicMs()
    }
  }

  /** Waits, but no longer than until someone wakes the poller (`notBeforeMs` on the monotonic clock). */
  async #rest(ms: number, notBeforeMs = 0): Promise<void> {
    this.#goesOnWithin(ms)
    const woken = new AbortController()
    this.#wake = () => woken.abort()
    if (this.#isWoken) woken.abort()
    await delay(ms, undefined, { signal: AbortSignal.any([this.#stop.signal, woken.signal]) }).catch(() => {})
    this.#wake = undefined
    const gapMs = Math.min(ms, notBeforeMs - this.#options.clock.monotonicMs())
    if (woken.signal.aborted && gapMs > 0) await delay(gapMs, undefined, { signal: this.#stop.signal }).catch(() => {})
    this.#isWoken = false
  }

  #goesOnWithin(ms: number): void {
    this.#turnDueMs = this.#options.clock.monotonicMs() + ms + STUCK_AFTER_MS
  }

  #succeeded(): void {
    const isNews = this.#lastGoodMs === undefined || this.#failures > 0
    this.#lastGoodMs = this.#options.clock.monotonicMs()
    this.#failures = 0
    this.#isDead = false
    this.#toldFault = ''
    if (!isNews) return
    this.#options.log.info('the device answers')
    this.#options.onWell()
  }

  #failed(cause: unknown): void {
    this.#failures++
    const error = cause instanceof DriverError ? cause : undefined
    const kind = error?.kind ?? 'bug'
    this.#isMisconfigured = error !== undefined && !error.retryable
    const message = cause instanceof Error ? cause.message : String(cause)
    const silentMs = this.#silentMs()
    const isDeadNow = silentMs !== undefined && silentMs >= this.#deadAfterMs()
    if (this.#failures === 1) {
      const details = { kind, reason: message, ...(error ? {} : { err: cause }) }
      this.#options.log[error ? 'warn' : 'error'](details, 'the device does not answer as it should; trying again')
    }
    // A device that was well a moment ago gets its three intervals before anyone is told, unless the answer itself is wrong.
    if (kind !== 'unreachable' || silentMs === undefined || isDeadNow) this.#tell(kind, message)
    if (!isDeadNow || this.#isDead) return
    this.#isDead = true
    this.#options.log.error({ kind, reason: message, silentMs: Math.round(silentMs) }, 'the device is taken for dead')
    this.#options.onDead()
  }

  #tell(kind: DriverErrorKind | 'bug', message: string): void {
    const told = `${kind} ${message}`
    if (told === this.#toldFault) return
    this.#toldFault = told
    this.#options.onFault(kind, message)
  }

  #silentMs(): number | undefined {
    return this.#lastGoodMs === undefined ? undefined : this.#options.clock.monotonicMs() - this.#lastGoodMs
  }

  #deadAfterMs(): number {
    return DEAD_AFTER_INTERVALS * this.#intervalMs
  }

  /** Back-off, but with one attempt just when the three intervals are over, so that a death is told in time. */
  #waitMs(): number {
    const wait = this.#isMisconfigured ? CONFIGURATION_RETRY_MS : backoffMs(this.#failures)
    const silentMs = this.#silentMs()
    if (silentMs === undefined || this.#isDead) return wait
    return Math.min(wait, Math.max(10, this.#deadAfterMs() - silentMs))
  }
}
