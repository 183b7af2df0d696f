import { upsTokens } from '@roomkeeper/shared/model'
import type { HistoryBucket, StoredReading } from '../../readings/reading-store.ts'
import type { Period } from '../pack/period.ts'

/** A time on battery. */
export interface Discharge {
  deviceName: string
  atMs: number
  lastedMs: number
  /** It began before the period: counted from its beginning. */
  beganBefore: boolean
  /** It was not over when the period ended. */
  goesOn: boolean
}

/** Times with the token OB in a UPS's status (OL→OB until it is gone). `changes` may begin with the text before the period. */
export function dischargesOf(deviceName: string, changes: readonly StoredReading[], { fromMs, toMs }: Period): Discharge[] {
  const found: Discharge[] = []
  let since: { atMs: number; beganBefore: boolean } | undefined
  const end = (atMs: number, goesOn: boolean): void => {
    if (since && atMs > fromMs) found.push({ deviceName, ...since, lastedMs: Math.max(0, atMs - since.atMs), goesOn })
    since = undefined
  }
  for (const { timeMs, value, bad } of changes) {
    if (bad !== undefined || timeMs >= toMs) continue
    const isOnBattery = upsTokens(value).includes('OB')
    if (!isOnBattery) end(timeMs, false)
    else since ??= { atMs: Math.max(timeMs, fromMs), beganBefore: timeMs < fromMs }
  }
  end(toMs, true)
  return found
}

/** What a counter of energy grew by, in its unit; one that begins anew counts from nothing. Buckets in order of time. */
export function counterGrowth(buckets: readonly HistoryBucket[]): number | null {
  let last: number | undefined
  let sum = 0
  for (const { min, max } of buckets) {
    if (min === null || max === null) continue
    if (last === undefined) sum += max - min
    else sum += max >= last ? max - last : max
    last = max
  }
  return last === undefined ? null : sum
}
