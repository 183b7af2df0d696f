import type { RollupReads, StoredBlock } from '../history/rollup-storage.ts'
import type { PointHandle } from '../scan.ts'

/** From which times on raw readings and minutes are all there; 0 = from the beginning. */
export interface KeptSince {
  rawSinceMs: number
  minuteSinceMs: number
}

/** What is read of a side of a copy. */
export type RollupSource = Pick<RollupReads, 'readBlocks' | 'rawSinceMs' | 'minuteSinceMs'>

/** What is written to one. Rejects when the store is away. */
export interface RollupTarget extends RollupSource {
  /** Durable when it resolves; blocks with the same key are replaced, marks stay as they are. */
  putBlocks(point: PointHandle, blocks: readonly StoredBlock[]): Promise<void>
  /** Moves either time forward, never back; deletes nothing. */
  raiseKeptSince(since: KeptSince): Promise<void>
}

export async function keptSince(side: RollupSource): Promise<KeptSince> {
  const [rawSinceMs, minuteSinceMs] = await Promise.all([side.rawSinceMs(), side.minuteSinceMs()])
  return { rawSinceMs, minuteSinceMs }
}
