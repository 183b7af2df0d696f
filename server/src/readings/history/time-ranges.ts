import type { TimeRange } from '../reading-store.ts'

/** In order, without overlaps; ranges that touch become one, empty ones go. */
export function joinRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const joined: TimeRange[] = []
  for (const { fromMs, toMs } of [...ranges].sort((a, b) => a.fromMs - b.fromMs)) {
    if (fromMs >= toMs) continue
    const last = joined.at(-1)
    if (last !== undefined && last.toMs >= fromMs) last.toMs = Math.max(last.toMs, toMs)
    else joined.push({ fromMs, toMs })
  }
  return joined
}

/** The parts of a range that are in none of the others. */
export function withoutRanges(range: TimeRange, taken: readonly TimeRange[]): TimeRange[] {
  const rest: TimeRange[] = []
  let { fromMs } = range
  for (const piece of joinRanges(taken)) {
    if (piece.toMs <= fromMs) continue
    if (piece.fromMs >= range.toMs) break
    if (piece.fromMs > fromMs) rest.push({ fromMs, toMs: piece.fromMs })
    fromMs = piece.toMs
  }
  if (fromMs < range.toMs) rest.push({ fromMs, toMs: range.toMs })
  return rest
}

export function cutRange(range: TimeRange, within: TimeRange): TimeRange {
  return { fromMs: Math.max(range.fromMs, within.fromMs), toMs: Math.min(range.toMs, within.toMs) }
}
