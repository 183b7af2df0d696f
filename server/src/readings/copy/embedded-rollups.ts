import type { DatabaseSync } from 'node:sqlite'
import { BlockReads } from '../embedded/block-reads.ts'
import { moveKept, putBlocks } from '../embedded/maintenance.ts'
import { openForReading, openForWriting } from '../embedded/schema.ts'
import type { BlockResolution } from '../history/block.ts'
import type { StoredBlock } from '../history/rollup-storage.ts'
import type { TimeRange } from '../reading-store.ts'
import type { PointHandle } from '../scan.ts'
import type { KeptSince, RollupTarget } from './rollup-copying.ts'

/** Blocks of an embedded store's file, over a connection of their own. Opening throws as the store's own opening does. */
export class EmbeddedRollups implements RollupTarget {
  readonly #database: DatabaseSync
  readonly #reads: BlockReads

  constructor(path: string, use: 'read' | 'write') {
    this.#database = use === 'read' ? openForReading(path) : openForWriting(path)
    this.#reads = new BlockReads(this.#database)
  }

  readBlocks(point: PointHandle, resolution: BlockResolution, range: TimeRange): Promise<StoredBlock[]> {
    return this.#reads.readBlocks(point, resolution, range)
  }

  rawSinceMs(): Promise<number> {
    return this.#reads.rawSinceMs()
  }

  minuteSinceMs(): Promise<number> {
    return this.#reads.minuteSinceMs()
  }

  async putBlocks(point: PointHandle, blocks: readonly StoredBlock[]): Promise<void> {
    putBlocks(
      this.#database,
      blocks.map((block) => ({ ...block, series: point.id })),
      [],
    )
  }

  async raiseKeptSince({ rawSinceMs, minuteSinceMs }: KeptSince): Promise<void> {
    moveKept(this.#database, 'raw', rawSinceMs)
    moveKept(this.#database, 'minutes', minuteSinceMs)
  }

  close(): void {
    this.#database.close()
  }
}
