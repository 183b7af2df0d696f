import { badText, storableText } from '../bad-text.ts'
import { badReasonAt, type DeviceScan, NO_OFFSET, type PointHandle } from '../scan.ts'

/** A batch as it travels to the worker: columns, whose buffers are handed over and not copied. */
export interface BatchColumns {
  series: Float64Array
  times: Float64Array
  /** NaN where there is no good number. */
  values: Float64Array
  /** Index, text, bad: of the few readings that are no good numbers. */
  extras: [index: number, text: string | null, bad: string | null][]
  /** One entry per scan. */
  offsets: { node: number; epoch: string; offset: number }[]
}

/** Longest time SQLite columns and dates share: what `new Date` can hold. */
const MAX_TIME_MS = 8.64e15

/** The columns of a batch, or why it cannot be stored (a time that is none). */
export function batchColumns(scans: readonly DeviceScan[]): BatchColumns | { invalid: string } {
  let count = 0
  for (const scan of scans) count += scan.points.length
  const columns: BatchColumns = {
    series: new Float64Array(count),
    times: new Float64Array(count),
    values: new Float64Array(count),
    extras: [],
    offsets: [],
  }
  let row = 0
  for (const scan of scans) {
    if (scan.points.length === 0) continue
    if (scan.offset !== NO_OFFSET) columns.offsets.push({ node: scan.device.nodeId, epoch: scan.epoch, offset: scan.offset })
    for (let index = 0; index < scan.points.length; index++, row++) {
      const timeMs = Math.trunc(scan.timesMs[index] as number)
      if (!(timeMs >= 0 && timeMs <= MAX_TIME_MS)) return { invalid: `time outside range: ${timeMs}` }
      columns.series[row] = (scan.points[index] as PointHandle).id
      columns.times[row] = timeMs
      columns.values[row] = goodNumberOrExtra(scan, index, row, columns)
    }
  }
  return columns
}

function goodNumberOrExtra(scan: DeviceScan, index: number, row: number, columns: BatchColumns): number {
  const value = scan.values[index]
  const reason = badReasonAt(scan, index)
  if (reason !== undefined) columns.extras.push([row, null, badText(reason, value)])
  else if (typeof value === 'number') return value
  else if (typeof value === 'boolean') return value ? 1 : 0
  else columns.extras.push([row, storableText(value as string), null])
  return Number.NaN
}
