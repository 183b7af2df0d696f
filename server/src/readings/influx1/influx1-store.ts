import { InfluxDB } from 'influx'
import { parseBadText } from '../bad-text.ts'
import type { Influx1Config } from '../config.ts'
import { InfluxHistory } from '../influx/influx-history.ts'
import type { InfluxRollupStorage } from '../influx/influx-rollup-storage.ts'
import { createLinePoster, type LinePoster } from '../influx-post.ts'
import { batchLines } from '../line-protocol.ts'
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
import { identifier, lastTextBefore, offsetsOfNode, rawReadings } from './influxql.ts'
import { InfluxqlAccess, type ResultSeries } from './influxql-access.ts'
import { QueryBatches } from './query-batches.ts'

/**
 * Readings in InfluxDB 1.x. Queries and the database's creation go through the package `influx`; writes are posted by ourselves,
 * because the package escapes and sorts every field of every point again (measured: half as much CPU per reading without it).
 */
export class Influx1Store implements ReadingStore {
  readonly kind = 'influx1'
  readonly #config: Influx1Config
  readonly #influx: InfluxDB
  readonly #poster: LinePoster
  readonly #history: InfluxHistory
  readonly #dependencies: ReadingStoreDependencies
  readonly #selects = new QueryBatches<ResultSeries[]>((statements) => this.#results(statements.join('; ')))

  constructor(config: Influx1Config, dependencies: ReadingStoreDependencies) {
    this.#config = config
    this.#dependencies = dependencies
    const url = new URL(config.url)
    this.#influx = new InfluxDB({
      database: config.database,
      username: config.username,
      password: config.password,
      hosts: [
        {
          host: url.hostname,
          port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
          protocol: url.protocol === 'https:' ? 'https' : 'http',
          path: url.pathname === '/' ? '' : url.pathname,
        },
      ],
      // With its own back-off the package disables its only host after a failure and says "No host available" while the server is
      // long back. A delay of 0 keeps the host; retrying is ours.
      pool: { backoff: NO_BACKOFF, maxRetries: 0, requestTimeout: config.requestTimeoutMs },
    })
    const writeUrl = new URL(`${config.url.replace(/\/$/, '')}/write`)
    writeUrl.searchParams.set('db', config.database)
    writeUrl.searchParams.set('precision', 'ms')
    const credentials = Buffer.from(`${config.username ?? ''}:${config.password ?? ''}`).toString('base64')
    this.#poster = createLinePoster(
      writeUrl,
      config.username === undefined ? {} : { authorization: `Basic ${credentials}` },
      config.requestTimeoutMs,
    )
    const access = new InfluxqlAccess({
      query: async (statement) => (/^SELECT /.test(statement) ? [await this.#selects.ask(statement)] : this.#query(statement)),
      post: (lines) => this.#poster.post(lines),
      raw: (query) => this.raw(query),
    })
    this.#history = new InfluxHistory(access, config, dependencies)
  }

  start(): Promise<StartAnswer> {
    return this.#start(false)
  }

  /** To read only, beside a server that runs on the same database: nothing is created, rolled up or deleted. */
  startReading(): Promise<StartAnswer> {
    return this.#start(true)
  }

  async #start(readOnly: boolean): Promise<StartAnswer> {
    const [ping] = await this.#influx.ping(this.#config.requestTimeoutMs)
    const answer = ping?.online
      ? await this.#prepare(ping.version ?? 'unknown', readOnly)
      : retryable(`InfluxDB does not answer at ${this.#config.url}`)
    return this.#history.started(answer)
  }

  async #prepare(version: string, readOnly: boolean): Promise<StartAnswer> {
    if (/^v?2\./.test(version)) return { kind: 'configuration', reason: `${this.#config.url} is InfluxDB ${version}: set its version to 2` }
    try {
      if (!readOnly) await this.#prepareDatabase()
      const probe = readOnly ? undefined : await this.probe()
      if (probe !== undefined && probe.kind !== 'stored') {
        const reason = 'reason' in probe ? probe.reason : probe.kind
        return /^HTTP 40[134]/.test(reason) ? { kind: 'configuration', reason } : retryable(reason)
      }
      await this.#history.start({ readOnly })
    } catch (error) {
      const reason = messageOf(error)
      return /^A 40[13] /.test(reason) ? { kind: 'configuration', reason } : retryable(reason)
    }
    return { kind: 'ready', version }
  }

  async #prepareDatabase(): Promise<void> {
    const { database } = this.#config
    // SHOW DATABASES lists only those the user may use, so a database made by someone else needs no right to create one.
    if (!(await this.#influx.getDatabaseNames()).includes(database)) return this.#influx.createDatabase(database)
    // Earlier versions let InfluxDB delete by itself; that would take what was made of the readings with them.
    const policies = await this.#influx.showRetentionPolicies(database)
    const ours = policies.find(({ name, duration }) => name === 'readings' && duration !== '0s')
    if (ours !== undefined) await this.#query(`ALTER RETENTION POLICY readings ON ${identifier(database)} DURATION INF`)
  }

  /** Rolls up and deletes what is due; runs by itself. */
  maintain(): Promise<void> {
    return this.#history.maintain()
  }

  /** For `roomkeeper readings copy`. */
  get rollups(): InfluxRollupStorage {
    return this.#history.storage
  }

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    return this.#history.write(scans, batchLines(scans))
  }

  async probe(): Promise<WriteAnswer> {
    return this.#history.noted(await this.#poster.post(`roomkeeper_probe ok=1 ${Math.trunc(this.#dependencies.nowMs())}\n`))
  }

  history(query: HistoryQuery): Promise<History> {
    return this.#history.history(query)
  }

  async raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    if (toMs <= fromMs || limit <= 0) return []
    const series = await this.#selects.ask(rawReadings(point, { fromMs, toMs }, limit))
    return (series[0]?.values ?? []).map((row) => readingOf(row))
  }

  stream(query: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]> {
    return readPages(query, (page) => this.raw(page))
  }

  async textChanges(query: RawQuery): Promise<StoredReading[]> {
    const [series] = await this.#query(lastTextBefore(query.point, query.fromMs))
    const row = series?.[0]?.values?.[0]
    const before = row === undefined || row[1] === null ? undefined : { timeMs: row[0] as number, value: row[1] as string }
    return collectTextChanges(before, this.stream(query), query.limit)
  }

  /** Offsets of all logs the node ever had: InfluxDB keeps no epoch. */
  async storedOffsets(node: NodeHandle, _epoch: string): Promise<OffsetRange[]> {
    const [series] = await this.#query(offsetsOfNode(node))
    return rangesOf((series?.[0]?.values ?? []).map((row) => row[1] as number))
  }

  health(): StoreHealth {
    return this.#history.health()
  }

  async stop(): Promise<void> {
    await this.#history.stop()
    this.#poster.close()
  }

  /** One entry per statement, each with its series. */
  async #query(statements: string): Promise<ResultSeries[][]> {
    return (await this.#results(statements)).map((result) => {
      if (result instanceof Error) throw result
      return result
    })
  }

  /** One entry per statement, each with its series or its error. */
  async #results(statements: string): Promise<(ResultSeries[] | StoreUnavailableError)[]> {
    try {
      const answer = (await this.#influx.queryRaw(statements, { precision: 'ms', database: this.#config.database, method: 'POST' })) as {
        results: { series?: ResultSeries[]; error?: string }[]
      }
      return answer.results.map(({ error, series }) => (error === undefined ? (series ?? []) : new StoreUnavailableError(error)))
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}

const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF }

function retryable(reason: string): StartAnswer {
  return { kind: 'retryable', reason }
}

/** Row: time, value, text, bad. */
function readingOf(row: unknown[]): StoredReading {
  const [timeMs, value, text, bad] = row as [number, number | null, string | null, string | null]
  if (bad !== null) {
    const parsed = parseBadText(bad)
    return { timeMs, value: parsed.value, bad: parsed.reason }
  }
  return { timeMs, value: value ?? text }
}
