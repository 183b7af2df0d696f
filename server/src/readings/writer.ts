import { deliverBatch, type GuiltyReading } from './batch-delivery.ts'
import type { ReadingStore } from './reading-store.ts'
import { type DeviceScan, scanWeight } from './scan.ts'
import { backoffMs } from './write-step.ts'

/** Timers, passed in so that tests run on a clock of their own. */
export interface WriterTimers {
  /** Calls `fire` once after ms; the returned function cancels. */
  after(ms: number, fire: () => void): () => void
}

export const SYSTEM_TIMERS: WriterTimers = {
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms)
    return () => clearTimeout(timer)
  },
}

export interface ReadingWriterOptions {
  store: Pick<ReadingStore, 'write' | 'probe'>
  /**
   * Called when every reading of these scans is durable in the store or in quarantine. Batches may finish out of order when
   * more than one is in flight. Must not throw.
   */
  onStored(scans: readonly DeviceScan[]): void
  /** Makes a guilty reading (or a whole scan) durable elsewhere; the scan is reported stored only after it resolves. Tried again if it rejects. */
  quarantine(scan: DeviceScan, pointIndex: number | 'all', reason: string): Promise<void>
  timers?: WriterTimers
  /** Readings per write. 5,000 is where InfluxDB's gain levels off. */
  batchReadings?: number
  /** Longest time a reading waits for its batch to fill, ms. */
  lingerMs?: number
  /** Writes in flight. Two keep the store busy while the next batch is encoded; four gain little (docs/decisions/003-readings-model.md). */
  writesInFlight?: number
  /** Readings held in memory, queued and in flight; beyond it enqueue refuses. */
  maxReadings?: number
}

export interface WriterCounters {
  /** Readings accepted by enqueue. */
  accepted: number
  /** Readings refused because the queue was full. */
  refused: number
  /** Readings durable in the store (those in quarantine not counted). */
  stored: number
  quarantined: number
  /** Batches completed. */
  batches: number
  /** Waits before another try. */
  retries: number
}

export interface WriterHealth {
  /** retrying: the store does not take readings now. refusing: and the queue is full, readings are dropped and must be replayed. */
  state: 'ok' | 'retrying' | 'refusing'
  message: string
  /** Readings in memory, not yet durable. */
  pendingReadings: number
}

class WriterStopped extends Error {
  override readonly name = 'WriterStopped'
}

/**
 * Batches scans by count and time and sees each batch through to the store or to quarantine. It keeps at most `maxReadings` in
 * memory and nothing on disk: what is lost with the process is still in the agents' logs and is replayed from the committed offset.
 */
export class ReadingWriter {
  readonly #options: Required<ReadingWriterOptions>
  readonly #counters: WriterCounters = { accepted: 0, refused: 0, stored: 0, quarantined: 0, batches: 0, retries: 0 }
  #queue: DeviceScan[] = []
  #queuedReadings = 0
  #inFlightReadings = 0
  #lanesBusy = 0
  #cancelLinger: (() => void) | undefined
  #failure: string | undefined
  #refusing = false
  #draining = false
  #stopped = false
  readonly #sleepers = new Set<(error: Error) => void>()
  readonly #idleWaiters: (() => void)[] = []

  constructor(options: ReadingWriterOptions) {
    this.#options = { timers: SYSTEM_TIMERS, batchReadings: 5000, lingerMs: 50, writesInFlight: 2, maxReadings: 400_000, ...options }
  }

  /** Takes a scan, or returns false when the queue is full: the caller drops it and asks the agent to replay it later. */
  enqueue(scan: DeviceScan): boolean {
    const weight = scanWeight(scan)
    const pending = this.#queuedReadings + this.#inFlightReadings
    if (this.#stopped || (pending > 0 && pending + weight > this.#options.maxReadings)) {
      this.#counters.refused += weight
      this.#refusing = true
      return false
    }
    this.#counters.accepted += weight
    this.#queue.push(scan)
    this.#queuedReadings += weight
    if (this.#queuedReadings >= this.#options.batchReadings) this.#startLanes()
    else if (this.#cancelLinger === undefined && this.#lanesBusy < this.#options.writesInFlight) this.#startLinger()
    return true
  }

  /** Whether a replay is worth asking for: less than half of the memory is taken, so answers to it will not be refused at once. */
  hasRoom(): boolean {
    return !this.#stopped && this.#queuedReadings + this.#inFlightReadings < this.#options.maxReadings / 2
  }

  counters(): Readonly<WriterCounters> {
    return { ...this.#counters }
  }

  health(): WriterHealth {
    const pendingReadings = this.#queuedReadings + this.#inFlightReadings
    if (this.#refusing && !this.hasRoom()) {
      return { state: 'refusing', message: `queue full; ${this.#failure ?? 'the store is too slow'}`, pendingReadings }
    }
    if (this.#failure !== undefined) return { state: 'retrying', message: this.#failure, pendingReadings }
    return { state: 'ok', message: '', pendingReadings }
  }

  /** Writes what is queued, for at most drainMs, then gives up on the rest (it is not reported stored, so it will be replayed). */
  async stop(drainMs = 0): Promise<void> {
    this.#draining = true
    this.#startLanes()
    if (drainMs > 0 && this.#lanesBusy > 0) {
      await new Promise<void>((resolve) => {
        const cancel = this.#options.timers.after(drainMs, resolve)
        this.#idleWaiters.push(() => {
          cancel()
          resolve()
        })
      })
    }
    this.#stopped = true
    this.#cancelLinger?.()
    this.#cancelLinger = undefined
    for (const wake of this.#sleepers) wake(new WriterStopped())
    this.#sleepers.clear()
  }

  #startLinger(): void {
    this.#cancelLinger = this.#options.timers.after(this.#options.lingerMs, () => {
      this.#cancelLinger = undefined
      this.#startLanes(true)
    })
  }

  /** Starts writes while lanes are free and there is a full batch, or (`due`) anything at all that has waited long enough. */
  #startLanes(due = false): void {
    let partial = due || this.#draining
    while (!this.#stopped && this.#lanesBusy < this.#options.writesInFlight && this.#queue.length > 0) {
      if (this.#queuedReadings < this.#options.batchReadings) {
        if (!partial) break
        partial = this.#draining
      }
      void this.#runBatch(this.#takeBatch())
    }
    if (this.#queue.length === 0) {
      this.#cancelLinger?.()
      this.#cancelLinger = undefined
      if (this.#lanesBusy === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve()
    } else if (this.#cancelLinger === undefined && this.#lanesBusy < this.#options.writesInFlight && !this.#stopped) this.#startLinger()
  }

  #takeBatch(): DeviceScan[] {
    let readings = 0
    let count = 0
    while (count < this.#queue.length && readings < this.#options.batchReadings) readings += scanWeight(this.#queue[count++] as DeviceScan)
    const batch = this.#queue.splice(0, count)
    this.#queuedReadings -= readings
    this.#inFlightReadings += readings
    return batch
  }

  async #runBatch(batch: DeviceScan[]): Promise<void> {
    this.#lanesBusy++
    let readings = 0
    for (const scan of batch) readings += scanWeight(scan)
    try {
      const guilty = await deliverBatch(batch, {
        store: this.#options.store,
        sleep: (ms) => this.#sleep(ms),
        onWait: (reason) => this.#noteFailure(reason),
        onProgress: () => this.#noteSuccess(),
      })
      for (const reading of guilty) await this.#quarantine(reading)
      if (this.#stopped) return
      const quarantined = guilty.reduce((sum, entry) => sum + (entry.pointIndex === 'all' ? scanWeight(entry.scan) : 1), 0)
      this.#counters.quarantined += quarantined
      this.#counters.stored += readings - quarantined
      this.#counters.batches++
      this.#options.onStored(batch)
    } catch (error) {
      // Anything but the end of the writer is a bug of ours or of a callback: the batch stays unreported and is replayed.
      if (!(error instanceof WriterStopped)) this.#noteFailure(error instanceof Error ? error.message : String(error))
    } finally {
      this.#inFlightReadings -= readings
      this.#lanesBusy--
      if (this.#refusing && this.hasRoom()) this.#refusing = false
      this.#startLanes()
    }
  }

  async #quarantine(reading: GuiltyReading): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#options.quarantine(reading.scan, reading.pointIndex, reading.reason)
        return
      } catch (error) {
        this.#noteFailure(`quarantine: ${error instanceof Error ? error.message : String(error)}`)
        await this.#sleep(backoffMs(attempt))
      }
    }
  }

  #noteFailure(reason: string): void {
    this.#counters.retries++
    this.#failure = reason
  }

  #noteSuccess(): void {
    this.#failure = undefined
  }

  #sleep(ms: number): Promise<void> {
    if (this.#stopped) return Promise.reject(new WriterStopped())
    return new Promise((resolve, reject) => {
      const wake = (error: Error): void => {
        cancel()
        reject(error)
      }
      const cancel = this.#options.timers.after(ms, () => {
        this.#sleepers.delete(wake)
        resolve()
      })
      this.#sleepers.add(wake)
    })
  }
}
