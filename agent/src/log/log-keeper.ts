import type { Logger } from 'pino'
import type { FaultBook } from '../faults/fault-book.ts'
import { LogError, type LogEvents, type LogPlace, openReadingLog, type ReadingLog, type ScanRecord } from './index.ts'
import { LogRoom } from './log-room.ts'

export interface LogKeeperOptions {
  folder: string
  maxMegabytes: number
  maxAgeDays: number
  clock: { nowMs(): number; monotonicMs(): number }
  log: Logger
  faults: FaultBook
  /** This agent has run before, so an empty log means that the old one is gone. */
  hasRunBefore: boolean
  /** The log can be used now; it could not before. */
  onAvailable(): void
}

const RETRY_MS = 5000
const AGE_CHECK_MS = 10 * 60_000
/** Live readings wait no longer than this for the disk. */
const SLOW_DISK_MS = 5000
/** The same warning is logged no more often than this. */
const WARNING_INTERVAL_MS = 60_000
/** A loss stays visible for so long. */
const LOSS_SHOWN_MS = 24 * 3_600_000

/** Keeps the reading log usable: opens it, tries again when that fails, and turns what goes wrong into faults. */
export class LogKeeper {
  readonly #options: LogKeeperOptions
  #readingLog: ReadingLog | undefined
  #retryTimer: NodeJS.Timeout | undefined
  #ageTimer: NodeJS.Timeout | undefined
  #lossTimer: NodeJS.Timeout | undefined
  #lost = 0
  #isRefusing = false
  readonly #warnedAtMs = new Map<string, number>()
  readonly #room: LogRoom

  constructor(options: LogKeeperOptions) {
    this.#options = options
    this.#room = new LogRoom({ ...options, maxBytes: options.maxMegabytes * 1e6, readingLog: () => this.#readingLog })
  }

  /** The log; undefined while it cannot be opened. */
  get current(): ReadingLog | undefined {
    return this.#readingLog
  }

  /** Opens the log, or goes on without it and keeps trying. Throws only when another agent uses the folder. */
  async start(): Promise<void> {
    await this.#open()
    this.#ageTimer = setInterval(() => {
      this.#readingLog?.enforceAge().catch((error: unknown) => this.#options.log.warn({ err: error }, 'old segments could not be dropped'))
    }, AGE_CHECK_MS)
    this.#room.start()
  }

  async stop(): Promise<void> {
    clearTimeout(this.#retryTimer)
    clearInterval(this.#ageTimer)
    clearTimeout(this.#lossTimer)
    await this.#room.stop()
    await this.#readingLog?.close()
  }

  /**
   * Logs a scan and gives its place; undefined when it could not be kept, which is told as a fault and never stops the agent.
   * A disk that hangs holds up nobody for long: then this gives undefined too, and `onLate` hears the place when it is known after all.
   */
  async append(scan: ScanRecord, onLate: (place: LogPlace) => void): Promise<LogPlace | undefined> {
    if (this.#readingLog === undefined) return undefined
    const appending = this.#readingLog.append(scan)
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), SLOW_DISK_MS)
    })
    try {
      const place = await Promise.race([appending, patience])
      if (place !== 'late') {
        this.#accepted()
        return place
      }
      appending.then(onLate, () => {})
      throw new LogError('overloaded', `the disk has not taken a scan for ${SLOW_DISK_MS} ms`)
    } catch (error) {
      this.#refused(error)
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }

  async #open(): Promise<void> {
    const { folder, maxMegabytes, maxAgeDays, clock, log } = this.#options
    try {
      const options = {
        folder,
        maxBytes: maxMegabytes * 1e6,
        segmentBytes: Math.min(8 * 1024 * 1024, (maxMegabytes * 1e6) / 8),
        maxAgeMs: maxAgeDays * 86_400_000,
      }
      this.#readingLog = await openReadingLog({ ...options, clock, events: this.#events() })
    } catch (error) {
      if (error instanceof LogError && error.kind === 'locked') throw error
      this.#refused(error)
      this.#retryTimer = setTimeout(() => {
        this.#open().catch((cause: unknown) => log.error({ err: cause }, 'the reading log is used by another agent'))
      }, RETRY_MS)
      return
    }
    const { epoch, firstOffset, nextOffset, backlog } = this.#readingLog
    log.info({ folder, epoch, firstOffset, nextOffset, backlog }, 'the reading log is open')
    if (nextOffset === 1 && this.#options.hasRunBefore) this.#tellGone(folder)
    if (this.#isRefusing) {
      this.#accepted()
      this.#options.onAvailable()
    }
  }

  #tellGone(folder: string): void {
    const { log, faults } = this.#options
    log.error({ folder }, 'THE READING LOG OF EARLIER RUNS IS GONE: what the server had not taken yet is lost; a new log begins')
    faults.set({
      kind: 'log-loss',
      message: '原读数日志不见了，未提交的数据已丢失 · the reading log of earlier runs is gone, with what the server had not taken',
    })
    this.#endLossLater()
  }

  #endLossLater(): void {
    clearTimeout(this.#lossTimer)
    this.#lossTimer = setTimeout(() => this.#options.faults.clear({ kind: 'log-loss' }), LOSS_SHOWN_MS).unref()
  }

  #accepted(): void {
    if (!this.#isRefusing) return
    this.#isRefusing = false
    this.#options.log.warn('the reading log takes scans again')
    this.#options.faults.clear({ kind: 'log-unavailable' })
  }

  #refused(error: unknown): void {
    const reason = error instanceof LogError ? error.kind : 'io'
    if (!this.#isRefusing)
      this.#options.log.error(
        { err: error },
        'the reading log cannot keep scans; they are published live only and would be lost with the connection',
      )
    this.#isRefusing = true
    this.#options.faults.set({
      kind: 'log-unavailable',
      message: `读数日志不可用，数据仅实时发送 · scans cannot be kept (${reason}) and are sent live only: ${error instanceof Error ? error.message : String(error)}`,
    })
  }

  #events(): LogEvents {
    const { log, faults } = this.#options
    return {
      onLoss: (loss) => {
        this.#lost += loss.records
        log.error(loss, 'READINGS ARE LOST: the oldest part of the reading log is dropped before the server took it')
        faults.set({
          kind: 'log-loss',
          message: `读数日志已满，最旧的数据被丢弃 · ${this.#lost} scans that the server never took were dropped (${loss.why}), the last one is offset ${loss.lastOffset}`,
        })
        this.#endLossLater()
      },
      onThinned: (thinned) => this.#room.onThinned(thinned),
      onDamage: (damage) => {
        if (damage.isTail) {
          log.warn(damage, 'the last record of the reading log was not complete; it was never acknowledged and has been cut off')
          return
        }
        log.error(damage, 'the reading log is damaged; the records around the damage are kept')
        faults.set({
          kind: 'log-damaged',
          message: `读数日志损坏 · ${damage.bytes} bytes of the reading log are damaged: ${damage.segment} at ${damage.position}`,
        })
      },
      onWarning: (message, error) => {
        // Every commit, once a second, meets the same full disk.
        const nowMs = this.#options.clock.nowMs()
        if (Math.abs(nowMs - (this.#warnedAtMs.get(message) ?? 0)) < WARNING_INTERVAL_MS) return
        this.#warnedAtMs.set(message, nowMs)
        log.warn({ err: error }, message)
      },
    }
  }
}
