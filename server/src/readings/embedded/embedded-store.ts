import { floorTo, HOUR_MS } from '../buckets.ts'
import type { EmbeddedConfig } from '../config.ts'
import { collectTextChanges, readPages } from '../paging.ts'
import {
  type History,
  type HistoryQuery,
  type NodeHandle,
  type OffsetRange,
  type RawQuery,
  type ReadingStore,
  type StartAnswer,
  type StoredReading,
  type StoreHealth,
  StoreUnavailableError,
  type WriteAnswer,
} from '../reading-store.ts'
import type { DeviceScan } from '../scan.ts'
import { batchColumns } from './batch-columns.ts'
import { WorkerClient, WorkerRequestError } from './worker-client.ts'
import type { ReaderRequests, WriterRequests } from './worker-requests.ts'

const MAINTENANCE_INTERVAL_MS = 30_000
/** Pause between steps of maintenance, so that writes come in between. */
const MAINTENANCE_PAUSE_MS = 5

// SQLite primary result codes (https://www.sqlite.org/rescode.html): the low byte.
const SQLITE_CONSTRAINT = 19
const SQLITE_MISMATCH = 20
const SQLITE_TOOBIG = 18

export interface EmbeddedDependencies {
  nowMs(): number
  /** Told when rollups or purging failed; tried again half a minute later. */
  onMaintenanceFailure(error: unknown): void
}

/** Readings in a SQLite file of their own (node:sqlite, WAL, synchronous=FULL); one thread writes, another reads. */
export class EmbeddedStore implements ReadingStore {
  readonly kind = 'embedded'
  readonly #config: EmbeddedConfig
  readonly #dependencies: EmbeddedDependencies
  #writing: WorkerClient<WriterRequests> | undefined
  #reading: WorkerClient<ReaderRequests> | undefined
  #health: StoreHealth = { state: 'failing', message: 'not started' }
  #timer: NodeJS.Timeout | undefined
  #maintaining: Promise<void> | undefined
  #stopped = false

  constructor(config: EmbeddedConfig, dependencies: EmbeddedDependencies) {
    this.#config = config
    this.#dependencies = dependencies
  }

  async start(): Promise<StartAnswer> {
    this.#stopped = false
    try {
      await this.#open()
      await this.#askWriter('probe', { nowMs: this.#dependencies.nowMs() })
    } catch (error) {
      const reason = `${this.#config.path}: ${messageOf(error)}`
      this.#health = { state: 'failing', message: reason }
      // SQLITE_CANTOPEN and an unknown schema need a person; a full or busy disk may mend itself.
      const configuration = sqliteCode(error) === 14 || /newer version|not a database/.test(reason)
      return { kind: configuration ? 'configuration' : 'retryable', reason }
    }
    this.#health = { state: 'ok', message: '' }
    this.#timer ??= setInterval(() => {
      this.maintain().catch((error: unknown) => this.#dependencies.onMaintenanceFailure(error))
    }, MAINTENANCE_INTERVAL_MS).unref()
    return { kind: 'ready', version: `SQLite ${process.versions.sqlite ?? ''}`.trim() }
  }

  /** Only reads, beside the server that writes: nothing is created, probed or maintained. */
  async startReading(): Promise<StartAnswer> {
    try {
      this.#reading = new WorkerClient(new URL('./reading-worker.ts', import.meta.url))
      await this.#reading.ask('open', { path: this.#config.path })
      return { kind: 'ready', version: '' }
    } catch (error) {
      return { kind: 'configuration', reason: `${this.#config.path}: ${messageOf(error)}` }
    }
  }

  async #open(): Promise<void> {
    if (this.#writing?.alive !== true) this.#writing = new WorkerClient(new URL('./writing-worker.ts', import.meta.url))
    await this.#writing.ask('open', { path: this.#config.path })
    if (this.#reading?.alive !== true) this.#reading = new WorkerClient(new URL('./reading-worker.ts', import.meta.url))
    await this.#reading.ask('open', { path: this.#config.path })
  }

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    const columns = batchColumns(scans)
    if ('invalid' in columns) return { kind: 'rejected', reason: columns.invalid }
    if (columns.series.length === 0) return { kind: 'stored' }
    const buffers = [columns.series.buffer, columns.times.buffer, columns.values.buffer] as ArrayBuffer[]
    return this.#answered(this.#askWriter('write', columns, buffers))
  }

  probe(): Promise<WriteAnswer> {
    return this.#answered(this.#askWriter('probe', { nowMs: this.#dependencies.nowMs() }))
  }

  async #answered(writing: Promise<unknown>): Promise<WriteAnswer> {
    try {
      await writing
      this.#health = { state: 'ok', message: '' }
      return { kind: 'stored' }
    } catch (error) {
      const reason = messageOf(error)
      const code = sqliteCode(error)
      if (code === SQLITE_CONSTRAINT || code === SQLITE_MISMATCH || code === SQLITE_TOOBIG) return { kind: 'rejected', reason }
      // Everything else (full disk, I/O error, locked file, a dead thread) is the store's state, not the batch's fault.
      this.#health = { state: 'failing', message: reason }
      if (this.#writing?.alive !== true && !this.#stopped) await this.#open().catch(() => undefined)
      return { kind: 'retry', reason }
    }
  }

  async history({ point, fromMs, toMs, maxBuckets }: HistoryQuery): Promise<History> {
    return this.#askReader('history', { series: point.id, fromMs, toMs, maxBuckets })
  }

  async raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    return this.#askReader('raw', { series: point.id, fromMs, toMs, limit })
  }

  stream(query: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]> {
    return readPages(query, (page) => this.raw(page))
  }

  async textChanges(query: RawQuery): Promise<StoredReading[]> {
    const before = await this.#askReader('lastTextBefore', { series: query.point.id, fromMs: query.fromMs, toMs: query.toMs })
    return collectTextChanges(before, this.stream(query), query.limit)
  }

  storedOffsets(node: NodeHandle, epoch: string): Promise<OffsetRange[]> {
    return this.#askReader('storedOffsets', { node: node.nodeId, epoch })
  }

  health(): StoreHealth {
    return this.#health
  }

  /** Brings rollups up to date and deletes what is older than the retention; runs by itself every half minute. */
  maintain(): Promise<void> {
    this.#maintaining ??= this.#maintain().finally(() => {
      this.#maintaining = undefined
    })
    return this.#maintaining
  }

  async #maintain(): Promise<void> {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, MAINTENANCE_PAUSE_MS))
    while (!this.#stopped && (await this.#askWriter('rollUp', { nowMs: this.#dependencies.nowMs() })).more) await pause()
    if (this.#config.retentionMs === undefined) return
    // Whole hours only: a rollup is never made from a part of its hour.
    const beforeMs = floorTo(this.#dependencies.nowMs() - this.#config.retentionMs, HOUR_MS)
    let afterSeries: number | undefined = Number.MIN_SAFE_INTEGER
    while (!this.#stopped && afterSeries !== undefined) {
      afterSeries = (await this.#askWriter('purge', { beforeMs, afterSeries })).nextSeries
      await pause()
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    this.#timer = undefined
    await this.#maintaining?.catch(() => undefined)
    const [writing, reading] = [this.#writing, this.#reading]
    this.#writing = undefined
    this.#reading = undefined
    await reading?.ask('close', undefined).catch(() => undefined)
    await writing?.ask('close', undefined).catch(() => undefined)
    await reading?.terminate()
    await writing?.terminate()
    this.#health = { state: 'stopped', message: '' }
  }

  #askWriter<K extends keyof WriterRequests>(
    kind: K,
    ask: WriterRequests[K]['ask'],
    transfer: ArrayBuffer[] = [],
  ): Promise<WriterRequests[K]['answer']> {
    return this.#writing === undefined ? Promise.reject(new Error('the store is not open')) : this.#writing.ask(kind, ask, transfer)
  }

  async #askReader<K extends keyof ReaderRequests>(kind: K, ask: ReaderRequests[K]['ask']): Promise<ReaderRequests[K]['answer']> {
    try {
      if (this.#reading === undefined) throw new Error('the store is not open')
      return await this.#reading.ask(kind, ask)
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Primary result code: extended codes carry it in their low byte. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof WorkerRequestError && error.sqliteCode !== undefined ? error.sqliteCode & 0xff : undefined
}
