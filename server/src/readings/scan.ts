import type { BadReason, ReadingValue } from '@roomkeeper/shared/model'

/** A device as the ingest path holds it: one long-lived object per device. */
export interface DeviceHandle {
  /** Database id. */
  id: number
  /** Sparkplug group. */
  site: string
  /** Sparkplug edge node. */
  node: string
  /** Sparkplug device. */
  device: string
  /** Database id of the node. */
  nodeId: number
}

/** A point as the ingest path holds it: one long-lived object per point, so encoded names can be cached by identity. */
export interface PointHandle {
  /** Database id; also the series number of the embedded store. */
  id: number
  /** Metric name, e.g. `temperature`. */
  key: string
  deviceId: number
  device: DeviceHandle
}

/** One device scan = one record of the agent's log. Parallel arrays, because an object per reading costs too much at 200,000 readings/s. */
export interface DeviceScan {
  device: DeviceHandle
  /** Identity of the agent's log (UUID). */
  epoch: string
  /** Position in that log, or NO_OFFSET. */
  offset: number
  points: PointHandle[]
  /** UTC epoch milliseconds, one per point. */
  timesMs: Float64Array | number[]
  /** Raw values, also those of bad readings. */
  values: ReadingValue[]
  /** Why a reading is bad, per point; undefined as a whole = all good. */
  reasons: (BadReason | undefined)[] | undefined
  isHistorical: boolean
}

/** Of readings that come from no agent's log (copied from another store): stores keep no offset for them. */
export const NO_OFFSET = -1

/** How much of a batch or queue a scan takes: its readings, and at least one, so that empty scans are bounded too. */
export function scanWeight(scan: DeviceScan): number {
  return scan.points.length || 1
}

/** The same scan with only points [from, to): how bisecting gets below one scan. Its offset stays, so re-sending parts stays idempotent. */
export function scanPart(scan: DeviceScan, from: number, to: number): DeviceScan {
  return {
    ...scan,
    points: scan.points.slice(from, to),
    timesMs: scan.timesMs.slice(from, to),
    values: scan.values.slice(from, to),
    reasons: scan.reasons?.slice(from, to),
  }
}

/**
 * Why the reading at `index` is not good, or undefined when it is. Values a number field cannot hold (NaN, ±Infinity) and
 * missing ones are bad whatever the source said: no store may meet them as good.
 */
export function badReasonAt(scan: DeviceScan, index: number): BadReason | undefined {
  const reason = scan.reasons?.[index]
  if (reason !== undefined) return reason
  const value = scan.values[index]
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'not-a-number'
  return value === null || value === undefined ? 'sensor-error' : undefined
}
