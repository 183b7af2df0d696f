export const TIME_MARK_KINDS = ['alarm', 'incident', 'visit', 'change'] as const
export type TimeMarkKind = (typeof TIME_MARK_KINDS)[number]

/** Something that happened, shown along the top of a chart. */
export interface TimeMark {
  key: string
  kind: TimeMarkKind
  fromMs: number
  /** null: it lasts still. */
  toMs: number | null
  priority: string | null
}

export interface TimeRange {
  fromMs: number
  toMs: number
}

/** The marks of kinds that are not hidden and overlap the range. */
export function marksInSight<Mark extends TimeMark>(marks: readonly Mark[], range: TimeRange, hidden: ReadonlySet<string>): Mark[] {
  return marks.filter(({ kind, fromMs, toMs }) => !hidden.has(kind) && fromMs < range.toMs && (toMs === null || toMs >= range.fromMs))
}

/** The marks at a moment: those that begin or end within reach first, the nearest foremost, then those that last over it, the latest foremost. */
export function marksAt(marks: readonly TimeMark[], atMs: number, reachMs: number): TimeMark[] {
  const distance = ({ fromMs, toMs }: TimeMark) => Math.min(Math.abs(atMs - fromMs), Math.abs(atMs - (toMs ?? fromMs)))
  const near = marks.filter((mark) => distance(mark) <= reachMs).sort((a, b) => distance(a) - distance(b))
  const over = marks.filter((mark) => distance(mark) > reachMs && mark.fromMs < atMs && (mark.toMs === null || mark.toMs > atMs))
  return [...near, ...over.sort((a, b) => b.fromMs - a.fromMs)]
}

/** Moved by a part of its length; to the right at positive parts. */
export function panned({ fromMs, toMs }: TimeRange, part: number): TimeRange {
  const byMs = Math.round((toMs - fromMs) * part)
  return { fromMs: fromMs + byMs, toMs: toMs + byMs }
}

/** As many times as long, about its middle. */
export function zoomed({ fromMs, toMs }: TimeRange, factor: number): TimeRange {
  const half = ((toMs - fromMs) / 2) * factor
  const middle = (fromMs + toMs) / 2
  return { fromMs: Math.round(middle - half), toMs: Math.round(middle + half) }
}

/** The range that a key asks for. */
export function rangeOfKey(key: string, range: TimeRange): TimeRange | undefined {
  if (key === 'ArrowLeft') return panned(range, -0.25)
  if (key === 'ArrowRight') return panned(range, 0.25)
  if (key === '+' || key === '=') return zoomed(range, 0.5)
  if (key === '-' || key === '_') return zoomed(range, 2)
  return undefined
}
