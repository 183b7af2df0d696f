import type { TimeRange } from '../reading-store.ts'
import type { DeviceHandle, PointHandle } from '../scan.ts'
import type { BandChange } from './minute-slots.ts'

/** What aggregates of a point need to know beside its readings. */
export interface PointSettings {
  /** How long a good reading of the point holds; more than MAX_HOLD_MS is cut to it. */
  holdMs(point: PointHandle): number
  /** Limits in force over a range, the first entry those at its start; must answer the same for the past whenever asked. */
  bandsOf(point: PointHandle, range: TimeRange): Promise<readonly BandChange[]>
}

/** What the history of a store needs from the rest of the server. */
export interface HistorySettings extends PointSettings {
  /** IANA name of the hospital's time zone. */
  zone(): string
  /** undefined: not known (any more). */
  pointById(id: number): PointHandle | undefined
  /** Those known; of a device that is not known none. */
  pointsOfDevice(names: Pick<DeviceHandle, 'site' | 'node' | 'device'>): readonly PointHandle[]
}
