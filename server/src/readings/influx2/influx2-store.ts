import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { HttpError, InfluxDB, type ParameterizedQuery, type QueryApi, setLogger, type WriteApi } from '@influxdata/influxdb-client'
import { parseBadText } from '../bad-text.ts'
import { type BucketPart, bucketWidthMs, HOUR_MS, mergeBuckets } from '../buckets.ts'
import type { Influx2Config } from '../config.ts'
import { answerOfError, answerOfStatus } from '../http-answer.ts'
import { batchLines, fieldNames } from '../line-protocol.ts'
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
import { historyQuery, lastTextQuery, offsetsQuery, rawQuery } from './flux.ts'

// The package prints every failed request to the console; each failure is an answer here and is reported once, by the caller.
setLogger({ error: () => undefined, warn: () => undefined })

export interface Influx2Dependencies {
  nowMs(): number
}

/** Readings in InfluxDB 2.x by the package `@influxdata/influxdb-client`, its own batching, buffering and retries off. */
export class Influx2Store implements ReadingStore {
  readonly kind = 'influx2'
  readonly #config: Influx2Config
  readonly #dependencies: Influx2Dependencies
  readonly #influx: InfluxDB
  readonly #writeApi: WriteApi
  readonly #queryApi: QueryApi
  readonly #agent: HttpAgent
  #health: StoreHealth = { state: 'failing', message: 'not started' }

  constructor(config: Influx2Config, dependencies: Influx2Dependencies) {
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
  }

  async start(): Promise<StartAnswer> {
    const answer = await this.#prepare()
    this.#health = answer.kind === 'ready' ? { state: 'ok', message: '' } : { state: 'failing', message: answer.reason }
    return answer
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
    const { org, bucket, retentionMs } = this.#config
    const found = await this.#request<{ orgs?: { id: string }[] }>('GET', `/api/v2/orgs?org=${encodeURIComponent(org)}`)
    const orgID = found.orgs?.[0]?.id
    if (orgID === undefined) throw new HttpError(404, `organization ${org} not found`)
    const retentionRules = retentionMs === undefined ? [] : [{ type: 'expire', everySeconds: Math.ceil(retentionMs / 1000) }]
    await this.#request('POST', '/api/v2/buckets', { orgID, name: bucket, retentionRules })
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
    return this.#post(batchLines(scans))
  }

  probe(): Promise<WriteAnswer> {
    return this.#post(`roomkeeper_probe ok=1 ${Math.trunc(this.#dependencies.nowMs())}\n`)
  }

  async #post(body: string): Promise<WriteAnswer> {
    if (body === '') return { kind: 'stored' }
    const answer = await this.#send(body)
    if (answer.kind === 'stored') this.#health = { state: 'ok', message: '' }
    else if (answer.kind === 'retry' || answer.kind === 'server-error') this.#health = { state: 'failing', message: answer.reason }
    return answer
  }

  async #send(body: string): Promise<WriteAnswer> {
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

  async history({ point, fromMs, toMs, maxBuckets }: HistoryQuery): Promise<History> {
    if (toMs <= fromMs) return { bucketMs: HOUR_MS, buckets: [] }
    const bucketMs = bucketWidthMs(fromMs, toMs, maxBuckets)
    const perBucket = new Map<string, BucketPart>()
    for (const row of await this.#rows(historyQuery(this.#config.bucket, point, { fromMs, toMs }, bucketMs))) {
      let part = perBucket.get(row._time)
      if (part === undefined) {
        part = { timeMs: Date.parse(row._time), min: null, mean: null, max: null, count: 0, badCount: 0 }
        perBucket.set(row._time, part)
      }
      if (row.result === 'count') part.count = Number(row._value)
      else if (row.result === 'bad') part.badCount = Number(row._value)
      else part[row.result as 'min' | 'mean' | 'max'] = Number(row._value)
    }
    return { bucketMs, buckets: mergeBuckets(perBucket.values(), bucketMs) }
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
    return this.#health
  }

  async stop(): Promise<void> {
    this.#writeApi.dispose()
    this.#agent.destroy()
    this.#health = { state: 'stopped', message: '' }
  }

  async #rows(query: ParameterizedQuery): Promise<FluxRow[]> {
    try {
      return await this.#queryApi.collectRows<FluxRow>(query)
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}

interface FluxRow {
  /** Name of the yield. */
  result: string
  /** RFC 3339. */
  _time: string
  _field: string
  _value: number | string
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
