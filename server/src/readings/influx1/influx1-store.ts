import { InfluxDB } from 'influx'
import { parseBadText } from '../bad-text.ts'
import { type BucketPart, bucketWidthMs, floorTo, HOUR_MS, mergeBuckets } from '../buckets.ts'
import type { Influx1Config } from '../config.ts'
import { createLinePoster, type LinePoster } from '../influx-post.ts'
import { batchLines } from '../line-protocol.ts'
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
  type TimeRange,
  type WriteAnswer,
} from '../reading-store.ts'
import type { DeviceScan, PointHandle } from '../scan.ts'
import { HourRollups, hourRanges } from './hour-rollups.ts'
import { lastTextBefore, offsetsOfNode, rawBuckets, rawReadings, rollupBuckets } from './influxql.ts'

/** How often hours are looked through for rolling up. */
const ROLLUP_INTERVAL_MS = 60_000
/** With more dirty stretches than this in a range (an import, a long replay) one raw query over all of it is cheaper. */
const MAX_DIRTY_RANGES = 40

interface ResultSeries {
  tags?: Record<string, string>
  columns: string[]
  values?: unknown[][]
}

export interface Influx1Dependencies {
  nowMs(): number
  /** Told when the hourly rollups could not be brought up to date; they are tried again a minute later. */
  onRollupFailure(error: unknown): void
}

/**
 * Readings in InfluxDB 1.x. Queries and the database's creation go through the package `influx`; writes are posted by ourselves,
 * because the package escapes and sorts every field of every point again (measured: half as much CPU per reading without it).
 */
export class Influx1Store implements ReadingStore {
  readonly kind = 'influx1'
  readonly #config: Influx1Config
  readonly #influx: InfluxDB
  readonly #poster: LinePoster
  readonly #rollups: HourRollups
  readonly #dependencies: Influx1Dependencies
  #health: StoreHealth = { state: 'failing', message: 'not started' }
  #rollupTimer: NodeJS.Timeout | undefined

  constructor(config: Influx1Config, dependencies: Influx1Dependencies) {
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
    this.#rollups = new HourRollups({
      select: async (statement) => ((await this.#query(statement))[0] ?? []).map((series) => ({ tags: {}, values: [], ...series })),
      execute: async (statement) => void (await this.#query(statement)),
      post: (lines) => this.#poster.post(lines),
      nowMs: dependencies.nowMs,
    })
  }

  async start(): Promise<StartAnswer> {
    const [ping] = await this.#influx.ping(this.#config.requestTimeoutMs)
    const answer = ping?.online
      ? await this.#prepare(ping.version ?? 'unknown')
      : retryable(`InfluxDB does not answer at ${this.#config.url}`)
    this.#health = answer.kind === 'ready' ? { state: 'ok', message: '' } : { state: 'failing', message: answer.reason }
    if (answer.kind === 'ready') this.#startRollups()
    return answer
  }

  async #prepare(version: string): Promise<StartAnswer> {
    if (/^v?2\./.test(version)) return { kind: 'configuration', reason: `${this.#config.url} is InfluxDB ${version}: set its version to 2` }
    try {
      const database = this.#config.database
      // SHOW DATABASES lists only those the user may use, so a database made by someone else needs no right to create one.
      if (!(await this.#influx.getDatabaseNames()).includes(database)) {
        await this.#influx.createDatabase(database)
        if (this.#config.retentionMs !== undefined) {
          const duration = `${Math.ceil(this.#config.retentionMs / HOUR_MS)}h`
          await this.#influx.createRetentionPolicy('readings', { database, duration, replication: 1, isDefault: true })
        }
      }
    } catch (error) {
      const reason = messageOf(error)
      return /^A 40[13] /.test(reason) ? { kind: 'configuration', reason } : retryable(reason)
    }
    const probe = await this.probe()
    if (probe.kind !== 'stored') {
      const reason = 'reason' in probe ? probe.reason : probe.kind
      return /^HTTP 40[134]/.test(reason) ? { kind: 'configuration', reason } : retryable(reason)
    }
    try {
      await this.#rollups.load()
    } catch (error) {
      return retryable(messageOf(error))
    }
    return { kind: 'ready', version }
  }

  #startRollups(): void {
    if (this.#rollupTimer !== undefined) return
    this.#rollupTimer = setInterval(() => {
      this.rollUp().catch((error: unknown) => this.#dependencies.onRollupFailure(error))
    }, ROLLUP_INTERVAL_MS)
    this.#rollupTimer.unref()
  }

  /** Brings hourly aggregates up to date; runs by itself once a minute. */
  rollUp(): Promise<void> {
    return this.#rollups.rollUp()
  }

  async write(scans: readonly DeviceScan[]): Promise<WriteAnswer> {
    return this.#noted(await this.#rollups.write(scans, batchLines(scans)))
  }

  async probe(): Promise<WriteAnswer> {
    return this.#noted(await this.#poster.post(`roomkeeper_probe ok=1 ${Math.trunc(this.#dependencies.nowMs())}\n`))
  }

  #noted(answer: WriteAnswer): WriteAnswer {
    if (answer.kind === 'stored') this.#health = { state: 'ok', message: '' }
    else if (answer.kind === 'retry' || answer.kind === 'server-error') this.#health = { state: 'failing', message: answer.reason }
    return answer
  }

  async history({ point, fromMs, toMs, maxBuckets }: HistoryQuery): Promise<History> {
    if (toMs <= fromMs) return { bucketMs: HOUR_MS, buckets: [] }
    const bucketMs = bucketWidthMs(fromMs, toMs, maxBuckets)
    const plan = this.#historyPlan(point, { fromMs, toMs }, bucketMs)
    const statements = plan.raw.map((range) => rawBuckets(point, range, bucketMs))
    if (plan.rollup !== undefined) statements.push(rollupBuckets(point, plan.rollup))
    const results = await this.#query(statements.join('; '))
    const parts = results.flatMap((series, index) => {
      const fromRollup = index === plan.raw.length
      const rows = partsOf(series)
      return fromRollup ? rows.filter((part) => !plan.dirty.has(part.timeMs)) : rows
    })
    return { bucketMs, buckets: mergeBuckets(parts, bucketMs) }
  }

  /** Which stretches are read from raw readings and which from hourly aggregates. */
  #historyPlan(point: PointHandle, range: TimeRange, bucketMs: number): { raw: TimeRange[]; rollup?: TimeRange; dirty: Set<number> } {
    const rawOnly = { raw: [range], dirty: new Set<number>() }
    const inner = { fromMs: floorTo(range.fromMs + HOUR_MS - 1, HOUR_MS), toMs: floorTo(range.toMs, HOUR_MS) }
    if (bucketMs < HOUR_MS || inner.fromMs >= inner.toMs) return rawOnly
    const dirty = this.#rollups.dirtyHours(point.device, inner)
    if (dirty === undefined) return rawOnly
    const dirtyRanges = hourRanges(dirty, Number.POSITIVE_INFINITY)
    if (dirtyRanges.length > MAX_DIRTY_RANGES) return rawOnly
    const edges = [
      { fromMs: range.fromMs, toMs: inner.fromMs },
      { fromMs: inner.toMs, toMs: range.toMs },
    ].filter((edge) => edge.fromMs < edge.toMs)
    return { raw: [...edges, ...dirtyRanges], rollup: inner, dirty: new Set(dirty) }
  }

  async raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    if (toMs <= fromMs || limit <= 0) return []
    const [series] = await this.#query(rawReadings(point, { fromMs, toMs }, limit))
    return (series?.[0]?.values ?? []).map((row) => readingOf(row))
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
    return this.#health
  }

  async stop(): Promise<void> {
    clearInterval(this.#rollupTimer)
    this.#rollupTimer = undefined
    this.#poster.close()
    this.#health = { state: 'stopped', message: '' }
  }

  /** One entry per statement, each with its series. */
  async #query(statements: string): Promise<ResultSeries[][]> {
    try {
      const answer = (await this.#influx.queryRaw(statements, { precision: 'ms', database: this.#config.database })) as {
        results: { series?: ResultSeries[]; error?: string }[]
      }
      return answer.results.map((result) => {
        if (result.error !== undefined) throw new Error(result.error)
        return result.series ?? []
      })
    } catch (error) {
      throw new StoreUnavailableError(messageOf(error), { cause: error })
    }
  }
}

const NO_BACKOFF = { getDelay: () => 0, next: () => NO_BACKOFF, reset: () => NO_BACKOFF }

function retryable(reason: string): StartAnswer {
  return { kind: 'retryable', reason }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function partsOf(series: ResultSeries[]): BucketPart[] {
  return (series[0]?.values ?? []).map(([timeMs, min, mean, max, count, bad]) => ({
    timeMs: timeMs as number,
    min: min as number | null,
    mean: mean as number | null,
    max: max as number | null,
    count: (count as number | null) ?? 0,
    badCount: (bad as number | null) ?? 0,
  }))
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
