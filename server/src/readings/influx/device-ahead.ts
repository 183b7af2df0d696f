import type { BlockResolution } from '../history/block.ts'
import { type HistoryComputing, LocalComputing, type PointHours, type PointOutcome } from '../history/history-computing.ts'
import type { HistorySlots } from '../history/history-reading.ts'
import type { HistorySettings } from '../history/history-settings.ts'
import { MAX_HOLD_MS } from '../history/minute-slots.ts'
import type { RollupReads, StoredBlock } from '../history/rollup-storage.ts'
import { DAY_MS, HOUR_MS } from '../hours.ts'
import { type HistoryQuery, type StoredReading, StoreUnavailableError, type TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { HistoryAccess } from './history-access.ts'
import { storedBlocks } from './influx-rollup-storage.ts'

/** Readings held in memory at once: a day of 2.5 points, an hour of 60. Longer stretches are read point by point. */
const MAX_POINT_HOURS = 60

/**
 * Rolls up the points of a device with a few queries for all of them instead of a few for each: most hours are rolled up soon after their end,
 * and then the queries are the work. Charts are read as they are.
 */
export class DeviceComputing implements HistoryComputing {
  readonly #access: HistoryAccess
  readonly #reads: DeviceAhead
  readonly #charts: LocalComputing
  readonly #rollingUp: LocalComputing

  constructor(access: HistoryAccess, reads: RollupReads, settings: Pick<HistorySettings, 'holdMs' | 'bandsOf' | 'zone'>) {
    const isAway = (error: unknown): boolean => error instanceof StoreUnavailableError
    this.#access = access
    this.#reads = new DeviceAhead(reads)
    this.#charts = new LocalComputing(reads, settings, isAway)
    this.#rollingUp = new LocalComputing(this.#reads, settings, isAway)
  }

  history(query: HistoryQuery): Promise<HistorySlots> {
    return this.#charts.history(query)
  }

  async blocksOf(points: readonly PointHours[]): Promise<PointOutcome[]> {
    const outcomes: PointOutcome[] = []
    for (const group of groupsOf(points)) {
      if (group.length > 1) await this.#reads.readAhead(this.#access, group)
      outcomes.push(...(await this.#rollingUp.blocksOf(group)))
      this.#reads.forget()
    }
    return outcomes
  }
}

/** Points of one device each, with no more hours together than may be held in memory. */
function* groupsOf(points: readonly PointHours[]): Generator<PointHours[]> {
  for (const ofDevice of Map.groupBy(points, ({ point }) => point.device).values()) {
    const hours = Math.max(1, ...ofDevice.map((one) => one.hours.length))
    const perGroup = Math.max(1, Math.floor(MAX_POINT_HOURS / hours))
    for (let at = 0; at < ofDevice.length; at += perGroup) yield ofDevice.slice(at, at + perGroup)
  }
}

interface Ahead {
  points: ReadonlySet<PointHandle>
  ranges: Record<BlockResolution | 'raw', TimeRange>
  readings: Map<PointHandle, StoredReading[]>
  blocks: Record<BlockResolution, Map<PointHandle, StoredBlock[]>>
}

/** Answers from what was read ahead where that covers the question, and lets others have a turn before each answer. */
class DeviceAhead implements RollupReads {
  readonly #reads: RollupReads
  #ahead: Ahead | undefined

  constructor(reads: RollupReads) {
    this.#reads = reads
  }

  /** `group`: points of one device. */
  async readAhead(access: HistoryAccess, group: readonly PointHours[]): Promise<void> {
    const hours = group.flatMap((one) => one.hours)
    const [firstMs, endMs] = [Math.min(...hours), Math.max(...hours) + HOUR_MS]
    // Far apart (a late reading and the hour just ended) what lies between would be read in vain.
    if (endMs - firstMs > 2 * hours.length * HOUR_MS) return
    const points = group.map(({ point }) => point)
    const ranges = {
      raw: { fromMs: firstMs - MAX_HOLD_MS, toMs: endMs + MAX_HOLD_MS },
      '1m': { fromMs: firstMs, toMs: endMs + HOUR_MS },
      // The local days that the hours are in, whatever the zone, and their UTC days.
      '15m': { fromMs: (Math.floor(firstMs / DAY_MS) - 1) * DAY_MS, toMs: (Math.floor(endMs / DAY_MS) + 2) * DAY_MS },
      // They begin with their year: to the end of the hours there may be fifty shards to look through in vain.
      '1d': { fromMs: yearOf(firstMs - DAY_MS), toMs: yearOf(endMs + DAY_MS) + 1 },
    }
    const readings = await access.numbersOfDevice(points, ranges.raw)
    const of = async (resolution: BlockResolution): Promise<Map<PointHandle, StoredBlock[]>> => {
      const rows = await access.blocks(points, resolution, ranges[resolution])
      return new Map([...rows].map(([point, blocks]) => [point, storedBlocks(resolution, blocks)]))
    }
    const blocks = { '1m': await of('1m'), '15m': await of('15m'), '1d': await of('1d') }
    this.#ahead = { points: new Set(points), ranges, readings, blocks }
  }

  forget(): void {
    this.#ahead = undefined
  }

  dirtyHours(point: PointHandle, range: TimeRange): Promise<number[]> {
    return this.#reads.dirtyHours(point, range)
  }

  async readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]> {
    const ahead = this.#covering(point, resolution, range)
    if (ahead === undefined) return this.#reads.readBlocks(point, resolution, range)
    await nextTurn()
    return (ahead.blocks[resolution].get(point) ?? []).filter(({ startMs }) => isIn(startMs, range))
  }

  async *readRaw(point: PointHandle, range: TimeRange): AsyncGenerator<StoredReading[]> {
    const ahead = this.#covering(point, 'raw', range)
    if (ahead === undefined) yield* this.#reads.readRaw(point, range)
    else yield (ahead.readings.get(point) ?? []).filter(({ timeMs }) => isIn(timeMs, range))
  }

  async lastBefore(point: PointHandle, timeMs: number, withinMs: number): Promise<StoredReading | undefined> {
    const range = { fromMs: timeMs - withinMs, toMs: timeMs }
    const ahead = this.#covering(point, 'raw', range)
    if (ahead === undefined) return this.#reads.lastBefore(point, timeMs, withinMs)
    await nextTurn()
    return ahead.readings.get(point)?.findLast((reading) => isIn(reading.timeMs, range))
  }

  rawSinceMs(): Promise<number> {
    return this.#reads.rawSinceMs()
  }

  minuteSinceMs(): Promise<number> {
    return this.#reads.minuteSinceMs()
  }

  #covering(point: PointHandle, kind: BlockResolution | 'raw', { fromMs, toMs }: TimeRange): Ahead | undefined {
    const ahead = this.#ahead
    if (ahead === undefined || !ahead.points.has(point)) return undefined
    return fromMs >= ahead.ranges[kind].fromMs && toMs <= ahead.ranges[kind].toMs ? ahead : undefined
  }
}

function isIn(timeMs: number, { fromMs, toMs }: TimeRange): boolean {
  return timeMs >= fromMs && timeMs < toMs
}

function yearOf(timeMs: number): number {
  return Date.UTC(new Date(timeMs).getUTCFullYear(), 0, 1)
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
