/** Rows that are drawn or left out together; measuring each row by itself would cost more than it spares. */
export const CHUNK_ROWS = 20
/** A table up to this many rows is drawn whole. */
export const WHOLE_UP_TO_ROWS = 80

/** A stretch of the table: chunks that are drawn, or the height of those that are not. */
export type Stretch = { kind: 'chunk'; chunk: number } | { kind: 'gap'; firstChunk: number; heightPx: number }

export interface WindowInput {
  rowCount: number
  /** Measured heights of chunks, px; what was never drawn is missing. */
  heights: ReadonlyMap<number, number>
  /** Of one row, px: for chunks that were never drawn. */
  rowHeightPx: number
  /** What is looked at, px from the top of the first row. */
  fromPx: number
  toPx: number
  /** The chunk that has the keyboard: it stays, or the focus would be lost by scrolling; and its neighbours, for the tab key. */
  pinned: number | null
}

/** Which chunks are drawn, in order, with gaps as high as what is left out between them. Whatever is looked at, at least one is drawn. */
export function stretchesOf({ rowCount, heights, rowHeightPx, fromPx, toPx, pinned }: WindowInput): Stretch[] {
  const chunkCount = Math.ceil(rowCount / CHUNK_ROWS)
  const stretches: Stretch[] = []
  let topPx = 0
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const rows = Math.min(CHUNK_ROWS, rowCount - chunk * CHUNK_ROWS)
    const heightPx = heights.get(chunk) ?? rows * rowHeightPx
    const isEnd = (chunk === 0 && toPx <= 0) || (chunk === chunkCount - 1 && fromPx >= topPx + heightPx)
    const isShown = isEnd || (pinned !== null && Math.abs(chunk - pinned) <= 1) || (topPx < toPx && topPx + heightPx > fromPx)
    const last = stretches.at(-1)
    if (isShown) stretches.push({ kind: 'chunk', chunk })
    else if (last?.kind === 'gap') last.heightPx += heightPx
    else stretches.push({ kind: 'gap', firstChunk: chunk, heightPx })
    topPx += heightPx
  }
  return stretches
}

/** Whether two windows draw the same: gaps may differ by what has been measured since. */
export function sameChunks(a: readonly Stretch[], b: readonly Stretch[]): boolean {
  const drawn = (stretches: readonly Stretch[]) => stretches.flatMap((each) => (each.kind === 'chunk' ? [each.chunk] : [])).join()
  return drawn(a) === drawn(b)
}
