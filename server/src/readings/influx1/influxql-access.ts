import { parseBadText } from '../bad-text.ts'
import type { BlockResolution } from '../history/block.ts'
import { type DeviceTags, keyOfDevice, keyOfTags } from '../influx/device-tags.ts'
import type { BlockRow, HistoryAccess, MarkRow } from '../influx/history-access.ts'
import { tagValue } from '../line-protocol.ts'
import { readPages } from '../paging.ts'
import type { RawQuery, StoredReading, TimeRange, WriteAnswer } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import * as influxql from './influxql.ts'

export interface ResultSeries {
  tags?: Record<string, string>
  columns: string[]
  values?: unknown[][]
}

export interface InfluxqlAccessDependencies {
  /** One entry per statement, each with its series. Rejects with StoreUnavailableError. */
  query(statements: string): Promise<ResultSeries[][]>
  post(lines: string): Promise<WriteAnswer>
  raw(query: RawQuery): Promise<StoredReading[]>
}

/** Cells of an answer: parsing one holds the event loop for about a millisecond. */
const MAX_CELLS = 20_000

/** The history of an InfluxDB 1.x, by InfluxQL. */
export class InfluxqlAccess implements HistoryAccess {
  readonly #dependencies: InfluxqlAccessDependencies

  constructor(dependencies: InfluxqlAccessDependencies) {
    this.#dependencies = dependencies
  }

  post(lines: string): Promise<WriteAnswer> {
    return this.#dependencies.post(lines)
  }

  async marks(): Promise<MarkRow[]> {
    return (await this.#series(influxql.ALL_MARKS)).flatMap(({ tags, values = [] }) =>
      values.map(([hourMs, marked, done]) => ({
        tags: deviceTags(tags),
        hourMs: hourMs as number,
        marked: (marked as number | null) ?? undefined,
        done: (done as number | null) ?? undefined,
      })),
    )
  }

  async keptSince(): Promise<{ rawSinceMs: number; minuteSinceMs: number } | undefined> {
    const row = await this.#firstRow(influxql.KEPT_SINCE)
    return row === undefined ? undefined : { rawSinceMs: row[1] as number, minuteSinceMs: row[2] as number }
  }

  async blocks(points: readonly PointHandle[], resolution: BlockResolution, range: TimeRange): Promise<Map<PointHandle, BlockRow[]>> {
    const all = await this.#series(influxql.blocksOf(points, resolution, range))
    const byTags = new Map(all.map((series) => [keyOfTags(deviceTags(series.tags)) + series.tags?.point, blockRows(series)]))
    return new Map(points.map((point) => [point, byTags.get(keyOfDevice(point.device) + tagValue(point.key)) ?? []]))
  }

  stream(point: PointHandle, range: TimeRange): AsyncIterable<StoredReading[]> {
    return readPages({ point, ...range }, (page) => this.#dependencies.raw(page))
  }

  async numbersOfDevice(points: readonly PointHandle[], { fromMs, toMs }: TimeRange): Promise<Map<PointHandle, StoredReading[]>> {
    const lists: StoredReading[][] = points.map(() => [])
    const limit = Math.max(50, Math.floor(MAX_CELLS / (1 + 2 * points.length)))
    for (let atMs = fromMs; atMs < toMs; ) {
      const [series] = await this.#series(influxql.numbersOf(points, { fromMs: atMs, toMs }, limit))
      const rows = series?.values ?? []
      for (const row of rows) {
        lists.forEach((list, index) => {
          const reading = numberOf(row[0] as number, row[1 + 2 * index], row[2 + 2 * index])
          if (reading !== undefined) list.push(reading)
        })
      }
      if (rows.length < limit) break
      atMs = (rows.at(-1)?.[0] as number) + 1
    }
    return new Map(points.map((point, index) => [point, lists[index] ?? []]))
  }

  async firstReadingMs(): Promise<number | undefined> {
    return (await this.#firstRow(influxql.FIRST_READING))?.[0] as number | undefined
  }

  async hoursWithReadings(range: TimeRange): Promise<{ tags: DeviceTags; hourMs: number }[]> {
    return (await this.#series(influxql.hoursWithReadings(range))).flatMap(({ tags, values = [] }) =>
      values.map(([hourMs]) => ({ tags: deviceTags(tags), hourMs: hourMs as number })),
    )
  }

  async firstMinuteBlockMs(beforeMs: number): Promise<number | undefined> {
    return (await this.#firstRow(influxql.firstMinuteBlock(beforeMs)))?.[0] as number | undefined
  }

  async deleteReadings(range: TimeRange, device?: DeviceTags): Promise<void> {
    await this.#dependencies.query(influxql.deleteReadings(range, device))
  }

  async deleteMinuteBlocks(range: TimeRange): Promise<void> {
    await this.#dependencies.query(influxql.deleteMinuteBlocks(range))
  }

  async deleteMarks(range: TimeRange): Promise<void> {
    await this.#dependencies.query(influxql.deleteMarks(range))
  }

  async dropOutdated(): Promise<void> {
    await this.#dependencies.query(influxql.DROP_OUTDATED)
  }

  async #series(statement: string): Promise<ResultSeries[]> {
    return (await this.#dependencies.query(statement))[0] ?? []
  }

  async #firstRow(statement: string): Promise<unknown[] | undefined> {
    return (await this.#series(statement))[0]?.values?.[0]
  }
}

function deviceTags(tags: Record<string, string> | undefined): DeviceTags {
  return { site: tags?.site ?? '', node: tags?.node ?? '', device: tags?.device ?? '' }
}

function blockRows({ values = [] }: ResultSeries): BlockRow[] {
  return values.map(([startMs, text]) => ({ startMs: startMs as number, text: text as string }))
}

function numberOf(timeMs: number, value: unknown, bad: unknown): StoredReading | undefined {
  if (typeof bad === 'string') {
    const parsed = parseBadText(bad)
    return { timeMs, value: parsed.value, bad: parsed.reason }
  }
  return typeof value === 'number' ? { timeMs, value } : undefined
}
