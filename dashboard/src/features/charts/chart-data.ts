import type { Bucket } from '@roomkeeper/shared/http'

/** One point's curve: the mean line, and the band between min and max. */
export interface CurveInput {
  buckets: readonly Pick<Bucket, 'timeMs' | 'min' | 'mean' | 'max'>[]
  /** A pause longer than this breaks the line: nothing was measured there. */
  maxGapMs: number
}

export interface ChartColumns {
  timesMs: number[]
  /** Per curve: max, mean, min. `null` breaks the line, `undefined` is passed over. */
  curves: { max: Cell[]; mean: Cell[]; min: Cell[] }[]
}
type Cell = number | null | undefined

/**
 * A bucket with nothing measured may be left out or be null; either way the line breaks only after `maxGapMs`. Inside a
 * pause every time that other curves bring in is `null` too: the chart would draw on from the first that is not.
 */
export function chartColumns(inputs: readonly CurveInput[]): ChartColumns {
  const measured = inputs.map(({ buckets }) => buckets.filter(({ mean }) => mean !== null))
  const pauses = inputs.map(({ maxGapMs }, n) => pausesOf(measured[n] ?? [], maxGapMs))
  const timesMs = [
    ...new Set([...measured.flatMap((row) => row.map(({ timeMs }) => timeMs)), ...pauses.flat().map(([fromMs]) => fromMs + 1)]),
  ].sort((x, y) => x - y)
  return {
    timesMs,
    curves: measured.map((row, n) => {
      const byTime = new Map(row.map((bucket) => [bucket.timeMs, bucket]))
      const isPaused = walkPauses(pauses[n] ?? [])
      const gaps = timesMs.map((timeMs) => (isPaused(timeMs) ? null : undefined))
      const column = (key: 'min' | 'mean' | 'max') =>
        timesMs.map((timeMs, index) => {
          const bucket = byTime.get(timeMs)
          return bucket ? bucket[key] : gaps[index]
        })
      return { max: column('max'), mean: column('mean'), min: column('min') }
    }),
  }
}

interface CurveReading {
  min: number | null
  mean: number
  max: number | null
}

/** What each curve says at an index of the columns, and when that was; without an index, the last that each says. */
export function readingsAt(
  columns: ChartColumns,
  inputs: readonly CurveInput[],
  index: number | undefined,
): { timeMs: number | undefined; cells: (CurveReading | undefined)[] } {
  const places = columns.curves.map(({ mean }, n) =>
    index === undefined
      ? mean.findLastIndex((cell) => typeof cell === 'number')
      : indexNear(columns.timesMs, mean, index, (inputs[n]?.maxGapMs ?? 0) / 2),
  )
  const at = index ?? Math.max(-1, ...places)
  return {
    timeMs: columns.timesMs[at],
    cells: columns.curves.map(({ min, mean, max }, n) => {
      const place = places[n] ?? -1
      const value = mean[place]
      return typeof value === 'number' ? { min: min[place] ?? null, mean: value, max: max[place] ?? null } : undefined
    }),
  }
}

/** The measured cell nearest to `index` in time, at most `reachMs` away; -1: none. Curves side by side have buckets of their own. */
export function indexNear(timesMs: readonly number[], cells: readonly Cell[], index: number, reachMs: number): number {
  if (typeof cells[index] === 'number') return index
  const atMs = timesMs[index] ?? 0
  for (let step = 1; step < timesMs.length; step++) {
    const [before, after] = [index - step, index + step].map((at) => Math.abs((timesMs[at] ?? Number.POSITIVE_INFINITY) - atMs) <= reachMs)
    if (before && typeof cells[index - step] === 'number') return index - step
    if (after && typeof cells[index + step] === 'number') return index + step
    if (!before && !after) return -1
  }
  return -1
}

function pausesOf(row: readonly { timeMs: number }[], maxGapMs: number): [fromMs: number, toMs: number][] {
  return row.flatMap(({ timeMs }, n): [number, number][] => {
    const before = row[n - 1]
    return before && timeMs - before.timeMs > maxGapMs ? [[before.timeMs, timeMs]] : []
  })
}

/** Whether a time lies inside a pause; to be asked with growing times only. */
function walkPauses(pauses: readonly [number, number][]): (timeMs: number) => boolean {
  let next = 0
  return (timeMs) => {
    while (next < pauses.length && (pauses[next] as [number, number])[1] <= timeMs) next++
    const pause = pauses[next]
    return pause !== undefined && timeMs > pause[0] && timeMs < pause[1]
  }
}

/** A pause is one when three intervals and two buckets have passed without a reading. */
export function maxGapMs(bucketMs: number, intervalMs: number): number {
  return Math.max(2.5 * bucketMs, 3.5 * intervalMs)
}

/**
 * The range of the value axis: all data with a margin, and the nearest limit on each side, so that one sees how far it
 * is away. A limit beyond `FAR` of the value would squeeze the curve flat; it stays in the list below the chart. Where the
 * curve is what one looks for, only limits as near as the curve is high are shown (`isCurveFirst`).
 */
export function valueRange(values: readonly number[], limits: readonly number[], isCurveFirst = false): [number, number] {
  if (values.length === 0) return limits.length > 0 ? [Math.min(...limits) - 1, Math.max(...limits) + 1] : [0, 1]
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  const span = Math.max(high - low, Math.abs(high) * 0.01, 0.5)
  const reach = isCurveFirst ? span : Math.max(2 * span, FAR * Math.max(Math.abs(low), Math.abs(high)))
  const above = Math.min(...limits.filter((limit) => limit > high && limit - high <= reach))
  const below = Math.max(...limits.filter((limit) => limit < low && low - limit <= reach))
  if (Number.isFinite(above)) high = above
  if (Number.isFinite(below)) low = below
  const margin = Math.max(high - low, span) * 0.08
  return [low - margin, high + margin]
}
const FAR = 0.5
