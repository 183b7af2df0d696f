import type { EmbeddedConfig } from '../config.ts'
import { HistoryEngine } from '../history/history-engine.ts'
import { HistoryUpkeep } from '../history/history-upkeep.ts'
import { messageOf } from '../message-of.ts'
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
import type { ReadingStoreDependencies } from '../store-dependencies.ts'
import { batchColumns } from './batch-columns.ts'
import { EmbeddedHistory } from './embedded-history.ts'
import { OTHER_SCHEMA } from './schema.ts'
import { WorkerClient, WorkerRequestError } from './worker-client.ts'
import type { ReaderRequests, WriterRequests } from './worker-requests.ts'

// SQLite primary result codes (https://www.sqlite.org/rescode.html): the low byte.
const SQLITE_CONSTRAINT = 19
const SQLITE_MISMATCH = 20
const SQLITE_TOOBIG = 18

/**
 * Readings in a SQLite file of their own (node:sqlite, WAL, synchronous=FULL). One thread writes, another answers questions, a third
 * computes what is rolled up.
 */
export class EmbeddedStore implements ReadingStore {
  readonly kind = 'embedded'
  readonly #config: EmbeddedConfig
  readonly #dependencies: ReadingStoreDependencies
  #writing: WorkerClient<WriterRequests> | undefined
  #reading: WorkerClient<ReaderRequests> | undefined
  #rolling: WorkerClient<ReaderRequests> | undefined
  readonly #history: EmbeddedHistory
  readonly #engine: HistoryEngine
  readonly #upkeep: HistoryUpkeep
  #health: StoreHealth = { state: 'failing', message: 'not started' }
  #stopped = false

  constructor(config: EmbeddedConfig, dependencies: ReadingStoreDependencies) {
    this.#config = config
    this.#dependencies = dependencies
    const { history: settings, nowMs, onMaintenanceFailure } = dependencies
    this.#history = new EmbeddedHistory({
      settings,
      nowMs,
      writer: (kind, ask) => this.#askWriter(kind, ask),
      reader: (kind, ask) => this.#askReader(this.#reading, kind, ask),
      roller: (kind, ask) => this.#askReader(this.#rolling, kind, ask),
    })
    this.#engine = new HistoryEngine({
      upkeep: this.#history,
      computing: this.#history,
      onPointFailure: (point, cause) =>
        onMaintenanceFailure(new Error(`history of point ${point.id} ${point.key}: ${cause.message}`, { cause })),
    })
    const retention = { rawMs: config.retentionMs, minuteMs: config.minuteRetentionMs }
    this.#upkeep = new HistoryUpkeep({ engine: this.#engine, retention, store: dependencies })
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
      const configuration = sqliteCode(error) === 14 || reason.includes(OTHER_SCHEMA) || /not a database/.test(reason)
      return { kind: configuration ? 'configuration' : 'retryable', reason }
    }
    this.#health = { state: 'ok', message: '' }
    if (this.#dependencies.isUpkeepOff !== true) this.#upkeep.start()
    return { kind: 'ready', version: `SQLite ${process.versions.sqlite ?? ''}`.trim() }
  }

  /** Only reads, beside the server that writes: nothing is created, probed or maintained. */
  async startReading(): Promise<StartAnswer> {
    try {
      this.#reading = await this.#openReader(undefined)
      return { kind: 'ready', version: '' }
    } catch (error) {
      return { kind: 'configuration', reason: `${this.#config.path}: ${messageOf(error)}` }
    }
  }

  async #open(): Promise<void> {
    if (this.#writing?.alive !== true) this.#writing = new WorkerClient(new URL('./writing-worker.ts', import.meta.url))
    await this.#writing.ask('open', { path: this.#config.path })
    this.#reading = await this.#openReader(this.#reading)
    this.#rolling = await this.#openReader(this.#rolling)
  }

  async #openReader(known: WorkerClient<ReaderRequests> | undefined): Promise<WorkerClient<ReaderRequests>> {
    const worker = known?.alive === true ? known : new WorkerClient<ReaderRequests>(new URL('./reading-worker.ts', import.meta.url))
    const { rawSinceMs } = await worker.ask('open', { path: this.#config.path })
    this.#history.opened(rawSinceMs)
    return worker
  }

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    const columns = batchColumns(scans)
    if ('invalid' in columns) return { kind: 'rejected', reason: columns.invalid }
    if (columns.series.length === 0) return { kind: 'stored' }
    const buffers = [columns.series.buffer, columns.times.buffer, columns.values.buffer] as ArrayBuffer[]
    const answer = await this.#answered(this.#askWriter('write', columns, buffers))
    if (answer.kind === 'stored') this.#upkeep.noteStored(scans)
    return answer
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

  history(query: HistoryQuery): Promise<History> {
    return this.#engine.history(query)
  }

  async raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    return this.#askReader(this.#reading, 'raw', { series: point.id, fromMs, toMs, limit })
  }

  stream(query: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]> {
    return readPages(query, (page) => this.raw(page))
  }

  async textChanges(query: RawQuery): Promise<StoredReading[]> {
    const before = await this.#askReader(this.#reading, 'lastTextBefore', {
      series: query.point.id,
      fromMs: query.fromMs,
      toMs: query.toMs,
    })
    return collectTextChanges(before, this.stream(query), query.limit)
  }

  storedOffsets(node: NodeHandle, epoch: string): Promise<OffsetRange[]> {
    return this.#askReader(this.#reading, 'storedOffsets', { node: node.nodeId, epoch })
  }

  health(): StoreHealth {
    return { ...this.#health, message: this.#health.message || this.#upkeep.message }
  }

  /** Brings rollups up to date and deletes what is older than the retention; runs by itself every half minute. */
  maintain(): Promise<void> {
    return this.#upkeep.run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.#upkeep.stop()
    const workers = [this.#reading, this.#rolling, this.#writing]
    this.#reading = undefined
    this.#rolling = undefined
    this.#writing = undefined
    for (const worker of workers)
      await (worker as WorkerClient<{ close: { ask: undefined; answer: undefined } }> | undefined)
        ?.ask('close', undefined)
        .catch(() => undefined)
    for (const worker of workers) await worker?.terminate()
    this.#health = { state: 'stopped', message: '' }
  }

  #askWriter<K extends keyof WriterRequests>(
    kind: K,
    ask: WriterRequests[K]['ask'],
    transfer: ArrayBuffer[] = [],
  ): Promise<WriterRequests[K]['answer']> {
    return this.#writing === undefined ? Promise.reject(new Error('the store is not open')) : this.#writing.ask(kind, ask, transfer)
  }

  async #askReader<K extends keyof ReaderRequests>(
    worker: WorkerClient<ReaderRequests> | undefined,
    kind: K,
    ask: ReaderRequests[K]['ask'],
  ): Promise<ReaderRequests[K]['answer']> {
    try {
      if (worker === undefined) throw new Error('the store is not open')
      return await worker.ask(kind, ask)
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}

/** Primary result code: extended codes carry it in their low byte. */
function sqliteCode(error: unknown): number | undefined {
  return error instanceof WorkerRequestError && error.sqliteCode !== undefined ? error.sqliteCode & 0xff : undefined
}
