import type { RawQuery, StoredReading, TimeRange } from '../reading-store.ts'
import { type DeviceHandle, type DeviceScan, NO_OFFSET, type PointHandle } from '../scan.ts'

/** Readings of a device's points from where the part before ended. */
export interface DevicePart {
  untilMs: number
  /** Per point, in order of time. */
  readings: StoredReading[][]
}

/** Readings held of a device at a time, all its points together: some ten megabytes. */
const HELD_READINGS = 100_000
const MAX_PAGE = 5000
/** Pages asked for at once. */
const PAGES_AT_ONCE = 4

interface Page {
  readings: StoredReading[]
  isLast: boolean
}

/** All readings of a device within a range in order of time. Each reading is asked for once, whatever the points' intervals. */
export async function* devicePartsOf(
  raw: (query: RawQuery) => Promise<StoredReading[]>,
  points: readonly PointHandle[],
  { fromMs, toMs }: TimeRange,
): AsyncGenerator<DevicePart> {
  const limit = Math.min(MAX_PAGE, Math.max(100, Math.floor(HELD_READINGS / Math.max(1, points.length))))
  const pages: Page[] = points.map(() => ({ readings: [], isLast: false }))
  const nextMs = points.map(() => fromMs)
  for (;;) {
    const empty = points.flatMap((point, index) => {
      const { readings, isLast } = pages[index] as Page
      return readings.length === 0 && !isLast ? [{ point, index }] : []
    })
    for (let at = 0; at < empty.length; at += PAGES_AT_ONCE) {
      await Promise.all(
        empty.slice(at, at + PAGES_AT_ONCE).map(async ({ point, index }) => {
          const readings = await raw({ point, fromMs: nextMs[index] as number, toMs, limit })
          nextMs[index] = (readings.at(-1)?.timeMs ?? toMs) + 1
          pages[index] = { readings, isLast: readings.length < limit }
        }),
      )
    }
    const unfinished = pages.flatMap(({ readings, isLast }) => (isLast ? [] : [(readings.at(-1)?.timeMs ?? 0) + 1]))
    const untilMs = Math.min(toMs, ...unfinished)
    yield { untilMs, readings: pages.map((page) => taken(page, untilMs)) }
    if (unfinished.length === 0) return
  }
}

/** Removes and returns what is before a time. */
function taken(page: Page, beforeMs: number): StoredReading[] {
  const { readings } = page
  const last = readings.at(-1)
  if (last === undefined || last.timeMs < beforeMs) {
    page.readings = []
    return readings
  }
  let [low, high] = [0, readings.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((readings[middle] as StoredReading).timeMs < beforeMs) low = middle + 1
    else high = middle
  }
  page.readings = readings.slice(low)
  return readings.slice(0, low)
}

/** Readings of one time belong to one scan again, as they did when the device was read. In order of time. */
export function scansOf(device: DeviceHandle, points: readonly PointHandle[], { readings }: DevicePart): DeviceScan[] {
  const scans = new Map<number, DeviceScan & { timesMs: number[]; reasons: NonNullable<DeviceScan['reasons']> }>()
  readings.forEach((ofPoint, index) => {
    const point = points[index] as PointHandle
    for (const { timeMs, value, bad } of ofPoint) {
      let scan = scans.get(timeMs)
      if (scan === undefined) {
        scan = { device, epoch: '', offset: NO_OFFSET, points: [], timesMs: [], values: [], reasons: [], isHistorical: true }
        scans.set(timeMs, scan)
      }
      scan.points.push(point)
      scan.timesMs.push(timeMs)
      scan.values.push(value)
      scan.reasons.push(bad)
    }
  })
  return [...scans].sort(([a], [b]) => a - b).map(([, scan]) => scan)
}
