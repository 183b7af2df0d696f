import {
  type History,
  type HistoryQuery,
  type RawQuery,
  type ReadingStore,
  type StoredReading,
  StoreUnavailableError,
} from '../../server/src/readings/reading-store.ts'

/** The reading side of a readings store, in memory, which tests can switch off or hold back. One bucket per reading. */
export class MemoryReadings implements Pick<ReadingStore, 'history' | 'raw' | 'stream' | 'textChanges'> {
  isAway = false
  /** While set, history and streams wait for it. */
  gate: Promise<void> | undefined
  readonly #byPoint = new Map<number, StoredReading[]>()

  put(pointId: number, ...readings: StoredReading[]): void {
    const list = [...(this.#byPoint.get(pointId) ?? []), ...readings]
    this.#byPoint.set(
      pointId,
      list.sort((a, b) => a.timeMs - b.timeMs),
    )
  }

  async history({ point, fromMs, toMs, maxBuckets }: HistoryQuery): Promise<History> {
    await this.gate
    const readings = this.#range(point.id, fromMs, toMs)
    const buckets = readings.slice(-maxBuckets).map(({ timeMs, value, bad }) => {
      const number = bad === undefined && typeof value === 'number' ? value : null
      const known = { goodMs: number === null ? 0 : 1000, limitedMs: 0, insideMs: 0 }
      const badCount = bad === undefined ? 0 : 1
      return { timeMs, min: number, mean: number, max: number, count: number === null ? 0 : 1, badCount, ...known }
    })
    return { bucketMs: 1000, buckets }
  }

  raw({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    return Promise.resolve().then(() => this.#range(point.id, fromMs, toMs).slice(0, limit))
  }

  async *stream({ point, fromMs, toMs }: Omit<RawQuery, 'limit'>): AsyncIterable<StoredReading[]> {
    await this.gate
    const readings = this.#range(point.id, fromMs, toMs)
    for (let from = 0; from < readings.length; from += 1000) yield readings.slice(from, from + 1000)
  }

  textChanges({ point, fromMs, toMs, limit }: RawQuery): Promise<StoredReading[]> {
    return Promise.resolve().then(() => {
      const texts = this.#range(point.id, Number.NEGATIVE_INFINITY, toMs).filter(({ value }) => typeof value === 'string')
      const from = Math.max(
        0,
        texts.findLastIndex(({ timeMs }) => timeMs < fromMs),
      )
      return texts
        .slice(from)
        .filter(({ value }, index, all) => value !== all[index - 1]?.value)
        .slice(0, limit)
    })
  }

  #range(pointId: number, fromMs: number, toMs: number): StoredReading[] {
    if (this.isAway) throw new StoreUnavailableError('the store is away')
    return (this.#byPoint.get(pointId) ?? []).filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs)
  }
}
