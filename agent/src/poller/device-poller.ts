import { setTimeout as delay } from 'node:timers/promises'
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
  intervalMs: number
  timeoutMs: number
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
/** Opening may read a whole device (an SNMP walk). */
export const OPEN_DEADLINE_TIMEOUTS = 6

/**
 * Reads one device in its own rhythm: open, describe, scan at fixed times on a monotonic clock; after a failure close and open again with
 * back-off. One scan runs at a time, and times missed by a slow one are skipped, not made up for.
 */
export class DevicePoller {
  readonly #options: DevicePollerOptions
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined
  #failures = 0
  #lastGoodMs: number | undefined
  #isDead = false
  #toldFault = ''

  constructor(options: DevicePollerOptions) {
    this.#options = options
  }

  get isAlive(): boolean {
    return this.#lastGoodMs !== undefined && !this.#isDead
  }

  start(): void {
    this.#running ??= this.#run().catch((error: unknown) => {
      if (!this.#stop.signal.aborted) this.#options.log.error({ err: error }, 'the poller of this device ended; this is a bug')
    })
  }

  /** Ends the scan under way and closes the device. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('the agent stops'))
    await this.#running
  }

  async #run(): Promise<void> {
    const stop = this.#stop.signal
    while (!stop.aborted) {
      let connection: DeviceConnection | undefined
      try {
        connection = await this.#open()
        await this.#scanUntilFailure(connection)
      } catch (error) {
        if (stop.aborted) break
        this.#failed(error)
        if (error instanceof DriverError && !error.retryable) return
      } finally {
        await this.#close(connection)
      }
      await delay(this.#waitMs(), undefined, { signal: stop }).catch(() => {})
    }
  }

  async #open(): Promise<DeviceConnection> {
    const { driver, options, timeoutMs, clock, log } = this.#options
    const deadlineMs = timeoutMs * OPEN_DEADLINE_TIMEOUTS
    const connection = await withDeadline(
      'opening',
      deadlineMs,
      this.#stop.signal,
      () => driver.open(options, { log, clock, timeoutMs }),
      (late) => void this.#close(late),
    )
    try {
      const description = await withDeadline('describing', deadlineMs, this.#stop.signal, () => connection.describe())
      await this.#options.onDescribed(description)
      return connection
    } catch (error) {
      await this.#close(connection)
      throw error
    }
  }

  async #close(connection: DeviceConnection | undefined): Promise<void> {
    if (connection === undefined) return
    const { timeoutMs, log } = this.#options
    const closing = Promise.race([connection.close(), delay(timeoutMs, undefined, { ref: false })])
    await closing.catch((error: unknown) => log.debug({ err: error }, 'closing the device failed'))
  }

  async #scanUntilFailure(connection: DeviceConnection): Promise<void> {
    const { clock, intervalMs, timeoutMs } = this.#options
    const stop = this.#stop.signal
    const deadlineMs = Math.max(intervalMs, 2 * timeoutMs)
    let dueMs = clock.monotonicMs()
    while (!stop.aborted) {
      const raw = await withDeadline('the scan', deadlineMs, stop, (signal) => connection.read(signal))
      if (stop.aborted) return
      this.#succeeded()
      this.#options.onScan(raw, clock.nowMs(), clock.monotonicMs())
      // Timers may fire a fraction of a millisecond early; that is not a missed scan less.
      const missed = Math.max(0, Math.floor((clock.monotonicMs() - dueMs) / intervalMs))
      dueMs += (missed + 1) * intervalMs
      await delay(Math.max(0, dueMs - clock.monotonicMs()), undefined, { signal: stop }).catch(() => {})
    }
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
    return DEAD_AFTER_INTERVALS * this.#options.intervalMs
  }

  /** Back-off, but with one attempt just when the three intervals are over, so that a death is told in time. */
  #waitMs(): number {
    const wait = backoffMs(this.#failures)
    const silentMs = this.#silentMs()
    if (silentMs === undefined || this.#isDead) return wait
    return Math.min(wait, Math.max(10, this.#deadAfterMs() - silentMs))
  }
}
