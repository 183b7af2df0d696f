import type { OffsetRange } from './reading-store.ts'

/** Sorted ranges without overlap or touching neighbours, from offsets in any order. */
export function rangesOf(offsets: Iterable<number>): OffsetRange[] {
  const ranges: OffsetRange[] = []
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && offset <= last.last + 1) last.last = Math.max(last.last, offset)
    else ranges.push({ first: offset, last: offset })
  }
  return ranges
}
