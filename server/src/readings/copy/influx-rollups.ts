import type { BlockResolution } from '../history/block.ts'
import type { StoredBlock } from '../history/rollup-storage.ts'
import type { InfluxRollupStorage } from '../influx/influx-rollup-storage.ts'
import type { TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { KeptSince, RollupTarget } from './rollup-copying.ts'

/** Blocks of an InfluxDB of either generation. */
export class InfluxRollups implements RollupTarget {
  readonly #storage: InfluxRollupStorage

  constructor(storage: InfluxRollupStorage) {
    this.#storage = storage
  }

  readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]> {
    return this.#storage.readBlocks(point, resolution, range)
  }

  rawSinceMs(): Promise<number> {
    return this.#storage.rawSinceMs()
  }

  minuteSinceMs(): Promise<number> {
    return this.#storage.minuteSinceMs()
  }

  putBlocks(point: PointHandle, blocks: readonly StoredBlock[]): Promise<void> {
    return this.#storage.rolledUp({ due: [], blocks: blocks.map((block) => ({ ...block, point })) })
  }

  raiseKeptSince(since: KeptSince): Promise<void> {
    return this.#storage.raiseKeptSince(since)
  }

  close(): void {}
}
