/** The arguments of `errors.INVALID`. */
export interface QueryProblem {
  message: string
  data: { field: string; allowed: string }
}

export const STORE_AWAY = '读数库暂时不可用，请稍后再试 / The readings store is away, try again later'

const MAX_POINTS = 100
const DAY_MS = 24 * 60 * 60_000
/** Longer than any readings are kept; a wrong unit (seconds, microseconds) falls outside. */
const MAX_RANGE_MS = 20 * 366 * DAY_MS
/** 2000-01-01: times in seconds land in 1970. */
const EARLIEST_MS = 946_684_800_000

/** Why a range cannot be meant, or undefined. Times are UTC milliseconds; the end is not part of the range. */
export function checkRange({ fromMs, toMs }: { fromMs: number; toMs: number }): QueryProblem | undefined {
  const allowed = 'UTC 毫秒，2000 年以后 / UTC milliseconds after the year 2000'
  for (const [field, value] of [
    ['fromMs', fromMs],
    ['toMs', toMs],
  ] as const)
    if (!Number.isSafeInteger(value) || value < EARLIEST_MS || value > 8.64e15)
      return { message: `${field} 不是有效的时间 / ${field} is not a time that can be meant: ${value}`, data: { field, allowed } }
  if (toMs <= fromMs)
    return { message: '结束时间须晚于开始时间 / The end must be after the start', data: { field: 'toMs', allowed: `> ${fromMs}` } }
  if (toMs - fromMs > MAX_RANGE_MS)
    return {
      message: '时间范围超过 20 年 / The range is longer than 20 years',
      data: { field: 'toMs', allowed: `≤ ${fromMs + MAX_RANGE_MS}` },
    }
  return undefined
}

/** Points named as `1,2,3`, each once, in the order asked for. */
export function parsePointIds<Point>(
  text: string,
  known: ReadonlyMap<number, Point>,
): { points: Point[]; problem?: undefined } | { points?: undefined; problem: QueryProblem } {
  const ids = [...new Set(text.split(',').map(Number))]
  const data = { field: 'pointIds', allowed: `1–${MAX_POINTS} 个测点编号，逗号分隔 / 1–${MAX_POINTS} point ids, separated by commas` }
  if (ids.length > MAX_POINTS || !/^\d+(,\d+)*$/.test(text)) return { problem: { message: '测点编号有误 / The point ids are wrong', data } }
  const missing = ids.filter((id) => !known.has(id))
  if (missing.length > 0) return { problem: { message: `没有测点 ${missing.join(', ')} / No such point: ${missing.join(', ')}`, data } }
  return { points: ids.map((id) => known.get(id) as Point) }
}
