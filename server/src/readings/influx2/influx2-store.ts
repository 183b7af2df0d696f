import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpError, InfluxDB, type ParameterizedQuery, type QueryApi, setLogger, type WriteApi } from '@influxdata/influxdb-client'
import { parseBadText } from '../bad-text.ts'
import type { Influx2Config } from '../config.ts'
import { answerOfError, answerOfStatus } from '../http-answer.ts'
import { InfluxHistory } from '../influx/influx-history.ts'
import type { InfluxRollupStorage } from '../influx/influx-rollup-storage.ts'
import { batchLines, fieldNames } from '../line-protocol.ts'
import { messageOf } from '../message-of.ts'
import { rangesOf } from '../offset-ranges.ts'
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
import { rowsOfLines } from './annotated-csv.ts'
import { lastTextQuery, offsetsQuery, rawQuery } from './flux.ts'
import { FluxAccess, type FluxRow } from './flux-access.ts'

// The package prints every failed request to the console; each failure is an answer here and is reported once, by the caller.
setLogger({ error: () => undefined, warn: () => undefined })

/** Readings in InfluxDB 2.x by the package `@influxdata/influxdb-client`, its own batching, buffering and retries off. */
export class Influx2Store implements ReadingStore {
  readonly kind = 'influx2'
  readonly #config: Influx2Config
  readonly #dependencies: ReadingStoreDependencies
  readonly #influx: InfluxDB
  readonly #writeApi: WriteApi
  readonly #queryApi: QueryApi
  readonly #agent: HttpAgent
  readonly #history: InfluxHistory

  constructor(config: Influx2Config, dependencies: ReadingStoreDependencies) {
    this.#config = config
    this.#dependencies = dependencies
    this.#agent = config.url.startsWith('https:') ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true })
    this.#influx = new InfluxDB({
      url: config.url,
      token: config.token,
      timeout: config.requestTimeoutMs,
      transportOptions: { agent: this.#agent },
    })
    this.#writeApi = this.#influx.getWriteApi(config.org, config.bucket, 'ms', {
      // A batch goes in as one record and leaves by flush(), whose promise tells what became of it. Any limit reached before that would
      // send it in the background and hide the answer.
      batchSize: 1_000_000,
      maxBatchBytes: Number.MAX_SAFE_INTEGER,
      flushInterval: 0,
      maxRetries: 0,
      gzipThreshold: Number.MAX_SAFE_INTEGER,
    })
    this.#queryApi = this.#influx.getQueryApi(config.org)
    const access = new FluxAccess({
      bucket: config.bucket,
      rows: (query) => this.#rows(query),
      post: (lines) => this.#send(lines),
      raw: (query) => this.raw(query),
      delete: (body) => this.#delete(body),
    })
    this.#history = new InfluxHistory(access, config, dependencies)
  }

  start(): Promise<StartAnswer> {
    return this.#start(false)
  }

  /** To read only, beside a server that runs on the same bucket: nothing is created, rolled up or deleted. */
  startReading(): Promise<StartAnswer> {
    return this.#start(true)
  }

  async #start(readOnly: boolean): Promise<StartAnswer> {
    const prepared: StartAnswer = readOnly ? { kind: 'ready', version: await this.#version() } : await this.#prepare()
    const answer = prepared.kind === 'ready' ? await this.#startHistory(prepared, readOnly) : prepared
    return this.#history.started(answer)
  }

  async #startHistory(prepared: StartAnswer, readOnly: boolean): Promise<StartAnswer> {
    try {
      await this.#history.start({ readOnly })
      return prepared
    } catch (error) {
      return { kind: 'retryable', reason: messageOf(error) }
    }
  }

  /** Rolls up and deletes what is due; runs by itself. */
  maintain(): Promise<void> {
    return this.#history.maintain()
  }

  /** For `roomkeeper readings copy`. */
  get rollups(): InfluxRollupStorage {
    return this.#history.storage
  }

  /** Writing first: a token that may only read and write one existing bucket is enough, and the best kind to have. */
  async #prepare(): Promise<StartAnswer> {
    let probe = await this.probe()
    if (probe.kind === 'retry' && probe.reason.startsWith('HTTP 404')) {
      try {
        await this.#createBucket()
      } catch (error) {
        const reason = `bucket ${this.#config.bucket} is missing and cannot be created: ${messageOf(error)}`
        return { kind: error instanceof HttpError && error.statusCode < 500 ? 'configuration' : 'retryable', reason }
      }
      probe = await this.probe()
    }
    if (probe.kind === 'stored') return { kind: 'ready', version: await this.#version() }
    const reason = 'reason' in probe ? probe.reason : probe.kind
    return { kind: /^HTTP 40[0134]/.test(reason) ? 'configuration' : 'retryable', reason }
  }

  async #createBucket(): Promise<void> {
    const { org, bucket } = this.#config
    const found = await this.#request<{ orgs?: { id: string }[] }>('GET', `/api/v2/orgs?org=${encodeURIComponent(org)}`)
    const orgID = found.orgs?.[0]?.id
    if (orgID === undefined) throw new HttpError(404, `organization ${org} not found`)
    // No retention of its own: it would delete what was made of the readings with them.
    await this.#request('POST', '/api/v2/buckets', { orgID, name: bucket, retentionRules: [] })
  }

  async #version(): Promise<string> {
    const health = await this.#request<{ version?: string }>('GET', '/health').catch(() => undefined)
    return health?.version ?? 'unknown'
  }

  async #request<T>(method: string, path: string, body: unknown = ''): Promise<T> {
    const headers = { 'content-type': 'application/json', accept: 'application/json' }
    return (await this.#influx.transport.request(path, body, { method, headers })) as T
  }

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    return this.#history.write(scans, batchLines(scans))
  }

  async probe(): Promise<WriteAnswer> {
    return this.#history.noted(await this.#send(`roomkeeper_probe ok=1 ${Math.trunc(this.#dependencies.nowMs())}\n`))
  }

  async #send(body: string): Promise<WriteAnswer> {
    if (body === '') return { kind: 'stored' }
    try {
      // No await between the two: a batch of another lane must not get in.
      this.#writeApi.writeRecord(body)
      await this.#writeApi.flush()
      return { kind: 'stored' }
    } catch (error) {
      if (!(error instanceof HttpError)) return answerOfError(error)
      const retryAfter = error.headers?.['retry-after']
      return answerOfStatus(
        error.statusCode,
        error.body ?? error.message,
        Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
        this.#dependencies.nowMs(),
      )
    }
  }

  history(query: HistoryQuery): Promise<History> {
    return this.#history.history(query)
  }

  async raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    if (toMs <= fromMs || limit <= 0) return []
    const names = fieldNames(point.key)
    const readings = new Map<number, StoredReading>()
    for (const row of await this.#rows(rawQuery(this.#config.bucket, point, { fromMs, toMs }, limit))) {
      const timeMs = Date.parse(row._time)
      if (row._field === names.bad) {
        const { reason, value } = parseBadText(String(row._value))
        readings.set(timeMs, { timeMs, value, bad: reason })
      } else if (readings.get(timeMs)?.bad === undefined) readings.set(timeMs, { timeMs, value: row._value })
    }
    return [...readings.values()].sort((a, b) => a.timeMs - b.timeMs).slice(0, limit)
  }

  stream(query: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]> {
    return readPages(query, (page) => this.raw(page))
  }

  async textChanges(query: RawQuery): Promise<StoredReading[]> {
    const [row] = query.fromMs <= 0 ? [] : await this.#rows(lastTextQuery(this.#config.bucket, query.point, query.fromMs))
    const before = row === undefined ? undefined : { timeMs: Date.parse(row._time), value: row._value }
    return collectTextChanges(before, this.stream(query), query.limit)
  }

  /** Offsets of all logs the node ever had: InfluxDB keeps no epoch. */
  async storedOffsets(node: NodeHandle, _epoch: string): Promise<OffsetRange[]> {
    const dayAheadMs = this.#dependencies.nowMs() + 86_400_000
    const rows = await this.#rows(offsetsQuery(this.#config.bucket, node, dayAheadMs))
    return rangesOf(rows.map((row) => Number(row._value)))
  }

  health(): StoreHealth {
    return this.#history.health()
  }

  async stop(): Promise<void> {
    await this.#history.stop()
    this.#writeApi.dispose()
    this.#agent.destroy()
  }

  async #delete(body: { start: string; stop: string; predicate: string }): Promise<void> {
    const { org, bucket } = this.#config
    try {
      await this.#request('POST', `/api/v2/delete?org=${encodeURIComponent(org)}&bucket=${encodeURIComponent(bucket)}`, body)
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }

  async #rows(query: ParameterizedQuery): Promise<FluxRow[]> {
    try {
      return rowsOfLines<FluxRow>(await this.#queryApi.collectLines(query))
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}
