import type { BlockResolution } from '../../server/src/readings/history/block.ts'
import type { DueHour, DueQuery, RolledUp, RollupStorage, StoredBlock } from '../../server/src/readings/history/rollup-storage.ts'
import type { StoredReading, TimeRange } from '../../server/src/readings/reading-store.ts'
import type { PointHandle } from '../../server/src/readings/scan.ts'

const HOUR_MS = 3_600_000
const isIn = (timeMs: number, { fromMs, toMs }: TimeRange): boolean => timeMs >= fromMs && timeMs < toMs

interface Series {
  point: PointHandle
  readings: Map<number, StoredReading>
  blocks: Map<string, StoredBlock>
  /** By hour. */
  marks: Map<number, { mark: number; writtenMs: number }>
}

/** RollupStorage in memory: the reference for real stores. `failAfterSteps` makes rolledUp stop after so many steps, once. */
export class MemoryRollupStorage implements RollupStorage {
  readonly #series = new Map<number, Series>()
  #writes = 0
  #rawSinceMs = 0
  #minuteSinceMs = 0
  failAfterSteps: number | undefined
  /** Told between reading and putting: a test may write then. */
  onRolledUp: () => void = () => undefined

  write(point: PointHandle, readings: readonly StoredReading[], nowMs = 0): void {
    const series = this.#of(point)
    for (const reading of readings) {
      series.readings.set(reading.timeMs, reading)
      series.marks.set(Math.floor(reading.timeMs / HOUR_MS) * HOUR_MS, { mark: ++this.#writes, writtenMs: nowMs })
    }
  }

  /** What a damaged disk does to a point's blocks. */
  damage(point: PointHandle): void {
    for (const block of this.#of(point).blocks.values()) block.bytes = Uint8Array.of(99)
  }

  async dirtyHours(point: PointHandle, range: TimeRange): Promise<number[]> {
    return [...this.#of(point).marks.keys()].filter((hourMs) => isIn(hourMs, range))
  }

  async readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]> {
    return [...this.#of(point).blocks.values()].filter((block) => block.resolution === resolution && isIn(block.startMs, range))
  }

  async *readRaw(point: PointHandle, range: TimeRange): AsyncGenerator<StoredReading[]> {
    const inOrder = this.#inOrder(point).filter(({ timeMs }) => isIn(timeMs, range))
    for (let at = 0; at < inOrder.length; at += 7) yield inOrder.slice(at, at + 7)
  }

  async lastBefore(point: PointHandle, timeMs: number, withinMs: number): Promise<StoredReading | undefined> {
    return this.#inOrder(point).findLast((reading) => {
      const isText = reading.bad === undefined && typeof reading.value === 'string'
      return !isText && reading.timeMs < timeMs && reading.timeMs >= timeMs - withinMs
    })
  }

  async dueHours({ endedByMs, quiet, withoutPoints, limit }: DueQuery): Promise<DueHour[]> {
    const due = [...this.#series.values()]
      .filter(({ point }) => !withoutPoints.has(point.id))
      .flatMap(({ point, marks }) =>
        [...marks].flatMap(([hourMs, { mark, writtenMs }]) => {
          const isQuiet = hourMs >= quiet.beforeMs || writtenMs <= quiet.sinceMs
          return hourMs + HOUR_MS <= endedByMs && isQuiet ? [{ points: [point], hourMs, mark }] : []
        }),
      )
    return due.sort((a, b) => a.hourMs - b.hourMs).slice(0, limit)
  }

  async rolledUp({ due, blocks }: RolledUp): Promise<void> {
    this.onRolledUp()
    const step = (): void => {
      if (this.failAfterSteps === undefined || this.failAfterSteps-- > 0) return
      this.failAfterSteps = undefined
      throw new Error('the store went away')
    }
    for (const { point, ...block } of blocks) {
      step()
      this.#of(point).blocks.set(`${block.resolution} ${block.startMs}`, block)
    }
    for (const { points, hourMs, mark } of due) {
      step()
      for (const point of points) {
        const { marks } = this.#of(point)
        if (marks.get(hourMs)?.mark === mark) marks.delete(hourMs)
      }
    }
    step()
    this.failAfterSteps = undefined
  }

  async rawSinceMs(): Promise<number> {
    return this.#rawSinceMs
  }

  async minuteSinceMs(): Promise<number> {
    return this.#minuteSinceMs
  }

  async purgeRaw(beforeMs: number): Promise<void> {
    this.#rawSinceMs = Math.max(this.#rawSinceMs, beforeMs)
    for (const { readings, marks } of this.#series.values()) {
      for (const timeMs of readings.keys()) {
        if (timeMs < beforeMs && !marks.has(Math.floor(timeMs / HOUR_MS) * HOUR_MS)) readings.delete(timeMs)
      }
    }
  }

  async purgeMinutes(beforeMs: number): Promise<void> {
    this.#minuteSinceMs = Math.max(this.#minuteSinceMs, beforeMs)
    for (const { blocks } of this.#series.values()) {
      for (const [key, block] of blocks) if (block.resolution === '1m' && block.startMs < beforeMs) blocks.delete(key)
    }
  }

  #of(point: PointHandle): Series {
    const known = this.#series.get(point.id)
    if (known !== undefined) return known
    const series: Series = { point, readings: new Map(), blocks: new Map(), marks: new Map() }
    this.#series.set(point.id, series)
    return series
  }

  #inOrder(point: PointHandle): StoredReading[] {
    return [...this.#of(point).readings.values()].sort((a, b) => a.timeMs - b.timeMs)
  }
}
