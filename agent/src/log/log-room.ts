import { statfs } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { FaultBook } from '../faults/fault-book.ts'
import { FillRate, fillingMessage, THIN_ABOVE_SHARE } from './filling.ts'
import type { LogThinned, ReadingLog } from './index.ts'

export interface LogRoomOptions {
  folder: string
  maxBytes: number
  clock: { monotonicMs(): number }
  log: Logger
  faults: FaultBook
  readingLog(): ReadingLog | undefined
  checkMs?: number
}

const CHECK_MS = 60_000
/** Left free on the disk for everything else, and for a thinned copy: so much, but no more than this share of a small disk. */
const DISK_RESERVE_BYTES = 32 * 1024 * 1024
const DISK_RESERVE_SHARE = 0.05
/** That records were thinned stays visible for so long. */
const THINNED_SHOWN_MS = 24 * 3_600_000

/** Watches how full the log is: tells people before anything is given up, and thins the oldest records in time. */
export class LogRoom {
  readonly #options: LogRoomOptions
  readonly #rate = new FillRate()
  #timer: NodeJS.Timeout | undefined
  #thinnedTimer: NodeJS.Timeout | undefined
  #isTold = false
  #checking: Promise<void> | undefined
  #removed = 0

  constructor(options: LogRoomOptions) {
    this.#options = options
  }

  start(): void {
    this.#timer = setInterval(() => void this.check(), this.#options.checkMs ?? CHECK_MS)
    void this.check()
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    clearTimeout(this.#thinnedTimer)
    this.#timer = undefined
    await this.#checking
  }

  /** One look; a look that is still thinning is not disturbed. */
  check(): Promise<void> {
    this.#checking ??= this.#check()
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'the reading log could not be thinned'))
      .finally(() => {
        this.#checking = undefined
      })
    return this.#checking
  }

  async #check(): Promise<void> {
    const readingLog = this.#options.readingLog()
    if (readingLog === undefined) return
    const capacityBytes = await this.#capacity(readingLog.bytes)
    this.#tell(readingLog, capacityBytes)
    // A loss of detail is told first; a commit or a stop in between ends it.
    while (this.#timer !== undefined && readingLog.bytes > capacityBytes * THIN_ABOVE_SHARE) {
      if ((await readingLog.thinOldest()) === undefined) break
    }
    this.#tell(readingLog, capacityBytes)
  }

  /** A disk that others fill is the limit when it is nearer. */
  async #capacity(usedBytes: number): Promise<number> {
    const { bavail, blocks, bsize } = await statfs(this.#options.folder)
    const reserveBytes = Math.min(DISK_RESERVE_BYTES, blocks * bsize * DISK_RESERVE_SHARE)
    return Math.min(this.#options.maxBytes, usedBytes + Math.max(0, bavail * bsize - reserveBytes))
  }

  #tell(readingLog: ReadingLog, capacityBytes: number): void {
    const { bytes, backlog, appendedBytes } = readingLog
    const { faults, log, clock } = this.#options
    const bytesPerHour = this.#rate.note(appendedBytes, clock.monotonicMs())
    const message = fillingMessage({ bytes, capacityBytes, bytesPerHour, backlog }, this.#isTold)
    if (message === undefined) {
      if (this.#isTold) log.info({ bytes, capacityBytes }, 'the reading log has room again')
      faults.clear({ kind: 'log-filling' })
    } else {
      if (!this.#isTold) log.error({ bytes, capacityBytes, bytesPerHour }, 'THE READING LOG FILLS: the server does not take the readings')
      faults.set({ kind: 'log-filling', message })
    }
    this.#isTold = message !== undefined
  }

  /** For the log's events. */
  onThinned(thinned: LogThinned): void {
    const { log, faults } = this.#options
    this.#removed += thinned.records - thinned.kept
    log.warn(thinned, 'old readings in which nothing happened were thinned to make room')
    const seconds = thinned.windowMs / 1000
    faults.set({
      kind: 'log-thinned',
      message: `读数日志将满：最旧的正常读数抽稀为每 ${seconds} 秒一条，异常和变化的读数全部保留 · of the oldest readings one in ${seconds} s is kept where nothing happened; ${this.#removed} scans were given up, none with anything unusual`,
    })
    clearTimeout(this.#thinnedTimer)
    this.#thinnedTimer = setTimeout(() => faults.clear({ kind: 'log-thinned' }), THINNED_SHOWN_MS)
    this.#thinnedTimer.unref()
  }
}
