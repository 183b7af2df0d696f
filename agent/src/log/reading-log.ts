import { type FileHandle, open as openFile } from 'node:fs/promises'
import { frame } from './frame.ts'
import { LogError, toLogError } from './log-error.ts'
import { type LogIdentity, newEpoch, writeCommitted, writeIdentity } from './log-identity.ts'
import type { LogLoss, LogPlace, LogStart, LogThinned, ReadingLogOptions } from './log-options.ts'
import { decodeScan, encodeScan, type LoggedScan, offsetOf, type ScanRecord } from './scan-record.ts'
import { type DamagedBytes, readSegment } from './segment-reader.ts'
import { createSegment, deleteSegment, type Segment } from './segments.ts'
import { discardThinned, replaceByThinned, THINNED_WINDOWS_MS, writeThinned } from './thinning.ts'

interface PendingAppend {
  scan: ScanRecord
  resolve(place: LogPlace): void
  reject(error: LogError): void
}

export const DEFAULT_SEGMENT_BYTES = 8 * 1024 * 1024
/** Offsets reserved by one write of the identity: at 20 scans a second, one write every 50 s. After a torn tail as many stay unused. */
const RESERVATION = 1000
/** Scans that share one write and one fsync. */
const MAX_BATCH = 1000
/** Scans waiting for a slow disk, about 20 MB of memory at 20 points each; above, appends are refused. */
const MAX_PENDING = 5000
/** A segment still written to is given up early when all of it is committed and it has at least this size. */
const EARLY_ROLL_BYTES = 1024 * 1024
/** Records per batch of `readFrom`. */
const READ_BATCH = 256

/**
 * The durable reading log: scans in segment files, each with an offset that is never used twice within the log's epoch.
 * A scan is on the disk when `append` resolves. See docs/decisions/002-agent-log.md.
 */
export class ReadingLog {
  readonly #options: ReadingLogOptions
  readonly #segments: Segment[]
  readonly #open: typeof openFile
  readonly #unlock: () => Promise<void>
  readonly #reportedDamage: Set<string>
  #identity: LogIdentity
  #committed: number
  #nextOffset: number
  #lastRecordOffset: number
  /** The file of the last segment while it is written to. */
  #file: FileHandle | undefined
  #pending: PendingAppend[] = []
  #isFlushing = false
  #isClosed = false
  #appendedBytes = 0
  #turn: Promise<unknown> = Promise.resolve()

  /** Use `openReadingLog`. */
  constructor(options: ReadingLogOptions, start: LogStart) {
    this.#options = options
    this.#open = options.open ?? openFile
    this.#segments = start.segments
    this.#identity = start.identity
    this.#committed = start.committed
    this.#nextOffset = start.nextOffset
    this.#lastRecordOffset = start.lastRecordOffset
    this.#unlock = start.unlock
    this.#reportedDamage = start.reportedDamage
  }

  get epoch(): string {
    return this.#identity.epoch
  }

  /** Every record with an offset below this is on the disk. */
  get nextOffset(): number {
    return this.#nextOffset
  }

  /**
   * The first offset that may still be read. In an empty log the one after the last record, not `nextOffset`: offsets between the two
   * were reserved and never used, and the host must not take them for lost.
   */
  get firstOffset(): number {
    return this.#segments[0]?.firstOffset ?? this.#lastRecordOffset + 1
  }

  get committedOffset(): number {
    return Math.max(this.#committed, this.firstOffset - 1)
  }

  /** Records waiting for a commit (an upper bound: offsets may have gaps). */
  get backlog(): number {
    return this.#segments.length === 0 ? 0 : this.#nextOffset - 1 - this.committedOffset
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  /** Since it was opened. */
  get appendedBytes(): number {
    return this.#appendedBytes
  }

  /**
   * Keeps a scan and gives its place once it is on the disk. Scans that arrive together share one fsync; they resolve in the order of their offsets.
   * Rejects with a LogError; the scan is then not in the log, and a later append may work again.
   */
  append(scan: ScanRecord): Promise<LogPlace> {
    if (this.#isClosed) return Promise.reject(new LogError('closed', 'the reading log is closed'))
    if (this.#pending.length >= MAX_PENDING) {
      return Promise.reject(new LogError('overloaded', `${MAX_PENDING} scans already wait for the disk`))
    }
    return new Promise((resolve, reject) => {
      this.#pending.push({ scan, resolve, reject })
      if (this.#isFlushing) return
      this.#isFlushing = true
      void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    while (this.#pending.length > 0) {
      await this.#exclusively(async () => {
        const batch = this.#pending.splice(0, MAX_BATCH)
        try {
          const first = await this.#write(batch.map((entry) => entry.scan))
          batch.forEach((entry, i) => {
            entry.resolve({ offset: first + i, previousOffset: i === 0 ? this.#lastRecordOffset : first + i - 1 })
          })
          this.#lastRecordOffset = first + batch.length - 1
        } catch (error) {
          const reason = toLogError(error, 'the scan could not be logged')
          for (const entry of batch) entry.reject(reason)
        }
      })
    }
    this.#isFlushing = false
  }

  /** Writes one batch and gives its first offset. Offsets that may have reached the disk are never used again, also when this fails. */
  async #write(scans: readonly ScanRecord[]): Promise<number> {
    const first = this.#nextOffset
    const last = first + scans.length - 1
    if (last > this.#identity.reservedThrough) await this.#saveIdentity({ ...this.#identity, reservedThrough: last + RESERVATION })
    const bytes = Buffer.concat(scans.map((scan, i) => frame(encodeScan(scan, first + i))))
    const { segment, file } = await this.#writableSegment()
    try {
      await writeFully(file, bytes, segment.bytes)
    } catch (error) {
      try {
        await file.truncate(segment.bytes)
      } catch {
        await this.#abandonSegment(last)
      }
      throw error
    }
    try {
      await file.datasync()
    } catch (error) {
      // After a failed fsync Linux may call the lost pages clean: nothing more can be learned from this file.
      await this.#abandonSegment(last)
      throw error
    }
    segment.bytes += bytes.length
    this.#appendedBytes += bytes.length
    segment.lastOffset = last
    segment.newestMs = this.#options.clock.nowMs()
    this.#nextOffset = last + 1
    return first
  }

  async #writableSegment(): Promise<{ segment: Segment; file: FileHandle }> {
    const limit = this.#options.segmentBytes ?? DEFAULT_SEGMENT_BYTES
    const current = this.#segments.at(-1)
    if (current?.isOpen && current.bytes < limit) {
      this.#file ??= await this.#open(current.path, 'r+')
      return { segment: current, file: this.#file }
    }
    await this.#closeFile()
    await this.#makeRoom(limit)
    const firstOffset = this.#segments.length === 0 ? this.firstOffset : this.#nextOffset
    const created = await createSegment(this.#options.folder, firstOffset, this.#options.clock.nowMs(), this.#open)
    this.#file = created.file
    this.#segments.push(created.segment)
    return created
  }

  async #abandonSegment(lastUsedOffset: number): Promise<void> {
    await this.#closeFile().catch(() => {})
    this.#nextOffset = lastUsedOffset + 1
  }

  async #closeFile(): Promise<void> {
    const file = this.#file
    this.#file = undefined
    const segment = this.#segments.at(-1)
    if (segment) segment.isOpen = false
    await file?.close()
  }

  /** Deletes the oldest segments until another one of `bytes` fits. */
  async #makeRoom(bytes: number): Promise<void> {
    while (this.#segments.length > 0 && this.bytes + bytes > this.#options.maxBytes) await this.#dropOldest('size')
  }

  async #dropOldest(why: LogLoss['why']): Promise<void> {
    const oldest = this.#segments[0]
    if (oldest === undefined) return
    if (oldest.lastOffset > this.#committed) {
      const firstLost = Math.max(oldest.firstOffset, this.#committed + 1)
      this.#options.events.onLoss({
        firstOffset: firstLost,
        lastOffset: oldest.lastOffset,
        records: oldest.lastOffset - firstLost + 1,
        why,
      })
    }
    await deleteSegment(oldest)
    this.#segments.shift()
  }

  /**
   * Drops the oldest segment when it is too old: one in each call, so that a clock that is wrong for a moment cannot empty the log.
   * Call it now and then.
   */
  enforceAge(): Promise<void> {
    return this.#exclusively(async () => {
      const oldest = this.#segments[0]
      if (oldest === undefined || oldest.bytes === 0 || this.#options.clock.nowMs() - oldest.newestMs <= this.#options.maxAgeMs) return
      if (this.#segments.length === 1) await this.#closeFile()
      await this.#dropOldest('age')
    })
  }

  /**
   * Thins the oldest of those closed segments that were thinned least: usual records go, alarm records stay. Reads and writes beside the
   * appends, and holds them up only for a rename. One call at a time. Resolves with undefined when there is nothing left to thin;
   * rejects with a LogError and changes nothing when the disk does not let it.
   */
  async thinOldest(): Promise<LogThinned | undefined> {
    const closed = this.#segments.slice(0, -1).filter(({ isOpen, level }) => !isOpen && level < THINNED_WINDOWS_MS.length)
    const oldest = closed.find(({ level }) => level === Math.min(...closed.map((candidate) => candidate.level)))
    if (oldest === undefined || this.#isClosed) return undefined
    const { firstOffset, lastOffset } = oldest
    const level = oldest.level + 1
    try {
      const written = await writeThinned(oldest, level, (damage) => this.#reportDamage(oldest, damage))
      const { records, kept } = written
      const thinned = { firstOffset, lastOffset, records, kept, windowMs: THINNED_WINDOWS_MS[level - 1] as number }
      await this.#exclusively(async () => {
        const place = this.#segments.indexOf(oldest)
        // Committed and deleted meanwhile.
        if (place < 0) return discardThinned(written)
        if (kept < records) this.#options.events.onThinned?.(thinned)
        this.#segments[place] = await replaceByThinned(oldest, level, written)
      })
      return thinned
    } catch (error) {
      // The committed segment may have been deleted while it was read.
      if (!this.#segments.includes(oldest)) return { firstOffset, lastOffset, records: 0, kept: 0, windowMs: 0 }
      throw toLogError(error, 'the reading log could not be thinned')
    }
  }

  /**
   * The host has stored and judged every record up to `offset`: deletes the segments that hold nothing else.
   * `ahead` means that the host knows offsets this log never gave: the disk lost its end, or an old copy came back. Then call `renewEpoch`.
   */
  async commit(offset: number): Promise<'committed' | 'unchanged' | 'ahead'> {
    if (offset >= this.#nextOffset) return 'ahead'
    if (offset <= this.#committed) return 'unchanged'
    this.#committed = offset
    await this.#exclusively(async () => {
      if (this.#isClosed) return
      const newest = this.#segments.at(-1)
      if (newest && newest.lastOffset <= offset && newest.bytes >= EARLY_ROLL_BYTES) await this.#closeFile()
      while (this.#segments.length > 0) {
        const oldest = this.#segments[0] as Segment
        if (oldest.isOpen || oldest.lastOffset > offset) break
        await deleteSegment(oldest)
        this.#segments.shift()
      }
      await writeCommitted(this.#options.folder, this.epoch, offset)
    }).catch((error: unknown) => this.#options.events.onWarning('the committed offset could not be saved', error))
    return 'committed'
  }

  /** Gives the log a new identity; its records stay, and the host will ask for all of them. */
  renewEpoch(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#saveIdentity({ ...this.#identity, epoch: newEpoch() })
      this.#committed = 0
    })
  }

  /**
   * Reads the records from `offset` (inclusive) to `until` (exclusive, at most `nextOffset`), in order, in batches of bounded size.
   * Records that are committed and deleted meanwhile are left out.
   */
  async *readFrom(offset: number, until = this.#nextOffset): AsyncGenerator<LoggedScan[]> {
    let next = offset
    while (next < until) {
      const segment = this.#segments.find((candidate) => candidate.lastOffset >= next && candidate.firstOffset < until)
      if (segment === undefined) return
      const lastOfSegment = segment.lastOffset
      try {
        yield* this.#readSegment(segment, next, until)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
        // Just thinned: read what takes its place, once it has. Else deleted by a commit or a limit: go on with what is left.
        await this.#exclusively(async () => {})
        const other = this.#segments.find(({ firstOffset }) => firstOffset === segment.firstOffset)
        if (other !== undefined && other !== segment) continue
      }
      next = Math.max(next, lastOfSegment + 1)
    }
  }

  async *#readSegment(segment: Segment, from: number, until: number): AsyncGenerator<LoggedScan[]> {
    const file = await openFile(segment.path, 'r')
    try {
      let batch: LoggedScan[] = []
      for await (const record of readSegment(file, segment.bytes, (damage) => this.#reportDamage(segment, damage))) {
        const offset = offsetOf(record.payload)
        if (offset < from) continue
        if (offset >= until) break
        try {
          batch.push(decodeScan(record.payload))
        } catch (error) {
          this.#options.events.onWarning(`record ${offset} of the reading log cannot be read; it is left out`, error)
        }
        if (batch.length < READ_BATCH) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    } finally {
      await file.close()
    }
  }

  #reportDamage(segment: Segment, damage: DamagedBytes): void {
    const key = `${segment.path}:${damage.position}`
    if (this.#reportedDamage.has(key)) return
    this.#reportedDamage.add(key)
    this.#options.events.onDamage({ ...damage, segment: segment.path })
  }

  /** Waits for the appends under way, and marks the offsets as exactly used. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    while (this.#isFlushing) await this.#exclusively(async () => {})
    await this.#exclusively(async () => {
      try {
        await this.#closeFile()
        await writeCommitted(this.#options.folder, this.epoch, this.#committed)
        const used = this.#nextOffset - 1
        await this.#saveIdentity({ ...this.#identity, reservedThrough: used, usedThrough: used })
      } catch (error) {
        this.#options.events.onWarning('the reading log could not be closed cleanly', error)
      } finally {
        await this.#unlock().catch((error: unknown) => this.#options.events.onWarning('the lock could not be removed', error))
      }
    })
  }

  async #saveIdentity(identity: LogIdentity): Promise<void> {
    await writeIdentity(this.#options.folder, identity)
    this.#identity = identity
  }

  /** Writes, commits and drops take turns. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
  }
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}
