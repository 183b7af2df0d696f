import type { ParameterizedQuery } from '@influxdata/influxdb-client'
import { parseBadText } from '../bad-text.ts'
import type { BlockResolution } from '../history/block.ts'
import { type DeviceTags, keyOfDevice, keyOfTags } from '../influx/device-tags.ts'
import type { BlockRow, HistoryAccess, MarkRow } from '../influx/history-access.ts'
import { BLOCK_MEASUREMENT, MARK_MEASUREMENT } from '../influx/history-lines.ts'
import { fieldNames, MEASUREMENT, tagValue } from '../line-protocol.ts'
import { readPages } from '../paging.ts'
import type { RawQuery, StoredReading, TimeRange, WriteAnswer } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import * as flux from './flux.ts'

export interface FluxRow extends Partial<DeviceTags> {
  /** RFC 3339. */
  _time: string
  _field: string
  _value: number | string
  point?: string
}

export interface FluxAccessDependencies {
  bucket: string
  /** Rejects with StoreUnavailableError. */
  rows(query: ParameterizedQuery): Promise<FluxRow[]>
  post(lines: string): Promise<WriteAnswer>
  raw(query: RawQuery): Promise<StoredReading[]>
  /** `POST /api/v2/delete`. Rejects with StoreUnavailableError. */
  delete(body: { start: string; stop: string; predicate: string }): Promise<void>
}

/** The history of an InfluxDB 2.x, by Flux. */
export class FluxAccess implements HistoryAccess {
  readonly #dependencies: FluxAccessDependencies

  constructor(dependencies: FluxAccessDependencies) {
    this.#dependencies = dependencies
  }

  post(lines: string): Promise<WriteAnswer> {
    return this.#dependencies.post(lines)
  }

  async marks(): Promise<MarkRow[]> {
    const rows = new Map<string, MarkRow>()
    for (const row of await this.#rows(flux.marksQuery(this.#bucket))) {
      const tags = deviceTags(row)
      const key = `${keyOfTags(tags)} ${row._time}`
      const mark = rows.get(key) ?? { tags, hourMs: Date.parse(row._time), marked: undefined, done: undefined }
      rows.set(key, mark)
      mark[row._field === 'done' ? 'done' : 'marked'] = Number(row._value)
    }
    return [...rows.values()]
  }

  async keptSince(): Promise<{ rawSinceMs: number; minuteSinceMs: number } | undefined> {
    const rows = await this.#rows(flux.keptQuery(this.#bucket))
    if (rows.length === 0) return undefined
    const latest = (field: string): number => Math.max(0, ...rows.filter((row) => row._field === field).map((row) => Number(row._value)))
    return { rawSinceMs: latest('raw'), minuteSinceMs: latest('minutes') }
  }

  async blocks(points: readonly PointHandle[], resolution: BlockResolution, range: TimeRange): Promise<Map<PointHandle, BlockRow[]>> {
    const rows = await this.#rows(flux.blocksQuery(this.#bucket, points, resolution, range))
    const byTags = Map.groupBy(rows, (row) => keyOfTags(deviceTags(row)) + row.point)
    return new Map(points.map((point) => [point, (byTags.get(keyOfDevice(point.device) + tagValue(point.key)) ?? []).map(blockRow)]))
  }

  stream(point: PointHandle, range: TimeRange): AsyncIterable<StoredReading[]> {
    return readPages({ point, ...range }, (page) => this.#dependencies.raw(page))
  }

  async numbersOfDevice(points: readonly PointHandle[], range: TimeRange): Promise<Map<PointHandle, StoredReading[]>> {
    const [first, ...others] = points
    if (first === undefined) return new Map()
    const byField = Map.groupBy(await this.#rows(flux.numbersQuery(this.#bucket, [first, ...others], range)), (row) => row._field)
    return new Map(
      points.map((point) => {
        const names = fieldNames(point.key)
        return [point, readingsOf([...(byField.get(names.value) ?? []), ...(byField.get(names.bad) ?? [])], names.bad)]
      }),
    )
  }

  async firstReadingMs(): Promise<number | undefined> {
    return firstTimeMs(await this.#rows(flux.firstReadingsQuery(this.#bucket)))
  }

  async hoursWithReadings(range: TimeRange): Promise<{ tags: DeviceTags; hourMs: number }[]> {
    const rows = await this.#rows(flux.hoursQuery(this.#bucket, range))
    return rows.map((row) => ({ tags: deviceTags(row), hourMs: Date.parse(row._time) }))
  }

  async firstMinuteBlockMs(beforeMs: number): Promise<number | undefined> {
    return firstTimeMs(await this.#rows(flux.firstMinuteBlocksQuery(this.#bucket, beforeMs)))
  }

  deleteReadings(range: TimeRange, device?: DeviceTags): Promise<void> {
    return this.#delete(range, flux.deletePredicate(MEASUREMENT, { ...device }))
  }

  deleteMinuteBlocks(range: TimeRange): Promise<void> {
    return this.#delete(range, flux.deletePredicate(BLOCK_MEASUREMENT, { resolution: '1m' }))
  }

  deleteMarks(range: TimeRange): Promise<void> {
    return this.#delete(range, flux.deletePredicate(MARK_MEASUREMENT, {}))
  }

  /** Earlier versions kept nothing beside the readings here. */
  async dropOutdated(): Promise<void> {}

  get #bucket(): string {
    return this.#dependencies.bucket
  }

  #rows(query: ParameterizedQuery): Promise<FluxRow[]> {
    return this.#dependencies.rows(query)
  }

  /**
   * The documents call `stop` exclusive, the server includes it (influxdata/influxdb_iox#2734): a nanosecond before the end is right
   * either way.
   */
  #delete({ fromMs, toMs }: TimeRange, predicate: string): Promise<void> {
    const stop = new Date(Math.ceil(toMs) - 1).toISOString().replace('Z', '999999Z')
    return this.#dependencies.delete({ start: new Date(Math.ceil(fromMs)).toISOString(), stop, predicate })
  }
}

function deviceTags({ site = '', node = '', device = '' }: FluxRow): DeviceTags {
  return { site, node, device }
}

function blockRow(row: FluxRow): BlockRow {
  return { startMs: Date.parse(row._time), text: String(row._value) }
}

function firstTimeMs(rows: readonly FluxRow[]): number | undefined {
  return rows.length === 0 ? undefined : rows.reduce((firstMs, row) => Math.min(firstMs, Date.parse(row._time)), Number.POSITIVE_INFINITY)
}

/** In order of time; where a time has both, it is bad. */
function readingsOf(rows: readonly FluxRow[], badField: string): StoredReading[] {
  const readings = new Map<number, StoredReading>()
  for (const row of rows) {
    const timeMs = Date.parse(row._time)
    if (row._field === badField) {
      const { reason, value } = parseBadText(String(row._value))
      readings.set(timeMs, { timeMs, value, bad: reason })
    } else if (readings.get(timeMs)?.bad === undefined) readings.set(timeMs, { timeMs, value: row._value })
  }
  return [...readings.values()].sort((a, b) => a.timeMs - b.timeMs)
}
